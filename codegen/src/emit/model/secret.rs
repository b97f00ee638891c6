//! Types that are secret as a whole.

use quote::quote;
use syn::Item;

use crate::emit::rust::item;
use crate::emit::rust::name::path;
use crate::ir::TypeDef;

/// Returns the implementation of `Debug` for a type that is secret as a whole, and how it is decoded
/// if its macro does not define that.
pub(super) fn redacted(def: &TypeDef, read: Option<&str>) -> Item {
    let (name, read) = (&def.name, read.map(path).into_iter());
    item::macro_call("rt::redacted", quote!(#name #(, #read)*))
}
