//! Bodies that are not JSON, or may be: which of its media types one has, and what is in it, as
//! JSON with the files beside it. So a form is decoded, mended and checked as JSON is.

mod multipart;
mod parts;
mod urlencoded;

use http::header::{CONTENT_TYPE, HeaderMap};
use serde_json::Value;
use specwright_model::blob::{Blob, placeholder};
use specwright_model::style::form::Part;

use crate::input::Kind;
use crate::refusal::{Problem, Rejection};

/// A way in which a body may come.
#[derive(Clone, Copy, Debug)]
pub struct BodyFormat {
    /// The media type, or a range of types.
    pub media_type: &'static str,
    /// What is written under it.
    pub format: Format,
}

/// What is written under a media type.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    /// JSON.
    Json,
    /// A value as text.
    Text(Kind),
    /// Bytes as they are.
    Blob,
    /// A form in one line.
    Form(Kind, &'static [Part]),
    /// A form in parts.
    Multipart(Kind, &'static [Part]),
}

/// A body that has come whole and is not yet decoded.
#[derive(Debug)]
pub struct Raw {
    way: usize,
    /// What it may mean, as JSON; what a writer would more likely have meant comes first.
    pub(crate) readings: Vec<Vec<u8>>,
    /// The files for which numbers stand in the JSON.
    pub(crate) files: Vec<Blob>,
}

impl Raw {
    /// In which of the ways it has come.
    pub fn format(&self) -> usize {
        self.way
    }

    /// Reads a body in the way that its media type says.
    pub(crate) fn read(
        ways: &[BodyFormat],
        headers: &HeaderMap,
        bytes: Vec<u8>,
    ) -> Result<Result<Self, Vec<Problem>>, Rejection> {
        let media_type = headers.get(CONTENT_TYPE);
        let media_type =
            media_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let way = choose(ways, media_type.as_deref()).ok_or_else(|| {
            let names: Vec<_> = ways.iter().map(|way| way.media_type).collect();
            let given = media_type.as_deref().map_or_else(
                || "the body has no media type".to_owned(),
                |media_type| format!("the body is `{}`", essence(media_type)),
            );
            let message = format!("{given}, not `{}`", names.join("` or `"));
            Rejection::new(415, message).header("Accept", names.join(", "))
        })?;
        let format = ways.get(way).map_or(Format::Blob, |way| way.format);
        let content = content(format, media_type.as_deref(), bytes);
        Ok(content.map(|(readings, files)| Self { way, readings, files }))
    }
}

/// What is in a body: its readings, and the files beside them.
type Content = (Vec<Vec<u8>>, Vec<Blob>);

fn content(
    format: Format,
    media_type: Option<&str>,
    bytes: Vec<u8>,
) -> Result<Content, Vec<Problem>> {
    let text = |bytes| {
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            vec![Problem::new("", format!("the body is not UTF-8 from byte {at} on"))]
        })
    };
    let written =
        |values: Vec<Value>| values.iter().map(|value| value.to_string().into()).collect();
    Ok(match format {
        Format::Json => (vec![bytes], Vec::new()),
        Format::Text(kind) => {
            let text = text(bytes)?;
            let readings = kind.ways().map(|as_text| kind.scalar(&text, as_text));
            (written(readings.collect()), Vec::new())
        }
        Format::Blob => {
            let mut files = Vec::new();
            let blob = Blob::new(bytes);
            let blob = match media_type {
                Some(media_type) => blob.with_media_type(media_type),
                None => blob,
            };
            let number = placeholder(&mut files, blob);
            (vec![number.to_string().into()], files)
        }
        Format::Form(kind, parts) => {
            let pairs = crate::input::Entries::of_form(&text(bytes)?);
            let read = |as_text| urlencoded::read(kind, parts, &pairs, as_text);
            (written(kind.ways().map(read).collect::<Result<_, _>>()?), Vec::new())
        }
        Format::Multipart(kind, parts) => {
            let boundary = media_type.and_then(|text| parameter(text, "boundary"));
            let boundary = boundary.ok_or_else(|| {
                vec![Problem::new("", "the media type of the body names no `boundary`")]
            })?;
            let sent = multipart::parts(&bytes, &boundary).map_err(|problem| vec![problem])?;
            let mut files = Vec::new();
            let mut readings = Vec::new();
            for as_text in kind.ways() {
                files.clear();
                readings.push(parts::read(kind, parts, &sent, &mut files, as_text)?);
            }
            (written(readings), files)
        }
    })
}

/// A media type without its parameters, in lower case.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json" | "text/x-json" | "application/x-json")
        || (essence.contains('/') && essence.ends_with("+json"))
}

/// The way of a media type: the one that says exactly that, else one that differs in its
/// parameters, else any JSON for another, else the range that it is in. A body that says nothing
/// is taken for JSON, or for bytes.
fn choose(ways: &[BodyFormat], media_type: Option<&str>) -> Option<usize> {
    let find = |fits: &dyn Fn(&BodyFormat) -> bool| ways.iter().position(fits);
    let as_json = || find(&|way| matches!(way.format, Format::Json));
    let Some(media_type) = media_type else {
        return as_json()
            .or_else(|| find(&|way| matches!(way.format, Format::Blob | Format::Text(_))));
    };
    let exact = |text: &str| text.to_ascii_lowercase().split_whitespace().collect::<String>();
    let own = essence(media_type);
    find(&|way| exact(way.media_type) == exact(media_type))
        .or_else(|| find(&|way| !way.media_type.contains(';') && essence(way.media_type) == own))
        .or_else(|| find(&|way| essence(way.media_type) == own))
        .or_else(|| as_json().filter(|_| is_json(&own)))
        .or_else(|| {
            let range =
                |way: &BodyFormat| essence(way.media_type).strip_suffix('*').map(str::to_owned);
            find(&|way| range(way).is_some_and(|of| of.len() > 2 && own.starts_with(&of)))
        })
        .or_else(|| find(&|way| way.media_type == "*/*"))
}

/// A parameter of a header's value.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let (text, left) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => {
                let (text, left) = unquoted(quoted)?;
                (text, left.split_once(';').map(|(_, left)| left))
            }
            None => match after.split_once(';') {
                Some((text, left)) => (text.trim().to_owned(), Some(left)),
                None => (after.trim().to_owned(), None),
            },
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(text);
        }
        rest = left?;
    }
}

/// A text up to its closing quote, and what is behind that. Browsers write some characters as
/// percent encoding there, and a backslash as itself unless a quote follows it.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut characters = quoted.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                let text = text.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
                return Some((text, &quoted[at + 1..]));
            }
            '\\' => match characters.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                Some((_, escaped)) => text.push(escaped),
                None => text.push('\\'),
            },
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests;
