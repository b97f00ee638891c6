//! Structs: the type, and how it is read and written.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emit, builder, docs, text, types, validate};
use crate::ir::{Additional, Field, Presence, Shape, Struct, Type, TypeDef};

/// The file of a struct.
pub(super) fn structure(emit: Emit<'_>, def: &TypeDef, structure: &Struct) -> TokenStream {
    let named = structure.fields.iter().map(|field| &field.ty);
    let additional_type = match &structure.additional {
        Additional::Typed(ty) => Some(ty),
        _ => None,
    };
    let uses = emit.uses(named.chain(additional_type), Some(def));
    let comment = docs::of_type(def);
    let name = &def.name;
    let fields = structure.fields.iter().map(|field| {
        let comment = field_comment(emit, field);
        let (name, ty) = (&field.name, types::field(emit, field));
        quote!(#comment pub #name: #ty,)
    });
    let additional = additional_field(emit, structure);
    let default = structure.has_default().then(|| quote!(Default,));
    let inherent = inherent(def);
    let record = record(emit, def, structure);
    let check = validate::structure(emit, def, structure);
    let builder = builder::builder(emit, def, structure);
    quote! {
        #uses

        #comment
        #[derive(Clone, Debug, #default PartialEq)]
        pub struct #name {
            #(#fields)*
            #additional
        }

        #inherent
        #record
        #check
        #builder
    }
}

/// The doc comment of a field; of its type, where it is only a reference to one.
pub(super) fn field_comment(emit: Emit<'_>, field: &Field) -> TokenStream {
    let inherited = match field.ty.shape {
        Shape::Named(id) => emit.api.def(id).docs.as_deref(),
        _ => None,
    };
    let comment = docs::of_field(field, inherited);
    let deprecated = docs::deprecated(field.deprecated);
    quote!(#comment #deprecated)
}

/// The field for properties that are not named.
pub(super) fn additional_field(emit: Emit<'_>, structure: &Struct) -> Option<TokenStream> {
    let ty = match &structure.additional {
        Additional::Keep => quote!(rt::AdditionalProperties),
        Additional::Typed(ty) => typed_additional(emit, ty),
        Additional::Ignore => return None,
    };
    Some(quote! {
        /// Properties that the description does not name, kept as they came.
        pub additional_properties: #ty,
    })
}

pub(super) fn typed_additional(emit: Emit<'_>, ty: &Type) -> TokenStream {
    let value = types::nullable(emit, ty);
    quote!(rt::BTreeMap<String, #value>)
}

fn inherent(def: &TypeDef) -> TokenStream {
    let builder = builder::name(def);
    let comment = format!(
        " A builder of [`{}`]. It reports everything that is missing or invalid at once.",
        def.name.0
    );
    let validate = def.constrained.then(|| {
        quote! {
            /// Checks the constraints of the description, here and within.
            ///
            /// # Errors
            /// Fails with every violation, each with its place.
            pub fn validate(&self) -> Result<(), rt::ValidationError> {
                rt::Checks::run(self)
            }
        }
    });
    let name = &def.name;
    quote! {
        impl #name {
            #[doc = #comment]
            pub fn builder() -> #builder {
                #builder::new()
            }

            #validate
        }
    }
}

fn record(emit: Emit<'_>, def: &TypeDef, structure: &Struct) -> TokenStream {
    let (name, draft) = (&def.name, builder::name(def));
    let names = structure.fields.iter().map(|field| text(&field.wire));
    let reads = structure.fields.iter().enumerate().map(|(i, field)| {
        let index = proc_macro2::Literal::usize_unsuffixed(i);
        let name = &field.name;
        let read = match field.presence {
            Presence::ThreeState => quote!(read_nullable),
            Presence::RequiredNullable => quote!(read_null),
            _ if types::is_json(emit, &field.ty) => quote!(read_null),
            Presence::Required | Presence::Optional => quote!(read),
        };
        quote!(#index => rt::#read(map, &mut draft.#name),)
    });
    let other = match &structure.additional {
        Additional::Keep => quote!(rt::keep(map, field, &mut draft.additional_properties)),
        Additional::Typed(_) => {
            quote!(rt::keep_typed(map, field, &mut draft.additional_properties))
        }
        Additional::Ignore => quote!(rt::skip(map)),
    };
    let finish = finish(structure);
    let writes = structure.fields.iter().map(|field| {
        let (name, wire) = (&field.name, text(&field.wire));
        let write = match field.presence {
            Presence::Required | Presence::RequiredNullable => quote!(required),
            Presence::Optional => quote!(optional),
            Presence::ThreeState => quote!(nullable),
        };
        quote!(out.#write(#wire, &self.#name);)
    });
    let write_additional = match structure.additional {
        Additional::Ignore => None,
        _ => Some(quote!(out.additional(self.additional_properties.iter());)),
    };
    quote! {
        impl rt::Record for #name {
            type Draft = #draft;

            const FIELDS: &'static [&'static str] = &[#(#names),*];

            fn read<'de, M: rt::MapAccess<'de>>(
                draft: &mut Self::Draft,
                field: rt::Field,
                map: &mut M,
            ) -> Result<(), M::Error> {
                match field.index {
                    #(#reads)*
                    _ => #other,
                }
            }

            #finish

            fn write<M: rt::SerializeMap>(&self, out: &mut rt::Writer<'_, M>) {
                #(#writes)*
                #write_additional
            }
        }

        rt::record!(#name);
    }
}

fn finish(structure: &Struct) -> TokenStream {
    let is_required =
        |field: &&Field| matches!(field.presence, Presence::Required | Presence::RequiredNullable);
    let required: Vec<_> = structure
        .fields
        .iter()
        .filter(is_required)
        .map(|field| {
            let (name, wire) = (&field.name, text(&field.wire));
            quote!((#wire, draft.#name.is_some()))
        })
        .collect();
    let (argument, check) = match required.as_slice() {
        [] => (quote!(_missing), None),
        required => (quote!(missing), Some(quote!(missing.check(&[#(#required),*]);))),
    };
    let values = structure.fields.iter().map(|field| {
        let name = &field.name;
        if is_required(&field) { quote!(#name: draft.#name?,) } else { quote!(#name: draft.#name,) }
    });
    let additional = match structure.additional {
        Additional::Ignore => None,
        _ => Some(quote!(additional_properties: draft.additional_properties,)),
    };
    quote! {
        fn finish(draft: Self::Draft, #argument: &mut rt::Missing) -> Option<Self> {
            #check
            Some(Self {
                #(#values)*
                #additional
            })
        }
    }
}
