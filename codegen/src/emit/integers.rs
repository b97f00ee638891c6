//! Open enums of integers.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::{self, Docs};
use crate::ir::{Enum, TypeDef};

/// The file of an enum of integers.
pub(super) fn enumeration(def: &TypeDef, of: &Enum) -> TokenStream {
    let (name, other) = (&def.name, &of.other);
    let comment = docs::of_type(def);
    let variants = of.values.iter().map(|value| {
        let (comment, name) = (Docs::lines([format!("`{}`", value.wire)]), &value.name);
        quote!(#comment #name,)
    });
    let names: Vec<_> = of.values.iter().map(|value| &value.name).collect();
    let integers: Vec<Literal> = of
        .values
        .iter()
        .map(|value| Literal::i64_unsuffixed(value.wire.parse().unwrap_or_default()))
        .collect();
    quote! {
        use specwright_runtime::__private as rt;

        #comment
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum #name {
            #(#variants)*
            /// A value that the description does not name, kept as it is.
            #other(i64),
        }

        impl rt::IntegerEnum for #name {
            const VALUES: &'static [i64] = &[#(#integers),*];

            #[inline]
            fn from_integer(value: i64) -> Self {
                match value {
                    #(#integers => Self::#names,)*
                    _ => Self::#other(value),
                }
            }

            #[inline]
            fn integer(self) -> i64 {
                match self {
                    #(Self::#names => #integers,)*
                    Self::#other(value) => value,
                }
            }
        }

        rt::integer_enum!(#name);
    }
}
