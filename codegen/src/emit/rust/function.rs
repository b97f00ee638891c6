//! Functions of an `impl` block.

use syn::punctuated::Punctuated;
use syn::{
    Attribute, Block, FnArg, GenericParam, ImplItem, Lifetime, PatType, Path, Receiver,
    ReceiverKind, ReturnType, Stmt, Type, Visibility,
};

use super::attribute;
use super::name::ident;
use super::pattern::binding;
use super::ty::bound;

/// A function of an `impl` block, assembled step by step.
pub(in crate::emit) struct Function {
    item: syn::ImplItemFn,
}

/// Creates a private function without arguments and return type.
pub(in crate::emit) fn function(name: &str) -> Function {
    let sig = syn::Signature {
        constness: None,
        asyncness: None,
        safety: syn::Safety::Default,
        abi: None,
        fn_token: Default::default(),
        ident: ident(name),
        generics: Default::default(),
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
    /// Makes the function public, with these attributes.
    pub(in crate::emit) fn public(mut self, attrs: Vec<Attribute>) -> Self {
        self.item.vis = Visibility::Public(Default::default());
        self.item.attrs = attrs;
        self
    }

    /// Adds `#[inline]`, which defers code generation to the calling crate. Most crates call
    /// few functions of a client, and compile only those.
    pub(in crate::emit) fn inline(mut self) -> Self {
        self.item.attrs.push(attribute::word("inline"));
        self
    }

    /// Adds a lifetime parameter.
    pub(in crate::emit) fn lifetime(self, lifetime: &str) -> Self {
        let lifetime = Lifetime::new(lifetime, proc_macro2::Span::call_site());
        self.parameter(GenericParam::Lifetime(syn::LifetimeParam::new(lifetime)))
    }

    /// Adds a type parameter with its bound.
    pub(in crate::emit) fn generic(self, name: &str, trait_bound: Path) -> Self {
        self.parameter(GenericParam::Type(syn::TypeParam {
            attrs: Vec::new(),
            ident: ident(name),
            colon_token: Some(Default::default()),
            bounds: [bound(trait_bound)].into_iter().collect(),
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

    /// Adds the receiver `self` or `mut self`.
    pub(in crate::emit) fn self_value(self, is_mutable: bool) -> Self {
        self.receiver(is_mutable, ReceiverKind::Value)
    }

    /// Adds the receiver `&mut self`.
    pub(in crate::emit) fn self_mut(self) -> Self {
        let mutable = Some(Default::default());
        self.receiver(false, ReceiverKind::Reference(Default::default(), None, mutable))
    }

    /// Adds the receiver `&self`.
    pub(in crate::emit) fn self_ref(self) -> Self {
        self.receiver(false, ReceiverKind::Reference(Default::default(), None, None))
    }

    fn receiver(mut self, is_mutable: bool, kind: ReceiverKind) -> Self {
        let mutability = is_mutable.then(Default::default);
        let self_token = Default::default();
        let receiver = Receiver { attrs: Vec::new(), mutability, self_token, kind };
        self.item.sig.inputs.push(FnArg::Receiver(receiver));
        self
    }

    /// Adds an argument.
    pub(in crate::emit) fn argument(mut self, name: &str, ty: Type) -> Self {
        self.item.sig.inputs.push(FnArg::Typed(PatType {
            attrs: Vec::new(),
            pat: Box::new(binding(name, false)),
            colon_token: Default::default(),
            ty: Box::new(ty),
        }));
        self
    }

    /// Sets the return type.
    pub(in crate::emit) fn returns(mut self, ty: Type) -> Self {
        self.item.sig.output = ReturnType::Type(Default::default(), Box::new(ty));
        self
    }

    /// Adds the statements of the body, and finishes the function.
    pub(in crate::emit) fn body(mut self, statements: impl IntoIterator<Item = Stmt>) -> ImplItem {
        self.item.block.stmts.extend(statements);
        ImplItem::Fn(self.item)
    }
}
