//! Success and error responses: their content, media types and headers.

use std::fmt;

use super::{Name, Step, Type, TypeName};

/// The content of a success.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    /// No content.
    Empty,
    /// The same content for every status.
    One {
        /// The content.
        content: Content,
        /// Its media types; never empty. The first is preferred.
        media: Vec<String>,
    },
    /// Different content, depending on the status or the media type.
    Several {
        /// The enum of all responses.
        name: TypeName,
        /// The responses, grouped by status; the more specific statuses come first.
        responses: Vec<SuccessResponse>,
    },
}

/// One of several success responses.
#[derive(Clone, Debug)]
pub(crate) struct SuccessResponse {
    /// Its status.
    pub status: Status,
    /// Its variant.
    pub name: TypeName,
    /// The method that extracts it from the enum, if the media type selects the variant.
    pub into: Option<Name>,
    /// Its content with its media types, which are never empty; absent if it has no body.
    pub content: Option<(Content, Vec<String>)>,
    /// The function that creates it with a status, if a server chooses one of a range.
    pub constructor: Option<Name>,
    /// Its documentation.
    pub docs: Option<String>,
}

/// The content of a response body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// A JSON value.
    Json(Type),
    /// A string, which may be secret.
    PlainText(Type),
    /// Bytes, read incrementally.
    Bytes,
    /// Server-sent events. Their data is JSON of this type or, without a type, a string.
    Events(Option<Type>),
    /// A sequence of JSON values.
    Values(Type, Framing),
}

/// How the values of a JSON sequence are separated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// One value per line.
    Lines,
    /// One value per line, with a media type of JSON.
    JsonLines,
    /// A record separator before each value (RFC 7464).
    Sequence,
    /// Parts of a `multipart` body.
    Parts {
        /// The media type of a part.
        media_type: String,
        /// Whether its value is a string.
        is_string: bool,
    },
}

/// The media types that a response may have.
#[derive(Clone, Debug)]
pub(crate) struct Accept {
    /// The default value of the `Accept` header: all media types.
    pub default_value: String,
    /// The request field that holds the value chosen by the caller.
    pub field: Name,
    /// The request methods that choose a media type, each with the media type; empty if there is
    /// only one.
    pub setters: Vec<(Name, String)>,
}

/// The streamed form of a success response.
#[derive(Clone, Debug)]
pub(crate) struct StreamedResponse {
    /// The request method that asks for the stream.
    pub method: Name,
    /// The method of a test double that returns the stream.
    pub test_double_method: Name,
    /// The value of the `Accept` header.
    pub accept: String,
    /// The path to the boolean `stream` in the body, which many APIs use to request a stream.
    pub body_flag: Option<Vec<Step>>,
    /// The streamed content.
    pub output: Output,
}

/// The headers of a response.
#[derive(Clone, Debug)]
pub(crate) struct Headers {
    /// The struct that holds them.
    pub name: TypeName,
    /// The headers.
    pub all: Vec<Header>,
}

/// A header of a response. It is always optional.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Header {
    /// Its name in Rust.
    pub name: Name,
    /// Its name in the response.
    pub wire: String,
    /// Its documentation.
    pub docs: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its type.
    pub ty: Type,
    /// Its format.
    pub format: HeaderFormat,
}

/// The format of a header value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderFormat {
    /// A string, as it is.
    String,
    /// A number, a boolean, or any JSON.
    Value,
    /// Comma-separated strings.
    Strings,
    /// Comma-separated numbers or booleans.
    Values,
    /// Strings separated by another character.
    StringsBy(char),
    /// Numbers or booleans separated by another character.
    ValuesBy(char),
}

/// A status, or a set of statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// A single status.
    Code(u16),
    /// A range: `4` for 400 to 499.
    Range(u16),
    /// All statuses that have no other response.
    Default,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(hundreds) => write!(f, "{hundreds}XX"),
            Self::Default => f.write_str("Other statuses"),
        }
    }
}

/// The error type of an operation on a server.
#[derive(Clone, Debug)]
pub(crate) struct ErrorOutput {
    /// The enum of all error responses.
    pub name: TypeName,
    /// The variant of rejections, which may have any status.
    pub rejection: TypeName,
    /// The described responses, the more specific statuses first; never empty.
    pub responses: Vec<DescribedError>,
}

/// An error response of the document, as a server sends it.
#[derive(Clone, Debug)]
pub(crate) struct DescribedError {
    /// Its status.
    pub status: Status,
    /// Its variant.
    pub name: TypeName,
    /// The function that creates it with a status, unless it has a single one.
    pub constructor: Option<Name>,
    /// Its content with its media types, which are never empty; absent if it has no body.
    pub content: Option<(Content, Vec<String>)>,
    /// Its headers.
    pub headers: Option<Headers>,
    /// Its documentation.
    pub docs: String,
}

/// An index into [`Api::error_bodies`](super::Api::error_bodies).
pub(crate) type ErrorBodyIndex = usize;

/// An error response with a body.
#[derive(Clone, Debug)]
pub(crate) struct ErrorResponse {
    /// Its status.
    pub status: Status,
    /// Its body.
    pub body: ErrorBodyIndex,
    /// The media type of its body, as written in the document.
    pub media: String,
    /// Its documentation.
    pub docs: String,
}

/// The type of an error body.
#[derive(Clone, Debug)]
pub(crate) struct ErrorBody {
    /// Its variant in the enum of all error bodies.
    pub name: TypeName,
    /// Its type.
    pub ty: Type,
}

impl Content {
    /// Returns the type of its values.
    pub(crate) fn ty(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::PlainText(ty) | Self::Values(ty, _) => Some(ty),
            Self::Events(ty) => ty.as_ref(),
            Self::Bytes => None,
        }
    }

    /// Returns whether it is a stream of typed values.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self, Self::Events(_) | Self::Values(..))
    }

    /// Returns whether it is read incrementally.
    pub(crate) fn is_incremental(&self) -> bool {
        matches!(self, Self::Bytes) || self.is_stream()
    }
}

impl Output {
    /// Returns all content that it may have.
    pub(crate) fn contents(&self) -> impl Iterator<Item = &Content> {
        let (one, several): (_, &[SuccessResponse]) = match self {
            Self::Empty => (None, &[]),
            Self::One { content, .. } => (Some(content), &[]),
            Self::Several { responses, .. } => (None, responses),
        };
        let several = several.iter().filter_map(|response| response.content.as_ref());
        one.into_iter().chain(several.map(|(content, _)| content))
    }

    /// Returns the types of its content.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        self.contents().filter_map(Content::ty)
    }

    /// Returns the name of the enum of several responses.
    pub(crate) fn name(&self) -> Option<&TypeName> {
        match self {
            Self::Several { name, .. } => Some(name),
            Self::Empty | Self::One { .. } => None,
        }
    }
}
