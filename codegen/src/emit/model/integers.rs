//! Open enums of integers.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::secret::redacted;
use super::user;
use crate::emit::docs::{self, Docs};
use crate::ir::{Enum, TypeDef};

/// Returns the file of an enum of integers.
pub(super) fn enumeration(def: &TypeDef, kind: &Enum) -> TokenStream {
    let (name, other) = (&def.name, &kind.other);
    let comment = docs::model::type_definition(def);
    let debug = (!def.is_secret).then(|| quote!(Debug,));
    let added = user::decoration(def, &["Clone", "Copy", "Debug", "PartialEq", "Eq", "Hash"]);
    let redacted = def.is_secret.then(|| redacted(def, None));
    let variants = kind.values.iter().map(|value| {
        let (comment, name) = (Docs::lines([docs::code(&value.wire)]), &value.name);
        quote!(#comment #name,)
    });
    let former = super::enums::former_values(kind);
    let former = (!former.is_empty()).then(|| quote!(impl #name { #(#former)* }));
    let names: Vec<_> = kind.values.iter().map(|value| &value.name).collect();
    let integers: Vec<Literal> = kind
        .values
        .iter()
        .map(|value| Literal::i64_unsuffixed(value.wire.parse().unwrap_or_default()))
        .collect();
    quote! {
        use specwright_runtime as rt;

        #comment
        #[derive(Clone, Copy, #debug PartialEq, Eq, Hash)]
        #(#added)*
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that the spec does not define, preserved unchanged.
            #other(i64),
        }

        #former

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
        #redacted
    }
}
