//! How parameters are encoded and checked.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::emit::model::validate;
use crate::ir::{Parameter, ParameterLocation, Style};

/// Returns the check of a parameter if it has constraints. `value` is an `Option` of a reference.
pub(in crate::emit) fn check(
    context: Context<'_>,
    parameter: &Parameter,
    value: &TokenStream,
) -> Option<TokenStream> {
    context.api.is_constrained(&parameter.ty).then(|| {
        let wire = &parameter.wire;
        let body = validate::statements(context, &parameter.ty);
        quote!(validator.field(#wire, #value, |validator, value| { #body });)
    })
}

/// Returns the runtime's method for parameters in a location.
pub(in crate::emit) fn method(location: ParameterLocation) -> TokenStream {
    match location {
        ParameterLocation::Path => quote!(path),
        ParameterLocation::Query => quote!(query),
        ParameterLocation::QueryString => quote!(query_string),
        ParameterLocation::Header => quote!(header),
        ParameterLocation::Cookie => quote!(cookie),
    }
}

/// Returns the runtime's style of a parameter.
pub(in crate::emit) fn style(style: Style) -> TokenStream {
    match style {
        Style::Simple => quote!(rt::Style::Simple),
        Style::SimpleExploded => quote!(rt::Style::SimpleExploded),
        Style::Label => quote!(rt::Style::Label),
        Style::LabelExploded => quote!(rt::Style::LabelExploded),
        Style::Matrix => quote!(rt::Style::Matrix),
        Style::MatrixExploded => quote!(rt::Style::MatrixExploded),
        Style::Form => quote!(rt::Style::Form),
        Style::FormExploded => quote!(rt::Style::FormExploded),
        Style::SpaceDelimited => quote!(rt::Style::SpaceDelimited),
        Style::PipeDelimited => quote!(rt::Style::PipeDelimited),
        Style::TabDelimited => quote!(rt::Style::TabDelimited),
        Style::DeepObject => quote!(rt::Style::DeepObject),
        Style::Segments => quote!(rt::Style::Segments),
        Style::Json => quote!(rt::Style::Json),
        // Forms are written by another method.
        Style::Urlencoded => quote!(rt::Style::FormExploded),
    }
}
