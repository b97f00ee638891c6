//! `multipart`: one part per property, and one per element of a list (RFC 7578).

use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use serde_json::value::RawValue;

use super::fields::{Fields, Part, inline_files};
use crate::blob::{Blob, Content, index};
use crate::json::pointer;
use crate::style::Style;
use crate::style::ordered::Ordered;
use crate::style::parts::{EntryValue, Parts, delimiter};
use crate::validate::ValidationError;

/// Encodes a form.
///
/// # Errors
/// Returns an error if a header of a part is invalid.
pub fn multipart(
    media_type: &str,
    form: &Fields,
    parts: &[Part],
) -> Result<(String, Vec<Content>), ValidationError> {
    let mut writer = Writer::new(true);
    for (name, raw) in &form.fields {
        let part = Part::of(parts, name);
        writer.field(name, part, raw, &form.files)?;
    }
    Ok(writer.finish(media_type))
}

/// Writes parts without names.
pub struct PartsWriter(Writer);

impl PartsWriter {
    /// Creates a writer without parts.
    #[must_use]
    pub fn new() -> Self {
        Self(Writer::new(false))
    }

    /// Adds a part: a file, a string, or JSON.
    ///
    /// # Errors
    /// Returns an error if a header is invalid.
    pub fn part(
        &mut self,
        part: Part,
        raw: &RawValue,
        files: &[Blob],
    ) -> Result<(), ValidationError> {
        match raw.get() {
            // The position of a part is its meaning, so none is left out.
            "null" => self.0.value("", part, Some("application/json"), "null".to_owned()),
            _ => self.0.one("", part, raw, files),
        }
    }

    /// Returns the media type with its boundary, and the body.
    #[must_use]
    pub fn finish(self, media_type: &str) -> (String, Vec<Content>) {
        self.0.finish(media_type)
    }
}

impl Default for PartsWriter {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns a boundary of 128 random bits. It must not be predictable: the content is not searched
/// for it, which is impossible for streams. The keys of the standard library's hash maps come from
/// the operating system, unlike those of `fastrand`.
pub fn boundary() -> String {
    let random = || RandomState::new().hash_one(0_u8);
    format!("specwright-{:016x}{:016x}", random(), random())
}

/// Joins adjacent small contents, so that a form without large files is sent in one piece.
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

/// Parses JSON that a serializer has produced.
fn of(raw: &RawValue) -> Ordered {
    Ordered::parse(raw.get()).unwrap_or(Ordered::Null)
}

/// Returns the values of a property in a style, each with its name.
fn styled(
    name: &str,
    style: Style,
    value: Ordered,
) -> Result<Vec<(String, String)>, ValidationError> {
    if value == Ordered::Null {
        return Ok(Vec::new());
    }
    let entries = Parts::new(style, value.without_nulls()).into_entries(name, style);
    let delimiter = delimiter(style);
    let value = |value| match value {
        EntryValue::One(string) => Ok(string),
        // Parts of a form are not percent-encoded.
        EntryValue::Several(values) if values.iter().any(|value| value.contains(delimiter)) => {
            let message = format!("must not contain `{delimiter}`, which separates its values");
            Err(ValidationError::new(pointer::property(name), message))
        }
        EntryValue::Several(values) => Ok(values.join(delimiter.encode_utf8(&mut [0; 4]))),
    };
    entries.into_iter().map(|(name, entry)| Ok((name, value(entry)?))).collect()
}

struct Writer {
    boundary: String,
    /// Whether parts have names.
    is_form: bool,
    /// The bytes that are not in `parts` yet.
    head: String,
    parts: Vec<Content>,
}

impl Writer {
    fn new(is_form: bool) -> Self {
        Self { boundary: boundary(), is_form, head: String::new(), parts: Vec::new() }
    }

    fn finish(mut self, media_type: &str) -> (String, Vec<Content>) {
        let boundary = self.boundary;
        let head = format!("{}--{boundary}--\r\n", self.head);
        self.parts.push(Content::Whole(head.into()));
        (format!("{media_type}; boundary={boundary}"), joined(self.parts))
    }

    fn field(
        &mut self,
        name: &str,
        part: Part,
        raw: &RawValue,
        files: &[Blob],
    ) -> Result<(), ValidationError> {
        if let Some(style) = part.style {
            let value = of(raw);
            // A file is always a part of its own, whatever the style.
            if let Ok(false) = inline_files(name, &mut value.clone(), files) {
                for (name, string) in styled(name, style, value)? {
                    self.value(&name, part, None, string)?;
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

    /// Encodes one part: a file, a plain string, or JSON in its original order.
    fn one(
        &mut self,
        name: &str,
        part: Part,
        raw: &RawValue,
        files: &[Blob],
    ) -> Result<(), ValidationError> {
        let string = raw.get();
        match string.as_bytes().first() {
            Some(b'n') => Ok(()),
            Some(b'"') if !part.is_json() => {
                self.value(name, part, None, serde_json::from_str(string).unwrap_or_default())
            }
            Some(b'"' | b'{' | b'[') => {
                // Inside of JSON, files are strings.
                let mut value = if files.is_empty() { Ordered::Null } else { of(raw) };
                let string = match inline_files(name, &mut value, files)? {
                    true => value.to_json(),
                    false => string.to_owned(),
                };
                self.value(name, part, Some("application/json"), string)
            }
            _ => {
                let number = string.parse().ok();
                match number.and_then(index).and_then(|index| files.get(index)) {
                    Some(file) => self.file(name, part, file),
                    None => self.value(name, part, None, string.to_owned()),
                }
            }
        }
    }

    fn value(
        &mut self,
        name: &str,
        part: Part,
        default: Option<&str>,
        string: String,
    ) -> Result<(), ValidationError> {
        // A media range is not a media type.
        let declared = part.media_type.filter(|media_type| !media_type.contains('*'));
        self.begin(name, None, declared.or(default), part.headers.iter().copied())?;
        self.head += &string;
        self.head += "\r\n";
        Ok(())
    }

    fn file(&mut self, name: &str, part: Part, file: &Blob) -> Result<(), ValidationError> {
        // A media range limits the choice of files; it is not a media type.
        let declared = part.media_type.filter(|media_type| !media_type.contains('*'));
        let media_type = file.media_type().or(declared).unwrap_or("application/octet-stream");
        let own = |name: &str| file.headers().any(|(other, _)| other.eq_ignore_ascii_case(name));
        let declared = part.headers.iter().copied().filter(|(name, _)| !own(name));
        let file_name = file.file_name().or(self.is_form.then_some(name));
        self.begin(name, file_name, Some(media_type), declared.chain(file.headers()))?;
        self.parts.push(Content::Whole(Bytes::from(std::mem::take(&mut self.head))));
        self.parts.push(file.content().clone());
        self.head += "\r\n";
        Ok(())
    }

    /// Writes the headers of a part.
    fn begin<'h>(
        &mut self,
        name: &str,
        file_name: Option<&str>,
        media_type: Option<&'h str>,
        headers: impl Iterator<Item = (&'h str, &'h str)>,
    ) -> Result<(), ValidationError> {
        let disposition = self.is_form.then_some(name).into_iter().map(|name| ("name", name));
        let disposition = disposition.chain(file_name.map(|name| ("filename", name)));
        // Writing to a string does not fail.
        let _ = write!(self.head, "--{}\r\n", self.boundary);
        if self.is_form || file_name.is_some() {
            let kind = if self.is_form { "form-data" } else { "attachment" };
            let _ = write!(self.head, "Content-Disposition: {kind}");
            for (key, value) in disposition {
                let _ = write!(self.head, "; {key}=\"{}\"", quoted(value));
            }
            self.head += "\r\n";
        }
        let media_type = media_type.map(|media_type| ("Content-Type", media_type));
        for (header, value) in media_type.into_iter().chain(headers) {
            if HeaderName::try_from(header).is_err() || HeaderValue::try_from(value).is_err() {
                let message = format!("has an invalid header `{header}`");
                return Err(ValidationError::new(pointer::property(name), message));
            }
            let _ = write!(self.head, "{header}: {value}\r\n");
        }
        self.head += "\r\n";
        Ok(())
    }
}

/// Escapes a name as browsers do, and in addition the backslashes that would escape what follows.
fn quoted(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len());
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted += "%22",
            '\r' => quoted += "%0D",
            '\n' => quoted += "%0A",
            '\\' if characters.peek().is_none_or(|next| *next == '\\') => quoted += "\\\\",
            other => quoted.push(other),
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::quoted;
    use crate::media_type::parameter;

    #[test]
    fn names_are_read_as_they_were_written() {
        for (name, expected) in [
            ("C:\\a.png", "C:\\a.png"),
            ("a\\", "a\\\\"),
            ("a\\\\b", "a\\\\\\b"),
            ("\\\"\r\n\\\\", "\\%22%0D%0A\\\\\\\\"),
        ] {
            assert_eq!(quoted(name), expected);
            let header = format!("form-data; name=\"{}\"; filename=\"x\"", quoted(name));
            assert_eq!(parameter(&header, "name").as_deref(), Some(name), "{header}");
            assert_eq!(parameter(&header, "filename").as_deref(), Some("x"), "{header}");
        }
    }
}
