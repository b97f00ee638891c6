//! The files of a client.

use super::{blocking, error, operation, root, setup, tags, test_double, webhooks};
use crate::config::Config;
use crate::emit::context::Context;
use crate::emit::model;
use crate::ir::{Api, Name, Operation, Tag, TestDoubleNames, TypeDef};

/// A file of a client.
#[derive(Clone, Copy)]
pub(crate) enum File<'a> {
    Root,
    Blocking,
    Client,
    TestDouble(&'a TestDoubleNames),
    Error,
    Models,
    Model(&'a TypeDef),
    Operations,
    Tag(&'a Tag, &'a [Tag]),
    Operation(&'a Operation, Option<(&'a Tag, &'a [Tag])>),
    Webhooks,
}

/// Returns all files of a client.
pub(in crate::emit) fn files(api: &Api) -> Vec<File<'_>> {
    let fixed = [File::Root, File::Client, File::Error, File::Models, File::Operations];
    let test_doubles = api.test_doubles.iter().map(File::TestDouble);
    let blocking = api.blocking.iter().map(|_| File::Blocking);
    let webhooks = (!api.webhooks.is_empty()).then_some(File::Webhooks);
    let models = api.types.iter().map(File::Model);
    let tags = api.tags.iter().map(|tag| File::Tag(tag, &api.tags));
    let operations = api.operations.iter().map(|operation| {
        let tag = api.tags.iter().find(|tag| operation.is_of(tag));
        File::Operation(operation, tag.map(|tag| (tag, api.tags.as_slice())))
    });
    let fixed = fixed.into_iter().chain(test_doubles).chain(blocking).chain(webhooks);
    // Those that take longest first, so that all cores end at about the same time.
    fixed.chain(tags).chain(operations).chain(models).collect()
}

impl File<'_> {
    /// Returns the path within the generated module.
    pub(in crate::emit) fn path(self) -> String {
        match self {
            Self::Root => "mod.rs".to_owned(),
            Self::Blocking => "blocking.rs".to_owned(),
            Self::Client => "client.rs".to_owned(),
            Self::TestDouble(_) => "test_double.rs".to_owned(),
            Self::Error => "error.rs".to_owned(),
            Self::Models => "models/mod.rs".to_owned(),
            Self::Model(def) => format!("models/{}.rs", def.module.0),
            Self::Operations => "operations/mod.rs".to_owned(),
            Self::Tag(tag, all) => format!("operations/{}/mod.rs", folder(tag, all)),
            Self::Operation(operation, None) => format!("operations/{}.rs", operation.module.0),
            Self::Operation(operation, Some((tag, all))) => {
                format!("operations/{}/{}.rs", folder(tag, all), operation.module.0)
            }
            Self::Webhooks => "webhooks.rs".to_owned(),
        }
    }

    /// Returns the syntax tree.
    ///
    /// # Errors
    /// Returns an error if the emitted tokens are not valid Rust, which is a bug in an emitter.
    pub(in crate::emit) fn syntax(
        self,
        context: Context<'_>,
        config: &Config,
    ) -> syn::Result<syn::File> {
        let tokens = match self {
            Self::Model(def) => return model::file::definition(context, def),
            Self::Root => root::root(context, config.layout.package.as_ref()),
            Self::Blocking => blocking::client(context),
            Self::Client => setup::client::client(context),
            Self::TestDouble(names) => test_double::test_double(context, names),
            Self::Error => error::error(context),
            Self::Models => model::file::root(context.api),
            Self::Operations => operation::root(context),
            Self::Tag(tag, _) => tags::module(context, tag),
            Self::Operation(operation, _) => operation::operation(context, operation),
            Self::Webhooks => webhooks::webhooks(context),
        };
        syn::parse2(tokens)
    }
}

/// Returns the folder of a tag, which is in that of its parent.
fn folder(tag: &Tag, all: &[Tag]) -> String {
    let modules = tag.modules(all);
    modules.into_iter().map(file_name).collect::<Vec<_>>().join("/")
}

/// Returns the file name of a module without its extension.
fn file_name(module: &Name) -> &str {
    module.0.trim_start_matches("r#")
}
