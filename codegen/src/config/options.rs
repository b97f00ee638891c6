//! The options of the configuration.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::layout::{Layout, Target};
use super::types::TypeOptions;
use crate::text::Source;

/// Configuration of one output.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Source that the configuration was read from, for diagnostics.
    #[serde(skip)]
    pub source: Source,
    /// Layout of the output. It is set in code, not in the configuration file.
    #[serde(skip)]
    pub layout: Layout,
    /// Selection of operations.
    pub select: SelectOptions,
    /// Names in Rust that replace the derived ones.
    pub names: NameOptions,
    /// Former names in Rust, which stay as deprecated aliases.
    pub compatibility: CompatibilityOptions,
    /// What types become: derives, attributes, and types of the user.
    pub types: TypeOptions,
    /// Options of the generated client.
    pub client: ClientOptions,
    /// Options of the generated server.
    pub server: ServerOptions,
    /// Overlays, applied to the document in this order. Paths are relative to the configuration
    /// file. [`files::load`](crate::files::load) reads them.
    pub overlays: Vec<Spanned<String>>,
    /// Folders whose files the document may refer to, in addition to its own folder. Paths are
    /// relative to the configuration file. [`files::load`](crate::files::load) reads them.
    pub allow_files: Vec<String>,
    /// Leaves out operations that cannot be generated, with a warning. Defaults to `false`.
    pub skip_unsupported: bool,
    /// Turns warnings into errors. Defaults to `false`.
    pub deny_warnings: bool,
    /// Properties (`Schema.property`) for which absent and `null` are distinguished.
    pub three_state: Vec<Spanned<String>>,
    /// Accepts all values that JSON Schema accepts. A schema without `type` is then not restricted
    /// to objects by `properties`, or to arrays by `items`, and an integer without `format` and
    /// bounds may have more than 64 bits. Defaults to `false`.
    pub exact_types: bool,
}

/// Selection of operations.
///
/// An operation is selected if it matches one of `tags`, `operations` and `paths`, or if all three
/// are empty. `methods` and the `except` options then exclude operations.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SelectOptions {
    /// Operations with one of these tags.
    pub tags: Vec<Spanned<String>>,
    /// Operations with one of these ids, or given as `METHOD /path`.
    pub operations: Vec<Spanned<String>>,
    /// Operations at or below one of these paths. With wildcards, the whole path must match: `*` is
    /// one segment, or a part of one, and `**` is any number of segments.
    pub paths: Vec<Spanned<String>>,
    /// Only operations with one of these methods.
    pub methods: Vec<Spanned<String>>,
    /// No operations with one of these tags.
    pub except_tags: Vec<Spanned<String>>,
    /// None of these operations, given as in `operations`.
    pub except_operations: Vec<Spanned<String>>,
    /// No operations at one of these paths, given as in `paths`.
    pub except_paths: Vec<Spanned<String>>,
}

impl SelectOptions {
    /// Returns whether all operations are selected.
    pub(crate) fn is_empty(&self) -> bool {
        let selected = [&self.tags, &self.operations, &self.paths, &self.methods];
        let excluded = [&self.except_tags, &self.except_operations, &self.except_paths];
        selected.into_iter().chain(excluded).all(Vec::is_empty)
    }
}

/// Names, each with its position in the configuration.
pub type NameTable = BTreeMap<Spanned<String>, String>;

/// Names in Rust that replace the derived ones.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NameOptions {
    /// Prefixes that are removed from schema names.
    pub strip_prefixes: Vec<Spanned<String>>,
    /// Schema → type.
    pub schemas: NameTable,
    /// Operation id → method.
    pub operations: NameTable,
    /// Parameter → field and method.
    pub parameters: NameTable,
    /// `Schema.property` → field and method.
    pub properties: NameTable,
    /// `Schema.value` → variant of an enum.
    pub values: NameTable,
    /// `Schema.Variant` → variant of a union. The variant is given as its schema or its derived name.
    pub variants: NameTable,
    /// Security scheme → method of the client builder.
    pub security: NameTable,
}

/// Former names in Rust, which stay as deprecated aliases, so that programs compile after a rename.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CompatibilityOptions {
    /// Former name of a type → schema.
    pub types: NameTable,
    /// Former method → operation id.
    pub operations: NameTable,
    /// `Schema.former` → property, for the setters of builders.
    pub properties: NameTable,
    /// `Schema.Former` → enum value.
    pub values: NameTable,
}

/// Options of the generated client.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClientOptions {
    /// Environment variable that replaces the URL of the API.
    pub base_url_env: Option<String>,
    /// Operations that can be retried although their method is not idempotent.
    pub repeatable: Vec<Spanned<String>>,
    /// Generates a trait with all operations, to replace the API in tests. Defaults to `true`.
    pub test_doubles: bool,
    /// Generates a second, blocking client, with the feature `blocking` of the crate. Defaults to
    /// `false`.
    pub blocking: bool,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self { base_url_env: None, repeatable: Vec::new(), test_doubles: true, blocking: false }
    }
}

/// Options of the generated server. They do not affect the client.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServerOptions {
    /// Parameters that the server accepts as any string, although their schema is narrower.
    pub string_parameters: Vec<Spanned<String>>,
}

impl Config {
    /// Returns whether generated code can use features, which only a crate of its own has.
    pub(crate) fn has_features(&self) -> bool {
        self.layout.package.is_some() && self.layout.target == Target::Client
    }

    /// Selects the operations with a tag.
    pub fn select_tag(&mut self, tag: impl Into<String>) {
        self.select.tags.push(without_position(tag));
    }

    /// Selects the operation with an id, or given as `METHOD /path`.
    pub fn select_operation(&mut self, id: impl Into<String>) {
        self.select.operations.push(without_position(id));
    }

    /// Selects the operations at or below a path, or that match a path with wildcards.
    pub fn select_path(&mut self, path: impl Into<String>) {
        self.select.paths.push(without_position(path));
    }

    /// Restricts the selection to operations with this method, or another method that is added.
    pub fn select_method(&mut self, method: impl Into<String>) {
        self.select.methods.push(without_position(method));
    }

    /// Excludes the operations with a tag.
    pub fn except_tag(&mut self, tag: impl Into<String>) {
        self.select.except_tags.push(without_position(tag));
    }

    /// Excludes the operation with an id, or given as `METHOD /path`.
    pub fn except_operation(&mut self, id: impl Into<String>) {
        self.select.except_operations.push(without_position(id));
    }

    /// Excludes the operations at or below a path, or that match a path with wildcards.
    pub fn except_path(&mut self, path: impl Into<String>) {
        self.select.except_paths.push(without_position(path));
    }
}

/// Creates an option that has no position in a configuration file.
fn without_position(value: impl Into<String>) -> Spanned<String> {
    Spanned::new(0..0, value.into())
}
