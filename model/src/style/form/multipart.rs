//! `multipart`: a part for each property, and one for each element of a list (RFC 7578).

use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use serde_json::Value;
use serde_json::value::RawValue;

use super::fields::{Fields, Part, as_texts, spread};
use crate::blob::{Blob, Content, place};
use crate::validate::ValidationError;

/// Writes a form.
///
/// # Errors
/// Fails where a header of a part cannot be sent.
pub fn multipart(
    media_type: &str,
    form: &Fields,
    parts: &[Part],
) -> Result<(String, Vec<Content>), ValidationError> {
    let boundary = boundary();
    let mut writer = Writer { boundary: &boundary, head: String::new(), parts: Vec::new() };
    for (name, raw) in &form.fields {
        let part = Part::of(parts, name);
        writer.field(name, part, raw, &form.files)?;
    }
    let head = format!("{}--{boundary}--\r\n", writer.head);
    writer.parts.push(Content::Whole(head.into()));
    Ok((format!("{media_type}; boundary={boundary}"), joined(writer.parts)))
}

/// What never comes up in the content, because nobody could guess it: 128 random bits. The
/// content need not be looked through, which of a stream would not be possible.
fn boundary() -> String {
    let random = || RandomState::new().hash_one(0_u8);
    format!("specwright-{:016x}{:016x}", random(), random())
}

/// Pieces that are there already, put together as long as they are short: a form without large
/// files is sent as one.
fn joined(parts: Vec<Content>) -> Vec<Content> {
    const SHORT: usize = 64 * 1024;
    let mut all: Vec<Content> = Vec::new();
    for part in parts {
        match (all.last_mut(), part) {
            (Some(Content::Whole(before)), Content::Whole(next))
                if before.len() + next.len() <= SHORT =>
            {
                *before = [before.as_ref(), next.as_ref()].concat().into();
            }
            (_, part) => all.push(part),
        }
    }
    all
}

/// A value that has come out of a serializer.
fn of(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

struct Writer<'b> {
    boundary: &'b str,
    /// What is not yet among the parts.
    head: String,
    parts: Vec<Content>,
}

impl Writer<'_> {
    fn field(
        &mut self,
        name: &str,
        part: Part,
        raw: &RawValue,
        files: &[Blob],
    ) -> Result<(), ValidationError> {
        if let Some(style) = part.style {
            let value = of(raw);
            // Files are parts of their own, whatever the style.
            if let Ok(false) = as_texts(name, &mut value.clone(), files) {
                for (name, text) in spread(name, style, value) {
                    self.value(&name, part, None, text)?;
                }
                return Ok(());
            }
        }
        if !raw.get().starts_with('[') {
            return self.one(name, part, raw, files);
        }
        let items: Vec<Box<RawValue>> = serde_json::from_str(raw.get()).unwrap_or_default();
        items.iter().try_for_each(|item| self.one(name, part, item, files))
    }

    /// One part: a file, a text as it is, or JSON in the order in which it was written.
    fn one(
        &mut self,
        name: &str,
        part: Part,
        raw: &RawValue,
        files: &[Blob],
    ) -> Result<(), ValidationError> {
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'n') => Ok(()),
            Some(b'"') if !part.is_json() => {
                self.value(name, part, None, serde_json::from_str(text).unwrap_or_default())
            }
            Some(b'"' | b'{' | b'[') => {
                // Within JSON, files are texts.
                let mut value = if files.is_empty() { Value::Null } else { of(raw) };
                let text = match as_texts(name, &mut value, files)? {
                    true => value.to_string(),
                    false => text.to_owned(),
                };
                self.value(name, part, Some("application/json"), text)
            }
            _ => {
                let number = text.parse().ok();
                match number.and_then(place).and_then(|place| files.get(place)) {
                    Some(file) => self.file(name, part, file),
                    None => self.value(name, part, None, text.to_owned()),
                }
            }
        }
    }

    fn value(
        &mut self,
        name: &str,
        part: Part,
        usual: Option<&str>,
        text: String,
    ) -> Result<(), ValidationError> {
        // A range of types is none.
        let described = part.media_type.filter(|media_type| !media_type.contains('*'));
        self.begin(name, None, described.or(usual), part.headers.iter().copied())?;
        self.head += &text;
        self.head += "\r\n";
        Ok(())
    }

    fn file(&mut self, name: &str, part: Part, file: &Blob) -> Result<(), ValidationError> {
        // A range of types is for whoever chooses the file; it is no type itself.
        let described = part.media_type.filter(|media_type| !media_type.contains('*'));
        let media_type = file.media_type().or(described).unwrap_or("application/octet-stream");
        let own = |name: &str| file.headers().any(|(other, _)| other.eq_ignore_ascii_case(name));
        let described = part.headers.iter().copied().filter(|(name, _)| !own(name));
        let file_name = Some(file.file_name().unwrap_or(name));
        self.begin(name, file_name, Some(media_type), described.chain(file.headers()))?;
        self.parts.push(Content::Whole(Bytes::from(std::mem::take(&mut self.head))));
        self.parts.push(file.content().clone());
        self.head += "\r\n";
        Ok(())
    }

    /// The head of a part.
    fn begin<'h>(
        &mut self,
        name: &str,
        file_name: Option<&str>,
        media_type: Option<&'h str>,
        headers: impl Iterator<Item = (&'h str, &'h str)>,
    ) -> Result<(), ValidationError> {
        let disposition = Some(name).into_iter().map(|name| ("name", name));
        let disposition = disposition.chain(file_name.map(|name| ("filename", name)));
        // Writing to a string does not fail.
        let _ = write!(self.head, "--{}\r\nContent-Disposition: form-data", self.boundary);
        for (key, value) in disposition {
            let _ = write!(self.head, "; {key}=\"{}\"", quoted(value));
        }
        self.head += "\r\n";
        let media_type = media_type.map(|media_type| ("Content-Type", media_type));
        for (header, value) in media_type.into_iter().chain(headers) {
            if HeaderName::try_from(header).is_err() || HeaderValue::try_from(value).is_err() {
                let message = format!("has a header `{header}` that cannot be sent");
                return Err(ValidationError::new(format!("/{name}"), message));
            }
            let _ = write!(self.head, "{header}: {value}\r\n");
        }
        self.head += "\r\n";
        Ok(())
    }
}

/// A name as browsers quote it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
