//! Unions: the enum, how a variant is selected, and how values are encoded.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::secret::redacted;
use super::{types, user, validate};
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::rust::ty;
use crate::ir::{
    JsonType, Present, PropertyNames, Rule, Shape, Type, TypeDef, TypeKind, TypeName, Union,
    Variant, VariantIndex,
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
    let decided = Decided { context, union, is_checked: check.is_some() };
    let read = if is_by_type(context, union) {
        by_type_only(name, union)
    } else {
        let decide = decide(decided);
        quote! {
            impl rt::Union for #name {
                #[inline]
                fn decide<V: rt::Value>(value: V) -> Result<Self, V::Error> {
                    #decide
                }
            }
        }
    };
    let debug = (!def.is_secret).then(|| quote!(Debug,));
    let added = user::decoration(def, &["Clone", "Debug", "PartialEq"]);
    let implement = match (is_by_type(context, union), def.is_secret) {
        (true, true) => redacted(def, Some("rt::read_by_type")).to_token_stream(),
        (false, true) => redacted(def, Some("rt::read_union")).to_token_stream(),
        (true, false) => quote!(rt::union_by_type!(#name);),
        (false, false) => quote!(rt::union!(#name);),
    };
    quote! {
        #(#uses)*

        #comment
        #[derive(Clone, #debug PartialEq)]
        #(#added)*
        #[non_exhaustive]
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

        #implement

        #check
        #conversions
    }
}

/// Whether the JSON type selects the variant, and no variant needs the JSON as a string to decode.
fn is_by_type(context: Context<'_>, union: &Union) -> bool {
    let needs_string = |variant: &Variant| match context.api.resolve(&variant.ty) {
        // What is decoded knows that it is secret.
        _ if context.api.is_hidden(&variant.ty) => true,
        (_, Some(TypeKind::Union(_))) => true,
        // Integers in them have several notations.
        (ty, _) if matches!(ty.shape, Shape::List(_) | Shape::Map(_) | Shape::Tuple(_)) => {
            types::has_integers(context, ty)
        }
        (ty, _) => matches!(ty.shape, Shape::Json | Shape::JsonObject | Shape::Number),
    };
    // Numbers of no variant keep their digits only in JSON. They are valid for a schema without type.
    union.variants.len() > 1
        && union.decision.rules.iter().all(|(_, rule)| matches!(rule, Rule::Only(_)))
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

/// A union whose decision is emitted.
#[derive(Clone, Copy)]
struct Decided<'a> {
    context: Context<'a>,
    union: &'a Union,
    /// Whether its values have constraints.
    is_checked: bool,
}

fn decide(decided: Decided<'_>) -> TokenStream {
    match decided.union.decision.rules.as_slice() {
        // Objects without the tag are decided apart, and no variant has other values.
        [(JsonType::Object, Rule::Tag { absent: Some(_), .. })]
            if decided.union.other.is_some() =>
        {
            by_type(decided)
        }
        // These rules fail for other types, so the type needs no test of its own.
        [(JsonType::Object, rule @ (Rule::Tag { .. } | Rule::Presence { .. }))] => {
            rule_tokens(decided, rule)
        }
        _ => by_type(decided),
    }
}

fn by_type(decided: Decided<'_>) -> TokenStream {
    let arms = decided.union.decision.rules.iter().map(|(json, rule)| {
        let kind = kind(*json);
        let body = rule_tokens(decided, rule);
        quote!(rt::Kind::#kind => { #body })
    });
    let unknown = unknown(decided);
    quote! {
        match value.kind() {
            #(#arms)*
            _ => #unknown,
        }
    }
}

/// Returns the code for a value of no known variant.
fn unknown(decided: Decided<'_>) -> TokenStream {
    match &decided.union.other {
        Some(other) => quote!(value.to_json().map(Self::#other)),
        None => TokenStream::new(),
    }
}

fn rule_tokens(decided: Decided<'_>, rule: &Rule) -> TokenStream {
    match rule {
        Rule::Only(variant) => read(decided, *variant),
        Rule::Trial(variants) => trial(decided, variants),
        Rule::Presence { arms, otherwise, is_guess: true } => {
            let rest = fallback(decided, otherwise.as_deref());
            let arms = arms.iter().map(|Present { property, values, variant }| {
                let read = read(decided, *variant);
                match values.as_slice() {
                    [] => quote!(if value.has(&[#property]) { #read } else),
                    values => quote!(if value.is(#property, &[#(#values),*]) { #read } else),
                }
            });
            quote!(#(#arms)* { #rest })
        }
        Rule::Presence { arms, otherwise, is_guess: false } => {
            by_presence(decided, arms, otherwise.as_deref())
        }
        Rule::Properties(variants) => by_properties(decided, variants),
        Rule::Tag { path, arms, otherwise, absent } => {
            let tag = match path.as_slice() {
                [] => quote!(value.text()),
                [property] => quote!(value.tag(#property)),
                path => quote!(value.tag_at(&[#(#path),*])),
            };
            let arms = arms.iter().map(|(values, rule)| {
                let body = rule_tokens(decided, rule);
                match rule {
                    Rule::Only(_) => quote!(Some(#(#values)|*) => #body,),
                    _ => quote!(Some(#(#values)|*) => { #body }),
                }
            });
            let rest = fallback(decided, otherwise.as_deref());
            let absent = absent.as_deref().map(|rule| {
                let body = rule_tokens(decided, rule);
                quote!(None => { #body })
            });
            quote! {
                match #tag.as_deref() {
                    #(#arms)*
                    #absent
                    _ => { #rest }
                }
            }
        }
    }
}

/// Returns the code for a value that no arm of a rule matches.
fn fallback(decided: Decided<'_>, otherwise: Option<&Rule>) -> TokenStream {
    otherwise.map_or_else(|| unknown(decided), |rule| rule_tokens(decided, rule))
}

fn by_presence(decided: Decided<'_>, arms: &[Present], otherwise: Option<&Rule>) -> TokenStream {
    let arms = arms.iter().map(|Present { property, values, variant }| {
        let candidate = candidate(decided, *variant);
        let values = quote!(&[#(#values),*]);
        quote!((rt::Present { property: #property, values: #values }, #candidate))
    });
    let otherwise = match otherwise {
        Some(rule) => {
            let body = rule_tokens(decided, rule);
            quote!(Some(|value| { #body }))
        }
        None => quote!(None),
    };
    let method = if decided.is_checked { quote!(by_valid_presence) } else { quote!(by_presence) };
    let unknown = unknown_variant(decided);
    quote!(rt::#method(value, &[#(#arms),*], #otherwise, #unknown))
}

fn by_properties(decided: Decided<'_>, variants: &[(VariantIndex, PropertyNames)]) -> TokenStream {
    let variants = variants.iter().map(|(variant, names)| {
        let PropertyNames { required, optional, closed } = names;
        let candidate = candidate(decided, *variant);
        quote! {
            (
                rt::Properties {
                    required: &[#(#required),*],
                    optional: &[#(#optional),*],
                    is_closed: #closed,
                },
                #candidate
            )
        }
    });
    let unknown = unknown_variant(decided);
    quote!(rt::by_properties(value, &[#(#variants),*], #unknown))
}

/// Returns the function that makes a value of no known variant, if there is one.
fn unknown_variant(decided: Decided<'_>) -> TokenStream {
    match &decided.union.other {
        Some(other) => quote!(Some(Self::#other)),
        None => quote!(None),
    }
}

/// Returns the name of a variant, and the function that decodes it.
fn candidate(decided: Decided<'_>, variant: VariantIndex) -> TokenStream {
    let name = &decided.union.variants[variant].name.0;
    let read = read(decided, variant);
    quote!((#name, |value| #read))
}

fn trial(decided: Decided<'_>, variants: &[VariantIndex]) -> TokenStream {
    let candidates = variants.iter().map(|&variant| {
        let name = &decided.union.variants[variant].name.0;
        let ty = &decided.union.variants[variant].ty;
        let read = match is_whole(decided.context, ty) {
            true if types::has_integers(decided.context, ty) => {
                read_as(decided, variant, quote!(read_whole_integers))
            }
            true => read_as(decided, variant, quote!(read_whole)),
            false => read(decided, variant),
        };
        quote!((#name, |value| #read))
    });
    let method = if decided.is_checked { quote!(best_valid) } else { quote!(best_match) };
    // Only values of a base type have no other variant, and these are not decoded by trial.
    let other = decided.union.other.as_ref().map(|other| quote!(Self::#other));
    quote!(rt::#method(value, &[#(#candidates),*], #other))
}

/// Whether nothing is declared about the properties of a type's objects.
fn is_whole(context: Context<'_>, ty: &Type) -> bool {
    match &context.api.resolve(ty).0.shape {
        Shape::Json | Shape::JsonObject | Shape::Map(_) => true,
        Shape::List(item) => is_whole(context, item),
        _ => false,
    }
}

/// Returns the code that decodes a variant.
fn read(decided: Decided<'_>, variant: VariantIndex) -> TokenStream {
    let ty = &decided.union.variants[variant].ty;
    let method = match decided.context.api.resolve(ty).1 {
        _ if decided.context.api.is_hidden(ty) => quote!(read),
        Some(TypeKind::Union(inner)) if !is_by_type(decided.context, inner) => quote!(decide),
        _ if types::has_integers(decided.context, ty) => quote!(read_integers),
        _ => quote!(read),
    };
    read_as(decided, variant, method)
}

fn read_as(decided: Decided<'_>, variant: VariantIndex, method: TokenStream) -> TokenStream {
    let variant = &decided.union.variants[variant];
    let name = &variant.name;
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
    let mut counts: HashMap<_, usize> = HashMap::new();
    expanded.iter().for_each(|ty| *counts.entry(ty).or_default() += 1);
    let conversions = union.variants.iter().zip(&expanded).filter(|(variant, ty)| {
        // The variant for unknown values is free-form JSON, too.
        !types::is_json(context, &variant.ty) && counts.get(ty) == Some(&1)
    });
    let conversions = conversions.map(|(variant, _)| {
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
