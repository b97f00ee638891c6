//! Responses, their media types and headers.

use super::shapes::compare_use;
use super::site::{Site, Step};
use super::walker::Walker;
use crate::ir::{Content, Header, Operation, Output, Status};
use crate::pipeline::diff::table::kinds;

/// Content of a successful response with its media type. Without a status, it is that of all.
struct Entry<'a> {
    status: Option<Status>,
    media: &'a str,
    content: &'a Content,
}

pub(super) fn compare_responses(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: &Operation,
    new: &Operation,
) {
    compare_statuses(walker, site, old, new);
    let is_same = |a: &Entry<'_>, b: &Entry<'_>| {
        a.status.is_none() || b.status.is_none() || a.status == b.status
    };
    let (old_entries, new_entries) = (entries(old), entries(new));
    for b in &new_entries {
        if b.status.is_some_and(|status| !has_status(old, status)) {
            continue;
        }
        let of_status: Vec<&Entry<'_>> = old_entries.iter().filter(|a| is_same(a, b)).collect();
        let exact = of_status.iter().find(|a| a.media == b.media);
        // With one media type on each side, only its name differs.
        let report = match (exact, of_status.is_empty()) {
            (Some(a), _) => {
                with_content(walker, site, new, b, |walker, site| {
                    compare_contents(walker, site, a.content, b.content);
                });
                continue;
            }
            (None, true) => kinds::RESPONSE_BODY_ADDED,
            (None, false) => kinds::RESPONSE_MEDIA_TYPE_ADDED,
        };
        with_content(walker, site, new, b, |walker, site| walker.report_added(report, site));
    }
    for a in &old_entries {
        if a.status.is_some_and(|status| !has_status(new, status)) {
            continue;
        }
        let of_status: Vec<&Entry<'_>> = new_entries.iter().filter(|b| is_same(a, b)).collect();
        let kind = match of_status.is_empty() {
            true => kinds::RESPONSE_BODY_REMOVED,
            false if of_status.iter().any(|b| a.media == b.media) => continue,
            false => kinds::RESPONSE_MEDIA_TYPE_REMOVED,
        };
        with_content(walker, site, old, a, |walker, site| walker.report_removed(kind, site));
    }
    compare_headers(walker, site, old, new);
    compare_errors(walker, site, old, new);
    match (&old.stream, &new.stream) {
        (None, Some(_)) => walker.report(kinds::STREAM_ADDED, site, "can be streamed"),
        (Some(_), None) => {
            walker.report(kinds::STREAM_REMOVED, site, "can no longer be streamed");
        }
        _ => {}
    }
}

/// Calls a function with the site of the content of a response.
fn with_content(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    operation: &Operation,
    entry: &Entry<'_>,
    call: impl FnOnce(&mut Walker<'_>, &Site<'_>),
) {
    let status = entry.status.or_else(|| operation.success_statuses.first().copied());
    let status = status.map(key).unwrap_or_default();
    let label = match entry.status {
        Some(_) => format!("the content (`{}`) of the {status} response", entry.media),
        None => format!("the content (`{}`) of the response", entry.media),
    };
    let keys = ["responses", &status, "content", entry.media, "schema"];
    call(walker, &site.part(Step::Part(&label, &keys, ["", ""])));
}

fn compare_statuses(walker: &mut Walker<'_>, site: &Site<'_>, old: &Operation, new: &Operation) {
    for status in new.success_statuses.iter().filter(|status| !has_status(old, **status)) {
        with_status(walker, site, *status, |walker, site| {
            walker.report_added(kinds::RESPONSE_ADDED, site);
        });
    }
    for status in old.success_statuses.iter().filter(|status| !has_status(new, **status)) {
        with_status(walker, site, *status, |walker, site| {
            walker.report_removed(kinds::RESPONSE_REMOVED, site);
        });
    }
}

/// Calls a function with the site of a response.
fn with_status(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    status: Status,
    call: impl FnOnce(&mut Walker<'_>, &Site<'_>),
) {
    let key = key(status);
    let label = format!("the {key} response");
    call(walker, &site.part(Step::Part(&label, &["responses", &key], ["", ""])));
}

fn compare_contents(walker: &mut Walker<'_>, site: &Site<'_>, old: &Content, new: &Content) {
    match (old, new) {
        (Content::Json(a), Content::Json(b))
        | (Content::PlainText(a), Content::PlainText(b))
        | (Content::Events(Some(a)), Content::Events(Some(b))) => compare_use(walker, site, a, b),
        (Content::Values(a, framing), Content::Values(b, other)) if framing == other => {
            compare_use(walker, site, a, b);
        }
        (Content::Bytes, Content::Bytes) | (Content::Events(None), Content::Events(None)) => {}
        _ => walker.report(kinds::RESPONSE_FORM, site, "has another form"),
    }
}

fn compare_headers(walker: &mut Walker<'_>, site: &Site<'_>, old: &Operation, new: &Operation) {
    let all = |operation: &Operation| -> Vec<Header> {
        operation.headers.iter().flat_map(|headers| headers.all.iter().cloned()).collect()
    };
    let (old, new_headers) = (all(old), all(new));
    let is_same = |a: &Header, b: &Header| a.wire.eq_ignore_ascii_case(&b.wire);
    let status = new.success_statuses.first().copied().map(key).unwrap_or_default();
    let label = |header: &Header| format!("response header `{}`", header.wire);
    for b in &new_headers {
        let keys = ["responses", &status, "headers", &b.wire];
        let label = label(b);
        let Some(a) = old.iter().find(|a| is_same(a, b)) else {
            let step = Step::Part(&label, &keys, ["", &b.name.0]);
            walker.report_added(kinds::HEADER_ADDED, &site.part(step));
            continue;
        };
        let site = site.part(Step::Part(&label, &keys, [&a.name.0, &b.name.0]));
        walker.compare_docs(&site, [&a.docs, &b.docs], [a.deprecated, b.deprecated]);
        if a.format != b.format && a.ty.shape == b.ty.shape {
            walker.report(kinds::HEADER_FORMAT, &site, "is encoded differently");
        }
        compare_use(walker, &site, &a.ty, &b.ty);
    }
    for a in old.iter().filter(|a| new_headers.iter().all(|b| !is_same(a, b))) {
        let keys = ["responses", &status, "headers", &a.wire];
        let label = label(a);
        let step = Step::Part(&label, &keys, [&a.name.0, ""]);
        walker.report_removed(kinds::HEADER_REMOVED, &site.part(step));
    }
}

/// The media types of each error response that an operation describes; none if it has no body.
type Errors = Vec<(Status, Vec<String>)>;

fn compare_errors(walker: &mut Walker<'_>, site: &Site<'_>, old: &Operation, new: &Operation) {
    let (old_errors, new_errors) = (errors(old), errors(new));
    for (status, after) in &new_errors {
        match old_errors.iter().find(|(other, _)| other == status) {
            None => with_status(walker, site, *status, |walker, site| {
                walker.report_added(kinds::ERROR_ADDED, site);
            }),
            Some((_, before)) => {
                compare_error_types(walker, site, *status, [old, new]);
                compare_error_media(walker, site, *status, [before, after]);
            }
        }
    }
    for (status, _) in &old_errors {
        if new_errors.iter().all(|(other, _)| other != status) {
            with_status(walker, site, *status, |walker, site| {
                walker.report_removed(kinds::ERROR_REMOVED, site);
            });
        }
    }
}

/// Returns the error responses of an operation. One with several types of content is several for a server.
fn errors(operation: &Operation) -> Errors {
    let mut errors = Errors::new();
    for error in operation.error_output.iter().flat_map(|errors| &errors.responses) {
        let media = error.content.iter().flat_map(|(_, media)| media.iter().cloned());
        match errors.iter_mut().find(|(status, _)| *status == error.status) {
            Some((_, all)) => all.extend(media),
            None => errors.push((error.status, media.collect())),
        }
    }
    errors
}

/// Compares the types of two error bodies, if both have one.
fn compare_error_types(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    status: Status,
    [old, new]: [&Operation; 2],
) {
    let typed = |operation: &Operation| {
        operation.errors.iter().find(|error| error.status == status).cloned()
    };
    let (Some(a), Some(b)) = (typed(old), typed(new)) else { return };
    let bodies = (walker.old.error_bodies.get(a.body), walker.new.error_bodies.get(b.body));
    if let (Some(a), Some(b_body)) = bodies {
        let key = key(status);
        let label = format!("the {key} response");
        let keys = ["responses", &key, "content", &b.media, "schema"];
        compare_use(walker, &site.part(Step::Part(&label, &keys, ["", ""])), &a.ty, &b_body.ty);
    }
}

/// Compares the media types of two error responses.
fn compare_error_media(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    status: Status,
    [before, after]: [&Vec<String>; 2],
) {
    let key = key(status);
    let [added, removed] = match before.is_empty() || after.is_empty() {
        true => [kinds::ERROR_BODY_ADDED, kinds::ERROR_BODY_REMOVED],
        false => [kinds::RESPONSE_MEDIA_TYPE_ADDED, kinds::RESPONSE_MEDIA_TYPE_REMOVED],
    };
    let mut report = |media: &str, call: &dyn Fn(&mut Walker<'_>, &Site<'_>)| {
        let label = format!("the content (`{media}`) of the {key} response");
        let keys = ["responses", &key, "content", media, "schema"];
        call(walker, &site.part(Step::Part(&label, &keys, ["", ""])));
    };
    for media in after.iter().filter(|media| !before.contains(media)) {
        report(media, &|walker, site| walker.report_added(added, site));
    }
    for media in before.iter().filter(|media| !after.contains(media)) {
        report(media, &|walker, site| walker.report_removed(removed, site));
    }
}

/// Returns the content of all successful responses, also of those that are streamed.
fn entries(operation: &Operation) -> Vec<Entry<'_>> {
    let streamed = operation.stream.as_ref().map(|stream| &stream.output);
    let mut entries = Vec::new();
    for output in [Some(&operation.output), streamed].into_iter().flatten() {
        match output {
            Output::Empty => {}
            Output::One { content, media } => {
                entries.extend(media.iter().map(|media| Entry { status: None, media, content }))
            }
            Output::Several { responses, .. } => {
                for response in responses {
                    let content = response.content.iter();
                    let content = content.flat_map(|(content, media)| {
                        let status = Some(response.status);
                        media.iter().map(move |media| Entry { status, media, content })
                    });
                    entries.extend(content);
                }
            }
        }
    }
    entries
}

fn has_status(operation: &Operation, status: Status) -> bool {
    operation.success_statuses.contains(&status)
}

/// Returns the key of a status in the responses of an operation.
fn key(status: Status) -> String {
    match status {
        Status::Default => "default".to_owned(),
        status => status.to_string(),
    }
}
