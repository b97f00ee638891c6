//! Items: structs, implementations and their functions.

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::{
    AttrStyle, Attribute, Block, Expr, Field, Fields, FieldsNamed, FnArg, GenericParam, Generics,
    ImplItem, Item, Lifetime, Meta, PatType, Path, Receiver, ReceiverKind, ReturnType, Stmt, Type,
    Visibility,
};

use super::{binding, bound, path, text, ty};
use crate::emit::ident;

/// Who sees an item.
#[derive(Clone, Copy)]
pub(in crate::emit) enum Seen {
    Everyone,
    Nobody,
}

impl Seen {
    fn visibility(self) -> Visibility {
        match self {
            Self::Everyone => Visibility::Public(Default::default()),
            Self::Nobody => Visibility::Inherited,
        }
    }
}

/// `#[name]`.
pub(in crate::emit) fn mark(name: &str) -> Attribute {
    attribute_of(Meta::Path(path(name)))
}

/// `#[name = "value"]`.
pub(in crate::emit) fn attribute(name: &str, value: &str) -> Attribute {
    attribute_of(Meta::NameValue(syn::MetaNameValue {
        path: path(name),
        eq_token: Default::default(),
        value: text(value),
    }))
}

/// `#[name]`.
pub(in crate::emit) fn attribute_word(name: &str) -> Attribute {
    attribute_of(Meta::Path(path(name)))
}

/// `#[name(arguments)]`.
pub(in crate::emit) fn attribute_list(name: &str, arguments: TokenStream) -> Attribute {
    attribute_of(Meta::List(syn::MetaList {
        path: path(name),
        delimiter: syn::MacroDelimiter::Paren(Default::default()),
        tokens: arguments,
    }))
}

fn attribute_of(meta: Meta) -> Attribute {
    Attribute {
        pound_token: Default::default(),
        style: AttrStyle::Outer,
        bracket_token: Default::default(),
        meta,
    }
}

/// `use path::{a, b};`, or `use path::a as name;`.
pub(in crate::emit) fn import(at: &str, tree: syn::UseTree) -> Item {
    let tree = at.rsplit("::").fold(tree, |tree, part| {
        let tree = Box::new(tree);
        syn::UseTree::Path(syn::UsePath {
            ident: ident(part),
            colon2_token: Default::default(),
            tree,
        })
    });
    Item::Use(syn::ItemUse {
        attrs: Vec::new(),
        vis: Visibility::Inherited,
        use_token: Default::default(),
        leading_colon: None,
        tree,
        semi_token: Default::default(),
    })
}

/// `{a, b}` at the end of an import.
pub(in crate::emit) fn import_names<'n>(names: impl IntoIterator<Item = &'n str>) -> syn::UseTree {
    let name = |name| syn::UseTree::Name(syn::UseName { ident: ident(name) });
    let items = names.into_iter().map(name).collect();
    syn::UseTree::Group(syn::UseGroup { brace_token: Default::default(), items })
}

/// `use runtime::__private as rt;`
pub(in crate::emit) fn import_runtime(runtime: &str) -> Item {
    let renamed = syn::UseRename {
        ident: ident("__private"),
        as_token: Default::default(),
        rename: ident("rt"),
    };
    import(runtime, syn::UseTree::Rename(renamed))
}

/// A field of a struct.
pub(in crate::emit) fn field(attrs: Vec<Attribute>, seen: Seen, name: &str, ty: Type) -> Field {
    Field {
        attrs,
        vis: seen.visibility(),
        modifiers: Default::default(),
        ident: Some(ident(name)),
        colon_token: Some(Default::default()),
        ty,
        default: None,
    }
}

/// `pub struct Name { … }`.
pub(in crate::emit) fn structure(
    attrs: Vec<Attribute>,
    name: &str,
    fields: impl IntoIterator<Item = Field>,
) -> Item {
    let named = fields.into_iter().collect();
    Item::Struct(syn::ItemStruct {
        attrs,
        vis: Seen::Everyone.visibility(),
        struct_token: Default::default(),
        ident: ident(name),
        generics: Generics::default(),
        fields: Fields::Named(FieldsNamed { brace_token: Default::default(), named }),
        semi_token: None,
    })
}

/// A variant of an enum, with or without a value.
pub(in crate::emit) fn variant(
    attrs: Vec<Attribute>,
    name: &str,
    of: Option<Type>,
) -> syn::Variant {
    let fields = of.map_or(Fields::Unit, |ty| {
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

/// `pub enum Name { … }`.
pub(in crate::emit) fn enumeration(
    attrs: Vec<Attribute>,
    name: &str,
    variants: impl IntoIterator<Item = syn::Variant>,
) -> Item {
    Item::Enum(syn::ItemEnum {
        attrs,
        vis: Seen::Everyone.visibility(),
        enum_token: Default::default(),
        ident: ident(name),
        generics: Generics::default(),
        brace_token: Default::default(),
        variants: variants.into_iter().collect(),
    })
}

/// `impl Of { … }` or `impl Trait for Of { … }`.
pub(in crate::emit) fn implementation(
    of_trait: Option<Path>,
    of: &str,
    items: Vec<ImplItem>,
) -> Item {
    implementation_behind(None, of_trait, of, items)
}

/// An implementation that may be behind a feature.
pub(in crate::emit) fn implementation_behind(
    feature: Option<&str>,
    of_trait: Option<Path>,
    of: &str,
    items: Vec<ImplItem>,
) -> Item {
    Item::Impl(syn::ItemImpl {
        attrs: feature.map(behind).into_iter().collect(),
        modifiers: Default::default(),
        unsafety: None,
        impl_token: Default::default(),
        generics: Generics::default(),
        trait_: of_trait.map(|of_trait| (of_trait, Default::default())),
        self_ty: Box::new(ty(of)),
        brace_token: Default::default(),
        items,
    })
}

/// `type Name = ty;`.
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

/// `#[cfg(feature = "name")]`
pub(in crate::emit) fn behind(feature: &str) -> Attribute {
    attribute_list("cfg", quote::quote!(feature = #feature))
}

/// `const NAME: ty = value;`.
pub(in crate::emit) fn associated_const(
    (seen, attrs): (Seen, Vec<Attribute>),
    name: &str,
    ty: Type,
    value: Expr,
) -> ImplItem {
    ImplItem::Const(syn::ImplItemConst {
        attrs,
        vis: seen.visibility(),
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

/// `name!(arguments);`.
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

/// A function of an implementation, put together step by step.
pub(in crate::emit) struct Function {
    item: syn::ImplItemFn,
}

/// A function that nobody else sees, without arguments or a value.
pub(in crate::emit) fn function(name: &str) -> Function {
    let sig = syn::Signature {
        constness: None,
        asyncness: None,
        safety: syn::Safety::Default,
        abi: None,
        fn_token: Default::default(),
        ident: ident(name),
        generics: Generics::default(),
        paren_token: Default::default(),
        inputs: Punctuated::new(),
        variadic: None,
        output: ReturnType::Default,
    };
    let block = Block { brace_token: Default::default(), stmts: Vec::new() };
    let modifiers = Default::default();
    let item =
        syn::ImplItemFn { attrs: Vec::new(), vis: Visibility::Inherited, modifiers, sig, block };
    Function { item }
}

impl Function {
    pub(in crate::emit) fn seen_by(mut self, seen: Seen, attrs: Vec<Attribute>) -> Self {
        self.item.vis = seen.visibility();
        self.item.attrs = attrs;
        self
    }

    /// Is compiled where it is called. Whoever depends on a client calls little of it, and
    /// compiles no more than that.
    pub(in crate::emit) fn inline(mut self) -> Self {
        self.item.attrs.push(mark("inline"));
        self
    }

    /// Adds a lifetime parameter.
    pub(in crate::emit) fn over(self, lifetime: &str) -> Self {
        let lifetime = Lifetime::new(lifetime, proc_macro2::Span::call_site());
        self.parameter(GenericParam::Lifetime(syn::LifetimeParam::new(lifetime)))
    }

    /// Adds a type parameter with its bound.
    pub(in crate::emit) fn generic(self, name: &str, of: Path) -> Self {
        self.parameter(GenericParam::Type(syn::TypeParam {
            attrs: Vec::new(),
            ident: ident(name),
            colon_token: Some(Default::default()),
            bounds: [bound(of)].into_iter().collect(),
            default: None,
        }))
    }

    fn parameter(mut self, parameter: GenericParam) -> Self {
        let generics = &mut self.item.sig.generics;
        generics.lt_token = Some(Default::default());
        generics.params.push(parameter);
        generics.gt_token = Some(Default::default());
        self
    }

    /// Takes `self` or `mut self`.
    pub(in crate::emit) fn takes_self(self, is_mutable: bool) -> Self {
        self.receiver(is_mutable, ReceiverKind::Value)
    }

    /// Takes `&self`.
    pub(in crate::emit) fn takes_self_reference(self) -> Self {
        self.receiver(false, ReceiverKind::Reference(Default::default(), None, None))
    }

    fn receiver(mut self, is_mutable: bool, kind: ReceiverKind) -> Self {
        let mutability = is_mutable.then(Default::default);
        let self_token = Default::default();
        let receiver = Receiver { attrs: Vec::new(), mutability, self_token, kind };
        self.item.sig.inputs.push(FnArg::Receiver(receiver));
        self
    }

    pub(in crate::emit) fn takes(mut self, name: &str, ty: Type) -> Self {
        self.item.sig.inputs.push(FnArg::Typed(PatType {
            attrs: Vec::new(),
            pat: Box::new(binding(name, false)),
            colon_token: Default::default(),
            ty: Box::new(ty),
        }));
        self
    }

    pub(in crate::emit) fn returns(mut self, ty: Type) -> Self {
        self.item.sig.output = ReturnType::Type(Default::default(), Box::new(ty));
        self
    }

    pub(in crate::emit) fn does(mut self, statements: impl IntoIterator<Item = Stmt>) -> ImplItem {
        self.item.block.stmts.extend(statements);
        ImplItem::Fn(self.item)
    }
}
