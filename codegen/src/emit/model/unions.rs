//! Unions: the enum, how a variant is selected, and how values are encoded.

use proc_macro2::TokenStream;
use quote::quote;

use super::{types, validate};
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::rust::ty;
use crate::ir::{
    Decision, JsonType, Rule, Shape, TypeDef, TypeKind, TypeName, Union, Variant, VariantIndex,
};

/// Returns the file of a union.
pub(super) fn union(context: Context<'_>, def: &TypeDef, union: &Union) -> TokenStream {
    let uses = context.uses(union.variants.iter().map(|variant| &variant.ty), Some(def));
    let comment = docs::model::type_definition(def);
    let name = &def.name;
    let variants = union.variants.iter().map(|variant| {
        let comment = variant_comment(context, variant);
        let (name, ty) = (&variant.name, variant_type(context, variant));
        quote!(#comment #name(#ty),)
    });
    let other = union.other.as_ref().map(|other| {
        quote! {
            /// A value that matches no variant, preserved unchanged.
            #other(rt::Json),
        }
    });
    let names = union.variants.iter().map(|variant| &variant.name).chain(&union.other);
    let conversions = conversions(context, def, union);
    let check = validate::union(context, def, union);
    let read = if is_by_type(context, union) {
        by_type_only(name, union)
    } else {
        let decide = decide(context, union);
        quote! {
            impl rt::Union for #name {
                #[inline]
                fn decide<V: rt::Value>(value: V) -> Result<Self, V::Error> {
                    #decide
                }
            }
        }
    };
    let macro_name = if is_by_type(context, union) { quote!(union_by_type) } else { quote!(union) };
    quote! {
        #(#uses)*

        #comment
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
            #other
        }

        #read

        impl rt::serde::Serialize for #name {
            fn serialize<S: rt::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(Self::#names(value) => value.serialize(serializer),)*
                }
            }
        }

        rt::#macro_name!(#name);

        #check
        #conversions
    }
}

/// Whether the JSON type selects the variant, and no variant needs the JSON as a string to decode.
fn is_by_type(context: Context<'_>, union: &Union) -> bool {
    let needs_string = |variant: &Variant| match context.api.resolve(&variant.ty) {
        (_, Some(TypeKind::Union(_))) => true,
        (ty, _) => matches!(ty.shape, Shape::Json | Shape::JsonObject | Shape::Number),
    };
    union.decision.rules.iter().all(|(_, rule)| matches!(rule, Rule::Only(_)))
        && !union.variants.iter().any(needs_string)
}

fn by_type_only(name: &TypeName, union: &Union) -> TokenStream {
    let arms = union.decision.rules.iter().filter_map(|(json, rule)| {
        let Rule::Only(variant) = rule else { return None };
        let variant = &union.variants[*variant];
        let (kind, name) = (kind(*json), &variant.name);
        let wrap = match variant.boxed {
            true => quote!(|value| Self::#name(Box::new(value))),
            false => quote!(Self::#name),
        };
        Some(quote!(rt::Kind::#kind => rt::read_variant(deserializer, #wrap),))
    });
    let other =
        union.other.as_ref().map(|other| quote!(_ => rt::read_other(deserializer, Self::#other),));
    quote! {
        impl rt::ByType for #name {
            fn read<'de, D: rt::serde::Deserializer<'de>>(
                kind: rt::Kind,
                deserializer: D,
            ) -> Result<Self, D::Error> {
                match kind {
                    #(#arms)*
                    #other
                }
            }
        }
    }
}

fn kind(json: JsonType) -> TokenStream {
    match json {
        JsonType::Boolean => quote!(Boolean),
        JsonType::Number => quote!(Number),
        JsonType::String => quote!(String),
        JsonType::Array => quote!(Array),
        JsonType::Object => quote!(Object),
    }
}

fn variant_comment(context: Context<'_>, variant: &Variant) -> docs::Docs {
    let inherited = match variant.ty.shape {
        Shape::Named(id) => context.api.def(id).docs.as_deref(),
        _ => None,
    };
    let fallback = format!("The variant `{}`.", variant.name.0);
    docs::comment([docs::docs_or(inherited, &fallback)])
}

fn variant_type(context: Context<'_>, variant: &Variant) -> syn::Type {
    let ty = types::ty(context, &variant.ty);
    if variant.boxed { ty::generic("Box", [ty]) } else { ty }
}

fn decide(context: Context<'_>, union: &Union) -> TokenStream {
    let unknown = match &union.other {
        Some(other) => quote!(value.to_json().map(Self::#other)),
        None => TokenStream::new(),
    };
    match union.decision.rules.as_slice() {
        // These rules fail for other types, so the type needs no test of its own.
        [(JsonType::Object, rule @ (Rule::Tag { .. } | Rule::Presence { .. }))] => {
            rule_tokens(context, union, rule, &unknown)
        }
        _ => by_type(context, union, &union.decision, &unknown),
    }
}

fn by_type(
    context: Context<'_>,
    union: &Union,
    decision: &Decision,
    unknown: &TokenStream,
) -> TokenStream {
    let arms = decision.rules.iter().map(|(json, rule)| {
        let kind = kind(*json);
        let body = rule_tokens(context, union, rule, unknown);
        quote!(rt::Kind::#kind => { #body })
    });
    quote! {
        match value.kind() {
            #(#arms)*
            _ => #unknown,
        }
    }
}

fn rule_tokens(
    context: Context<'_>,
    union: &Union,
    rule: &Rule,
    unknown: &TokenStream,
) -> TokenStream {
    match rule {
        Rule::Only(variant) => read(context, union, *variant),
        Rule::Trial(variants) => trial(context, union, variants),
        Rule::Presence { arms, otherwise } => {
            let rest = fallback(context, union, otherwise.as_deref(), unknown);
            let arms = arms.iter().map(|(property, variant)| {
                let read = read(context, union, *variant);
                quote!(if value.has(&[#property]) { #read } else)
            });
            quote!(#(#arms)* { #rest })
        }
        Rule::Tag { property, arms, otherwise } => {
            let tag = match property.as_deref() {
                Some(property) => quote!(value.tag(#property)),
                None => quote!(value.text()),
            };
            let arms = arms.iter().map(|(values, rule)| {
                let body = rule_tokens(context, union, rule, unknown);
                match rule {
                    Rule::Only(_) => quote!(Some(#(#values)|*) => #body,),
                    _ => quote!(Some(#(#values)|*) => { #body }),
                }
            });
            let rest = fallback(context, union, otherwise.as_deref(), unknown);
            quote! {
                match #tag.as_deref() {
                    #(#arms)*
                    _ => { #rest }
                }
            }
        }
    }
}

/// Returns the code for a value that no arm of a rule matches.
fn fallback(
    context: Context<'_>,
    union: &Union,
    otherwise: Option<&Rule>,
    unknown: &TokenStream,
) -> TokenStream {
    otherwise.map_or_else(|| unknown.clone(), |rule| rule_tokens(context, union, rule, unknown))
}

fn trial(context: Context<'_>, union: &Union, variants: &[VariantIndex]) -> TokenStream {
    let candidates = variants.iter().map(|variant| {
        let read = read(context, union, *variant);
        let name = &union.variants[*variant].name.0;
        quote!((#name, |value| #read))
    });
    quote!(value.first_match(&[#(#candidates),*]))
}

/// Returns the code that decodes a variant.
fn read(context: Context<'_>, union: &Union, variant: VariantIndex) -> TokenStream {
    let variant = &union.variants[variant];
    let name = &variant.name;
    let method = match context.api.resolve(&variant.ty).1 {
        Some(TypeKind::Union(inner)) if !is_by_type(context, inner) => quote!(decide),
        _ => quote!(read),
    };
    if variant.boxed {
        quote!(value.#method().map(|value| Self::#name(Box::new(value))))
    } else {
        quote!(value.#method().map(Self::#name))
    }
}

/// Returns `From` implementations for the variants whose type is unique.
fn conversions(context: Context<'_>, def: &TypeDef, union: &Union) -> TokenStream {
    let target = &def.name;
    let expanded: Vec<_> =
        union.variants.iter().map(|variant| types::expanded(context, &variant.ty)).collect();
    let conversions = union.variants.iter().enumerate().filter(|(i, variant)| {
        // The variant for unknown values is free-form JSON, too.
        !types::is_json(context, &variant.ty)
            && expanded.iter().filter(|ty| **ty == expanded[*i]).count() == 1
    });
    let conversions = conversions.map(|(_, variant)| {
        let (name, ty) = (&variant.name, types::ty(context, &variant.ty));
        let value = if variant.boxed { quote!(Box::new(value)) } else { quote!(value) };
        quote! {
            impl From<#ty> for #target {
                #[inline]
                fn from(value: #ty) -> Self {
                    Self::#name(#value)
                }
            }
        }
    });
    quote!(#(#conversions)*)
}
