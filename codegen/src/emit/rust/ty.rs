//! Types.

use proc_macro2::Span;
use syn::{GenericArgument, Lifetime, Path, TraitBound, Type, TypeParamBound};

use super::name::{generic_path, ident, path};

/// Creates the type at a path without arguments.
pub(in crate::emit) fn ty(name: &str) -> Type {
    path_type(path(name))
}

fn path_type(path: Path) -> Type {
    Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path })
}

/// Creates a type with type arguments: `Result<T, E>`.
pub(in crate::emit) fn generic<const N: usize>(name: &str, arguments: [Type; N]) -> Type {
    path_type(generic_path(name, arguments.map(GenericArgument::Type)))
}

/// Creates `Option<T>`.
pub(in crate::emit) fn option(inner: Type) -> Type {
    generic("Option", [inner])
}

/// Creates a tuple type.
pub(in crate::emit) fn tuple<const N: usize>(elements: [Type; N]) -> Type {
    tuple_of(elements)
}

/// Creates a tuple type of any number of elements.
pub(in crate::emit) fn tuple_of(elements: impl IntoIterator<Item = Type>) -> Type {
    let mut elems: syn::punctuated::Punctuated<Type, _> = elements.into_iter().collect();
    // Without the comma, a tuple of one element would be that element.
    if elems.len() == 1 {
        elems.push_punct(Default::default());
    }
    Type::Tuple(syn::TypeTuple { attrs: Vec::new(), paren_token: Default::default(), elems })
}

/// Creates the path of a trait with a type argument: `From<T>`.
pub(in crate::emit) fn generic_trait(name: &str, argument: Type) -> Path {
    generic_path(name, [GenericArgument::Type(argument)])
}

/// Creates the path of a trait with a lifetime argument: `Name<'a>`.
pub(in crate::emit) fn lifetime_trait(name: &str, lifetime: &str) -> Path {
    generic_path(name, [GenericArgument::Lifetime(Lifetime::new(lifetime, Span::call_site()))])
}

/// Creates `impl Name<T>`.
pub(in crate::emit) fn impl_generic(name: &str, argument: Type) -> Type {
    impl_trait(generic_trait(name, argument))
}

/// Creates `impl IntoIterator<Item = T>`.
pub(in crate::emit) fn impl_into_iterator(item: Type) -> Type {
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

/// Creates the bound of a type parameter.
pub(super) fn bound(path: Path) -> TypeParamBound {
    TypeParamBound::Trait(TraitBound {
        paren_token: None,
        lifetimes: None,
        modifiers: Default::default(),
        maybe: None,
        path,
    })
}

/// Creates `&str`.
pub(in crate::emit) fn str_ref() -> Type {
    reference(None, false, ty("str"))
}

/// Creates `&mut T`.
pub(in crate::emit) fn mut_ref(target: Type) -> Type {
    reference(None, true, target)
}

/// Creates `&'static [&'static str]`.
pub(in crate::emit) fn static_strings() -> Type {
    let elem = Box::new(reference(Some("'static"), false, ty("str")));
    let slice = syn::TypeSlice { attrs: Vec::new(), bracket_token: Default::default(), elem };
    reference(Some("'static"), false, Type::Slice(slice))
}

fn reference(lifetime: Option<&str>, is_mutable: bool, target: Type) -> Type {
    Type::Reference(syn::TypeReference {
        attrs: Vec::new(),
        and_token: Default::default(),
        lifetime: lifetime.map(|name| Lifetime::new(name, Span::call_site())),
        mutability: is_mutable.then(Default::default),
        elem: Box::new(target),
    })
}
