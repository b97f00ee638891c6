//! Code generation: from the [`ir`](crate::ir) to Rust syntax, one file per type and operation.
//!
//! Names are decided in the IR; nothing here reads the OpenAPI document. A module imports
//! only modules listed before it:
//!
//! | module | responsibility |
//! |---|---|
//! | `rust` | builders of Rust syntax trees |
//! | `context` | the input of every emitter, and imports |
//! | `features` | Cargo features of the generated crate |
//! | `docs` | doc comments |
//! | `model` | models |
//! | `operation` | the parts of an operation that clients and servers share |
//! | `client` | clients |
//! | `server` | servers |

mod client;
mod context;
mod docs;
mod features;
mod model;
mod operation;
mod rust;
mod server;

use quote::ToTokens;

use self::context::{Context, Paths};
use crate::config::{Config, Target};
use crate::ir::{Api, Operation, Type, TypeDef};

/// A file to generate.
#[derive(Clone, Copy)]
pub(crate) enum File<'a> {
    Client(client::File<'a>),
    Server(server::File<'a>),
}

/// What a file is generated from.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    Type(&'a TypeDef),
    Operation(&'a Operation),
    /// Several parts of the API.
    Api,
}

/// Returns all files of a target.
pub(crate) fn files<'a>(api: &'a Api, target: &Target) -> Vec<File<'a>> {
    match target {
        Target::Client => client::files(api).into_iter().map(File::Client).collect(),
        Target::Server { .. } => server::files(api).into_iter().map(File::Server).collect(),
    }
}

impl<'a> File<'a> {
    /// Returns what the file is generated from.
    pub(crate) fn source(self) -> Source<'a> {
        match self {
            Self::Client(client::File::Model(def)) => Source::Type(def),
            Self::Client(client::File::Operation(operation, _))
            | Self::Server(server::File::Operation(operation)) => Source::Operation(operation),
            Self::Client(_) | Self::Server(_) => Source::Api,
        }
    }

    /// Returns the path within the generated module.
    pub(crate) fn path(self) -> String {
        match self {
            Self::Client(file) => file.path(),
            Self::Server(file) => file.path(),
        }
    }

    /// Returns the syntax tree.
    ///
    /// # Errors
    /// Returns an error if the emitted tokens are not valid Rust, which is a bug in an emitter.
    pub(crate) fn syntax(self, api: &Api, config: &Config) -> syn::Result<syn::File> {
        let path = self.path();
        // The root of a folder is one level above its other files.
        let is_root = path.rsplit('/').next() == Some("mod.rs");
        let depth = path.matches('/').count() + usize::from(!is_root);
        let paths = Paths::new(&config.layout, depth);
        let context = Context::new(api, config, &paths);
        match self {
            Self::Client(file) => file.syntax(context, config),
            Self::Server(file) => syn::parse2(file.tokens(context)),
        }
    }
}

/// Returns a type as Rust code, in an `Option` if its schema allows `null`.
pub(crate) fn rust_type(api: &Api, config: &Config, ty: &Type) -> String {
    let paths = Paths::new(&config.layout, 0);
    let ty = model::types::nullable(Context::new(api, config, &paths), ty);
    ty.to_token_stream().to_string().replace(' ', "")
}
