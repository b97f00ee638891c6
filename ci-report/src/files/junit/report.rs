//! The failures of a report.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::drawing::visible;

/// How many failures are kept. All are counted.
const KEPT: usize = 10_000;
/// How many bytes of the details of one failure are kept.
const DETAILS: usize = 64 << 10;

/// The tests of one or several reports.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Report {
    pub(super) tests: usize,
    pub(super) failures: Vec<TestFailure>,
}

/// A test that failed, or could not run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TestFailure {
    pub(super) name: String,
    pub(super) kind: Option<String>,
    pub(super) message: Option<String>,
    pub(super) details: String,
}

impl Report {
    /// Adds the tests of a report.
    ///
    /// # Errors
    /// Returns an error if it is not XML, or has neither `testsuites` nor `testsuite`.
    pub(super) fn read(&mut self, xml: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(xml);
        let mut open: Vec<String> = Vec::new();
        let mut test: Option<String> = None;
        let mut failure: Option<TestFailure> = None;
        let mut is_report = false;
        loop {
            let at = reader.buffer_position();
            let event =
                reader.read_event().map_err(|error| located(xml, at, &error.to_string()))?;
            match event {
                Event::Start(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    is_report |= open.is_empty() && is_root(&name)?;
                    self.begin(&tag, &name, &mut test, &mut failure);
                    open.push(name);
                }
                Event::Empty(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    is_report |= open.is_empty() && is_root(&name)?;
                    self.begin(&tag, &name, &mut test, &mut failure);
                    self.end(&name, &mut test, &mut failure);
                }
                Event::End(_) => {
                    let name = open.pop().unwrap_or_default();
                    self.end(&name, &mut test, &mut failure);
                }
                Event::Text(input) => {
                    append(&mut failure, &open, &input);
                }
                Event::CData(input) => {
                    append(&mut failure, &open, &input);
                }
                Event::GeneralRef(reference) => {
                    let quoted = format!("&{};", &*reference);
                    // An entity that is not predefined stays as it is: reports have no definitions.
                    let input = quick_xml::escape::unescape(&quoted);
                    append(&mut failure, &open, input.as_deref().unwrap_or(&quoted));
                }
                Event::Eof if !open.is_empty() => {
                    let name = open.last().map(String::as_str).unwrap_or_default();
                    return Err(format!("it ends inside of <{}>", visible(name)));
                }
                Event::Eof if !is_report => return Err("it has no <testsuite>".to_owned()),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn begin(
        &mut self,
        tag: &BytesStart<'_>,
        name: &str,
        test: &mut Option<String>,
        failure: &mut Option<TestFailure>,
    ) {
        let get = |name: &str| attribute(tag, name);
        match name {
            "testcase" => {
                self.tests += 1;
                let class = get("classname").filter(|class| !class.is_empty());
                let name = get("name").unwrap_or_default();
                // Jest repeats the class in the name.
                *test = Some(match class.filter(|class| !name.starts_with(class.as_str())) {
                    Some(class) => format!("{class}.{name}"),
                    None => name,
                });
            }
            // Of a flaky test, only attempts before a success are listed, in other elements.
            "failure" | "error" => {
                let name = test.clone().unwrap_or_else(|| "outside of a test".to_owned());
                *failure = Some(TestFailure {
                    name,
                    kind: get("type").filter(|kind| !kind.is_empty()),
                    message: get("message").filter(|message| !message.trim().is_empty()),
                    details: String::new(),
                });
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str, test: &mut Option<String>, failure: &mut Option<TestFailure>) {
        match name {
            "testcase" => *test = None,
            "failure" | "error" => {
                let Some(failure) = failure.take() else { return };
                // pytest lists an error of the cleanup after the failure of the same test.
                let is_same = self.failures.last().is_some_and(|last| last.name == failure.name);
                if !is_same && self.failures.len() < KEPT {
                    self.failures.push(failure);
                }
            }
            _ => {}
        }
    }
}

/// Adds input to the failure that is open. Reports may have other elements inside of it.
fn append(failure: &mut Option<TestFailure>, open: &[String], input: &str) {
    let is_inside = matches!(open.last().map(String::as_str), Some("failure" | "error"));
    if let Some(failure) =
        failure.as_mut().filter(|failure| is_inside && failure.details.len() < DETAILS)
    {
        failure.details.push_str(input);
    }
}

fn is_root(name: &str) -> Result<bool, String> {
    match name {
        "testsuites" | "testsuite" => Ok(true),
        _ => Err(format!("expected <testsuites> or <testsuite>, found <{}>", visible(name))),
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    // Attributes that are not well-formed are skipped.
    let attribute = tag
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let raw = attribute.value;
    Some(
        quick_xml::escape::unescape(&raw)
            .map_or_else(|_| raw.to_string(), |value| value.into_owned()),
    )
}

fn located(xml: &str, byte: u64, error: &str) -> String {
    let byte = usize::try_from(byte).unwrap_or(usize::MAX);
    let line = xml.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1;
    format!("line {line}: {error}")
}
