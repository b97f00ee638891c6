//! The headers of responses.

use crate::diagnostics::{Location, messages};
use crate::ir::{Header, HeaderFormat, Headers, Name, Shape, Type, TypeName};
use crate::lower::context::state::Context;
use crate::lower::operation::delimiters::{delimited_at, delimiter};
use crate::lower::operation::response::content::json_content;
use crate::lower::operation::response::facts::schema_facts;
use crate::lower::schema::at::At;
use crate::lower::schema::type_of::secrets::{hide_along, hide_at};
use crate::lower::schema::type_of::{type_of, type_of_media_type};
use crate::names::{Scope, snake_name};
use crate::text::child;
use openapiv3::{ParameterSchemaOrContent, Response};
use std::collections::HashSet;

/// Adds the headers of a response to those of other responses. The first definition of a header is
/// used.
pub(crate) fn add_headers(
    context: &mut Context<'_>,
    response: &Response,
    pointer: &str,
    request: &TypeName,
    headers: &mut Vec<Header>,
) {
    let pointer = child(pointer, "headers");
    let mut names = HeaderNames::of(headers);
    for (wire, item) in &response.headers {
        // `Content-Type` is defined by the content (OpenAPI, Response Object).
        if names.is_known(wire) || wire.eq_ignore_ascii_case("content-type") {
            continue;
        }
        let at = child(&pointer, wire);
        if !is_header_name(wire) {
            let message = messages::invalid_header_name(wire);
            context.diagnostics.report(Location::Pointer(at), message);
            continue;
        }
        let site = at;
        let Some((spec, at)) = context.resolve(item.clone(), &site) else {
            continue;
        };
        let suggested = context.types.base(&at, || format!("{} {wire}", request.0));
        let (mut ty, format) = header_type(context, &spec.format, &at, &suggested);
        hide_at(context, &at, &mut ty);
        hide_along(context, &site, &mut ty);
        headers.push(Header {
            name: names.add(wire),
            wire: wire.clone(),
            docs: spec.description,
            deprecated: spec.deprecated.unwrap_or_default(),
            ty,
            format,
        });
    }
}

fn header_type(
    context: &mut Context<'_>,
    format: &ParameterSchemaOrContent,
    at: &str,
    suggested: &str,
) -> (Type, HeaderFormat) {
    let string = (Type::plain(Shape::String), HeaderFormat::String);
    let schema = match format {
        ParameterSchemaOrContent::Schema(schema) => schema,
        ParameterSchemaOrContent::Content(content) => {
            let contents = child(at, "content");
            let found = json_content(context, content, &contents);
            let Some((media, spec)) = found else { return string };
            let at = child(&contents, media);
            return (type_of_media_type(context, spec, &at, suggested), HeaderFormat::Value);
        }
    };
    let pointer = child(at, "schema");
    let facts = schema_facts(context, &pointer);
    let form = |typ: Option<&str>| match typ {
        Some("string") => Some(HeaderFormat::String),
        Some("integer" | "number" | "boolean") => Some(HeaderFormat::Value),
        _ => None,
    };
    let form = match facts.typ.as_deref() {
        Some("array") => {
            let items = schema_facts(context, &child(&facts.pointer, "items"));
            form(items.typ.as_deref()).map(|form| match form {
                HeaderFormat::String => HeaderFormat::Strings,
                _ => HeaderFormat::Values,
            })
        }
        typ => form(typ),
    };
    match form {
        Some(form) => {
            let delimiter = delimited_at(context, at).and_then(delimiter);
            let form = match (form, delimiter) {
                (HeaderFormat::Strings, Some(delimiter)) => HeaderFormat::StringsBy(delimiter),
                (HeaderFormat::Values, Some(delimiter)) => HeaderFormat::ValuesBy(delimiter),
                (form, _) => form,
            };
            (type_of(context, schema, At { pointer: &pointer, suggested }), form)
        }
        None => {
            if facts.typ.is_some() {
                let location = Location::Pointer(pointer);
                context.diagnostics.report(location, messages::untyped_header());
            }
            string
        }
    }
}

/// Returns the headers of all error responses; each appears once.
pub(crate) fn error_headers(context: &mut Context<'_>) -> Option<Headers> {
    let mut all: Vec<Header> = Vec::new();
    let mut names = HeaderNames::of(&all);
    for header in std::mem::take(&mut context.pending.error_headers) {
        if !names.is_known(&header.wire) {
            all.push(Header { name: names.add(&header.wire), ..header });
        }
    }
    let mut name = || context.types.reserve(&TypeName("ErrorHeaders".to_owned()));
    (!all.is_empty()).then(|| Headers { name: name(), all })
}

/// The names of headers in use.
struct HeaderNames {
    scope: Scope,
    /// The names as they are sent, in lower case.
    wire: HashSet<String>,
}

impl HeaderNames {
    fn of(headers: &[Header]) -> Self {
        let mut scope = Scope::new();
        headers.iter().for_each(|header| _ = scope.take(&header.name.0));
        let wire = headers.iter().map(|header| header.wire.to_ascii_lowercase());
        Self { scope, wire: wire.collect() }
    }

    fn is_known(&self, wire: &str) -> bool {
        self.wire.contains(&wire.to_ascii_lowercase())
    }

    /// Returns a free name for a header, which is then in use.
    fn add(&mut self, wire: &str) -> Name {
        self.wire.insert(wire.to_ascii_lowercase());
        self.scope.free_name(&snake_name(wire))
    }
}

/// Returns whether a string is a valid header name (RFC 9110).
fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
