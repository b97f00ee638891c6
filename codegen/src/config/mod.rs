//! What is generated from a description, and under which names.
//!
//! Every option names something in the description. One that names nothing is an error,
//! so that an option ends with the need for it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostics::{Diagnostics, Location, messages};
use crate::names::suggestion;
use crate::names::{Scope, usable};
use crate::text::Source;

/// The configuration of one output.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// The text that this was read from, for diagnostics.
    #[serde(skip)]
    pub source: Source,
    /// How the output hangs together.
    #[serde(skip)]
    pub layout: Layout,
    /// Which operations are generated.
    pub select: Select,
    /// Names in Rust, where the derived ones are not good enough.
    pub names: Names,
    /// The generated client.
    pub client: Client,
    /// The generated server.
    pub server: Server,
    /// Overlays to apply to the description, one after the other: paths, seen from the
    /// configuration. Who reads the configuration reads them, too.
    pub overlays: Vec<Spanned<String>>,
    /// Leave out operations that cannot be generated, instead of failing.
    pub skip_unsupported: bool,
    /// Fail where anything is warned of.
    pub deny_warnings: bool,
    /// Properties (`Schema.property`) for which absent and `null` are kept apart.
    pub three_state: Vec<Spanned<String>>,
}

/// How the output hangs together: a crate of its own, or a module of another.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The module that the generated code is in, as its own code names it.
    pub module: String,
    /// The command that generates it again, for the header of each file.
    pub command: String,
    /// The crate to write a manifest for, if it is one of its own.
    pub package: Option<Package>,
    /// What is generated.
    pub target: Target,
}

/// What is generated from a description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// Models, operations and a client that sends them.
    #[default]
    Client,
    /// A trait to implement, operations as they are received, and routes to them.
    Server {
        /// The module of the models, which are those of a client of the same description.
        models: String,
    },
}

/// A crate of its own.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The name of the crate.
    pub name: String,
    /// The path of the runtime, from the manifest; empty for the released one.
    pub runtime: String,
    /// Whether it is a workspace of its own, which it has to be inside the folder of another that
    /// it is no member of. What is one cannot be a member.
    pub standalone: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            module: "crate".to_owned(),
            command: "specwright::generate".to_owned(),
            package: None,
            target: Target::Client,
        }
    }
}

/// Which operations are generated: those that fit one of the first three, or all if there are
/// none of these; of them, those with one of the methods, if there are any; and of those, all
/// that are not excepted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Select {
    /// Those with one of these tags.
    pub tags: Vec<Spanned<String>>,
    /// Those with one of these ids, or which are one of these: `GET /pets`.
    pub operations: Vec<Spanned<String>>,
    /// Those under one of these paths, or whose whole path fits one with wildcards: `*` stands for
    /// one part of it, `**` for any number of them.
    pub paths: Vec<Spanned<String>>,
    /// Those with one of these methods.
    pub methods: Vec<Spanned<String>>,
    /// None with one of these tags.
    pub except_tags: Vec<Spanned<String>>,
    /// None of these, as in `operations`.
    pub except_operations: Vec<Spanned<String>>,
    /// None of these paths, as in `paths`.
    pub except_paths: Vec<Spanned<String>>,
}

impl Select {
    /// Whether it selects nothing in particular, so all.
    pub(crate) fn is_empty(&self) -> bool {
        let wanted = [&self.tags, &self.operations, &self.paths, &self.methods];
        let excepted = [&self.except_tags, &self.except_operations, &self.except_paths];
        wanted.into_iter().chain(excepted).all(Vec::is_empty)
    }
}

type Table = BTreeMap<Spanned<String>, String>;

/// Names in Rust.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Names {
    /// Prefixes that schema names lose.
    pub strip_prefixes: Vec<Spanned<String>>,
    /// Schema → type.
    pub schemas: Table,
    /// Operation id → method.
    pub operations: Table,
    /// Parameter → field and method.
    pub parameters: Table,
    /// `Schema.property` → field and method.
    pub properties: Table,
    /// `Schema.value` → variant of an enum.
    pub values: Table,
    /// `Schema.Variant` → variant of a union; the variant's schema or its derived name.
    pub variants: Table,
    /// Security scheme → method of the builder.
    pub security: Table,
}

/// The generated client.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Client {
    /// The environment variable that replaces the address of the API.
    pub base_url_env: Option<String>,
    /// Operations that may be carried out twice although their method does not say so: they
    /// only read, or the second time changes nothing.
    pub repeatable: Vec<Spanned<String>>,
    /// Whether tests can put something else in the place of the API: a trait of all operations.
    pub test_doubles: bool,
    /// Whether there is a second client that blocks, behind the feature `blocking` of the crate.
    pub blocking: bool,
}

impl Default for Client {
    fn default() -> Self {
        Self { base_url_env: None, repeatable: Vec::new(), test_doubles: true, blocking: false }
    }
}

/// The generated server. Nothing here changes the client.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Server {
    /// Parameters that the server takes as text, although the description is narrower.
    pub text_parameters: Vec<Spanned<String>>,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// Fails where the text is no TOML, or has an option that does not exist.
    pub fn parse(source: Source) -> Result<Self, Diagnostics> {
        match toml::from_str::<Self>(&source.content) {
            Ok(config) => Ok(Self { source, ..config }),
            Err(error) => {
                let mut diagnostics = Diagnostics::new(Vec::new(), source);
                // The end of a line has no width of its own.
                let span = error.span().unwrap_or_default();
                let location = Location::Config(span.start..span.end.max(span.start + 1));
                diagnostics.report(location, messages::invalid_config(error.message()));
                Err(diagnostics)
            }
        }
    }

    /// Whether parts of what is generated are behind features, which only a crate of its own
    /// can have.
    pub(crate) fn has_features(&self) -> bool {
        self.layout.package.is_some() && self.layout.target == Target::Client
    }

    /// Selects the operations with a tag.
    pub fn select_tag(&mut self, tag: impl Into<String>) {
        self.select.tags.push(from_outside(tag));
    }

    /// Selects the operation with an id, or that is `METHOD /path`.
    pub fn select_operation(&mut self, id: impl Into<String>) {
        self.select.operations.push(from_outside(id));
    }

    /// Selects the operations under a path, or whose path fits one with wildcards.
    pub fn select_path(&mut self, path: impl Into<String>) {
        self.select.paths.push(from_outside(path));
    }

    /// Of what is selected otherwise, selects the operations with a method.
    pub fn select_method(&mut self, method: impl Into<String>) {
        self.select.methods.push(from_outside(method));
    }

    /// Leaves out the operations with a tag.
    pub fn except_tag(&mut self, tag: impl Into<String>) {
        self.select.except_tags.push(from_outside(tag));
    }

    /// Leaves out the operation with an id, or that is `METHOD /path`.
    pub fn except_operation(&mut self, id: impl Into<String>) {
        self.select.except_operations.push(from_outside(id));
    }

    /// Leaves out the operations under a path, or whose path fits one with wildcards.
    pub fn except_path(&mut self, path: impl Into<String>) {
        self.select.except_paths.push(from_outside(path));
    }
}

/// An option that stands in no configuration.
fn from_outside(text: impl Into<String>) -> Spanned<String> {
    Spanned::new(0..0, text.into())
}

/// A table of names that knows which of its entries were asked for.
#[derive(Debug)]
pub(crate) struct Renames<'a> {
    table: &'a Table,
    used: BTreeSet<&'a str>,
    /// All that a name was asked for, for those that are written wrong.
    asked: BTreeSet<String>,
}

impl<'a> Renames<'a> {
    /// Reports the names that cannot be names of this kind.
    pub(crate) fn new(
        table: &'a Table,
        is_usable: impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        for (key, chosen) in table.iter().filter(|(_, chosen)| !is_usable(chosen)) {
            let message = messages::invalid_name(chosen, key.get_ref());
            diagnostics.report(Location::Config(key.span()), message);
        }
        Self { table, used: BTreeSet::new(), asked: BTreeSet::new() }
    }

    /// The name that was chosen for something.
    pub(crate) fn get(&mut self, key: &str) -> Option<&'a str> {
        if !self.table.is_empty() {
            self.asked.insert(key.to_owned());
        }
        let (key, name) = self.table.get_key_value(key)?;
        self.used.insert(key.get_ref());
        Some(name)
    }

    /// The name that was chosen for something, or the derived one, made free if it is taken. A
    /// chosen name that is taken is reported.
    pub(crate) fn name(
        &mut self,
        key: &str,
        scope: &mut Scope,
        derived: &str,
        diagnostics: &mut Diagnostics,
    ) -> String {
        let Some(chosen) = self.get(key).map(usable) else {
            return scope.free(derived);
        };
        if !scope.take(&chosen) {
            diagnostics.report(self.location(key), messages::name_collision(&chosen, key));
        }
        chosen
    }

    /// Where the name was chosen.
    pub(crate) fn location(&self, key: &str) -> Location {
        Location::Config(
            self.table.get_key_value(key).map(|(key, _)| key.span()).unwrap_or_default(),
        )
    }

    /// Reports the entries that nothing has asked for.
    pub(crate) fn report_unused(&self, what: &str, diagnostics: &mut Diagnostics) {
        for key in self.table.keys().filter(|key| !self.used.contains(key.get_ref().as_str())) {
            report_no_match(what, key, self.asked.iter().map(String::as_str), diagnostics);
        }
    }
}

/// Reports an option that names nothing, and which of these names may have been meant.
pub(crate) fn report_no_match<'n>(
    what: &str,
    option: &Spanned<String>,
    names: impl IntoIterator<Item = &'n str>,
    diagnostics: &mut Diagnostics,
) {
    let written = option.get_ref();
    let message = messages::unmatched_option(what, written, suggestion(written, names));
    diagnostics.report(Location::Config(option.span()), message);
}
