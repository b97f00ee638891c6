//! Responses: the content of a success, and the bodies of errors.

use crate::diagnostics::{Location, messages};
use crate::ir::{
    Accept, Content, ErrorBody, ErrorOutput, ErrorResponse, Headers, Output, Shape, Status,
    StreamedResponse, SuccessResponse, TypeName,
};
use crate::lower::context::state::Context;
use crate::lower::media::{essence, media_type_name};
use crate::lower::operation::response::choices::{
    ErrorOfStatus, error_output, success_choice, success_constructor,
};
use crate::lower::operation::response::content::{contents_of, ignored_contents, json_content};
use crate::lower::operation::response::headers::add_headers;
use crate::lower::schema::type_of::type_of_media_type;
use crate::names::{Name, Scope, snake_name, type_name};
use crate::select::SelectedOperation;
use crate::text::child;
use openapiv3::{Response, StatusCode};

/// The responses of an operation.
pub(crate) struct Responses {
    pub(crate) output: Output,
    pub(crate) accept: Option<Accept>,
    pub(crate) stream: Option<StreamedResponse>,
    pub(crate) server_output: Option<Output>,
    pub(crate) headers: Option<Headers>,
    /// The success statuses.
    pub(crate) statuses: Vec<Status>,
    pub(crate) errors: Vec<ErrorResponse>,
    pub(crate) error_output: Option<ErrorOutput>,
}

/// A success response of the document with all of its media types.
struct Success {
    status: Status,
    contents: Vec<(Content, Vec<String>)>,
    docs: String,
}

pub(crate) fn responses_of(
    context: &mut Context<'_>,
    selected: &SelectedOperation,
    request: &TypeName,
    methods: &mut Scope,
    bodies: &mut Vec<ErrorBody>,
) -> Responses {
    let pointer = child(&selected.pointer, "responses");
    check_statuses(context, &pointer);
    let (mut successes, mut errors, mut described) = (Vec::new(), Vec::new(), Vec::new());
    let mut headers = Vec::new();
    let mut error_headers = Vec::new();
    let statuses = statuses(selected);
    // A single `default` response describes successes too.
    let is_for_all = statuses.len() == 1;
    let is_head = selected.method == "head";
    let has_success = statuses.iter().any(|(status, ..)| match status {
        Status::Code(200..300) | Status::Range(2) => true,
        Status::Default => is_for_all,
        _ => false,
    });
    for (status, key, item) in statuses {
        let at = child(&pointer, &key);
        let Some((response, at)) = context.resolve(item.clone(), &at) else {
            continue;
        };
        let is_success = match status {
            Status::Code(200..300) | Status::Range(2) => true,
            // Redirects are not followed. They are errors, unless nothing else is a success.
            Status::Code(101 | 300..400) | Status::Range(1 | 3) if !has_success => true,
            // Other interim responses are not visible.
            Status::Code(100..200) | Status::Range(1) => continue,
            Status::Code(300..400) | Status::Range(3) => {
                // To clients, it is an error that is not typed.
                described.push(redirect(context, status, &response, &at, request));
                add_headers(context, &response, &at, request, &mut error_headers);
                continue;
            }
            Status::Default => is_for_all,
            _ => false,
        };
        let has_none = is_head || matches!(status, Status::Code(101 | 204 | 205 | 304));
        if is_success {
            let contents = match has_none {
                true => ignored_contents(context, &response, &at, is_head),
                false => contents_of(context, &response, &at, request, false),
            };
            add_headers(context, &response, &at, request, &mut headers);
            successes.push(Success { status, contents, docs: response.description.clone() });
        }
        if !is_success || status == Status::Default {
            // Error responses to HEAD have no content either.
            let contents = match is_head {
                true => Vec::new(),
                false => contents_of(context, &response, &at, request, true),
            };
            if !is_head {
                let error =
                    error_response(context, status, (&response, &contents), &at, request, bodies);
                errors.extend(error);
            }
            add_headers(context, &response, &at, request, &mut error_headers);
            described.push(ErrorOfStatus {
                status,
                contents,
                headers: response.headers.keys().cloned().collect(),
                docs: response.description.trim().to_owned(),
            });
        }
    }
    let error_output = error_output(described, &error_headers);
    context.pending.error_headers.extend(error_headers);
    // More specific statuses are matched first.
    successes.sort_by_key(|success| success.status);
    let statuses = successes.iter().map(|success| success.status).collect();
    let headers = (!headers.is_empty()).then(|| Headers {
        name: context.types.reserve(&TypeName(format!("{}Headers", request.0))),
        all: headers,
    });
    let responses = name_responses(successes);
    let (single, streams) = split_streams(&responses);
    let accept = accept(&single, methods);
    // Responses to HEAD have no content (RFC 9110, 9.3.2).
    let (single, streams) = if is_head { (Vec::new(), Vec::new()) } else { (single, streams) };
    let type_name_of = |suffix| TypeName(format!("{}{suffix}", request.0));
    let mut output = |responses, suffix| match common_output(responses) {
        Some(output) => output,
        None => Output::Several {
            name: context.types.reserve(&type_name_of(suffix)),
            responses: responses.to_vec(),
        },
    };
    let (server_output, stream) = match streams.as_slice() {
        [] => (None, None),
        streams => {
            let name = if selected.operation.extensions.contains_key("x-pagination") {
                "events"
            } else {
                "stream"
            };
            // `stream` is never the name of a parameter.
            let method = match name {
                "stream" => snake_name(name),
                _ => methods.free_name(&snake_name(name)),
            };
            let stream = StreamedResponse {
                method,
                // Set by the pass over generated names.
                test_double_method: snake_name(name),
                accept: all_media(streams).join(", "),
                // Set by the pass over stream flags.
                body_flag: None,
                output: output(streams, "Stream"),
            };
            (Some(output(&responses, "Response")), Some(stream))
        }
    };
    let output = output(&single, "Output");
    let server_output = match server_output.as_ref().unwrap_or(&output) {
        Output::Several { .. } => server_output,
        _ => success_choice(&responses, is_head).or(server_output),
    };
    Responses { output, accept, stream, server_output, headers, statuses, errors, error_output }
}

/// Reports invalid statuses, which would be ignored otherwise.
fn check_statuses(context: &mut Context<'_>, pointer: &str) {
    let document = context.document;
    for key in document.keys(pointer) {
        let is_status = serde_json::from_value::<StatusCode>(key.into()).is_ok();
        if !is_status && key != "default" && !key.starts_with("x-") {
            let location = Location::Pointer(child(pointer, key));
            context.diagnostics.report(location, messages::invalid_status(key));
        }
    }
}

/// Returns a redirect that is not a success, which a server can send.
fn redirect(
    context: &mut Context<'_>,
    status: Status,
    response: &Response,
    pointer: &str,
    request: &TypeName,
) -> ErrorOfStatus {
    ErrorOfStatus {
        status,
        contents: contents_of(context, response, pointer, request, true),
        headers: response.headers.keys().cloned().collect(),
        docs: response.description.trim().to_owned(),
    }
}

/// Returns an error response, and adds its type to the error bodies of all operations. A body that
/// is not JSON is kept as a string, like that of undeclared errors.
fn error_response(
    context: &mut Context<'_>,
    status: Status,
    (response, known): (&Response, &[(Content, Vec<String>)]),
    pointer: &str,
    request: &TypeName,
    bodies: &mut Vec<ErrorBody>,
) -> Option<ErrorResponse> {
    let contents = child(pointer, "content");
    let (media, schema) = json_content(context, &response.content, &contents)?;
    let suggested = context.types.base(pointer, || format!("{} error", request.0));
    let known = known.iter().find_map(|(content, all)| match content {
        Content::Json(ty) if all.iter().any(|known| known == media) => Some(ty.clone()),
        _ => None,
    });
    let ty = known.unwrap_or_else(|| {
        type_of_media_type(context, schema, &child(&contents, media), &suggested)
    });
    let response = |body| {
        let docs = response.description.trim().to_owned();
        Some(ErrorResponse { status, body, media: media.to_owned(), docs })
    };
    if let Some(known) = bodies.iter().position(|body| body.ty == ty) {
        return response(known);
    }
    let mut scope = Scope::with(&["Other"]);
    bodies.iter().for_each(|body| _ = scope.take(&body.name.0));
    let name = match &ty.shape {
        Shape::Named(id) => context.types.def(*id).name.clone(),
        _ => type_name(&suggested),
    };
    bodies.push(ErrorBody { name: scope.free_type(&name), ty });
    response(bodies.len() - 1)
}

type Item = openapiv3::ReferenceOr<Response>;

/// Returns the responses of an operation in document order.
fn statuses(selected: &SelectedOperation) -> Vec<(Status, String, &Item)> {
    let responses = &selected.operation.responses;
    let coded = responses.responses.iter().map(|(status, item)| {
        let key = status.to_string();
        match status {
            StatusCode::Code(code) => (Status::Code(*code), key, item),
            StatusCode::Range(range) => (Status::Range(*range), key, item),
        }
    });
    let default =
        responses.default.iter().map(|item| (Status::Default, "default".to_owned(), item));
    coded.chain(default).collect()
}

/// Names each content of each status by its status, its media type, or both, so that the names
/// differ.
fn name_responses(successes: Vec<Success>) -> Vec<SuccessResponse> {
    let mut scope = Scope::new();
    let is_one_status = successes.len() == 1;
    let has_choice = successes.iter().any(|success| success.contents.len() > 1);
    let mut responses = Vec::new();
    for Success { status, mut contents, docs } in successes {
        let by_status = status_name(status);
        let is_one_content = contents.len() < 2;
        if contents.is_empty() {
            let name = scope.free_type(&by_status);
            responses.push(SuccessResponse {
                status,
                name,
                into: None,
                content: None,
                constructor: success_constructor(status, &by_status),
                docs: Some(docs),
            });
            continue;
        }
        let all: Vec<_> = contents.iter().flat_map(|(_, media)| media).cloned().collect();
        for content in contents.drain(..) {
            let first = content.1.first().map_or("", String::as_str);
            let by_media_type = media_type_name(first, &all);
            let name = match (is_one_status, is_one_content) {
                (_, true) => by_status.clone(),
                (true, false) => by_media_type,
                (false, false) => TypeName(format!("{}{}", by_status.0, by_media_type.0)),
            };
            let (name, docs) = (scope.free_type(&name), Some(docs.clone()));
            let into = has_choice.then(|| snake_name(&format!("into {}", name.0)));
            let (constructor, content) = (success_constructor(status, &name), Some(content));
            responses.push(SuccessResponse { status, name, into, content, constructor, docs });
        }
    }
    responses
}

/// Separates streams from other responses of the same status.
fn split_streams(responses: &[SuccessResponse]) -> (Vec<SuccessResponse>, Vec<SuccessResponse>) {
    let is_stream = |response: &SuccessResponse| {
        response.content.as_ref().is_some_and(|(content, _)| content.is_stream())
    };
    responses.iter().cloned().partition(|response| {
        let is_single_sibling =
            |other: &SuccessResponse| other.status == response.status && !is_stream(other);
        !is_stream(response) || !responses.iter().any(is_single_sibling)
    })
}

/// Returns the output if all responses have the same content; `None` if an enum is needed.
fn common_output(responses: &[SuccessResponse]) -> Option<Output> {
    let Some(first) = responses.first() else { return Some(Output::Empty) };
    let content =
        |response: &SuccessResponse| response.content.as_ref().map(|(content, _)| content.clone());
    let is_same = responses.iter().all(|response| content(response) == content(first));
    is_same.then(|| match first.content.clone() {
        None => Output::Empty,
        Some((content, media)) => Output::One { content, media },
    })
}

/// Returns the media types of responses; each appears once.
fn all_media(responses: &[SuccessResponse]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let contents = responses.iter().filter_map(|response| response.content.as_ref());
    for media in contents.flat_map(|(_, media)| media) {
        if !all.contains(media) {
            all.push(media.clone());
        }
    }
    all
}

/// Returns the `Accept` header of a request, unless it is only `application/json`, and the setters
/// that choose a media type.
fn accept(responses: &[SuccessResponse], methods: &mut Scope) -> Option<Accept> {
    let mut media = all_media(responses);
    // Of a range, only JSON can be decoded.
    let is_json_range = |media: &String| {
        let mut contents = responses.iter().filter_map(|response| response.content.as_ref());
        let is_json = |(content, all): &(Content, Vec<String>)| {
            matches!(content, Content::Json(_)) && all.contains(media)
        };
        matches!(media.as_str(), "*/*" | "application/*") && contents.any(is_json)
    };
    if !media.iter().any(|media| essence(media) == "application/json")
        && let Some(range) = media.iter_mut().find(|media| is_json_range(media))
    {
        *range = "application/json".to_owned();
    }
    if media.is_empty() || media == ["application/json"] {
        return None;
    }
    let default_value = media.join(", ");
    let field = methods.free_name(&snake_name("accept"));
    let setters = match media.len() {
        1 => Vec::new(),
        _ => media_type_setters("accept", media, methods),
    };
    Some(Accept { default_value, field, setters })
}

/// Returns the names of methods that choose a media type.
pub(crate) fn media_type_setters(
    verb: &str,
    media: Vec<String>,
    methods: &mut Scope,
) -> Vec<(Name, String)> {
    let all = media.clone();
    let setter = |media: String| {
        let name = snake_name(&format!("{verb} {}", media_type_name(&media, &all).0));
        (methods.free_name(&name), media)
    };
    media.into_iter().map(setter).collect()
}

/// Returns the name of a success among several.
fn status_name(status: Status) -> TypeName {
    TypeName(match status {
        Status::Code(200) => "Ok".to_owned(),
        Status::Code(201) => "Created".to_owned(),
        Status::Code(202) => "Accepted".to_owned(),
        Status::Code(203) => "NonAuthoritative".to_owned(),
        Status::Code(204) => "NoContent".to_owned(),
        Status::Code(205) => "ResetContent".to_owned(),
        Status::Code(206) => "PartialContent".to_owned(),
        Status::Code(207) => "MultiStatus".to_owned(),
        Status::Code(101) => "SwitchingProtocols".to_owned(),
        Status::Code(301) => "MovedPermanently".to_owned(),
        Status::Code(302) => "Found".to_owned(),
        Status::Code(303) => "SeeOther".to_owned(),
        Status::Code(304) => "NotModified".to_owned(),
        Status::Code(307) => "TemporaryRedirect".to_owned(),
        Status::Code(308) => "PermanentRedirect".to_owned(),
        Status::Code(code) => format!("Status{code}"),
        Status::Range(_) | Status::Default => "Success".to_owned(),
    })
}
