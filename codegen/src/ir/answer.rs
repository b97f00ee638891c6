//! Answers: what a success brings, in which media types, and with which headers.

use super::{Name, Status, Step, Type, TypeName};

/// What a success brings.
#[derive(Clone, Debug)]
pub enum Output {
    /// Nothing but its status.
    Empty,
    /// One kind of content, whatever the status.
    One {
        /// What it is.
        content: Content,
        /// Its usual media type.
        media: String,
    },
    /// A kind of content for each status, or for each media type.
    Several {
        /// The type that holds any of them.
        name: TypeName,
        /// Those of one status stand together; the more precise statuses come first.
        answers: Vec<SuccessAnswer>,
    },
}

/// A success among several.
#[derive(Clone, Debug)]
pub struct SuccessAnswer {
    /// Its status.
    pub status: Status,
    /// Its variant.
    pub name: TypeName,
    /// The method that takes it out of what holds any of them, where media types tell them apart.
    pub into: Option<Name>,
    /// What it brings, with its media type; none if it has no body.
    pub content: Option<(Content, String)>,
    /// The description's text.
    pub docs: Option<String>,
}

/// What the body of an answer is.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A JSON value.
    Json(Type),
    /// A text.
    Text,
    /// Bytes, which are read bit by bit.
    Bytes,
    /// Server-sent events; their data is JSON of a type or, without one, a text.
    Events(Option<Type>),
    /// JSON values, one behind the other.
    Values(Type, Framing),
}

/// How JSON values are told apart that come one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A line each.
    Lines,
    /// A record separator before each (RFC 7464).
    Sequence,
}

/// Which media types an answer may come in.
#[derive(Clone, Debug)]
pub struct Accept {
    /// All of them, as a request says it.
    pub usual: String,
    /// The field that holds the one that a caller has chosen.
    pub field: Name,
    /// The methods of the request that choose one, with what they choose; none without a choice.
    pub choices: Vec<(Name, String)>,
}

/// What a success brings to those who want a stream.
#[derive(Clone, Debug)]
pub struct Streamed {
    /// The method of the request that asks for it.
    pub method: Name,
    /// The method of a test double that answers it.
    pub double: Name,
    /// The media types, as a request says it.
    pub accept: String,
    /// The way to what asks for it in the body: a boolean `stream`, as many APIs have it.
    pub switch: Option<Vec<Step>>,
    /// What comes.
    pub output: Output,
}

/// The headers of an answer.
#[derive(Clone, Debug)]
pub struct Headers {
    /// The type that holds them.
    pub name: TypeName,
    /// Each of them.
    pub all: Vec<Header>,
}

/// A header of an answer, which may always be absent.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its name in Rust.
    pub name: Name,
    /// Its name in the answer.
    pub wire: String,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Its type.
    pub ty: Type,
    /// How it is written.
    pub form: HeaderForm,
}

/// How the value of a header is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderForm {
    /// As it is.
    Text,
    /// A number, a boolean, or any JSON.
    Value,
    /// Texts with commas between them.
    Texts,
    /// Numbers or booleans with commas between them.
    Values,
}

impl Content {
    /// The type of what is in it.
    #[must_use]
    pub fn ty(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Values(ty, _) => Some(ty),
            Self::Events(ty) => ty.as_ref(),
            Self::Text | Self::Bytes => None,
        }
    }

    /// Whether it comes part by part, as typed values.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        matches!(self, Self::Events(_) | Self::Values(..))
    }

    /// Whether it is read bit by bit.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Bytes) || self.is_stream()
    }
}

impl Output {
    /// Every kind of content that it may be.
    pub fn contents(&self) -> impl Iterator<Item = &Content> {
        let (one, several): (_, &[SuccessAnswer]) = match self {
            Self::Empty => (None, &[]),
            Self::One { content, .. } => (Some(content), &[]),
            Self::Several { answers, .. } => (None, answers),
        };
        let several = several.iter().filter_map(|answer| answer.content.as_ref());
        one.into_iter().chain(several.map(|(content, _)| content))
    }

    /// The types in it.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.contents().filter_map(Content::ty)
    }

    /// The name of the type that holds several kinds of content.
    #[must_use]
    pub fn name(&self) -> Option<&TypeName> {
        match self {
            Self::Several { name, .. } => Some(name),
            Self::Empty | Self::One { .. } => None,
        }
    }
}
