//! Events in JSON, and what is wrong with them.

use datadog_ci_pipelines::PipelineEvent;
use datadog_ci_pipelines::models::{Resource, SendData};
use serde_json::value::RawValue;
use specwright_model::diagnose::diagnose;

/// The most problems that are listed for one event.
const PROBLEMS: usize = 20;
/// The type of an event to send.
const TYPE: &str = "cipipeline_resource_request";

/// An event of a file, or what is wrong with it.
#[derive(Debug)]
pub(super) struct Entry {
    /// The location in the file, such as `line 3`.
    pub(super) location: String,
    pub(super) event: Result<PipelineEvent, Vec<Problem>>,
}

/// What is wrong with an event.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    /// A JSON pointer, within the document that was written.
    pub(super) pointer: String,
    pub(super) message: String,
}

impl Problem {
    fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

/// Reads one event, an array of events, a request body, or any number of these, for example one per
/// line. Every problem of every event is found.
pub(super) fn read(input: &str) -> Vec<Entry> {
    match documents(input) {
        Ok(documents) => {
            let is_single = documents.len() == 1;
            let (mut line, mut before) = (1, 0);
            let entries = documents.iter().flat_map(|(start, document)| {
                line += newlines(input, before, *start);
                before = *start;
                let line = if is_single { String::new() } else { format!("line {line}") };
                entries(document.get(), &line)
            });
            entries.collect()
        }
        // JSON lines, some of which are not JSON.
        Err(_) if is_lines(input) => {
            let lines = input.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let entries = lines.flat_map(|(i, line)| {
                let location = format!("line {}", i + 1);
                match serde_json::from_str::<&RawValue>(line) {
                    Ok(document) => entries(document.get(), &location),
                    Err(error) => vec![not_json(location, &error)],
                }
            });
            entries.collect()
        }
        Err(error) => vec![not_json(format!("line {}", error.line()), &error)],
    }
}

fn not_json(location: String, error: &serde_json::Error) -> Entry {
    // The line is known, and is not always that of the file.
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let problem = Problem::new("", format!("not JSON at column {}: {message}", error.column()));
    Entry { location, event: Err(vec![problem]) }
}

/// Returns all documents with their first byte.
fn documents(input: &str) -> Result<Vec<(usize, &RawValue)>, serde_json::Error> {
    let mut stream = serde_json::Deserializer::from_str(input).into_iter::<&RawValue>();
    let mut documents = Vec::new();
    loop {
        let before = stream.byte_offset();
        match stream.next() {
            None => return Ok(documents),
            Some(document) => {
                let rest = input.get(before..).unwrap_or_default();
                let start = before + (rest.len() - rest.trim_start().len());
                documents.push((start, document?));
            }
        }
    }
}

/// Returns the number of line breaks between two bytes.
fn newlines(input: &str, from: usize, to: usize) -> usize {
    let part = input.as_bytes().get(from..to).unwrap_or_default();
    part.iter().filter(|byte| **byte == b'\n').count()
}

/// Returns whether the first line is a document, so that the others are as well.
fn is_lines(input: &str) -> bool {
    let mut lines = input.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().is_some_and(|line| serde_json::from_str::<&RawValue>(line).is_ok());
    first && lines.next().is_some()
}

/// Returns the events of a document.
fn entries(json: &str, location: &str) -> Vec<Entry> {
    if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(json) {
        return of_list(&list, location, "");
    }
    match property(json, "data") {
        Some(data) => match serde_json::from_str::<Vec<&RawValue>>(data.get()) {
            Ok(list) => of_list(&list, location, "/data"),
            Err(_) => vec![entry(data.get(), location.to_owned(), "/data")],
        },
        None => vec![entry(json, location.to_owned(), "")],
    }
}

fn of_list(list: &[&RawValue], location: &str, prefix: &str) -> Vec<Entry> {
    let entry = |(i, event): (usize, &&RawValue)| {
        let of_event = format!("event {}", i + 1);
        let location = match location.is_empty() {
            true => of_event,
            false => format!("{location}, {of_event}"),
        };
        entry(event.get(), location, &format!("{prefix}/{i}"))
    };
    list.iter().enumerate().map(entry).collect()
}

fn property<'a>(json: &'a str, name: &str) -> Option<&'a RawValue> {
    let properties = serde_json::from_str::<std::collections::HashMap<String, &RawValue>>(json);
    properties.ok()?.get(name).copied()
}

fn entry(json: &str, location: String, prefix: &str) -> Entry {
    let event = event(json).map_err(|problems| {
        let located = |problem: Problem| Problem {
            pointer: format!("{prefix}{}", problem.pointer),
            message: problem.message,
        };
        problems.into_iter().map(located).collect()
    });
    Entry { location, event }
}

/// Reads an event: as the API has it, only its `attributes`, or only its `resource`.
fn event(json: &str) -> Result<PipelineEvent, Vec<Problem>> {
    let has = |name: &str| property(json, name).is_some();
    if !json.trim_start().starts_with('{') {
        return Err(vec![Problem::new("", "expected an object with the properties of an event")]);
    }
    let (document, wrapped) = if has("attributes") {
        (json.to_owned(), "")
    } else if has("resource") {
        (format!(r#"{{"attributes":{json},"type":"{TYPE}"}}"#), "/attributes")
    } else if has("level") {
        let document = format!(r#"{{"attributes":{{"resource":{json}}},"type":"{TYPE}"}}"#);
        (document, "/attributes/resource")
    } else {
        let message = "not an event: `level` is missing; it is pipeline, stage, job or step";
        return Err(vec![Problem::new("", message)]);
    };
    // What is wrong is located in the document as it was written.
    let located = |pointer: &str, message: &str| {
        Problem::new(pointer.strip_prefix(wrapped).unwrap_or(pointer), message)
    };
    let found = diagnose::<SendData>(&document, PROBLEMS).problems;
    if !found.is_empty() {
        return Err(found.iter().map(|it| located(&it.pointer, &it.message)).collect());
    }
    let data = serde_json::from_str::<SendData>(&document)
        .map_err(|error| vec![Problem::new("", error.to_string())])?;
    let resource = data.attributes.as_ref().map(|attributes| &attributes.resource);
    if !resource.is_some_and(|resource| !matches!(resource, Resource::Unknown(_))) {
        let pointer = located("/attributes/resource/level", "").pointer;
        return Err(vec![Problem::new(pointer, "must be pipeline, stage, job or step")]);
    }
    let event = PipelineEvent::from(data);
    match event.validate() {
        Ok(()) => Ok(event),
        Err(error) => {
            let violations = error.violations().iter();
            Err(violations.map(|it| located(&it.pointer, &it.message)).collect())
        }
    }
}

#[cfg(test)]
mod tests;
