//! Patterns.

use proc_macro2::Span;
use syn::{Lit, Member, Pat};

use super::expr::literal;
use super::name::{ident, path};

/// Creates `name` or `mut name`, which binds a value.
pub(in crate::emit) fn binding(name: &str, is_mutable: bool) -> Pat {
    Pat::Ident(syn::PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: is_mutable.then(Default::default),
        ident: ident(name),
        subpat: None,
    })
}

/// Creates `_`.
pub(in crate::emit) fn wildcard() -> Pat {
    Pat::Wild(syn::PatWild { attrs: Vec::new(), underscore_token: Default::default() })
}

/// Creates an integer literal.
pub(in crate::emit) fn index(value: usize) -> Pat {
    let lit = Lit::Int(syn::LitInt::new(&value.to_string(), Span::call_site()));
    Pat::Lit(literal(lit))
}

/// Creates a string literal.
pub(in crate::emit) fn string(value: &str) -> Pat {
    Pat::Lit(literal(Lit::Str(syn::LitStr::new(value, Span::call_site()))))
}

/// Creates `Type::Variant`, or `Type::Variant(name)`.
pub(in crate::emit) fn variant(variant: &str, name: Option<&str>) -> Pat {
    match name {
        None => Pat::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: path(variant) }),
        Some(name) => Pat::TupleStruct(syn::PatTupleStruct {
            attrs: Vec::new(),
            qself: None,
            path: path(variant),
            paren_token: Default::default(),
            elems: [binding(name, false)].into_iter().collect(),
        }),
    }
}

/// Creates `Type { a, b: Some(b), .. }` from pairs of a field and whether it must be `Some`.
pub(in crate::emit) fn structure<'n>(
    type_name: &str,
    fields: impl IntoIterator<Item = (&'n str, bool)>,
    has_rest: bool,
) -> Pat {
    let field = |(name, is_required): (&str, bool)| syn::FieldPat {
        attrs: Vec::new(),
        member: Member::Named(ident(name)),
        colon_token: is_required.then(Default::default),
        pat: Box::new(match is_required {
            true => variant("Some", Some(name)),
            false => binding(name, false),
        }),
    };
    Pat::Struct(syn::PatStruct {
        attrs: Vec::new(),
        qself: None,
        path: path(type_name),
        brace_token: Default::default(),
        fields: fields.into_iter().map(field).collect(),
        rest: has_rest.then(|| syn::PatRest { attrs: Vec::new(), dot2_token: Default::default() }),
    })
}
