//! The names, types and required arguments of an operation.

use proc_macro2::Ident;

use crate::emit::context::Context;
use crate::emit::model::types;
use crate::emit::operation::body;
use crate::emit::rust::name::ident;
use crate::ir::{Body, Name, Operation, Parameter, Type, TypeName};

/// Returns the types of an operation's file that the client's method uses.
pub(in crate::emit::client) fn call_names(
    operation: &Operation,
) -> impl Iterator<Item = &TypeName> {
    [&operation.request].into_iter().chain(body::required_name(operation))
}

/// Returns the types of required parameters and of a required body.
pub(in crate::emit::client) fn required_types<'a>(
    context: Context<'a>,
    operation: &'a Operation,
) -> Vec<&'a Type> {
    let body = operation.body.iter().filter(|body| body.required).filter_map(Body::only);
    let body = body.map(|media| &media.ty);
    let parameters = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .map(|parameter| &parameter.ty);
    parameters.chain(body).filter_map(|ty| types::named_in_argument(context, ty)).collect()
}

/// Returns the required parameters and the required body: the name, the type of the argument, and
/// the value made of the argument.
pub(in crate::emit::client) fn required<'o>(
    context: Context<'_>,
    operation: &'o Operation,
) -> Vec<(Ident, syn::Type, syn::Expr)> {
    let parameters = operation.parameters.iter().filter(|parameter| parameter.required);
    let parameters = parameters.map(|parameter: &'o Parameter| {
        let name = parameter.name.0.as_str();
        let (ty, value) = types::argument(context, &parameter.ty, name);
        (ident(name), ty, value)
    });
    let body = operation.body.iter().filter(|body| body.required).map(|body| {
        let (ty, value) = body::argument(context, body, "body");
        (ident("body"), ty, value)
    });
    parameters.chain(body).collect()
}

/// Returns the fields of a request that select the media types of the body and of the response, if
/// there are several.
pub(in crate::emit::client) fn choice_fields(operation: &Operation) -> impl Iterator<Item = &Name> {
    let body = operation.body.as_ref().and_then(|body| body.content_type.as_ref());
    let accept = operation.accept.as_ref().filter(|accept| !accept.setters.is_empty());
    body.map(|choice| &choice.field).into_iter().chain(accept.map(|accept| &accept.field))
}
