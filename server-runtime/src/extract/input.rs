//! The typed parts of a request, and all problems in them.

mod query;

use std::fmt;
use std::sync::Arc;

use http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use http::request::Parts;
use serde::de::DeserializeOwned;
use specwright_model::blob::{Blob, lost_files, with_files};
use specwright_model::credential::CredentialLocation;
use specwright_model::diagnose::diagnose;
use specwright_model::json::pointer;
use specwright_model::media_type::preferred;
use specwright_model::scalar::strict;
use specwright_model::style::decode::{
    Entries, Kind, ParameterError, Value, decode_entries, decode_header, decode_path,
};
use specwright_model::style::{Ordered, Style};
use specwright_model::validate::{Validator, Violation};

use super::body::{BodyLimiter, IncomingBody};
use super::content::{BodyFormat, Interpretation, RawBody, require_json};
use super::credentials::Credentials;
use super::scheme::Scheme;
use crate::json;
use crate::reject::{Problem, Rejection};
use crate::respond::Call;

/// The number of problems of one parameter that are listed.
const MAX_PROBLEMS: usize = 20;

/// A request whose parts are decoded. Problems are collected, so that all of them are reported
/// at once.
pub struct Input {
    parts: Parts,
    body: IncomingBody,
    limiter: Arc<BodyLimiter>,
    /// The parameters of the path, percent-encoded.
    path: Vec<(String, String)>,
    query: Entries,
    cookies: Entries,
    credentials: Credentials,
    problems: Vec<Problem>,
}

/// Shows nothing of the request, which may be secret.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("problems", &self.problems).finish_non_exhaustive()
    }
}

impl Input {
    pub(crate) fn new(
        parts: Parts,
        body: IncomingBody,
        template: &'static str,
        path: Vec<(String, String)>,
        limiter: Arc<BodyLimiter>,
        schemes: &'static [Scheme],
    ) -> Self {
        let credentials = Credentials::from_request(&parts, schemes);
        let of_schemes =
            |location| schemes.iter().filter_map(move |scheme| scheme.parameter(location));
        // Entries in the path of the operation are not parameters.
        let of_path = template.split_once('?').map_or("", |(_, query)| query);
        let of_path = of_path.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
        let query = Entries::from_query(parts.uri.query().unwrap_or_default())
            .claim(of_schemes(CredentialLocation::Query).chain(of_path));
        let cookies = parts.headers.get_all(COOKIE).iter();
        let cookies = cookies.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
        let cookies = Entries::from_cookies(cookies).claim(of_schemes(CredentialLocation::Cookie));
        Self { parts, body, limiter, path, query, cookies, credentials, problems: Vec::new() }
    }

    /// Returns the credentials of the request.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Returns the request without its body.
    pub fn call(&self) -> Call {
        Call { parts: self.parts.clone() }
    }

    /// Selects the media type of a response, which has the same content in all of them.
    pub fn preferred(&self, media_types: &[&'static str]) -> &'static str {
        let accept = self.parts.headers.get_all(ACCEPT).iter();
        let accept = accept.filter_map(|value| value.to_str().ok());
        preferred(accept, media_types).unwrap_or("application/json")
    }

    /// Decodes a parameter of the path.
    pub fn path<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Parameter<'_, T> {
        let encoded = self.path.iter().find(|(key, _)| key == name);
        let value = encoded.map(|(_, encoded)| decode_path(name, style, kind, encoded)).transpose();
        self.parameter(name, kind, value)
    }

    /// Decodes a parameter of the query.
    pub fn query<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Parameter<'_, T> {
        claim(&mut self.query, name, style, kind);
        let value = decode_entries(name, style, kind, &self.query);
        self.parameter(name, kind, value)
    }

    /// Decodes a parameter of one or several cookies.
    pub fn cookie<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Parameter<'_, T> {
        claim(&mut self.cookies, name, style, kind);
        let value = decode_entries(name, style, kind, &self.cookies);
        self.parameter(name, kind, value)
    }

    /// Decodes a parameter of one or several cookies whose values are not percent-encoded.
    pub fn plain_cookie<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Parameter<'_, T> {
        claim(&mut self.cookies, name, style, kind);
        let headers = self.parts.headers.get_all(COOKIE).iter();
        let headers = headers.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
        let mut entries = Entries::from_plain_cookies(headers);
        entries.claimed.clone_from(&self.cookies.claimed);
        let value = decode_entries(name, style, kind, &entries);
        self.parameter(name, kind, value)
    }

    /// Decodes a parameter of a header.
    pub fn header<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Parameter<'_, T> {
        let values = self.parts.headers.get_all(name).iter().map(|value| value.as_bytes());
        let value = decode_header(style, kind, values);
        self.parameter(name, kind, value)
    }

    fn parameter<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        kind: Kind,
        value: Result<Option<Value>, ParameterError>,
    ) -> Parameter<'_, T> {
        let count = self.problems.len();
        let value = match value {
            Ok(value) => value.and_then(|value| self.typed(name, value.interpretations(kind))),
            Err(error) => {
                self.problems.push(Problem::new(name, error.to_string()));
                None
            }
        };
        let is_invalid = self.problems.len() > count;
        Parameter { input: self, name, value, is_invalid }
    }

    /// Converts a parameter to its type. Problems are collected.
    fn typed<T: DeserializeOwned>(
        &mut self,
        name: &str,
        interpretations: impl Iterator<Item = Ordered>,
    ) -> Option<T> {
        let mut rejected = None;
        for json in interpretations {
            let json = json.to_json();
            match strict(|| serde_json::from_str(&json)) {
                Ok(value) => return Some(value),
                Err(error) => rejected = Some((json, error)),
            }
        }
        let (json, error) = rejected?;
        let found = strict(|| diagnose::<T>(&json, MAX_PROBLEMS)).problems;
        if found.is_empty() {
            self.problems.push(Problem::new(name, format!("is invalid: {error}")));
        }
        let problem =
            |found: Violation| Problem::new(format!("{name}{}", found.pointer), found.message);
        self.problems.extend(found.into_iter().map(problem));
        None
    }

    /// Decodes and validates a required JSON body. Problems are collected.
    ///
    /// # Errors
    /// Returns an error if the body cannot be read to its end, or is not JSON.
    pub async fn required_body<T: DeserializeOwned + 'static>(
        &mut self,
        check: impl FnOnce(&mut Validator, &T),
    ) -> Result<Option<T>, Rejection> {
        let count = self.problems.len();
        let body = self.optional_body(check).await?;
        self.require_body(count, body.is_some());
        Ok(body)
    }

    /// Decodes and validates an optional JSON body. Problems are collected.
    ///
    /// # Errors
    /// Returns an error if the body cannot be read to its end, or is not JSON.
    pub async fn optional_body<T: DeserializeOwned + 'static>(
        &mut self,
        check: impl FnOnce(&mut Validator, &T),
    ) -> Result<Option<T>, Rejection> {
        let body = self.limiter.read(&self.parts.headers, &mut self.body).await?;
        if body.bytes.trim_ascii().is_empty() {
            return Ok(None);
        }
        require_json(&self.parts.headers)?;
        Ok(self.collect(json::decode(&body.bytes, check)))
    }

    /// Reads a required body that has one of several formats.
    ///
    /// # Errors
    /// Returns an error if the body cannot be read to its end, or has another media type.
    pub async fn required_raw(
        &mut self,
        formats: &[BodyFormat],
    ) -> Result<Option<RawBody>, Rejection> {
        let count = self.problems.len();
        let body = self.optional_raw(formats).await?;
        self.require_body(count, body.is_some());
        Ok(body)
    }

    /// Reads an optional body that has one of several formats.
    ///
    /// # Errors
    /// Returns an error if the body cannot be read to its end, or has another media type.
    pub async fn optional_raw(
        &mut self,
        formats: &[BodyFormat],
    ) -> Result<Option<RawBody>, Rejection> {
        let body = self.limiter.read(&self.parts.headers, &mut self.body).await?;
        // An empty file has a media type.
        if body.bytes.is_empty() && !self.parts.headers.contains_key(CONTENT_TYPE) {
            return Ok(None);
        }
        let body = RawBody::parse(formats, &self.parts.headers, body.bytes)?;
        Ok(self.collect(body))
    }

    /// Collects the problem that a required body is absent, unless there are other problems.
    fn require_body(&mut self, count: usize, is_present: bool) {
        if !is_present && self.problems.len() == count {
            self.problems.push(Problem::new("", "the body is required"));
        }
    }

    fn collect<T>(&mut self, result: Result<T, Vec<Problem>>) -> Option<T> {
        result.map_err(|problems| self.problems.extend(problems)).ok()
    }

    /// Decodes and validates a body. Problems are collected.
    pub fn decode<T: DeserializeOwned + 'static>(
        &mut self,
        body: RawBody,
        check: impl FnOnce(&mut Validator, &T),
    ) -> Option<T> {
        let RawBody { interpretations, files, .. } = body;
        let decoded = with_files(files, || {
            let is_last = |index: usize| index + 1 == interpretations.len();
            let is_valid = |(index, json): &(usize, &Interpretation)| {
                let is_valid = strict(|| serde_json::from_slice::<T>(json.as_bytes())).is_ok();
                is_valid && (is_last(*index) || lost_files().is_empty())
            };
            let json = match interpretations.len() {
                0 | 1 => None,
                _ => interpretations.iter().enumerate().find(is_valid).map(|(_, json)| json),
            };
            let decoded = match json.or(interpretations.first()) {
                Some(Interpretation::Made(json)) => json::decode_sound(json, check),
                json => json::decode(json.map_or(b"", Interpretation::as_bytes), check),
            }?;
            // The others are strings by now.
            let is_binary =
                |file: &Blob| file.as_bytes().is_some_and(|it| str::from_utf8(it).is_err());
            match lost_files().iter().find(|file| is_binary(file)) {
                None => Ok(decoded),
                Some(file) => {
                    let name = file.file_name().unwrap_or_default();
                    let message = format!("the file `{name}` is not expected; it must be UTF-8");
                    Err(vec![Problem::new("", message)])
                }
            }
        });
        self.collect(decoded)
    }

    /// Decodes a body whose type depends on its format, and converts it to the enum of all of
    /// them. Problems are collected.
    pub fn decode_as<T: DeserializeOwned + 'static, B>(
        &mut self,
        body: RawBody,
        convert: impl FnOnce(T) -> B,
    ) -> Option<B> {
        self.decode(body, |_, _: &T| {}).map(convert)
    }

    /// Validates a body whose type depends on its format. Problems are collected.
    pub fn checked<B>(
        &mut self,
        body: Option<B>,
        check: impl FnOnce(&mut Validator, &B),
    ) -> Option<B> {
        let body = body?;
        let mut validator = Validator::new();
        check(&mut validator, &body);
        let Err(error) = validator.finish() else { return Some(body) };
        let violations = error.violations().iter();
        self.problems.extend(violations.map(|one| Problem::new(&one.pointer, &one.message)));
        None
    }

    /// Validates parameters. Problems are collected.
    pub fn check(&mut self, check: impl FnOnce(&mut Validator)) {
        let mut validator = Validator::new();
        check(&mut validator);
        let Err(error) = validator.finish() else { return };
        self.problems.extend(error.violations().iter().map(|violation| {
            let pointer = violation.pointer.trim_start_matches('/');
            let (name, rest) = pointer.split_at(pointer.find('/').unwrap_or(pointer.len()));
            Problem::new(pointer::unescape(name).into_owned() + rest, &violation.message)
        }));
    }

    /// Returns the typed request, if there are no problems.
    ///
    /// # Errors
    /// Returns an error with all collected problems.
    pub fn finish<T>(&mut self, request: impl FnOnce() -> Option<T>) -> Result<T, Rejection> {
        let problems = std::mem::take(&mut self.problems);
        match request() {
            Some(request) if problems.is_empty() => Ok(request),
            _ => Err(Rejection::with_problems(400, problems)),
        }
    }

    /// Reads and discards the rest of the body.
    pub(crate) async fn drain(&mut self) {
        self.limiter.drain(&mut self.body).await;
    }
}

/// A decoded parameter, which may be absent.
#[derive(Debug)]
#[must_use = "call `required` or `optional`"]
pub struct Parameter<'i, T> {
    input: &'i mut Input,
    name: &'static str,
    value: Option<T>,
    is_invalid: bool,
}

impl<T> Parameter<'_, T> {
    /// Returns the value; if the parameter is absent, a problem is collected.
    pub fn required(self) -> Option<T> {
        if self.value.is_none() && !self.is_invalid {
            self.input.problems.push(Problem::new(self.name, "is required"));
        }
        self.value
    }

    /// Returns the value.
    pub fn optional(self) -> Option<T> {
        self.value
    }
}

/// Reserves the names of a parameter.
fn claim(entries: &mut Entries, name: &'static str, style: Style, kind: Kind) {
    entries.claimed.push(name);
    if let (Kind::Object(fields), Style::FormExploded) = (kind, style) {
        entries.claimed.extend(fields.iter().map(|(name, _)| *name));
    }
}
