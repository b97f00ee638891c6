//! Items, and the fields, variants and associated items in them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{
    Attribute, Expr, Field, Fields, FieldsNamed, Generics, ImplItem, Item, Path, Type, Visibility,
};

use super::attribute::cfg_feature;
use super::name::{ident, path};
use super::ty::ty;

/// Whether an item is public.
#[derive(Clone, Copy)]
pub(in crate::emit) enum Access {
    Public,
    Private,
}

impl Access {
    fn visibility(self) -> Visibility {
        match self {
            Self::Public => Visibility::Public(Default::default()),
            Self::Private => Visibility::Inherited,
        }
    }
}

/// Creates `use path::tree;`.
pub(in crate::emit) fn import(path: &str, tree: syn::UseTree) -> Item {
    let tree = path.rsplit("::").fold(tree, |tree, part| {
        let tree = Box::new(tree);
        syn::UseTree::Path(syn::UsePath {
            ident: ident(part),
            colon2_token: Default::default(),
            tree,
        })
    });
    import_tree(tree)
}

fn import_tree(tree: syn::UseTree) -> Item {
    Item::Use(syn::ItemUse {
        attrs: Vec::new(),
        vis: Visibility::Inherited,
        use_token: Default::default(),
        leading_colon: None,
        tree,
        semi_token: Default::default(),
    })
}

/// Creates `{a, b}`, the last part of an import.
pub(in crate::emit) fn import_names<'n>(names: impl IntoIterator<Item = &'n str>) -> syn::UseTree {
    let name = |name| syn::UseTree::Name(syn::UseName { ident: ident(name) });
    let items = names.into_iter().map(name).collect();
    syn::UseTree::Group(syn::UseGroup { brace_token: Default::default(), items })
}

/// Creates `use runtime as rt;`.
pub(in crate::emit) fn import_runtime(runtime: &str) -> Item {
    import_tree(syn::UseTree::Rename(syn::UseRename {
        ident: ident(runtime),
        as_token: Default::default(),
        rename: ident("rt"),
    }))
}

/// Creates `runtime::generated_for!(0.1);`: versions of the runtime that are not compatible with this
/// one refuse the code with a clear error. As in Cargo, versions with the same first number that is
/// not zero are compatible.
pub(in crate::emit) fn runtime_check(runtime: &str) -> TokenStream {
    let runtime = ident(runtime);
    let [major, minor] = [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR")];
    let version = if major == "0" { format!("0.{minor}") } else { major.to_owned() };
    let version: Option<Literal> = version.parse().ok();
    quote!(#runtime::generated_for!(#version);)
}

/// Creates a field of a struct.
pub(in crate::emit) fn field(attrs: Vec<Attribute>, access: Access, name: &str, ty: Type) -> Field {
    Field {
        attrs,
        vis: access.visibility(),
        modifiers: Default::default(),
        ident: Some(ident(name)),
        colon_token: Some(Default::default()),
        ty,
        default: None,
    }
}

/// Creates `pub struct Name { fields }`.
pub(in crate::emit) fn structure(
    attrs: Vec<Attribute>,
    name: &str,
    fields: impl IntoIterator<Item = Field>,
) -> Item {
    let named = fields.into_iter().collect();
    Item::Struct(syn::ItemStruct {
        attrs,
        vis: Access::Public.visibility(),
        struct_token: Default::default(),
        ident: ident(name),
        generics: Generics::default(),
        fields: Fields::Named(FieldsNamed { brace_token: Default::default(), named }),
        semi_token: None,
    })
}

/// Creates a variant of an enum, with or without a value.
pub(in crate::emit) fn variant(
    attrs: Vec<Attribute>,
    name: &str,
    value: Option<Type>,
) -> syn::Variant {
    let fields = value.map_or(Fields::Unit, |ty| {
        let field = Field {
            attrs: Vec::new(),
            vis: Visibility::Inherited,
            modifiers: Default::default(),
            ident: None,
            colon_token: None,
            ty,
            default: None,
        };
        let unnamed = [field].into_iter().collect();
        Fields::Unnamed(syn::FieldsUnnamed { paren_token: Default::default(), unnamed })
    });
    syn::Variant { attrs, ident: ident(name), fields, discriminant: None }
}

/// Creates `pub enum Name { variants }`.
pub(in crate::emit) fn enumeration(
    attrs: Vec<Attribute>,
    name: &str,
    variants: impl IntoIterator<Item = syn::Variant>,
) -> Item {
    Item::Enum(syn::ItemEnum {
        attrs,
        vis: Access::Public.visibility(),
        enum_token: Default::default(),
        ident: ident(name),
        generics: Generics::default(),
        brace_token: Default::default(),
        variants: variants.into_iter().collect(),
    })
}

/// Creates `impl Name { items }` or `impl Trait for Name { items }`.
pub(in crate::emit) fn implementation(
    trait_path: Option<Path>,
    name: &str,
    items: Vec<ImplItem>,
) -> Item {
    feature_implementation(None, trait_path, name, items)
}

/// Creates an `impl` block that may require a feature.
pub(in crate::emit) fn feature_implementation(
    feature: Option<&str>,
    trait_path: Option<Path>,
    name: &str,
    items: Vec<ImplItem>,
) -> Item {
    Item::Impl(syn::ItemImpl {
        attrs: feature.map(cfg_feature).into_iter().collect(),
        modifiers: Default::default(),
        unsafety: None,
        impl_token: Default::default(),
        generics: Generics::default(),
        trait_: trait_path.map(|path| (path, Default::default())),
        self_ty: Box::new(ty(name)),
        brace_token: Default::default(),
        items,
    })
}

/// Creates `type Name = ty;` of an `impl` block.
pub(in crate::emit) fn associated_type(name: &str, ty: Type) -> ImplItem {
    ImplItem::Type(syn::ImplItemType {
        attrs: Vec::new(),
        vis: Visibility::Inherited,
        modifiers: Default::default(),
        type_token: Default::default(),
        ident: ident(name),
        generics: Generics::default(),
        eq_token: Default::default(),
        ty,
        semi_token: Default::default(),
    })
}

/// Creates `const NAME: ty = value;` of an `impl` block.
pub(in crate::emit) fn associated_const(
    (access, attrs): (Access, Vec<Attribute>),
    name: &str,
    ty: Type,
    value: Expr,
) -> ImplItem {
    ImplItem::Const(syn::ImplItemConst {
        attrs,
        vis: access.visibility(),
        modifiers: Default::default(),
        const_token: Default::default(),
        ident: ident(name),
        generics: Generics::default(),
        colon_token: Default::default(),
        ty,
        eq_token: Default::default(),
        expr: value,
        semi_token: Default::default(),
    })
}

/// Creates `name!(arguments);`.
pub(in crate::emit) fn macro_call(name: &str, arguments: TokenStream) -> Item {
    Item::Macro(syn::ItemMacro {
        attrs: Vec::new(),
        ident: None,
        mac: syn::Macro {
            path: path(name),
            bang_token: Default::default(),
            delimiter: syn::MacroDelimiter::Paren(Default::default()),
            tokens: arguments,
        },
        semi_token: Some(Default::default()),
    })
}
