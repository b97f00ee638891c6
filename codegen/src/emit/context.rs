//! The input of every emitter, and the imports of the files that they write.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use super::rust::item;
use crate::config::{Config, Layout, Target};
use crate::ir::{Api, Shape, Type, TypeDef, TypeKind};

/// The paths that a file uses to name the generated modules.
pub(super) struct Paths {
    module: String,
    models: String,
}

impl Paths {
    /// Returns the paths that a file uses, which is that many modules below the generated one.
    pub(super) fn new(layout: &Layout, depth: usize) -> Self {
        let module = from_below(&layout.module, depth);
        let models = match &layout.target {
            Target::Client => format!("{module}::models"),
            Target::Server { models } => from_below(models, depth),
        };
        Self { module, models }
    }
}

/// Returns the path of a module as seen from that many levels below the generated module.
fn from_below(path: &str, depth: usize) -> String {
    let (first, rest) = path.split_once("::").unwrap_or((path, ""));
    let mut parts = vec!["super"; depth];
    match first {
        "self" if depth == 0 => parts.push("self"),
        "self" => {}
        "super" => parts.push("super"),
        _ => return path.to_owned(),
    }
    parts.extend(Some(rest).filter(|rest| !rest.is_empty()));
    parts.join("::")
}

/// The input of every emitter.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub api: &'a Api,
    /// The path of the module that all code is generated into.
    pub module: &'a str,
    /// The path of the module with the models.
    models: &'a str,
    /// What is generated.
    pub target: &'a Target,
}

impl<'a> Context<'a> {
    pub(super) fn new(api: &'a Api, config: &'a Config, paths: &'a Paths) -> Self {
        Self { api, module: &paths.module, models: &paths.models, target: &config.layout.target }
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
        let models =
            (!names.is_empty()).then(|| item::import(self.models, item::import_names(names)));
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

#[cfg(test)]
mod tests {
    use super::from_below;

    #[test]
    fn relative_paths_lead_out_of_the_generated_module() {
        for (path, depth, expected) in [
            ("self", 0, "self"),
            ("self", 2, "super::super"),
            ("self::models", 0, "self::models"),
            ("self::models", 1, "super::models"),
            ("super::client::models", 0, "super::client::models"),
            ("super::super::models", 2, "super::super::super::super::models"),
            ("crate::api", 3, "crate::api"),
            ("pets::models", 1, "pets::models"),
        ] {
            assert_eq!(from_below(path, depth), expected, "{path} from {depth}");
        }
    }
}
