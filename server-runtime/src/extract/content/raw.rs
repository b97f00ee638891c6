//! A body that is not decoded yet.

use std::borrow::Cow;

use http::header::{CONTENT_TYPE, HeaderMap};
use specwright_model::blob::{Blob, placeholder};
use specwright_model::media_type::{essence, parameter};
use specwright_model::style::Ordered;
use specwright_model::style::decode::Entries;
use specwright_model::style::sequence::{decode_events, decode_values};

use super::fields::Fields;
use super::format::{BodyFormat, Format, select};
use super::{multipart, parts, urlencoded};
use crate::reject::{Problem, Rejection};

/// A body that is not decoded yet.
#[derive(Debug)]
pub struct RawBody {
    format: usize,
    /// Its interpretations as JSON, the most likely one first.
    pub(crate) interpretations: Vec<Interpretation>,
    /// Its files. The JSON contains numbers in their positions.
    pub(crate) files: Vec<Blob>,
}

/// The JSON that a body may mean.
#[derive(Debug)]
pub(crate) enum Interpretation {
    /// As it was sent.
    Sent(Vec<u8>),
    /// Made from a form or a string: all of it can be processed.
    Made(String),
}

impl Interpretation {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sent(json) => json,
            Self::Made(json) => json.as_bytes(),
        }
    }
}

impl RawBody {
    /// Returns the index of its format.
    pub fn format(&self) -> usize {
        self.format
    }

    /// Parses a body in the format that its media type selects.
    ///
    /// # Errors
    /// Returns a rejection if no format has the media type. Returns problems, as the inner
    /// result, if the body is not in its format.
    pub(crate) fn parse(
        formats: &[BodyFormat],
        headers: &HeaderMap,
        bytes: Vec<u8>,
    ) -> Result<Result<Self, Vec<Problem>>, Rejection> {
        let media_type = headers.get(CONTENT_TYPE);
        let media_type =
            media_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let index = select(formats, media_type.as_deref()).ok_or_else(|| {
            let names: Vec<_> = formats.iter().map(|format| format.media_type).collect();
            let expected = format!("expected `{}`", names.join("` or `"));
            let message = match media_type.as_deref().map(essence) {
                None => format!("the body has no media type, {expected}"),
                Some(media_type) => {
                    format!("the media type `{media_type}` is not supported, {expected}")
                }
            };
            Rejection::new(415, message).header("Accept", names.join(", "))
        })?;
        let format = formats.get(index).map_or(Format::Blob, |format| format.format);
        let content = content(format, media_type.as_deref(), bytes);
        Ok(content.map(|(interpretations, files)| Self { format: index, interpretations, files }))
    }
}

/// The interpretations of a body as JSON, and its files.
type Content = (Vec<Interpretation>, Vec<Blob>);

fn content(
    format: Format,
    media_type: Option<&str>,
    bytes: Vec<u8>,
) -> Result<Content, Vec<Problem>> {
    let string = |bytes| {
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            vec![Problem::new("", format!("the body is not UTF-8 after byte {at}"))]
        })
    };
    let encoded = |values: Vec<Ordered>| {
        values.iter().map(|value| Interpretation::Made(value.to_json())).collect()
    };
    Ok(match format {
        Format::Json => (vec![Interpretation::Sent(bytes)], Vec::new()),
        Format::String(kind) => {
            let string = string(bytes)?;
            let values = kind.interpretations().map(|as_string| kind.scalar(&string, as_string));
            (encoded(values.collect()), Vec::new())
        }
        Format::Blob => {
            let mut files = Vec::new();
            let blob = Blob::new(bytes);
            let blob = match media_type {
                Some(media_type) => blob.with_media_type(media_type),
                None => blob,
            };
            let number = placeholder(&mut files, blob);
            (vec![Interpretation::Made(number.to_string())], files)
        }
        Format::Form(kind, parts) => {
            let entries = Entries::from_query(&string(bytes)?);
            let decode = |as_string| {
                urlencoded::decode(kind, parts, &entries, as_string).map(Fields::into_object)
            };
            let values = kind.interpretations().map(decode).collect::<Result<_, _>>()?;
            (encoded(values), Vec::new())
        }
        Format::Multipart(kind, parts) => {
            let boundary = boundary(media_type)?;
            let sent =
                multipart::split(&bytes, &boundary, true).map_err(|problem| vec![problem])?;
            let mut files = Vec::new();
            let mut values = Vec::new();
            for as_string in kind.interpretations() {
                files.clear();
                let fields = parts::decode(kind, parts, &sent, &mut files, as_string)?;
                values.push(fields.into_object());
            }
            (encoded(values), files)
        }
        Format::Values(framing) => {
            let json = decode_values(framing, &bytes).map_err(|problems| {
                let problem = |(index, message): (usize, String)| {
                    Problem::new(format!("/{index}"), format!("must be JSON: {message}"))
                };
                problems.into_iter().take(MAX_PROBLEMS).map(problem).collect::<Vec<_>>()
            })?;
            (vec![Interpretation::Sent(json)], Vec::new())
        }
        Format::Events(kind) => {
            let events = decode_events(&string(bytes)?);
            let event = |fields: &Vec<(String, String)>, as_string| {
                let fields = fields.iter().map(|(name, value)| {
                    (name.clone(), kind.of_property(name).scalar(value, as_string))
                });
                Ordered::Object(fields.collect())
            };
            let list = |as_string| {
                Ordered::List(events.iter().map(|fields| event(fields, as_string)).collect())
            };
            (encoded(kind.interpretations().map(list).collect()), Vec::new())
        }
        Format::Parts(prefix, item) => {
            let boundary = boundary(media_type)?;
            let sent =
                multipart::split(&bytes, &boundary, false).map_err(|problem| vec![problem])?;
            let mut files = Vec::new();
            let mut values = Vec::new();
            // An element may be a string or JSON.
            for as_string in [false, true] {
                files.clear();
                values.push(parts::decode_list(prefix, item, &sent, &mut files, as_string)?);
            }
            (encoded(values), files)
        }
    })
}

/// The maximum number of values that are reported not to be JSON.
const MAX_PROBLEMS: usize = 20;

/// Returns the boundary of a `multipart` body.
fn boundary(media_type: Option<&str>) -> Result<Cow<'_, str>, Vec<Problem>> {
    media_type
        .and_then(|value| parameter(value, "boundary"))
        .ok_or_else(|| vec![Problem::new("", "the media type of the body has no `boundary`")])
}
