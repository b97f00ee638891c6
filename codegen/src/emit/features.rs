//! Cargo features of the generated crate: the attributes of items that need one.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, Operation};

/// Returns the `cfg` of an item that belongs to these tags, or `None` if it is always compiled.
pub(super) fn tags(api: &Api, tags: &[usize]) -> Option<TokenStream> {
    let mut features = tags.iter().map(|tag| api.tags[*tag].feature.as_str());
    match (features.next(), tags.len()) {
        (None, _) => None,
        (Some(feature), 1) => Some(quote!(#[cfg(feature = #feature)])),
        (Some(first), _) => Some(quote!(#[cfg(any(feature = #first, #(feature = #features),*))])),
    }
}

/// Returns the `cfg` of an item that belongs to an operation.
pub(super) fn operation(api: &Api, operation: &Operation) -> Option<TokenStream> {
    let tag = api.tags.iter().position(|tag| operation.is_of(tag))?;
    tags(api, &[tag])
}

/// Returns the operations without a tag, which are always compiled.
pub(super) fn untagged(api: &Api) -> impl Iterator<Item = &Operation> {
    api.operations.iter().filter(|operation| !api.tags.iter().any(|tag| operation.is_of(tag)))
}

/// Returns the `cfg` of the items for test doubles.
pub(super) fn test_doubles(api: &Api) -> Option<TokenStream> {
    let feature = api.test_doubles_feature()?;
    Some(quote!(#[cfg(feature = #feature)]))
}
