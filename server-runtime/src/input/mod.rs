//! The parameters and the body of a request, and everything that is wrong with them at once.

mod deep;
mod entries;
mod texts;

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde::de::DeserializeOwned;
use specwright_model::blob::with_files;
use specwright_model::diagnose::diagnose;
use specwright_model::style::Style;
use specwright_model::validate::{Validator, Violation};

pub(crate) use entries::{Entries, Entry, entries_of, pairs};
pub use texts::Kind;

use self::texts::{Separated, Wrong};
use crate::answer::Call;
use crate::body::{BodyLimiter, IncomingBody, require_json};
use crate::content::{BodyFormat, Raw};
use crate::json;
use crate::keys::{Credentials, Scheme};
use crate::refusal::{Problem, Rejection};

/// The number of problems of one parameter that are listed.
const MAX_PROBLEMS: usize = 20;

/// A request whose parts are being read. What is wrong with any of them is noted, so that
/// all of it can be said at once.
#[derive(Debug)]
pub struct Input {
    parts: Parts,
    body: IncomingBody,
    gate: Arc<BodyLimiter>,
    /// The parameters of the path, still encoded.
    path: Vec<(String, String)>,
    query: Entries,
    cookies: Entries,
    keys: Credentials,
    problems: Vec<Problem>,
}

impl Input {
    pub(crate) fn new(
        parts: Parts,
        body: IncomingBody,
        template: &'static str,
        path: Vec<(String, String)>,
        gate: Arc<BodyLimiter>,
        schemes: &'static [Scheme],
    ) -> Self {
        let query = Entries::of_query(&parts, template, schemes);
        let cookies = Entries::of_cookies(&parts.headers, schemes);
        let keys = Credentials::of(&parts, schemes);
        Self { parts, body, gate, path, query, cookies, keys, problems: Vec::new() }
    }

    /// The credentials that came with the request.
    pub fn credentials(&self) -> &Credentials {
        &self.keys
    }

    /// What a handler gets beside the typed request.
    pub fn call(&self) -> Call {
        Call { parts: self.parts.clone() }
    }

    /// Reads a parameter of the path.
    pub fn path<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Found<'_, T> {
        let raw = self.path.iter().find(|(key, _)| key == name).map(|(_, raw)| raw.as_str());
        let value = raw.map(|raw| kind.path(name, style, raw)).transpose();
        self.found(name, kind, value)
    }

    /// Reads a parameter of the query.
    pub fn query<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Found<'_, T> {
        claim(&mut self.query, name, style, kind);
        let value = kind.entries(name, style, &self.query);
        self.found(name, kind, value)
    }

    /// Reads a parameter that is a cookie, or several.
    pub fn cookie<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Found<'_, T> {
        claim(&mut self.cookies, name, style, kind);
        let value = kind.entries(name, style, &self.cookies);
        self.found(name, kind, value)
    }

    /// Reads a parameter that is a header.
    pub fn header<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Found<'_, T> {
        let lines = self.parts.headers.get_all(name).iter();
        let lines: Result<Vec<_>, _> =
            lines.map(|value| std::str::from_utf8(value.as_bytes())).collect();
        let value = match lines.as_deref() {
            Err(_) => Err(Wrong::NotText),
            Ok([]) => Ok(None),
            Ok([line]) if style == Style::Json => texts::json(line).map(Some),
            Ok([line]) => kind.joined(line, Separated::header(style)).map(Some),
            // A list may be spread over several lines.
            Ok(lines) if !kind.is_single() && style != Style::Json => {
                kind.joined(&lines.join(","), Separated::header(style)).map(Some)
            }
            Ok(_) => Err(Wrong::Twice),
        };
        self.found(name, kind, value)
    }

    fn found<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        kind: Kind,
        value: Result<Option<texts::Value>, Wrong>,
    ) -> Found<'_, T> {
        let noted = self.problems.len();
        let value = match value {
            Ok(value) => value.and_then(|value| self.typed(name, kind, &value)),
            Err(wrong) => {
                self.problems.push(Problem::new(name, wrong.to_string()));
                None
            }
        };
        let is_wrong = self.problems.len() > noted;
        Found { input: self, name, value, is_wrong }
    }

    /// A parameter as its type; what does not fit is noted.
    fn typed<T: DeserializeOwned>(
        &mut self,
        name: &str,
        kind: Kind,
        value: &texts::Value,
    ) -> Option<T> {
        let mut rejected = None;
        for json in kind.readings(value) {
            let json = json.to_string();
            match serde_json::from_str(&json) {
                Ok(value) => return Some(value),
                Err(error) => rejected = Some((json, error)),
            }
        }
        let (json, error) = rejected?;
        let found = diagnose::<T>(&json, MAX_PROBLEMS).problems;
        if found.is_empty() {
            self.problems.push(Problem::new(name, format!("is invalid: {error}")));
        }
        let problem =
            |found: Violation| Problem::new(format!("{name}{}", found.pointer), found.message);
        self.problems.extend(found.into_iter().map(problem));
        None
    }

    /// Reads a body that must be there, and notes what is wrong with it.
    ///
    /// # Errors
    /// Fails where the body cannot be read to its end.
    pub async fn required_body<T: DeserializeOwned>(
        &mut self,
        check: impl FnOnce(&mut Validator, &T),
    ) -> Result<Option<T>, Rejection> {
        let problems = self.problems.len();
        let body = self.optional_body(check).await?;
        if body.is_none() && self.problems.len() == problems {
            self.problems.push(Problem::new("", "the body is required"));
        }
        Ok(body)
    }

    /// Reads a body that may be absent, and notes what is wrong with it.
    ///
    /// # Errors
    /// Fails where the body cannot be read to its end.
    pub async fn optional_body<T: DeserializeOwned>(
        &mut self,
        check: impl FnOnce(&mut Validator, &T),
    ) -> Result<Option<T>, Rejection> {
        let body = self.gate.read(&self.parts.headers, &mut self.body).await?;
        if body.bytes.trim_ascii().is_empty() {
            return Ok(None);
        }
        require_json(&self.parts.headers)?;
        match json::decode(&body.bytes, check) {
            Ok(value) => Ok(Some(value)),
            Err(problems) => {
                self.problems.extend(problems);
                Ok(None)
            }
        }
    }

    /// Reads a body that must be there and may come in several ways.
    ///
    /// # Errors
    /// Fails where the body cannot be read to its end, or has another media type.
    pub async fn required_raw(&mut self, ways: &[BodyFormat]) -> Result<Option<Raw>, Rejection> {
        let problems = self.problems.len();
        let raw = self.optional_raw(ways).await?;
        if raw.is_none() && self.problems.len() == problems {
            self.problems.push(Problem::new("", "the body is required"));
        }
        Ok(raw)
    }

    /// Reads a body that may be absent and may come in several ways.
    ///
    /// # Errors
    /// Fails where the body cannot be read to its end, or has another media type.
    pub async fn optional_raw(&mut self, ways: &[BodyFormat]) -> Result<Option<Raw>, Rejection> {
        let body = self.gate.read(&self.parts.headers, &mut self.body).await?;
        // An empty file has a media type.
        if body.bytes.is_empty() && !self.parts.headers.contains_key(CONTENT_TYPE) {
            return Ok(None);
        }
        match Raw::read(ways, &self.parts.headers, body.bytes)? {
            Ok(raw) => Ok(Some(raw)),
            Err(problems) => {
                self.problems.extend(problems);
                Ok(None)
            }
        }
    }

    /// Decodes and checks a body, and notes what is wrong with it.
    pub fn decode<T: DeserializeOwned>(
        &mut self,
        raw: Raw,
        check: impl FnOnce(&mut Validator, &T),
    ) -> Option<T> {
        let Raw { readings, files, .. } = raw;
        let decoded = with_files(files, || {
            let fits = |json: &&Vec<u8>| serde_json::from_slice::<T>(json).is_ok();
            let json = if readings.len() > 1 { readings.iter().find(fits) } else { None };
            let json = json.or(readings.first()).map(Vec::as_slice).unwrap_or_default();
            json::decode(json, check)
        });
        match decoded {
            Ok(value) => Some(value),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// Decodes a body that has one of several types, as the type that holds any of them.
    pub fn decode_as<T: DeserializeOwned, B>(
        &mut self,
        raw: Raw,
        body: impl FnOnce(T) -> B,
    ) -> Option<B> {
        self.decode(raw, |_, _: &T| {}).map(body)
    }

    /// Checks a body that has one of several types, and notes what is wrong with it.
    pub fn checked<B>(
        &mut self,
        body: Option<B>,
        check: impl FnOnce(&mut Validator, &B),
    ) -> Option<B> {
        let body = body?;
        let mut checks = Validator::new();
        check(&mut checks, &body);
        let Err(error) = checks.finish() else { return Some(body) };
        let violations = error.violations().iter();
        self.problems.extend(violations.map(|one| Problem::new(&one.pointer, &one.message)));
        None
    }

    /// Checks the constraints of parameters.
    pub fn check(&mut self, check: impl FnOnce(&mut Validator)) {
        let mut checks = Validator::new();
        check(&mut checks);
        let Err(error) = checks.finish() else { return };
        self.problems.extend(error.violations().iter().map(|violation| {
            let pointer = violation.pointer.trim_start_matches('/');
            let (name, rest) = pointer.split_at(pointer.find('/').unwrap_or(pointer.len()));
            let name = name.replace("~1", "/").replace("~0", "~");
            Problem::new(name + rest, &violation.message)
        }));
    }

    /// The request, if nothing is wrong with it.
    ///
    /// # Errors
    /// Fails with everything that was noted.
    pub fn finish<T>(&mut self, request: impl FnOnce() -> Option<T>) -> Result<T, Rejection> {
        let problems = std::mem::take(&mut self.problems);
        match request() {
            Some(request) if problems.is_empty() => Ok(request),
            _ => Err(Rejection::of(400, problems)),
        }
    }

    /// Reads over what is left of the body.
    pub(crate) async fn drain(&mut self) {
        self.gate.drain(&mut self.body).await;
    }
}

/// A parameter that was looked for.
#[derive(Debug)]
#[must_use = "whether it has to be there must be said"]
pub struct Found<'i, T> {
    input: &'i mut Input,
    name: &'static str,
    value: Option<T>,
    is_wrong: bool,
}

impl<T> Found<'_, T> {
    /// It has to be there.
    pub fn required(self) -> Option<T> {
        if self.value.is_none() && !self.is_wrong {
            self.input.problems.push(Problem::new(self.name, "is required"));
        }
        self.value
    }

    /// It may be absent.
    pub fn optional(self) -> Option<T> {
        self.value
    }
}

/// Notes the names that a parameter has for itself.
fn claim(entries: &mut Entries, name: &'static str, style: Style, kind: Kind) {
    entries.claimed.push(name);
    if let (Kind::Record(fields), Style::FormExploded) = (kind, style) {
        entries.claimed.extend(fields.iter().map(|(name, _)| *name));
    }
}

/// A text without percent encoding.
pub(crate) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
