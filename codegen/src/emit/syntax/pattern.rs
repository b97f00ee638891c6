//! Patterns.

use proc_macro2::Span;
use syn::{Lit, Member, Pat};

use super::super::ident;
use super::{literal, path, text_literal};

/// `name` or `mut name`, where a value gets a name.
pub(in crate::emit) fn binding(name: &str, is_mutable: bool) -> Pat {
    Pat::Ident(syn::PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: is_mutable.then(Default::default),
        ident: ident(name),
        subpat: None,
    })
}

pub(in crate::emit) fn any_other() -> Pat {
    Pat::Wild(syn::PatWild { attrs: Vec::new(), underscore_token: Default::default() })
}

pub(in crate::emit) fn is_index(index: usize) -> Pat {
    let lit = Lit::Int(syn::LitInt::new(&index.to_string(), Span::call_site()));
    Pat::Lit(literal(lit))
}

pub(in crate::emit) fn is_text(text: &str) -> Pat {
    Pat::Lit(text_literal(text))
}

/// `Type::Variant`, or `Type::Variant(name)`.
pub(in crate::emit) fn is_variant(variant: &str, name: Option<&str>) -> Pat {
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

/// `Type { a, b: Some(b), .. }`: fields by their names, those that must be there as such.
pub(in crate::emit) fn has_fields<'n>(
    of: &str,
    fields: impl IntoIterator<Item = (&'n str, bool)>,
    and_others: bool,
) -> Pat {
    let field = |(name, must_be_there): (&str, bool)| syn::FieldPat {
        attrs: Vec::new(),
        member: Member::Named(ident(name)),
        colon_token: must_be_there.then(Default::default),
        pat: Box::new(match must_be_there {
            true => is_variant("Some", Some(name)),
            false => binding(name, false),
        }),
    };
    Pat::Struct(syn::PatStruct {
        attrs: Vec::new(),
        qself: None,
        path: path(of),
        brace_token: Default::default(),
        fields: fields.into_iter().map(field).collect(),
        rest: and_others
            .then(|| syn::PatRest { attrs: Vec::new(), dot2_token: Default::default() }),
    })
}
