//! Syntax trees, made directly. Most of what is generated are structs and their builders;
//! to write those as tokens and have them parsed takes several times as long as the whole
//! rest of generating. What is rarer is written as tokens, which read better.
//!
//! Names are given as they are written: `rt::read` is a path of two.

pub(super) mod item;
mod pattern;

use proc_macro2::Span;
use syn::{
    AngleBracketedGenericArguments, Arm, Expr, FieldValue, GenericArgument, Lifetime, Lit, Member,
    Pat, Path, PathArguments, PathSegment, Stmt, TraitBound, Type, TypeParamBound,
};

use super::ident;
pub(super) use pattern::{any_other, binding, has_fields, is_index, is_text, is_variant};

// Paths and types.

pub(super) fn path(text: &str) -> Path {
    let segments = text.split("::").map(|part| PathSegment::from(ident(part))).collect();
    Path { leading_colon: None, segments }
}

/// A path with arguments: `Option<T>`.
fn generic_path(text: &str, arguments: impl IntoIterator<Item = GenericArgument>) -> Path {
    let mut path = path(text);
    if let Some(last) = path.segments.last_mut() {
        last.arguments = PathArguments::AngleBracketed(AngleBracketedGenericArguments {
            colon2_token: None,
            lt_token: Default::default(),
            args: arguments.into_iter().collect(),
            gt_token: Default::default(),
        });
    }
    path
}

/// A trait with a type as argument: `From<T>`.
pub(super) fn trait_over(name: &str, of: Type) -> Path {
    generic_path(name, [GenericArgument::Type(of)])
}

fn path_type(path: Path) -> Type {
    Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path })
}

pub(super) fn ty(name: &str) -> Type {
    path_type(path(name))
}

/// A path that a lifetime is an argument of: `Name<'a>`.
pub(super) fn path_over(name: &str, lifetime: &str) -> Path {
    generic_path(name, [lifetime_argument(lifetime)])
}

fn lifetime_argument(name: &str) -> GenericArgument {
    GenericArgument::Lifetime(Lifetime::new(name, Span::call_site()))
}

pub(super) fn generic<const N: usize>(name: &str, arguments: [Type; N]) -> Type {
    path_type(generic_path(name, arguments.map(GenericArgument::Type)))
}

pub(super) fn option(of: Type) -> Type {
    generic("Option", [of])
}

pub(super) fn tuple_type<const N: usize>(elements: [Type; N]) -> Type {
    Type::Tuple(syn::TypeTuple {
        attrs: Vec::new(),
        paren_token: Default::default(),
        elems: elements.into_iter().collect(),
    })
}

/// `impl Name<of>`.
pub(super) fn implementing(name: &str, of: Type) -> Type {
    impl_trait(generic_path(name, [GenericArgument::Type(of)]))
}

/// `impl IntoIterator<Item = item>`.
pub(super) fn iterable(item: Type) -> Type {
    let item = GenericArgument::AssocType(syn::AssocType {
        ident: ident("Item"),
        generics: None,
        eq_token: Default::default(),
        ty: item,
    });
    impl_trait(generic_path("IntoIterator", [item]))
}

fn impl_trait(path: Path) -> Type {
    Type::ImplTrait(syn::TypeImplTrait {
        attrs: Vec::new(),
        impl_token: Default::default(),
        bounds: [bound(path)].into_iter().collect(),
    })
}

fn bound(path: Path) -> TypeParamBound {
    TypeParamBound::Trait(TraitBound {
        paren_token: None,
        lifetimes: None,
        modifiers: Default::default(),
        maybe: None,
        path,
    })
}

/// `&mut ty`.
pub(super) fn mutably_borrowed(to: Type) -> Type {
    borrowed(None, true, to)
}

/// `&'static [&'static str]`.
pub(super) fn static_texts() -> Type {
    let elem = Box::new(borrowed(Some("'static"), false, ty("str")));
    let slice = syn::TypeSlice { attrs: Vec::new(), bracket_token: Default::default(), elem };
    borrowed(Some("'static"), false, Type::Slice(slice))
}

/// `&str`.
pub(super) fn text_type() -> Type {
    borrowed(None, false, ty("str"))
}

fn borrowed(lifetime: Option<&str>, is_mutable: bool, to: Type) -> Type {
    Type::Reference(syn::TypeReference {
        attrs: Vec::new(),
        and_token: Default::default(),
        lifetime: lifetime.map(|name| Lifetime::new(name, Span::call_site())),
        mutability: is_mutable.then(Default::default),
        elem: Box::new(to),
    })
}

// Expressions.

pub(super) fn name(text: &str) -> Expr {
    Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: path(text) })
}

pub(super) fn text(text: &str) -> Expr {
    Expr::Lit(text_literal(text))
}

fn text_literal(text: &str) -> syn::ExprLit {
    literal(Lit::Str(syn::LitStr::new(text, Span::call_site())))
}

fn literal(lit: Lit) -> syn::ExprLit {
    syn::ExprLit { attrs: Vec::new(), lit }
}

pub(super) fn field(of: &str, field: &str) -> Expr {
    Expr::Field(syn::ExprField {
        attrs: Vec::new(),
        base: Box::new(name(of)),
        dot_token: Default::default(),
        member: Member::Named(ident(field)),
    })
}

pub(super) fn call(function: &str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(syn::ExprCall {
        attrs: Vec::new(),
        func: Box::new(name(function)),
        paren_token: Default::default(),
        args: arguments.into_iter().collect(),
    })
}

/// `<Self as Trait>::function()`
pub(super) fn own_call(of_trait: &str, function: &str) -> Expr {
    let mut path = path(of_trait);
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

pub(super) fn method<const N: usize>(of: Expr, method: &str, arguments: [Expr; N]) -> Expr {
    Expr::MethodCall(syn::ExprMethodCall {
        attrs: Vec::new(),
        receiver: Box::new(of),
        dot_token: Default::default(),
        method: ident(method),
        turbofish: None,
        paren_token: Default::default(),
        args: arguments.into_iter().collect(),
    })
}

/// `&of` or `&mut of`.
pub(super) fn reference(of: Expr, is_mutable: bool) -> Expr {
    Expr::Reference(syn::ExprReference {
        attrs: Vec::new(),
        and_token: Default::default(),
        mutability: is_mutable.then(Default::default),
        expr: Box::new(of),
    })
}

/// `&[…]`.
pub(super) fn list(elements: impl IntoIterator<Item = Expr>) -> Expr {
    let array = Expr::Array(syn::ExprArray {
        attrs: Vec::new(),
        bracket_token: Default::default(),
        elems: elements.into_iter().collect(),
    });
    reference(array, false)
}

pub(super) fn tuple<const N: usize>(elements: [Expr; N]) -> Expr {
    Expr::Tuple(syn::ExprTuple {
        attrs: Vec::new(),
        paren_token: Default::default(),
        elems: elements.into_iter().collect(),
    })
}

/// `Self { name: value, ..rest }`.
pub(super) fn construct<'n>(
    of: &str,
    values: impl IntoIterator<Item = (&'n str, Expr)>,
    rest: Option<Expr>,
) -> Expr {
    let value = |(name, value): (&str, Expr)| FieldValue {
        attrs: Vec::new(),
        member: Member::Named(ident(name)),
        // What has the name of its field is not named twice.
        colon_token: (!is_name(&value, name)).then(Default::default),
        expr: value,
    };
    Expr::Struct(syn::ExprStruct {
        attrs: Vec::new(),
        qself: None,
        path: path(of),
        brace_token: Default::default(),
        fields: values.into_iter().map(value).collect(),
        dot2_token: rest.is_some().then(Default::default),
        rest: rest.map(Box::new),
    })
}

fn is_name(value: &Expr, name: &str) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident(&ident(name)))
}

pub(super) fn assign(to: Expr, value: Expr) -> Stmt {
    let assign = Expr::Assign(syn::ExprAssign {
        attrs: Vec::new(),
        left: Box::new(to),
        eq_token: Default::default(),
        right: Box::new(value),
    });
    does(assign)
}

/// `let mut name = value;`.
pub(super) fn let_mut(name: &str, value: Expr) -> Stmt {
    let init =
        syn::LocalInit { eq_token: Default::default(), expr: Box::new(value), diverge: None };
    Stmt::Local(syn::Local {
        attrs: Vec::new(),
        modifiers: Default::default(),
        let_token: Default::default(),
        pat: binding(name, true),
        init: Some(init),
        semi_token: Default::default(),
    })
}

/// `match of { pattern => value, … }`.
/// `let pattern = value else { … };`
pub(super) fn let_or_else(pat: Pat, value: Expr, otherwise: Vec<Stmt>) -> Stmt {
    let otherwise = Expr::Block(syn::ExprBlock {
        attrs: Vec::new(),
        label: None,
        block: syn::Block { brace_token: Default::default(), stmts: otherwise },
    });
    Stmt::Local(syn::Local {
        attrs: Vec::new(),
        modifiers: Default::default(),
        let_token: Default::default(),
        pat,
        init: Some(syn::LocalInit {
            eq_token: Default::default(),
            expr: Box::new(value),
            diverge: Some((Default::default(), Box::new(otherwise))),
        }),
        semi_token: Default::default(),
    })
}

/// `return value;`
pub(super) fn returns(value: Expr) -> Stmt {
    does(Expr::Return(syn::ExprReturn {
        attrs: Vec::new(),
        return_token: Default::default(),
        expr: Some(Box::new(value)),
    }))
}

pub(super) fn match_on(of: Expr, arms: impl IntoIterator<Item = (Pat, Expr)>) -> Expr {
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
        expr: Box::new(of),
        brace_token: Default::default(),
        arms: arms.into_iter().map(arm).collect(),
    })
}

/// A statement.
pub(super) fn does(expression: Expr) -> Stmt {
    Stmt::Expr(expression, Some(Default::default()))
}

/// The value of a block.
pub(super) fn gives(expression: Expr) -> Stmt {
    Stmt::Expr(expression, None)
}
