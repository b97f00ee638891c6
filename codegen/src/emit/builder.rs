//! Builders. The builder of a struct is also what decoding collects its properties in.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::structs::{field_comment, typed_additional};
use super::{Emit, types, validate};
use crate::ir::{Additional, Field, Presence, Struct, TypeDef};

/// The name of the builder of a struct.
pub(super) fn name(def: &TypeDef) -> Ident {
    format_ident!("{}Builder", def.name.0)
}

/// The builder of a struct.
pub(super) fn builder(emit: Emit<'_>, def: &TypeDef, structure: &Struct) -> TokenStream {
    let (builder, name) = (name(def), &def.name);
    let comment = format!(" Builds a [`{}`].", def.name.0);
    let fields = structure.fields.iter().map(|field| {
        let (name, inner) = (&field.name, types::field_inner(emit, field));
        match field.presence {
            Presence::Required | Presence::Optional => quote!(#name: Option<#inner>,),
            Presence::RequiredNullable => quote!(#name: Option<Option<#inner>>,),
            Presence::ThreeState => quote!(#name: rt::Nullable<#inner>,),
        }
    });
    let additional = match &structure.additional {
        Additional::Keep => Some(quote!(additional_properties: rt::AdditionalProperties,)),
        Additional::Typed(ty) => {
            let ty = typed_additional(emit, ty);
            Some(quote!(additional_properties: #ty,))
        }
        Additional::Ignore => None,
    };
    let new = new(emit, structure);
    let setters = structure
        .fields
        .iter()
        .filter(|field| field.constant.is_none())
        .map(|field| setter(emit, field));
    let build = build(def, structure);
    let check = validate::call_for_builder(emit, def, structure);
    let check = match check {
        Some(call) => quote! {
            let mut checks = rt::Checks::new();
            #call
            rt::build::<#name>(self, checks)
        },
        None => quote!(rt::build::<#name>(self, rt::Checks::new())),
    };
    quote! {
        #[doc = #comment]
        #[derive(Default)]
        #[must_use = "a builder does nothing until it is built"]
        pub struct #builder {
            #(#fields)*
            #additional
        }

        impl #builder {
            #new
            #(#setters)*

            #build {
                #check
            }
        }
    }
}

/// A builder knows the properties that can have only one value.
fn new(emit: Emit<'_>, structure: &Struct) -> TokenStream {
    let constants: Vec<_> = structure
        .fields
        .iter()
        .filter_map(|field| {
            let def = emit.api.def(field.constant?.of);
            let crate::ir::TypeKind::Enum(of) = &def.kind else {
                return None;
            };
            let (field, ty, value) =
                (&field.name, types::ty(emit, &field.ty), &of.values.first()?.name);
            Some(quote!(#field: Some(#ty::#value),))
        })
        .collect();
    let value = match constants.as_slice() {
        [] => quote!(Self::default()),
        constants => quote!(Self { #(#constants)* ..Self::default() }),
    };
    quote! {
        pub(super) fn new() -> Self {
            #value
        }
    }
}

fn setter(emit: Emit<'_>, field: &Field) -> TokenStream {
    let comment = field_comment(emit, field);
    let name = &field.name;
    let (argument, value) = types::argument(emit, &field.ty);
    let value = if field.boxed { quote!(Box::new(#value)) } else { value };
    let inner = types::field_inner(emit, field);
    let (argument, value) = match field.presence {
        Presence::Required | Presence::Optional => (argument, quote!(Some(#value))),
        Presence::RequiredNullable => {
            (quote!(impl Into<Option<#inner>>), quote!(Some(value.into())))
        }
        Presence::ThreeState => (quote!(impl Into<rt::Nullable<#inner>>), quote!(value.into())),
    };
    quote! {
        #comment
        pub fn #name(mut self, value: #argument) -> Self {
            self.#name = #value;
            self
        }
    }
}

fn build(def: &TypeDef, structure: &Struct) -> TokenStream {
    let name = &def.name;
    let comment = format!(" The finished [`{}`].", def.name.0);
    let required = structure
        .fields
        .iter()
        .any(|field| matches!(field.presence, Presence::Required | Presence::RequiredNullable));
    let fails = match (required, def.constrained) {
        (true, true) => " Fails with every property that is missing or invalid.",
        (true, false) => " Fails with every property that is missing.",
        (false, true) => " Fails with every property that is invalid.",
        (false, false) => " Never fails as the description is now; a property may become required.",
    };
    quote! {
        #[doc = #comment]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = #fails]
        pub fn build(self) -> Result<#name, rt::ValidationError>
    }
}
