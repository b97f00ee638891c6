//! Parameters and request bodies.

use super::shapes::compare_use;
use super::site::{Site, Step};
use super::types::compare_defaults;
use super::walker::Walker;
use crate::ir::{Body, BodyEncoding, BodyFormat, Media, Operation, Parameter, ParameterLocation};
use crate::pipeline::diff::table::kinds;

pub(super) fn compare_parameters(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: &Operation,
    new: &Operation,
) {
    let pairs = pairs(old, new);
    for (b, pair) in new.parameters.iter().zip(&pairs) {
        let Some(a) = pair.and_then(|index| old.parameters.get(index)) else {
            let kind = match b.required {
                true => kinds::REQUIRED_PARAMETER_ADDED,
                false => kinds::PARAMETER_ADDED,
            };
            let step = Step::Parameter(location(b), [&b.wire; 2], ["", &b.name.0]);
            walker.report_added(kind, &site.part(step));
            continue;
        };
        let step = Step::Parameter(location(b), [&a.wire, &b.wire], [&a.name.0, &b.name.0]);
        compare_parameter(walker, &site.part(step), a, b);
    }
    for (index, a) in old.parameters.iter().enumerate() {
        if !pairs.contains(&Some(index)) {
            let kind = match a.required {
                true => kinds::REQUIRED_PARAMETER_REMOVED,
                false => kinds::PARAMETER_REMOVED,
            };
            let step = Step::Parameter(location(a), [&a.wire; 2], [&a.name.0, ""]);
            walker.report_removed(kind, &site.part(step));
        }
    }
}

fn compare_parameter(walker: &mut Walker<'_>, site: &Site<'_>, old: &Parameter, new: &Parameter) {
    walker.compare_docs(site, [&old.docs, &new.docs], [old.deprecated, new.deprecated]);
    if old.name != new.name || old.wire != new.wire {
        let predicate = format!("was called `{}`", old.wire);
        walker.quietly(|walker| walker.report(kinds::PARAMETER_RENAMED, site, &predicate));
    }
    match (old.required, new.required) {
        (false, true) => walker.report(kinds::PARAMETER_REQUIRED, site, "becomes required"),
        (true, false) => walker.report(kinds::PARAMETER_OPTIONAL, site, "becomes optional"),
        _ => {}
    }
    if old.style != new.style || old.is_reserved != new.is_reserved || old.parts != new.parts {
        walker.report(kinds::PARAMETER_STYLE, site, "is encoded in another style");
    }
    compare_defaults(walker, site, [&old.default, &new.default]);
    compare_use(walker, site, &old.ty, &new.ty);
}

pub(super) fn compare_bodies(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: Option<&Body>,
    new: Option<&Body>,
) {
    let site = site.part(Step::Part("the body", &["requestBody"], ["body", "body"]));
    let (old, new) = match (old, new) {
        (None, None) => return,
        (None, Some(new)) => {
            let kind = if new.required { kinds::REQUIRED_BODY_ADDED } else { kinds::BODY_ADDED };
            return walker.report_added(kind, &site);
        }
        (Some(old), None) => {
            let kind =
                if old.required { kinds::REQUIRED_BODY_REMOVED } else { kinds::BODY_REMOVED };
            return walker.report_removed(kind, &site);
        }
        (Some(old), Some(new)) => (old, new),
    };
    walker.compare_docs(&site, [&old.docs, &new.docs], [false; 2]);
    match (old.required, new.required) {
        (false, true) => walker.report(kinds::BODY_REQUIRED, &site, "becomes required"),
        (true, false) => walker.report(kinds::BODY_OPTIONAL, &site, "becomes optional"),
        _ => {}
    }
    compare_formats(walker, &site, old, new);
}

/// Compares the media types of a body.
fn compare_formats(walker: &mut Walker<'_>, site: &Site<'_>, old: &Body, new: &Body) {
    let (old, new) = (formats(old), formats(new));
    let label = |format: &BodyFormat| format!("media type `{}`", format.media_type);
    for (media, format) in &new {
        let keys = ["content", &format.media_type, "schema"];
        let label = label(format);
        let part = site.part(Step::Part(&label, &keys, ["body", "body"]));
        match old.iter().find(|(_, other)| other.media_type == format.media_type) {
            Some((other_media, other)) => {
                if !is_same_encoding(&other.encoding, &format.encoding) {
                    walker.report(kinds::REQUEST_ENCODING, &part, "is encoded differently");
                }
                compare_use(walker, &part, &other_media.ty, &media.ty);
            }
            None => walker.report_added(kinds::REQUEST_MEDIA_TYPE_ADDED, &part),
        }
    }
    for (_, format) in &old {
        if new.iter().all(|(_, other)| other.media_type != format.media_type) {
            let keys = ["content", &format.media_type];
            let label = label(format);
            let part = site.part(Step::Part(&label, &keys, ["body", "body"]));
            walker.report_removed(kinds::REQUEST_MEDIA_TYPE_REMOVED, &part);
        }
    }
}

/// Returns the index of the old parameter for each new one. Path parameters are the same if they are
/// in the same part of the path.
fn pairs(old: &Operation, new: &Operation) -> Vec<Option<usize>> {
    let position = |operation: &Operation, parameter: &Parameter| {
        (parameter.location == ParameterLocation::Path)
            .then(|| operation.path.find(&format!("{{{}}}", parameter.wire)))
            .flatten()
            .map(|at| operation.path.get(..at).unwrap_or_default().matches('{').count())
    };
    let of = |b: &Parameter| {
        old.parameters.iter().position(|a| {
            a.location == b.location
                && match (position(old, a), position(new, b)) {
                    (Some(a), Some(b)) => a == b,
                    _ => is_same_name(a, b),
                }
        })
    };
    new.parameters.iter().map(of).collect()
}

/// Names of headers have no case.
fn is_same_name(a: &Parameter, b: &Parameter) -> bool {
    match a.location {
        ParameterLocation::Header => a.wire.eq_ignore_ascii_case(&b.wire),
        _ => a.wire == b.wire,
    }
}

fn location(parameter: &Parameter) -> &'static str {
    match parameter.location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::QueryString => "querystring",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => "cookie",
    }
}

/// Returns the formats of a body, each with the type of its values.
fn formats(body: &Body) -> Vec<(&Media, &BodyFormat)> {
    body.media().flat_map(|media| media.formats.iter().map(move |format| (media, format))).collect()
}

fn is_same_encoding(a: &BodyEncoding, b: &BodyEncoding) -> bool {
    match (a, b) {
        (BodyEncoding::Json, BodyEncoding::Json)
        | (BodyEncoding::PlainText, BodyEncoding::PlainText)
        | (BodyEncoding::Blob, BodyEncoding::Blob)
        | (BodyEncoding::Events, BodyEncoding::Events) => true,
        (BodyEncoding::Form(a), BodyEncoding::Form(b))
        | (BodyEncoding::Multipart(a), BodyEncoding::Multipart(b)) => a == b,
        (BodyEncoding::Values(a), BodyEncoding::Values(b)) => a == b,
        (
            BodyEncoding::Parts { prefix: a, rest: c },
            BodyEncoding::Parts { prefix: b, rest: d },
        ) => a == b && c == d,
        _ => false,
    }
}
