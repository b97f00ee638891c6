//! Types of the user, and what the configuration adds to generated types.

use quote::quote;
use syn::{Attribute, Item};

use crate::emit::docs::{self, Docs};
use crate::emit::rust::attribute;
use crate::ir::{Replaced, TypeDef};

/// Returns the file of a type that a type of the user replaces: an alias, or a struct around it if
/// another module encodes it.
///
/// # Errors
/// Returns an error if a path is not valid Rust, which the configuration has reported.
pub(super) fn definition(def: &TypeDef, replaced: &Replaced) -> syn::Result<Vec<Item>> {
    let docs = match &replaced.format {
        Some(format) => Docs::lines([format!("Values of the format {}.", docs::code(format))]),
        None => docs::model::type_definition(def),
    };
    let added = decoration(def, &["Clone", "Debug", "PartialEq"]);
    let name = &def.name;
    let path: syn::Type = syn::parse_str(&replaced.path)?;
    let tokens = match &replaced.with {
        None => quote! {
            use specwright_runtime as rt;

            #docs
            pub type #name = #path;

            const _: () = rt::check_user_type::<#name>();
        },
        Some(with) => {
            let with: syn::Path = syn::parse_str(with)?;
            quote! {
                use specwright_runtime as rt;

                #docs
                #[derive(Clone, Debug, PartialEq)]
                #(#added)*
                pub struct #name(pub #path);

                impl From<#path> for #name {
                    fn from(value: #path) -> Self {
                        Self(value)
                    }
                }

                impl From<#name> for #path {
                    fn from(value: #name) -> Self {
                        value.0
                    }
                }

                impl std::ops::Deref for #name {
                    type Target = #path;

                    fn deref(&self) -> &Self::Target {
                        &self.0
                    }
                }

                impl rt::serde::Serialize for #name {
                    fn serialize<S: rt::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                        #with::serialize(&self.0, serializer)
                    }
                }

                impl<'de> rt::serde::Deserialize<'de> for #name {
                    fn deserialize<D: rt::serde::Deserializer<'de>>(
                        deserializer: D,
                    ) -> Result<Self, D::Error> {
                        #with::deserialize(deserializer).map(Self)
                    }
                }

                const _: () = rt::check_user_type::<#name>();
            }
        }
    };
    Ok(syn::parse2::<syn::File>(tokens)?.items)
}

/// Returns the derives and attributes that the configuration adds to a type, apart from the traits
/// that it has anyway.
pub(super) fn decoration(def: &TypeDef, has: &[&str]) -> Vec<Attribute> {
    let added = &def.decoration;
    let derives = added.derives.iter().filter(|derive| !has.contains(&derive.as_str()));
    // The configuration has reported those that are not valid.
    let derives: Vec<syn::Path> = derives.filter_map(|path| syn::parse_str(path).ok()).collect();
    let derives = (!derives.is_empty()).then(|| attribute::list("derive", quote!(#(#derives),*)));
    let attributes = added.attributes.iter().filter_map(|code| syn::parse_str(code).ok());
    derives.into_iter().chain(attributes.map(attribute::of_meta)).collect()
}
