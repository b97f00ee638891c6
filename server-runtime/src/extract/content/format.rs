//! Formats of bodies, and which one a media type selects.

use specwright_model::media_type::{essence, is_json};
use specwright_model::stream::Framing;
use specwright_model::style::decode::Kind;
use specwright_model::style::form::Part;

/// A format that a body may have.
#[derive(Clone, Copy, Debug)]
pub struct BodyFormat {
    /// The media type, or a range of media types.
    pub media_type: &'static str,
    /// How the body is decoded.
    pub format: Format,
}

/// How a body is decoded.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    /// JSON.
    Json,
    /// A value as a string.
    String(Kind),
    /// Bytes.
    Blob,
    /// An `application/x-www-form-urlencoded` form.
    Form(Kind, &'static [Part]),
    /// A `multipart` form.
    Multipart(Kind, &'static [Part]),
    /// A sequence of JSON values.
    Values(Framing),
    /// Server-sent events, each an object of this kind.
    Events(Kind),
    /// Parts without names: the kinds of the first ones, and that of all others.
    Parts(&'static [Kind], Kind),
}

/// Selects a format by media type: the one with the same parameters, else with other parameters,
/// else any JSON for another JSON type, else a range that contains it. Without a media type the
/// body is taken for JSON, or for bytes.
pub(super) fn select(formats: &[BodyFormat], media_type: Option<&str>) -> Option<usize> {
    let find = |matches: &dyn Fn(&BodyFormat) -> bool| formats.iter().position(matches);
    let find_json = || find(&|format| matches!(format.format, Format::Json));
    let Some(media_type) = media_type else {
        let is_bytes =
            |format: &BodyFormat| matches!(format.format, Format::Blob | Format::String(_));
        return find_json().or_else(|| find(&is_bytes));
    };
    let exact =
        |media_type: &str| media_type.to_ascii_lowercase().split_whitespace().collect::<String>();
    let own = essence(media_type);
    let same = |format: &BodyFormat| essence(format.media_type) == own;
    find(&|format| exact(format.media_type) == exact(media_type))
        .or_else(|| find(&|format| !format.media_type.contains(';') && same(format)))
        .or_else(|| find(&same))
        .or_else(|| find_json().filter(|_| is_json(&own)))
        .or_else(|| {
            find(&|format| {
                let range = essence(format.media_type);
                let range = range.strip_suffix('*').filter(|range| range.len() > 2);
                range.is_some_and(|range| own.starts_with(range))
            })
        })
        .or_else(|| find(&|format| format.media_type == "*/*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn format(media_type: &'static str, format: Format) -> BodyFormat {
        BodyFormat { media_type, format }
    }

    #[test]
    fn the_media_type_selects_the_format() {
        let formats = [
            format("application/json;simple", Format::Json),
            format("application/json", Format::Json),
            format("text/plain; charset=utf-8", Format::String(Kind::String)),
            format("image/*", Format::Blob),
        ];
        for (media_type, expected) in [
            (None, Some(0)),
            (Some("application/json"), Some(1)),
            (Some("Application/JSON ; Simple"), Some(0)),
            (Some("application/json; charset=utf-8"), Some(1)),
            (Some("application/vnd.x+json"), Some(0)),
            (Some("text/plain"), Some(2)),
            (Some("text/plain; charset=latin1"), Some(2)),
            (Some("image/png"), Some(3)),
            (Some("video/mp4"), None),
            (Some("text/html"), None),
            (Some(""), None),
        ] {
            assert_eq!(select(&formats, media_type), expected, "{media_type:?}");
        }
        let any = [format("text/csv", Format::String(Kind::String)), format("*/*", Format::Blob)];
        assert_eq!(select(&any, Some("a/b")), Some(1));
        assert_eq!(select(&any, Some("text/csv")), Some(0));
        let form = [format("multipart/form-data", Format::Multipart(Kind::Any, &[]))];
        assert_eq!(select(&form, None), None);
    }
}
