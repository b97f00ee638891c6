//! Unions: the enum, how its variant is decided, and how it is written.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emit, docs, syntax, text, types, validate};
use crate::ir::{
    Decision, JsonType, Rule, Shape, TypeDef, TypeKind, TypeName, Union, Variant, VariantIndex,
};

/// The file of a union.
pub(super) fn union(emit: Emit<'_>, def: &TypeDef, union: &Union) -> TokenStream {
    let uses = emit.uses(union.variants.iter().map(|variant| &variant.ty), Some(def));
    let comment = docs::of_type(def);
    let name = &def.name;
    let variants = union.variants.iter().map(|variant| {
        let comment = variant_comment(emit, variant);
        let (name, ty) = (&variant.name, variant_type(emit, variant));
        quote!(#comment #name(#ty),)
    });
    let other = union.other.as_ref().map(|other| {
        quote! {
            /// A value that is none of these, kept as it came.
            #other(rt::Json),
        }
    });
    let names = union.variants.iter().map(|variant| &variant.name).chain(&union.other);
    let conversions = conversions(emit, def, union);
    let check = validate::union(emit, def, union);
    let read = if is_by_type(emit, union) {
        by_type_only(name, union)
    } else {
        let decide = decide(emit, union);
        quote! {
            impl rt::Union for #name {
                #[inline]
                fn decide(value: rt::Value<'_>) -> Result<Self, rt::UnionError> {
                    #decide
                }
            }
        }
    };
    let give = if is_by_type(emit, union) { quote!(union_by_type) } else { quote!(union) };
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

        rt::#give!(#name);

        #check
        #conversions
    }
}

/// Whether the JSON type alone decides, and no variant has to be kept as text to be decoded.
fn is_by_type(emit: Emit<'_>, union: &Union) -> bool {
    let reads_text = |variant: &Variant| match emit.api.resolve(&variant.ty) {
        (_, Some(TypeKind::Union(_))) => true,
        (ty, _) => matches!(ty.shape, Shape::Json | Shape::JsonObject),
    };
    union.decision.rules.iter().all(|(_, rule)| matches!(rule, Rule::Only(_)))
        && !union.variants.iter().any(reads_text)
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

fn variant_comment(emit: Emit<'_>, variant: &Variant) -> docs::Docs {
    let described = match variant.ty.shape {
        Shape::Named(id) => emit.api.def(id).docs.as_deref(),
        _ => None,
    };
    let fallback = format!("The variant `{}`.", variant.name.0);
    docs::comment([docs::text_or(described, &fallback)])
}

fn variant_type(emit: Emit<'_>, variant: &Variant) -> syn::Type {
    let ty = types::ty(emit, &variant.ty);
    if variant.boxed { syntax::generic("Box", [ty]) } else { ty }
}

fn decide(emit: Emit<'_>, union: &Union) -> TokenStream {
    let unknown = match &union.other {
        Some(other) => quote!(value.to_json().map(Self::#other)),
        None => TokenStream::new(),
    };
    match union.decision.rules.as_slice() {
        // Rules for objects look into the value, so that its type needs no test of its own.
        [(JsonType::Object, rule @ (Rule::Tag { .. } | Rule::Presence { .. }))] => {
            rule_tokens(emit, union, rule, &unknown)
        }
        _ => by_type(emit, union, &union.decision, &unknown),
    }
}

fn by_type(
    emit: Emit<'_>,
    union: &Union,
    decision: &Decision,
    unknown: &TokenStream,
) -> TokenStream {
    let arms = decision.rules.iter().map(|(json, rule)| {
        let kind = kind(*json);
        let body = rule_tokens(emit, union, rule, unknown);
        quote!(rt::Kind::#kind => { #body })
    });
    quote! {
        match value.kind() {
            #(#arms)*
            _ => #unknown,
        }
    }
}

fn rule_tokens(emit: Emit<'_>, union: &Union, rule: &Rule, unknown: &TokenStream) -> TokenStream {
    match rule {
        Rule::Only(variant) => read(emit, union, *variant),
        Rule::Trial(variants) => tried(emit, union, variants),
        Rule::Presence { arms, otherwise } => {
            let rest = rest(emit, union, otherwise.as_deref(), unknown);
            let arms = arms.iter().map(|(property, variant)| {
                let property = text(property);
                let read = read(emit, union, *variant);
                quote!(if value.has(&[#property]) { #read } else)
            });
            quote!(#(#arms)* { #rest })
        }
        Rule::Tag { property, arms, otherwise } => {
            let tag = match property.as_deref().map(text) {
                Some(property) => quote!(value.tag(#property)),
                None => quote!(value.text()),
            };
            let arms = arms.iter().map(|(values, rule)| {
                let values = values.iter().map(|value| text(value));
                let body = rule_tokens(emit, union, rule, unknown);
                match rule {
                    Rule::Only(_) => quote!(Some(#(#values)|*) => #body,),
                    _ => quote!(Some(#(#values)|*) => { #body }),
                }
            });
            let rest = rest(emit, union, otherwise.as_deref(), unknown);
            quote! {
                match #tag.as_deref() {
                    #(#arms)*
                    _ => { #rest }
                }
            }
        }
    }
}

/// What is done with a value that a rule finds nothing for.
fn rest(
    emit: Emit<'_>,
    union: &Union,
    otherwise: Option<&Rule>,
    unknown: &TokenStream,
) -> TokenStream {
    otherwise.map_or_else(|| unknown.clone(), |rule| rule_tokens(emit, union, rule, unknown))
}

fn tried(emit: Emit<'_>, union: &Union, variants: &[VariantIndex]) -> TokenStream {
    let candidates = variants.iter().map(|variant| {
        let read = read(emit, union, *variant);
        let name = text(&union.variants[*variant].name.0);
        quote!((#name, |value| #read))
    });
    quote!(value.first_fit(&[#(#candidates),*]))
}

/// Decodes a variant.
fn read(emit: Emit<'_>, union: &Union, variant: VariantIndex) -> TokenStream {
    let variant = &union.variants[variant];
    let name = &variant.name;
    let method = match emit.api.resolve(&variant.ty).1 {
        Some(TypeKind::Union(inner)) if !is_by_type(emit, inner) => quote!(decide),
        _ => quote!(read),
    };
    if variant.boxed {
        quote!(value.#method().map(|value| Self::#name(Box::new(value))))
    } else {
        quote!(value.#method().map(Self::#name))
    }
}

/// `From` for every variant whose type no other variant has.
fn conversions(emit: Emit<'_>, def: &TypeDef, union: &Union) -> TokenStream {
    let target = &def.name;
    let expanded: Vec<_> =
        union.variants.iter().map(|variant| types::expanded(emit, &variant.ty)).collect();
    let conversions = union.variants.iter().enumerate().filter(|(i, variant)| {
        // Free-form JSON is what is unknown, too.
        !types::is_json(emit, &variant.ty)
            && expanded.iter().filter(|ty| **ty == expanded[*i]).count() == 1
    });
    let conversions = conversions.map(|(_, variant)| {
        let (name, ty) = (&variant.name, types::ty(emit, &variant.ty));
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
