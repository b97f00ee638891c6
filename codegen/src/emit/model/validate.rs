//! Checks of constraints, used by `validate()`, builders and requests.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::Expr;

use super::constraints::rules;
use super::fields::{ADDITIONAL, typed_additional};
use super::types;
use crate::emit::context::Context;
use crate::emit::rust::expr::{self, method};
use crate::ir::{
    Additional, Constraints, Field, Presence, Shape, Struct, Tuple, Type, TypeDef, TypeKind, Union,
};

/// The number of arguments up to which clippy does not warn.
const MAX_ARGUMENTS: usize = 7;

/// Returns the checks of a struct. Those of its fields are one function that its builder shares, unless
/// the builder contains a complete value.
pub(super) fn structure(
    context: Context<'_>,
    def: &TypeDef,
    structure: &Struct,
) -> Option<TokenStream> {
    if !def.constrained {
        return None;
    }
    let constrained = constrained(context, structure);
    let parameters = constrained.iter().map(|field| {
        let (name, ty) = (&field.name, types::ty(context, &field.ty));
        quote!(#name: Option<&#ty>)
    });
    let argument = |field: &Field| {
        let name = &field.name;
        match field.presence {
            Presence::Required if field.boxed => quote!(Some(&*self.#name)),
            Presence::Required => quote!(Some(&self.#name)),
            _ if field.boxed => quote!(self.#name.as_deref()),
            _ => quote!(self.#name.as_ref()),
        }
    };
    let is_shared = !structure.has_default();
    let checks = constrained.iter().map(|field| {
        let (name, wire) = (&field.name, &field.wire);
        let value = if is_shared { quote!(#name) } else { argument(field) };
        if is_checked_type(context, &field.ty) {
            return quote!(validator.nested(#wire, #value););
        }
        let body = statements(context, &field.ty);
        quote!(validator.field(#wire, #value, |validator, value| { #body });)
    });
    let arguments = constrained.iter().map(|&field| argument(field));
    let additional = additional(context, structure);
    let entries = match is_shared {
        true => quote!(additional_properties),
        false => quote!(&self.additional_properties),
    };
    let (additional_parameter, additional_checks) = additional
        .as_ref()
        .map(|(ty, body)| {
            (
                quote!(additional_properties: &#ty),
                quote!(validator.entries(#entries, |validator, value| { #body });),
            )
        })
        .unzip();
    let additional_argument = additional.as_ref().map(|_| quote!(&self.additional_properties));
    let name = &def.name;
    let fields = constrained.len() + usize::from(additional.is_some());
    let count = fields + 1;
    let expect = (count > MAX_ARGUMENTS).then(
        || quote!(#[expect(clippy::too_many_arguments, reason = "one per constrained property")]),
    );
    let check_others = matches!(structure.additional, Additional::Forbid)
        .then(|| quote!(rt::forbid(validator, &self.additional_properties);));
    let check_rules = structure.rules.as_ref().map(|_| quote!(validator.rules(self, Self::RULES);));
    let rules = structure.rules.as_ref().map(|rules| {
        quote! {
            /// What the properties together must fulfil, as JSON Schema.
            const RULES: &'static str = #rules;
        }
    });
    let body = quote!(#(#checks)* #additional_checks);
    let body = match def.is_secret {
        true => quote!(validator.secret(&(), |validator, ()| { #body });),
        false => body,
    };
    let check_fields = match (fields, is_shared) {
        (0, _) => TokenStream::new(),
        (_, true) => quote!(Self::check_fields(validator, #(#arguments,)* #additional_argument);),
        (_, false) => body.clone(),
    };
    let shared = (is_shared && fields > 0).then(|| {
        quote! {
            /// Shared with the builder, whose properties may be absent.
            #expect
            #[inline]
            fn check_fields(validator: &mut rt::Validator, #(#parameters,)* #additional_parameter) {
                #body
            }
        }
    });
    let own = (rules.is_some() || shared.is_some()).then(|| quote!(impl #name { #rules #shared }));
    Some(quote! {
        impl rt::Validate for #name {
            #[inline]
            fn check(&self, validator: &mut rt::Validator) {
                #check_fields
                #check_others
                #check_rules
            }
        }

        #own
    })
}

/// Returns the call of a struct's checks with the value in its builder.
pub(super) fn call_for_value(def: &TypeDef, value: Expr, checks: &str) -> Option<Expr> {
    let arguments = [expr::reference(value, false), expr::reference(expr::name(checks), true)];
    def.constrained.then(|| expr::call("rt::Validate::check", arguments))
}

/// Returns the call of a struct's checks with the fields of its builder.
pub(super) fn call_for_builder(
    context: Context<'_>,
    def: &TypeDef,
    structure: &Struct,
    checks: &str,
) -> Option<Expr> {
    if !def.constrained {
        return None;
    }
    let reference = |field: &Field| {
        let own = expr::field("self", &field.name.0);
        match field.presence {
            Presence::RequiredNullable => {
                let inner = if field.boxed { "Option::as_deref" } else { "Option::as_ref" };
                method(method(own, "as_ref", []), "and_then", [expr::name(inner)])
            }
            _ if field.boxed => method(own, "as_deref", []),
            _ => method(own, "as_ref", []),
        }
    };
    let constrained = constrained(context, structure);
    let additional = additional(context, structure)
        .map(|_| expr::reference(expr::field("self", ADDITIONAL), false));
    if constrained.is_empty() && additional.is_none() {
        return None;
    }
    let checks = expr::reference(expr::name(checks), true);
    let arguments = constrained.into_iter().map(reference).chain(additional);
    let function = format!("{}::check_fields", def.name.0);
    Some(expr::call(&function, std::iter::once(checks).chain(arguments)))
}

/// Returns the checks of a union, which are those of its variant.
pub(super) fn union(context: Context<'_>, def: &TypeDef, union: &Union) -> Option<TokenStream> {
    if !def.constrained {
        return None;
    }
    let arms: Vec<_> = union
        .variants
        .iter()
        .filter(|variant| context.api.is_constrained(&variant.ty))
        .map(|variant| {
            let name = &variant.name;
            let unbox = (variant.boxed && !is_checked_type(context, &variant.ty))
                .then(|| quote!(let value = &**value;));
            let body = statements(context, &variant.ty);
            (quote!(Self::#name(value)), quote!({ #unbox #body }))
        })
        .collect();
    let this = if def.is_secret { quote!(this) } else { quote!(self) };
    let has_others = union.other.is_some() || arms.len() < union.variants.len();
    let check = match arms.as_slice() {
        [(pattern, body)] if has_others => quote!(if let #pattern = #this #body),
        arms => {
            let (patterns, bodies): (Vec<_>, Vec<_>) = arms.iter().cloned().unzip();
            let rest = has_others.then(|| quote!(_ => {}));
            quote!(match #this { #(#patterns => #bodies)* #rest })
        }
    };
    let name = &def.name;
    let check = match def.is_secret {
        true => quote!(validator.secret(self, |validator, this| #check);),
        false => check,
    };
    Some(quote! {
        impl rt::Validate for #name {
            #[inline]
            fn check(&self, validator: &mut rt::Validator) {
                #check
            }
        }

        impl #name {
            /// Checks the constraints of the spec, including those of nested values.
            ///
            /// # Errors
            /// Returns an error if a constraint is violated. It lists all violations with their
            /// locations.
            #[inline]
            pub fn validate(&self) -> Result<(), rt::ValidationError> {
                rt::Validator::run(self)
            }
        }
    })
}

fn constrained<'a>(context: Context<'_>, structure: &'a Struct) -> Vec<&'a Field> {
    structure.fields.iter().filter(|field| context.api.is_constrained(&field.ty)).collect()
}

fn additional(context: Context<'_>, structure: &Struct) -> Option<(syn::Type, TokenStream)> {
    match &structure.additional {
        Additional::Typed(ty) if context.api.is_constrained(ty) => {
            Some((typed_additional(context, ty), nullable_statements(context, ty)))
        }
        _ => None,
    }
}

/// Returns the checks of `value`, a reference to a value of a type.
pub(in crate::emit) fn statements(context: Context<'_>, ty: &Type) -> TokenStream {
    let (own, within) = parts(context, ty);
    if context.api.hides(ty) {
        return hidden(&quote!(#own #within));
    }
    // The constraints next to a reference apply to what its target hides.
    let own = if context.api.is_hidden(ty) { hidden(&own) } else { own };
    quote!(#own #within)
}

/// Returns checks of a secret, whose messages do not show it.
fn hidden(checks: &TokenStream) -> TokenStream {
    match checks.is_empty() {
        true => TokenStream::new(),
        false => quote!(validator.secret(&**value, |validator, value| { #checks });),
    }
}

/// Returns the checks of a type's own constraints, and those of what it contains.
fn parts(context: Context<'_>, ty: &Type) -> (TokenStream, TokenStream) {
    let own = rules(&ty.constraints, &context.api.resolve(ty).0.shape);
    let more = ty.constraints.rules.as_ref().map(|rules| quote!(validator.rules(value, #rules);));
    let within = match &ty.shape {
        Shape::List(item) if context.api.is_constrained(item) => {
            let body = nullable_statements(context, item);
            quote!(validator.items(value, |validator, value| { #body });)
        }
        Shape::Map(item) if context.api.is_constrained(item) => {
            let body = nullable_statements(context, item);
            quote!(validator.entries(value, |validator, value| { #body });)
        }
        Shape::Tuple(tuple) => elements(context, tuple),
        Shape::Named(id) if context.api.def(*id).replaced.is_some() => TokenStream::new(),
        Shape::Named(id) => match &context.api.def(*id).kind {
            TypeKind::Alias(target) if context.api.is_constrained(target) => {
                statements(context, target)
            }
            TypeKind::Struct(_) | TypeKind::Union(_) if context.api.def(*id).constrained => {
                quote!(rt::Validate::check(value, validator);)
            }
            _ => TokenStream::new(),
        },
        _ => TokenStream::new(),
    };
    (quote!(#own #more), within)
}

/// Returns the checks of the elements of a tuple.
fn elements(context: Context<'_>, tuple: &Tuple) -> TokenStream {
    let items = tuple.items.iter().enumerate().map(|(i, ty)| {
        let (index, name) = (Literal::usize_unsuffixed(i), i.to_string());
        let value =
            if tuple.is_exact() { quote!(value.#index) } else { quote!(value.items.#index) };
        (ty, name, quote!(Some(&#value)))
    });
    let optional = tuple.optional.iter().enumerate().map(|(i, ty)| {
        let (index, name) = (Literal::usize_unsuffixed(i), (tuple.items.len() + i).to_string());
        (ty, name, quote!(value.optional.#index.as_ref()))
    });
    let known = items.chain(optional).filter(|(ty, ..)| context.api.is_constrained(ty));
    let known = known.map(|(ty, name, value)| {
        let body = nullable_statements(context, ty);
        quote!(validator.field(#name, #value, |validator, value| { #body });)
    });
    let rest = tuple.rest.as_ref().filter(|ty| context.api.is_constrained(ty)).map(|ty| {
        let (body, count) =
            (nullable_statements(context, ty), tuple.items.len() + tuple.optional.len());
        quote!(validator.items_from(#count, &value.rest, |validator, value| { #body });)
    });
    quote!(#(#known)* #rest)
}

/// Whether a type has the checks of its definition, and no constraints of its own.
fn is_checked_type(context: Context<'_>, ty: &Type) -> bool {
    match &ty.shape {
        Shape::Timestamp | Shape::Date | Shape::Base64 | Shape::Base64Url => {
            *ty.constraints
                == Constraints { format: ty.constraints.format, ..Constraints::default() }
        }
        Shape::Named(id) if ty.constraints.is_empty() => {
            matches!(context.api.def(*id).kind, TypeKind::Struct(_) | TypeKind::Union(_))
        }
        _ => false,
    }
}

fn nullable_statements(context: Context<'_>, ty: &Type) -> TokenStream {
    let body = statements(context, ty);
    if context.api.is_nullable(ty) && !types::is_json(context, ty) {
        quote!(if let Some(value) = value { #body })
    } else {
        body
    }
}
