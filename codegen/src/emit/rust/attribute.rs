//! Attributes.

use proc_macro2::TokenStream;
use syn::{AttrStyle, Attribute, Meta};

use super::expr::readable_string;
use super::name::path;

/// Creates `#[name]`.
pub(in crate::emit) fn word(name: &str) -> Attribute {
    attribute(Meta::Path(path(name)))
}

/// Creates `#[non_exhaustive]`, so that a new property or value of a type does not break its users.
pub(in crate::emit) fn non_exhaustive() -> Attribute {
    word("non_exhaustive")
}

/// Creates the documentation and the `#[deprecated]` attribute of a former name. `item` is what has
/// another name now, as a link: `Pet` or `Self::cat`.
pub(in crate::emit) fn former(item: &str) -> [Attribute; 2] {
    let item = item.replace("r#", "");
    let name = item.rsplit("::").next().unwrap_or_default();
    let note = format!("renamed to `{name}`");
    let docs = name_value("doc", &format!(" Former name of [`{item}`]."));
    [docs, list("deprecated", quote::quote!(note = #note))]
}

/// Creates `#[name = "value"]`.
pub(in crate::emit) fn name_value(name: &str, value: &str) -> Attribute {
    attribute(Meta::NameValue(syn::MetaNameValue {
        path: path(name),
        eq_token: Default::default(),
        value: readable_string(value),
    }))
}

/// Creates `#[name(arguments)]`.
pub(in crate::emit) fn list(name: &str, arguments: TokenStream) -> Attribute {
    attribute(Meta::List(syn::MetaList {
        path: path(name),
        delimiter: syn::MacroDelimiter::Paren(Default::default()),
        tokens: arguments,
    }))
}

/// Creates `#[cfg(feature = "name")]`.
pub(in crate::emit) fn cfg_feature(feature: &str) -> Attribute {
    list("cfg", quote::quote!(feature = #feature))
}

/// Creates an attribute.
pub(in crate::emit) fn of_meta(meta: Meta) -> Attribute {
    attribute(meta)
}

fn attribute(meta: Meta) -> Attribute {
    Attribute {
        pound_token: Default::default(),
        style: AttrStyle::Outer,
        bracket_token: Default::default(),
        meta,
    }
}
