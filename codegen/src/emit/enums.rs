//! Open enums of strings.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, text};
use crate::ir::{Enum, TypeDef};

/// The file of an enum.
pub(super) fn enumeration(def: &TypeDef, of: &Enum) -> TokenStream {
    let comment = docs::of_type(def);
    let (name, other) = (&def.name, &of.other);
    let names: Vec<_> = of.values.iter().map(|value| &value.name).collect();
    let wires: Vec<_> = of.values.iter().map(|value| text(&value.wire)).collect();
    let comments = of
        .values
        .iter()
        .map(|value| format!(" `{}`", value.wire.replace('`', "'").escape_default()));
    quote! {
        use specwright_runtime::__private as rt;

        #comment
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum #name {
            #(#[doc = #comments] #names,)*
            /// A value that the description does not name, kept as it is.
            #other(String),
        }

        impl rt::TextEnum for #name {
            const VALUES: &'static [&'static str] = &[#(#wires),*];

            fn from_text(text: &str) -> Self {
                match text {
                    #(#wires => Self::#names,)*
                    _ => Self::#other(text.to_owned()),
                }
            }

            fn text(&self) -> &str {
                match self {
                    #(Self::#names => #wires,)*
                    Self::#other(text) => text,
                }
            }
        }

        rt::text_enum!(#name);
    }
}
