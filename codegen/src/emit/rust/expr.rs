//! Expressions.

use proc_macro2::{Literal, Span};
use syn::{Arm, Expr, FieldValue, Lit, Member, Pat, PathSegment};

use super::name::{ident, path};
use super::ty::ty;

/// Creates an expression that names a variable, constant or function.
pub(in crate::emit) fn name(name: &str) -> Expr {
    Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: path(name) })
}

/// Creates a string literal.
pub(in crate::emit) fn string(value: &str) -> Expr {
    let token = plain_string(value).unwrap_or_else(|| Literal::string(value));
    Expr::Lit(literal(Lit::Verbatim(token)))
}

/// Creates a string literal that the formatter can read, which takes longer.
pub(super) fn readable_string(value: &str) -> Expr {
    Expr::Lit(literal(match plain_string(value) {
        Some(token) => Lit::new(token),
        None => Lit::Str(syn::LitStr::new(value, Span::call_site())),
    }))
}

/// Creates a string literal that needs no escapes, as most lines of documentation. Escaping each
/// character takes long.
fn plain_string(value: &str) -> Option<Literal> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    let token = || format!("\"{value}\"").parse().ok();
    value.bytes().all(is_plain).then(token)?
}

/// Creates an integer, if this is one.
pub(in crate::emit) fn integer(value: &str) -> Option<Expr> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_integer = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_integer.then(|| syn::parse_str(value).ok())?
}

/// Creates a literal without attributes.
pub(super) fn literal(lit: Lit) -> syn::ExprLit {
    syn::ExprLit { attrs: Vec::new(), lit }
}

/// Creates `base.field`.
pub(in crate::emit) fn field(base: &str, field: &str) -> Expr {
    member(name(base), field)
}

/// Creates `base.field` of any expression.
pub(in crate::emit) fn member(base: Expr, field: &str) -> Expr {
    Expr::Field(syn::ExprField {
        attrs: Vec::new(),
        base: Box::new(base),
        dot_token: Default::default(),
        member: Member::Named(ident(field)),
    })
}

/// Creates `function(arguments)`.
pub(in crate::emit) fn call(function: &str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(syn::ExprCall {
        attrs: Vec::new(),
        func: Box::new(name(function)),
        paren_token: Default::default(),
        args: arguments.into_iter().collect(),
    })
}

/// Creates `<Self as Trait>::function()`.
pub(in crate::emit) fn trait_call(trait_name: &str, function: &str) -> Expr {
    let mut path = path(trait_name);
    let qself = syn::QSelf {
        lt_token: Default::default(),
        ty: Box::new(ty("Self")),
        position: path.segments.len(),
        as_token: Some(Default::default()),
        gt_token: Default::default(),
    };
    path.segments.push(PathSegment::from(ident(function)));
    Expr::Call(syn::ExprCall {
        attrs: Vec::new(),
        func: Box::new(Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: Some(qself), path })),
        paren_token: Default::default(),
        args: Default::default(),
    })
}

/// Creates `receiver.method(arguments)`.
pub(in crate::emit) fn method<const N: usize>(
    receiver: Expr,
    method: &str,
    arguments: [Expr; N],
) -> Expr {
    Expr::MethodCall(syn::ExprMethodCall {
        attrs: Vec::new(),
        receiver: Box::new(receiver),
        dot_token: Default::default(),
        method: ident(method),
        turbofish: None,
        paren_token: Default::default(),
        args: arguments.into_iter().collect(),
    })
}

/// Creates `|parameter| body`.
pub(in crate::emit) fn closure(parameter: Pat, body: Expr) -> Expr {
    Expr::Closure(syn::ExprClosure {
        attrs: Vec::new(),
        lifetimes: None,
        constness: None,
        modifiers: Default::default(),
        asyncness: None,
        capture: None,
        inputs_begin: Default::default(),
        inputs: [parameter].into_iter().collect(),
        inputs_end: Default::default(),
        output: syn::ReturnType::Default,
        body: Box::new(body),
    })
}

/// Creates `&value` or `&mut value`.
pub(in crate::emit) fn reference(value: Expr, is_mutable: bool) -> Expr {
    Expr::Reference(syn::ExprReference {
        attrs: Vec::new(),
        and_token: Default::default(),
        mutability: is_mutable.then(Default::default),
        expr: Box::new(value),
    })
}

/// Creates `&[elements]`.
pub(in crate::emit) fn slice(elements: impl IntoIterator<Item = Expr>) -> Expr {
    let array = Expr::Array(syn::ExprArray {
        attrs: Vec::new(),
        bracket_token: Default::default(),
        elems: elements.into_iter().collect(),
    });
    reference(array, false)
}

/// Creates a tuple.
pub(in crate::emit) fn tuple<const N: usize>(elements: [Expr; N]) -> Expr {
    Expr::Tuple(syn::ExprTuple {
        attrs: Vec::new(),
        paren_token: Default::default(),
        elems: elements.into_iter().collect(),
    })
}

/// Creates `Name { field: value, ..rest }`.
pub(in crate::emit) fn structure<'n>(
    type_name: &str,
    values: impl IntoIterator<Item = (&'n str, Expr)>,
    rest: Option<Expr>,
) -> Expr {
    let value = |(name, value): (&str, Expr)| FieldValue {
        attrs: Vec::new(),
        member: Member::Named(ident(name)),
        // Shorthand: a variable with the name of its field.
        colon_token: (!is_name(&value, name)).then(Default::default),
        expr: value,
    };
    Expr::Struct(syn::ExprStruct {
        attrs: Vec::new(),
        qself: None,
        path: path(type_name),
        brace_token: Default::default(),
        fields: values.into_iter().map(value).collect(),
        dot2_token: rest.is_some().then(Default::default),
        rest: rest.map(Box::new),
    })
}

fn is_name(value: &Expr, name: &str) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident(&ident(name)))
}

/// Creates `match value { pattern => result, … }`.
pub(in crate::emit) fn match_on(value: Expr, arms: impl IntoIterator<Item = (Pat, Expr)>) -> Expr {
    let arm = |(pat, body)| Arm {
        attrs: Vec::new(),
        pat,
        fat_arrow_token: Default::default(),
        body: Box::new(body),
        comma: Some(Default::default()),
    };
    Expr::Match(syn::ExprMatch {
        attrs: Vec::new(),
        match_token: Default::default(),
        expr: Box::new(value),
        brace_token: Default::default(),
        arms: arms.into_iter().map(arm).collect(),
    })
}
