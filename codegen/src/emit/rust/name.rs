//! Identifiers and paths.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{AngleBracketedGenericArguments, GenericArgument, Path, PathArguments, PathSegment};

use crate::ir::{Name, TypeName};

/// Creates an identifier, a raw one from `r#name`.
pub(in crate::emit) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Creates a path from segments separated by `::`.
pub(in crate::emit) fn path(segments: &str) -> Path {
    let segments = segments.split("::").map(|part| PathSegment::from(ident(part))).collect();
    Path { leading_colon: None, segments }
}

/// Creates a path with generic arguments: `Option<T>`.
pub(super) fn generic_path(
    segments: &str,
    arguments: impl IntoIterator<Item = GenericArgument>,
) -> Path {
    let mut path = path(segments);
    if let Some(last) = path.segments.last_mut() {
        last.arguments = PathArguments::AngleBracketed(AngleBracketedGenericArguments {
            colon2_token: None,
            lt_token: Default::default(),
            args: arguments.into_iter().collect(),
            gt_token: Default::default(),
        });
    }
    path
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        ident(&self.0).to_tokens(tokens);
    }
}

impl ToTokens for TypeName {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        ident(&self.0).to_tokens(tokens);
    }
}
