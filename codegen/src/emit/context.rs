//! The input of every emitter, and the imports of the files that they write.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use super::rust::item;
use crate::config::{Config, Target};
use crate::ir::{Api, Shape, Type, TypeDef, TypeKind};

/// The input of every emitter.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub api: &'a Api,
    /// The path of the module that all code is generated into.
    pub module: &'a str,
    /// What is generated.
    pub target: &'a Target,
}

impl<'a> Context<'a> {
    pub(super) fn new(api: &'a Api, config: &'a Config) -> Self {
        Self { api, module: &config.layout.module, target: &config.layout.target }
    }

    /// Returns the imports of a file that uses these types. `own` is the type that the file
    /// defines.
    pub(super) fn uses<'t>(
        self,
        types: impl IntoIterator<Item = &'t Type>,
        own: Option<&TypeDef>,
    ) -> Vec<syn::Item> {
        let mut names = BTreeSet::new();
        let mut runtime = own.is_none_or(|def| !matches!(def.kind, TypeKind::Alias(_)));
        for ty in types {
            runtime |= self.collect(ty, &mut names);
        }
        names.retain(|name| own.is_none_or(|own| own.name.0 != *name));
        let own_models = format!("{}::models", self.module);
        let path = match self.target {
            Target::Client => &own_models,
            Target::Server { models } => models,
        };
        let models = (!names.is_empty()).then(|| item::import(path, item::import_names(names)));
        let runtime = runtime.then(|| item::import_runtime(self.runtime()));
        models.into_iter().chain(runtime).collect()
    }

    /// Returns the imports of items that use these types. The runtime is imported only if the
    /// items use it.
    pub(super) fn uses_within<'t>(
        self,
        types: impl IntoIterator<Item = &'t Type>,
        items: &TokenStream,
    ) -> Vec<syn::Item> {
        let mut uses = self.uses(types, None);
        if !uses_runtime(items.clone()) {
            uses.pop();
        }
        uses
    }

    /// Returns the crate that the generated code of this target depends on.
    pub(super) fn runtime(self) -> &'static str {
        match self.target {
            Target::Client => "specwright_runtime",
            Target::Server { .. } => "specwright_server",
        }
    }

    /// Collects the models within a type. Returns whether the type uses the runtime.
    fn collect(self, ty: &Type, names: &mut BTreeSet<&'a str>) -> bool {
        let is_runtime = match &ty.shape {
            Shape::Named(id) => {
                names.insert(&self.api.def(*id).name.0);
                false
            }
            Shape::List(item) => self.collect(item, names),
            Shape::Tuple(tuple) => {
                let used = tuple.types().map(|ty| self.collect(ty, names));
                used.fold(!tuple.is_exact(), |runtime, used| runtime | used)
            }
            Shape::Map(item) => {
                self.collect(item, names);
                true
            }
            Shape::Timestamp
            | Shape::Date
            | Shape::Base64
            | Shape::Base64Url
            | Shape::Number
            | Shape::Blob
            | Shape::Json
            | Shape::JsonObject => true,
            Shape::String | Shape::Boolean | Shape::Integer(_) => false,
        };
        is_runtime || self.api.hides(ty)
    }
}

/// Whether tokens contain a path that starts with `rt`.
fn uses_runtime(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => uses_runtime(group.stream()),
        TokenTree::Ident(ident) => ident == "rt",
        _ => false,
    })
}
