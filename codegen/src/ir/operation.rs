//! Operations, and what a client needs to send them.

use std::fmt;

use super::{Accept, Body, Header, Headers, Name, Output, Streamed, Type, TypeName};

/// Where an API is served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// The address, with variables in braces; empty if the description has none.
    pub url: String,
    /// The description's text.
    pub docs: Option<String>,
    /// The variables.
    pub variables: Vec<ServerVariable>,
    /// The environment variable that replaces the address.
    pub env: Option<String>,
}

/// A variable in the address of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name in the address.
    pub wire: String,
    /// The method of the builder that sets it, in [`Api::variables`](super::Api::variables).
    pub name: Name,
    /// The description's text.
    pub docs: Option<String>,
    /// Its default value.
    pub default: String,
    /// Its known values; any if there are none.
    pub values: Vec<String>,
    /// The environment variable that holds it.
    pub env: Option<String>,
}

/// A kind of key.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// Its name in the description.
    pub id: String,
    /// The method of the builder that sets it.
    pub name: Name,
    /// The description's text.
    pub docs: Option<String>,
    /// How it is sent.
    pub credential: Credential,
    /// The environment variable that holds it.
    pub env: Option<String>,
}

/// How a key is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// In a header of this name.
    Header(String),
    /// In a query parameter of this name.
    Query(String),
    /// In a cookie of this name.
    Cookie(String),
    /// As `Authorization: Bearer`.
    Bearer,
    /// As `Authorization: Basic`.
    Basic,
}

/// A tag whose operations are a part of the crate that can be left out.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Its name in the description.
    pub name: String,
    /// The module of its operations.
    pub module: Name,
    /// The feature of the crate that it is behind.
    pub feature: String,
    /// The description's text.
    pub docs: Option<String>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its id in the description.
    pub id: String,
    /// The first of its tags.
    pub tag: Option<String>,
    /// The method of the client.
    pub name: Name,
    /// The file that it is in, without ending.
    pub module: Name,
    /// The type of its request.
    pub request: TypeName,
    /// The description's summary.
    pub summary: Option<String>,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Why it may still change (`x-unstable`).
    pub unstable: Option<String>,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, with parameters in braces, and its query, if the description gives it one.
    pub path: String,
    /// The servers that it has for itself, if there are any.
    pub servers: Vec<Server>,
    /// Whether it may be carried out twice, so that a client may try again whatever went wrong.
    pub repeatable: bool,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Option<Body>,
    /// What a success brings.
    pub output: Output,
    /// Which media types it may come in, where that is not only JSON.
    pub accept: Option<Accept>,
    /// What a success brings to those who want a stream, where others get something whole.
    pub stream: Option<Streamed>,
    /// What a server answers with, where that is more than `output`.
    pub served: Option<Output>,
    /// The headers that come with a success.
    pub headers: Option<Headers>,
    /// The statuses that mean success, the more precise ones first.
    pub successes: Vec<Status>,
    /// The answers that mean failure and have a body with a type.
    pub errors: Vec<ErrorAnswer>,
    /// The alternatives of keys; each is a list of places in [`Api::schemes`](super::Api::schemes).
    pub security: Vec<Vec<usize>>,
    /// The headers of its error answers, until they are put together with those of all others.
    pub(crate) error_headers: Vec<Header>,
    /// What the description says of its pages, with the place; taken when it is settled.
    pub(crate) paging_hint: Option<(serde_json::Value, String)>,
    /// How its pages follow each other.
    pub paging: Option<Paging>,
}

/// What an API sends by itself: a webhook, or a callback of an operation.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its name in the description, with that of its operation where another has the same.
    pub id: String,
    /// Its variant.
    pub name: TypeName,
    /// The description's summary.
    pub summary: Option<String>,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The id of the operation that it is a callback of, and the expression for its address.
    pub callback: Option<(String, String)>,
    /// The type of what is sent; none if nothing is, or no JSON.
    pub body: Option<Type>,
}

impl Operation {
    /// Whether it belongs to a tag.
    #[must_use]
    pub fn is_of(&self, tag: &Tag) -> bool {
        self.tag.as_ref() == Some(&tag.name)
    }

    /// The types that its parameters and its body have.
    pub fn sent_types(&self) -> impl Iterator<Item = &Type> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.ty);
        parameters.chain(self.body_types())
    }

    /// The types that its body may have.
    pub fn body_types(&self) -> impl Iterator<Item = &Type> {
        self.body.iter().flat_map(Body::media).map(|media| &media.ty)
    }

    /// The types that its answers and their headers have.
    pub fn received_types(&self) -> impl Iterator<Item = &Type> {
        let streamed = self.stream.iter().flat_map(|stream| stream.output.types());
        let headers = self.headers.iter().flat_map(|headers| &headers.all);
        let item = self.paging.iter().map(|paging| &paging.item);
        self.output.types().chain(streamed).chain(headers.map(|header| &header.ty)).chain(item)
    }

    /// All these types.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.sent_types().chain(self.received_types())
    }
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name in Rust.
    pub name: Name,
    /// Its name in the request.
    pub wire: String,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Where it stands.
    pub place: ParameterPlace,
    /// How several parts of it are written.
    pub style: Style,
    /// Whether reserved characters stand in it as they are.
    pub is_reserved: bool,
    /// Its type.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// What the API takes if it is not given, as JSON.
    pub default: Option<String>,
    /// Whether a server takes it as text, whatever its type is.
    pub is_text_for_servers: bool,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie, or in several.
    Cookie,
}

/// How several parts of a parameter are written. The names are those of OpenAPI, except the last
/// two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "OpenAPI defines each of these names")]
pub enum Style {
    Simple,
    SimpleExploded,
    Label,
    LabelExploded,
    Matrix,
    MatrixExploded,
    Form,
    FormExploded,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// A text that takes several segments of the path.
    Segments,
    /// The whole value as JSON.
    Json,
}

/// A status, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Exactly this one.
    Code(u16),
    /// All of a hundred: `4` for those from 400 to 499.
    Range(u16),
    /// All that no other answer has.
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

/// A place in [`Api::error_bodies`](super::Api::error_bodies).
pub type ErrorBodyIndex = usize;

/// An answer of an operation that means failure, and has a body.
#[derive(Clone, Debug)]
pub struct ErrorAnswer {
    /// Its status.
    pub status: Status,
    /// What its body is.
    pub body: ErrorBodyIndex,
    /// The media type of its body, as the description has it.
    pub media: String,
    /// The description's text.
    pub docs: String,
}

/// A type of body that error answers have.
#[derive(Clone, Debug)]
pub struct ErrorBody {
    /// Its variant in the enum of all of them.
    pub name: TypeName,
    /// Its type.
    pub ty: Type,
}

/// The names that the server side has beside those of the client.
#[derive(Clone, Debug)]
pub struct Serving {
    /// The trait that a server implements.
    pub api: TypeName,
    /// The type parameter that stands for what implements it.
    pub any: TypeName,
    /// The method that says whether keys allow an operation.
    pub authorize: Name,
    /// The method that gives the body of a refusal for which the description has none.
    pub describe: Name,
    /// The method that gives the body of a refusal, for each of
    /// [`Api::error_bodies`](super::Api::error_bodies).
    pub refusals: Vec<Name>,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            api: TypeName("Api".to_owned()),
            any: TypeName("A".to_owned()),
            authorize: Name("authorize".to_owned()),
            describe: Name("describe".to_owned()),
            refusals: Vec::new(),
        }
    }
}

/// The names that test doubles of a client have.
#[derive(Clone, Debug)]
pub struct Doubles {
    /// The feature that they are behind; none where they are always there.
    pub feature: Option<&'static str>,
    /// The trait that a double implements.
    pub operations: TypeName,
    /// The same trait as a client can hold it, whatever implements it.
    pub boxed: TypeName,
    /// The type parameter that stands for a double.
    pub any: TypeName,
}

/// The names that calls have which block.
#[derive(Clone, Debug)]
pub struct Blocking {
    /// The type parameter that stands for either client.
    pub client: TypeName,
}

/// How the pages of an operation follow each other.
#[derive(Clone, Debug)]
pub struct Paging {
    /// The way to the entries of a page.
    pub results: Vec<Step>,
    /// The type of an entry.
    pub item: Type,
    /// How the next page is asked for.
    pub next: Next,
}

/// How the next page is asked for.
#[derive(Clone, Debug)]
pub enum Next {
    /// With a cursor from the page before.
    Cursor {
        /// The way to it in the page.
        from: Vec<Step>,
        /// The way to its place in the request.
        to: Vec<Step>,
    },
    /// With the number of entries so far.
    Offset {
        /// The way to its place in the request.
        to: Vec<Step>,
        /// The type of the number there.
        ty: Type,
    },
    /// With the number of the page.
    Page {
        /// The way to its place in the request.
        to: Vec<Step>,
        /// The type of the number there.
        ty: Type,
        /// The number of the first page.
        first: i64,
    },
}

/// One field on the way into a request or an answer.
#[derive(Clone, Debug)]
pub struct Step {
    /// The field.
    pub name: Name,
    /// Whether it may be absent.
    pub optional: bool,
    /// Whether it is behind a pointer.
    pub boxed: bool,
}
