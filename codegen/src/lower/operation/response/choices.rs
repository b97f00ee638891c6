//! The responses that a server chooses among: every described status, with each of its media types,
//! and its headers.

use crate::ir::{
    Content, DescribedError, ErrorOutput, Header, Headers, Output, Status, SuccessResponse,
    TypeName,
};
use crate::lower::media::media_type_name;
use crate::names::{Name, Scope, snake_name};

/// Methods that the error type of an operation has.
const ERROR_METHODS: &[&str] = &["from", "reply", "status", "to_string"];

/// An error response of the document with all of its media types.
pub(crate) struct ErrorOfStatus {
    pub(crate) status: Status,
    pub(crate) contents: Vec<(Content, Vec<String>)>,
    /// The names of its headers.
    pub(crate) headers: Vec<String>,
    pub(crate) docs: String,
}

/// Returns the error type of an operation; absent if the document describes no error response.
pub(crate) fn error_output(errors: Vec<ErrorOfStatus>, headers: &[Header]) -> Option<ErrorOutput> {
    let mut scope = Scope::with(&["Rejection"]);
    let mut methods = Scope::with(ERROR_METHODS);
    let mut responses = Vec::new();
    for error in errors {
        let headers = headers_of(&error, headers);
        let by_status = error_name(error.status);
        let media: Vec<String> = error.contents.iter().flat_map(|(_, all)| all).cloned().collect();
        let is_one = error.contents.len() < 2;
        let contents: Vec<_> = match error.contents.is_empty() {
            true => vec![None],
            false => error.contents.into_iter().map(Some).collect(),
        };
        for content in contents {
            let first = content.as_ref().and_then(|(_, all)| all.first());
            let name = match first.filter(|_| !is_one) {
                Some(first) => format!("{}{}", by_status.0, media_type_name(first, &media).0),
                None => by_status.0.clone(),
            };
            let name = scope.free_type(&TypeName(name));
            let has_choice = !matches!(error.status, Status::Code(_));
            let constructor = has_choice.then(|| methods.free_name(&snake_name(&name.0)));
            responses.push(DescribedError {
                status: error.status,
                name,
                constructor,
                content,
                headers: headers.clone(),
                docs: error.docs.clone(),
            });
        }
    }
    // More specific statuses come first.
    responses.sort_by_key(|response| response.status);
    // The pass over generated names sets the name.
    let (name, rejection) = (TypeName(String::new()), TypeName("Rejection".to_owned()));
    (!responses.is_empty()).then_some(ErrorOutput { name, rejection, responses })
}

/// Returns the function of a server that creates a success with a status of a range.
pub(crate) fn success_constructor(status: Status, variant: &TypeName) -> Option<Name> {
    matches!(status, Status::Range(2 | 3)).then(|| snake_name(&variant.0))
}

/// Returns the successes of a server that chooses among several statuses, even if all have the same
/// content.
pub(crate) fn success_choice(responses: &[SuccessResponse], is_head: bool) -> Option<Output> {
    let first = responses.first()?;
    let is_choice = responses
        .iter()
        .any(|response| response.status != first.status || response.constructor.is_some());
    let responses = responses.iter().map(|response| match is_head {
        true => SuccessResponse { content: None, into: None, ..response.clone() },
        false => response.clone(),
    });
    // The pass over generated names sets the name.
    let name = TypeName(String::new());
    is_choice.then(|| Output::Several { name, responses: responses.collect() })
}

/// Returns the headers of one response. All responses of an operation share the type of a header.
fn headers_of(error: &ErrorOfStatus, headers: &[Header]) -> Option<Headers> {
    let is_own =
        |header: &&Header| error.headers.iter().any(|name| name.eq_ignore_ascii_case(&header.wire));
    let all: Vec<Header> = headers.iter().filter(is_own).cloned().collect();
    // The pass over generated names sets the name.
    (!all.is_empty()).then(|| Headers { name: TypeName(String::new()), all })
}

/// Returns the name of an error response by its status.
fn error_name(status: Status) -> TypeName {
    let name = match status {
        Status::Code(300) => "MultipleChoices",
        Status::Code(301) => "MovedPermanently",
        Status::Code(302) => "Found",
        Status::Code(303) => "SeeOther",
        Status::Code(304) => "NotModified",
        Status::Code(307) => "TemporaryRedirect",
        Status::Code(308) => "PermanentRedirect",
        Status::Code(400) => "BadRequest",
        Status::Code(401) => "Unauthorized",
        Status::Code(402) => "PaymentRequired",
        Status::Code(403) => "Forbidden",
        Status::Code(404) => "NotFound",
        Status::Code(405) => "MethodNotAllowed",
        Status::Code(406) => "NotAcceptable",
        Status::Code(407) => "ProxyAuthenticationRequired",
        Status::Code(408) => "RequestTimeout",
        Status::Code(409) => "Conflict",
        Status::Code(410) => "Gone",
        Status::Code(411) => "LengthRequired",
        Status::Code(412) => "PreconditionFailed",
        Status::Code(413) => "ContentTooLarge",
        Status::Code(414) => "UriTooLong",
        Status::Code(415) => "UnsupportedMediaType",
        Status::Code(416) => "RangeNotSatisfiable",
        Status::Code(417) => "ExpectationFailed",
        Status::Code(418) => "ImATeapot",
        Status::Code(421) => "MisdirectedRequest",
        Status::Code(422) => "UnprocessableContent",
        Status::Code(423) => "Locked",
        Status::Code(424) => "FailedDependency",
        Status::Code(425) => "TooEarly",
        Status::Code(426) => "UpgradeRequired",
        Status::Code(428) => "PreconditionRequired",
        Status::Code(429) => "TooManyRequests",
        Status::Code(431) => "RequestHeaderFieldsTooLarge",
        Status::Code(451) => "UnavailableForLegalReasons",
        Status::Code(500) => "InternalServerError",
        Status::Code(501) => "NotImplemented",
        Status::Code(502) => "BadGateway",
        Status::Code(503) => "ServiceUnavailable",
        Status::Code(504) => "GatewayTimeout",
        Status::Code(507) => "InsufficientStorage",
        Status::Code(511) => "NetworkAuthenticationRequired",
        Status::Code(code) => return TypeName(format!("Status{code}")),
        Status::Range(4) => "ClientError",
        Status::Range(5) => "ServerError",
        Status::Range(_) => "Redirect",
        Status::Default => "Other",
    };
    TypeName(name.to_owned())
}
