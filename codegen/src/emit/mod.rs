//! From the [`ir`](crate::ir) to syntax: one module per concern, one file per type and
//! operation. Nothing here decides a name or looks at the description.

mod answer;
mod blocking;
mod body;
mod builder;
mod client;
mod docs;
mod double;
mod enums;
mod environment;
mod error;
mod integers;
mod operation;
mod paging;
mod request;
mod send;
mod server;
mod start;
mod structs;
mod syntax;
mod tags;
mod types;
mod unions;
mod validate;
mod webhooks;

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use self::syntax::item;
use crate::config::{Config, Package, Target};
use crate::ir::{
    Api, Literals, Name, Operation, Shape, Tag, TestDoubleNames, Type, TypeDef, TypeKind, TypeName,
};

/// What every emitter needs to see.
#[derive(Clone, Copy)]
struct Emit<'a> {
    api: &'a Api,
    /// The module that everything is generated into.
    module: &'a str,
    /// What is generated.
    target: &'a Target,
}

/// One file to generate.
#[derive(Clone, Copy)]
pub(crate) enum File<'a> {
    Root,
    Blocking,
    Client,
    Double(&'a TestDoubleNames),
    Error,
    Models,
    Model(&'a TypeDef),
    Operations,
    Tag(&'a Tag),
    Operation(&'a Operation, Option<&'a Tag>),
    Webhooks,
    Server(server::File<'a>),
}

/// Every file of a target.
pub(crate) fn files<'a>(api: &'a Api, target: &Target) -> Vec<File<'a>> {
    match target {
        Target::Client => client_files(api),
        Target::Server { .. } => server::files(api).into_iter().map(File::Server).collect(),
    }
}

fn client_files(api: &Api) -> Vec<File<'_>> {
    let fixed = [File::Root, File::Client, File::Error, File::Models, File::Operations];
    let doubles = api.test_doubles.iter().map(File::Double);
    let blocking = api.blocking.iter().map(|_| File::Blocking);
    let webhooks = (!api.webhooks.is_empty()).then_some(File::Webhooks);
    let models = api.types.iter().map(File::Model);
    let tags = api.tags.iter().map(File::Tag);
    let operations = api.operations.iter().map(|operation| {
        File::Operation(operation, api.tags.iter().find(|tag| operation.is_of(tag)))
    });
    let fixed = fixed.into_iter().chain(doubles).chain(blocking).chain(webhooks);
    fixed.chain(models).chain(tags).chain(operations).collect()
}

impl File<'_> {
    /// Its path within the generated module.
    pub(crate) fn path(self) -> String {
        match self {
            Self::Root => "mod.rs".to_owned(),
            Self::Blocking => "blocking.rs".to_owned(),
            Self::Client => "client.rs".to_owned(),
            Self::Double(_) => "double.rs".to_owned(),
            Self::Error => "error.rs".to_owned(),
            Self::Models => "models/mod.rs".to_owned(),
            Self::Model(def) => format!("models/{}.rs", def.module.0),
            Self::Operations => "operations/mod.rs".to_owned(),
            Self::Tag(tag) => format!("operations/{}/mod.rs", file_name(&tag.module)),
            Self::Operation(operation, None) => format!("operations/{}.rs", operation.module.0),
            Self::Operation(operation, Some(tag)) => {
                format!("operations/{}/{}.rs", file_name(&tag.module), operation.module.0)
            }
            Self::Webhooks => "webhooks.rs".to_owned(),
            Self::Server(file) => file.path(),
        }
    }

    /// Its syntax.
    ///
    /// # Errors
    /// Fails if what was emitted is not Rust, which is a fault of an emitter.
    pub(crate) fn syntax(self, api: &Api, config: &Config) -> syn::Result<syn::File> {
        let emit = Emit { api, module: &config.layout.module, target: &config.layout.target };
        let tokens = match self {
            Self::Model(def) => match &def.kind {
                // Most of all lines are of these two, so they are made without tokens.
                TypeKind::Struct(structure) => {
                    return structs::structure(emit, def, structure).map(file);
                }
                TypeKind::Enum(of) if of.literals == Literals::Integers => {
                    integers::enumeration(def, of)
                }
                TypeKind::Enum(of) => return Ok(file(enums::enumeration(def, of))),
                TypeKind::Union(union) => unions::union(emit, def, union),
                TypeKind::Alias(ty) => alias(emit, def, ty),
            },
            Self::Root => root(emit, config.layout.package.as_ref()),
            Self::Blocking => blocking::client(emit),
            Self::Client => client::client(emit),
            Self::Double(names) => double::double(emit, names),
            Self::Error => error::error(emit),
            Self::Models => models(api),
            Self::Operations => operations(api),
            Self::Tag(tag) => tags::module(emit, tag),
            Self::Operation(operation, _) => operation::operation(emit, operation),
            Self::Webhooks => webhooks::webhooks(emit),
            Self::Server(file) => file.tokens(emit),
        };
        syn::parse2(tokens)
    }
}

/// A type as Rust writes it, an option if `null` is a value of it.
pub(crate) fn type_text(api: &Api, config: &Config, ty: &Type) -> String {
    let emit = Emit { api, module: &config.layout.module, target: &config.layout.target };
    types::nullable(emit, ty).to_token_stream().to_string().replace(' ', "")
}

fn file(items: Vec<syn::Item>) -> syn::File {
    syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items }
}

/// The items that tokens are.
fn parse(tokens: TokenStream) -> syn::Result<Vec<syn::Item>> {
    syn::parse2::<syn::File>(tokens).map(|file| file.items)
}

/// The root of the generated code.
fn root(emit: Emit<'_>, package: Option<&Package>) -> TokenStream {
    let api = emit.api;
    let title =
        format!("{}: types, operations and client, generated from its description.", api.title);
    let text = package.map(|package| start::text(emit, &title, &package.name));
    let comment = docs::inner_comment(&text.unwrap_or(title));
    let blocking = api.blocking.as_ref().map(|_| {
        quote! {
            #[cfg(feature = "blocking")]
            pub mod blocking;
        }
    });
    let (double, operations) = match &api.test_doubles {
        None => (None, None),
        Some(names) => {
            let (operations, gate) = (&names.operations, double::gate(api));
            (
                Some(quote!(
                    #gate
                    mod double;
                )),
                Some(quote!(#gate pub use double::#operations;)),
            )
        }
    };
    let error_headers = api.error_headers.as_ref().map(|headers| {
        let name = &headers.name;
        quote!(, #name)
    });
    let webhooks = (!api.webhooks.is_empty()).then(|| {
        quote!(
            pub mod webhooks;
        )
    });
    quote! {
        #comment

        #blocking
        mod client;
        #double
        mod error;
        pub mod models;
        pub mod operations;
        #webhooks

        pub use client::{Client, ClientBuilder};
        #operations
        pub use error::{Error, ErrorBody #error_headers};
        /// What every generated client is made of: `Blob`, `Response`, `RetryPolicy` and others.
        #[doc(no_inline)]
        pub use specwright_runtime as runtime;
    }
}

fn models(api: &Api) -> TokenStream {
    let mut files: Vec<&TypeDef> = api.types.iter().collect();
    files.sort_by(|a, b| a.module.cmp(&b.module));
    let modules = files.iter().map(|def| {
        let (module, gate) = (&def.module, tags::gate(api, &def.tags));
        quote!(#gate mod #module;)
    });
    let uses = files.iter().map(|def| {
        let (module, name, gate) = (&def.module, &def.name, tags::gate(api, &def.tags));
        match def.kind {
            TypeKind::Struct(_) => {
                let builder = ident(&builder::name(def));
                quote!(#gate pub use #module::{#name, #builder};)
            }
            _ => quote!(#gate pub use #module::#name;),
        }
    });
    quote! {
        //! The types of the description.

        #(#modules)*
        #(#uses)*
    }
}

fn operations(api: &Api) -> TokenStream {
    let mut tags: Vec<&Tag> = api.tags.iter().collect();
    tags.sort_by(|a, b| a.module.cmp(&b.module));
    let tags = tags.iter().map(|tag| {
        let (module, feature) = (&tag.module, &tag.feature);
        quote!(#[cfg(feature = #feature)] pub mod #module;)
    });
    let files = operation_modules(tags::untagged(api));
    quote! {
        //! The operations of the description, each as the request that it takes.

        #(#tags)*
        #files
    }
}

/// The files of operations, and what is in them.
fn operation_modules<'a>(operations: impl Iterator<Item = &'a Operation>) -> TokenStream {
    let mut files: Vec<_> = operations.collect();
    files.sort_by(|a, b| a.module.cmp(&b.module));
    let modules = files.iter().map(|operation| &operation.module);
    let uses = files.iter().map(|operation| {
        let module = &operation.module;
        let names = operation::type_names(operation);
        quote!(pub use #module::{#(#names),*};)
    });
    quote! {
        #(mod #modules;)*
        #(#uses)*
    }
}

/// The name of the file or folder of a module.
fn file_name(module: &Name) -> &str {
    module.0.trim_start_matches("r#")
}

fn alias(emit: Emit<'_>, def: &TypeDef, ty: &Type) -> TokenStream {
    let docs = docs::of_type(def);
    let uses = emit.uses([ty], Some(def));
    let name = &def.name;
    let ty = types::ty(emit, ty);
    quote!(#(#uses)* #docs pub type #name = #ty;)
}

impl<'a> Emit<'a> {
    /// The imports of a file in which these types are named.
    fn uses<'t>(
        self,
        named: impl IntoIterator<Item = &'t Type>,
        own: Option<&TypeDef>,
    ) -> Vec<syn::Item> {
        let mut names = BTreeSet::new();
        let mut runtime = own.is_none_or(|def| !matches!(def.kind, TypeKind::Alias(_)));
        for ty in named {
            runtime |= self.collect(ty, &mut names);
        }
        names.retain(|name| own.is_none_or(|own| own.name.0 != *name));
        let (own_models, runtime_crate) = (format!("{}::models", self.module), self.runtime());
        let at = match self.target {
            Target::Client => &own_models,
            Target::Server { models } => models,
        };
        let models = (!names.is_empty()).then(|| item::import(at, item::import_names(names)));
        let runtime = runtime.then(|| item::import_runtime(runtime_crate));
        models.into_iter().chain(runtime).collect()
    }

    /// The imports of items in which these types are named, and perhaps the runtime.
    fn uses_within<'t>(
        self,
        named: impl IntoIterator<Item = &'t Type>,
        items: &TokenStream,
    ) -> Vec<syn::Item> {
        let mut uses = self.uses(named, None);
        if !names_runtime(items.clone()) {
            uses.pop();
        }
        uses
    }

    /// The crate that has what all generated code of this target shares.
    fn runtime(self) -> &'static str {
        match self.target {
            Target::Client => "specwright_runtime",
            Target::Server { .. } => "specwright_server",
        }
    }

    /// Collects the named types within a type, and says whether it names the runtime.
    fn collect(self, ty: &Type, names: &mut BTreeSet<&'a str>) -> bool {
        match &ty.shape {
            Shape::Named(id) => {
                names.insert(&self.api.def(*id).name.0);
                false
            }
            Shape::List(item) => self.collect(item, names),
            Shape::Map(item) => {
                self.collect(item, names);
                true
            }
            Shape::Timestamp
            | Shape::Date
            | Shape::Number
            | Shape::Blob
            | Shape::Json
            | Shape::JsonObject => true,
            Shape::String | Shape::Boolean | Shape::Int32 | Shape::Int64 | Shape::Uint64 => false,
        }
    }
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        ident(&self.0).to_tokens(tokens);
    }
}

impl ToTokens for TypeName {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        ident(&self.0).to_tokens(tokens);
    }
}

/// Whether tokens have a path that begins at the runtime.
fn names_runtime(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => names_runtime(group.stream()),
        TokenTree::Ident(ident) => ident == "rt",
        _ => false,
    })
}

fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

fn text(text: &str) -> Literal {
    Literal::string(text)
}
