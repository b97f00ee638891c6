//! Operations, webhooks and tags.

use super::{
    Accept, Body, ErrorOutput, ErrorResponse, Headers, Name, Output, Paging, Parameter, Server,
    Status, StreamedResponse, Type, TypeName,
};

/// A tag whose operations form an optional part of the generated crate.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    /// Its name in the document.
    pub name: String,
    /// The module of its operations.
    pub module: Name,
    /// The tag whose module contains this one, as an index into
    /// [`Api::tags`](super::Api::tags).
    pub parent: Option<usize>,
    /// The Cargo feature that enables it.
    pub feature: String,
    /// Its documentation.
    pub docs: Option<String>,
}

/// An operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// Its id in the document.
    pub id: String,
    /// The pointer of its object.
    pub pointer: String,
    /// Its first tag.
    pub tag: Option<String>,
    /// The method of the client.
    pub name: Name,
    /// Its former names, which stay as deprecated aliases.
    pub former: Vec<FormerOperation>,
    /// Its file, without extension.
    pub module: Name,
    /// The type of its request.
    pub request: TypeName,
    /// Its summary.
    pub summary: Option<String>,
    /// Its documentation.
    pub docs: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Why it may still change (`x-unstable`).
    pub unstable: Option<String>,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, with parameters in braces, and the query if the document has one in the path.
    pub path: String,
    /// The servers that are specific to this operation.
    pub servers: Vec<Server>,
    /// Whether a client may retry it after any failure, because repeating it is harmless.
    pub repeatable: bool,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The content of a success.
    pub output: Output,
    /// The media types of a success, if there are others than JSON.
    pub accept: Option<Accept>,
    /// The streamed form of a success that can also be returned in one piece.
    pub stream: Option<StreamedResponse>,
    /// The content that a server may return, if that is more than `output`.
    pub server_output: Option<Output>,
    /// The headers of a success.
    pub headers: Option<Headers>,
    /// The success statuses, the more specific ones first.
    pub success_statuses: Vec<Status>,
    /// The error responses that have a typed body.
    pub errors: Vec<ErrorResponse>,
    /// The error type of a server; absent if the document describes no error response.
    pub error_output: Option<ErrorOutput>,
    /// The alternative security requirements. Each is a list of indexes into
    /// [`Api::security_schemes`](super::Api::security_schemes).
    pub security: Vec<Vec<usize>>,
    /// The scopes that each scheme of each alternative needs, in the order of `security`.
    pub scopes: Vec<Vec<Vec<String>>>,
    /// How its pages follow each other.
    pub paging: Option<Paging>,
}

/// A former name of an operation.
#[derive(Clone, Debug)]
pub(crate) struct FormerOperation {
    /// The method of the client.
    pub name: Name,
    /// The former name of each type of its file that is named after it, with the name that it has now.
    pub types: Vec<(TypeName, TypeName)>,
    /// The method of a test double for its streamed form, if it has one.
    pub stream: Option<Name>,
}

/// A request that the API itself sends: a webhook, or a callback of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    /// Its name in the document; prefixed with its operation if the name is not unique.
    pub id: String,
    /// The pointer of its operation object.
    pub pointer: String,
    /// Its variant.
    pub name: TypeName,
    /// Its summary.
    pub summary: Option<String>,
    /// Its documentation.
    pub docs: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The HTTP method, in capitals.
    pub method: String,
    /// For a callback: the id of its operation, and the expression for the URL.
    pub callback: Option<(String, String)>,
    /// The type of the body; absent without a JSON body.
    pub body: Option<Type>,
}

impl Tag {
    /// Returns the modules from that of the outermost tag to its own.
    pub(crate) fn modules<'a>(&'a self, all: &'a [Tag]) -> Vec<&'a Name> {
        let mut modules = vec![&self.module];
        let mut parent = self.parent;
        // Tags are in no circle; no chain is longer than the list.
        while let Some(tag) =
            parent.and_then(|index| all.get(index)).filter(|_| modules.len() <= all.len())
        {
            modules.insert(0, &tag.module);
            parent = tag.parent;
        }
        modules
    }
}

impl Operation {
    /// Returns the types that its file defines for a client.
    pub(crate) fn type_names(&self) -> Vec<&TypeName> {
        let body = self.body.as_ref().and_then(Body::name);
        let stream = self.stream.iter().filter_map(|stream| stream.output.name());
        let outputs = self.output.name().into_iter().chain(stream);
        let headers = self.headers.iter().map(|headers| &headers.name);
        std::iter::once(&self.request).chain(body).chain(outputs).chain(headers).collect()
    }

    /// Returns whether it belongs to a tag.
    pub(crate) fn is_of(&self, tag: &Tag) -> bool {
        self.tag.as_ref() == Some(&tag.name)
    }

    /// Returns the types of its parameters and its body.
    pub(crate) fn sent_types(&self) -> impl Iterator<Item = &Type> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.ty);
        parameters.chain(self.body_types())
    }

    /// Returns the types that its body may have.
    pub(crate) fn body_types(&self) -> impl Iterator<Item = &Type> {
        self.body.iter().flat_map(Body::media).map(|media| &media.ty)
    }

    /// Returns the types of its responses and their headers.
    pub(crate) fn received_types(&self) -> impl Iterator<Item = &Type> {
        let streamed = self.stream.iter().flat_map(|stream| stream.output.types());
        let headers = self.headers.iter().flat_map(|headers| &headers.all);
        let item = self.paging.iter().map(|paging| &paging.item);
        self.output.types().chain(streamed).chain(headers.map(|header| &header.ty)).chain(item)
    }

    /// Returns the types of its error responses and their headers.
    pub(crate) fn error_types(&self) -> impl Iterator<Item = &Type> {
        let responses = self.error_output.iter().flat_map(|output| &output.responses);
        responses.flat_map(|response| {
            let content = response.content.iter().filter_map(|(content, _)| content.ty());
            let headers = response.headers.iter().flat_map(|headers| &headers.all);
            content.chain(headers.map(|header| &header.ty))
        })
    }

    /// Returns all types that it sends or receives.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        self.sent_types().chain(self.received_types())
    }
}
