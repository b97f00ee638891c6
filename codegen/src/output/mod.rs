//! From the [`ir`](crate::ir) to formatted files.

mod layout;
mod parallel;

pub(crate) use parallel::map as parallel_map;

use std::collections::BTreeMap;

use crate::config::{Config, Layout, Package};
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::emit;
use crate::ir::{Api, TypeDef, TypeKind};

/// The first words of every generated file. A file without them is somebody's own.
const MARK: &str = "@generated";

/// Generated files: the text of each under its path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, String>,
}

impl FileSet {
    /// The files, sorted by path. Paths are relative, with `/` between their parts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether a text begins as generated files do.
    #[must_use]
    pub fn is_generated(text: &str) -> bool {
        text.lines().next().is_some_and(|line| line.contains(MARK))
    }
}

/// Emits and formats every file, and puts the header above it. Files do not depend on each
/// other, so each core takes the next.
pub(crate) fn write(api: &Api, config: &Config, diagnostics: &mut Diagnostics) -> FileSet {
    let files = emit::files(api, &config.layout.target);
    let written = parallel_map(&files, |file| {
        (file.path(), file.syntax(api, config).map(|file| format(&file, config)))
    });
    let mut set = FileSet::default();
    for (path, text) in written {
        match text {
            Ok(text) => {
                set.files.insert(config.layout.path(&path), text);
            }
            Err(error) => {
                let message = messages::invalid_rust(path, error);
                diagnostics.report(Location::pointer(""), message);
            }
        }
    }
    if let Some(package) = &config.layout.package {
        set.files
            .insert("Cargo.toml".to_owned(), header("#", config) + "\n" + &manifest(package, api));
    }
    set
}

fn format(file: &syn::File, config: &Config) -> String {
    header("//", config) + "\n" + &spaced(&prettyplease::unparse(file))
}

impl Layout {
    /// Where a file of the generated module goes: in a crate of its own, the module is the crate.
    fn path(&self, path: &str) -> String {
        match (&self.package, path) {
            (None, path) => path.to_owned(),
            (Some(_), "mod.rs") => "src/lib.rs".to_owned(),
            (Some(_), path) => format!("src/{path}"),
        }
    }
}

/// Sets a blank line between items, which the formatter does not: at the top, and within an
/// `impl` (the one other place where generated code has items).
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 16);
    // What ended on the line before: the item's indentation and first word.
    let mut ended: Option<(usize, &str)> = None;
    let mut item = "";
    for line in text.lines() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let first = code.split([' ', '(', '<', ';', '!']).next().unwrap_or_default();
        if let Some((at, word)) = ended
            && at == indent
            && !code.starts_with('}')
            && !code.starts_with("//!")
            && (word != first || word == "}")
        {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        if indent == 0 && !code.starts_with('}') {
            item = first;
        }
        ended = match code {
            _ if indent != 0 && indent != 4 => None,
            "}" => Some((indent, "}")),
            "};" | "];" if indent == 0 => Some((indent, item)),
            "];" => Some((indent, "const")),
            _ if code.starts_with("//!") => Some((indent, "//!")),
            _ if code.ends_with(';') => Some((indent, first)),
            _ => None,
        };
    }
    spaced
}

fn header(comment: &str, config: &Config) -> String {
    let command = &config.layout.command;
    format!(
        "{comment} {MARK} by `{command}`. Do not edit: change the description and run that again.\n"
    )
}

/// The manifest of a crate of its own.
fn manifest(package: &Package, api: &Api) -> String {
    let Package { name, runtime, standalone } = package;
    let features = features(api);
    let place = match runtime.as_str() {
        "" => format!("version = {:?}", env!("CARGO_PKG_VERSION")),
        path => format!("path = {path:?}"),
    };
    let workspace = match standalone {
        true => "\n# A workspace of its own, even inside the folder of another.\n[workspace]\n",
        false => "",
    };
    let version =
        if api.version.is_empty() { String::new() } else { format!(", version {}", api.version) };
    let description = toml_text(&format!("A client of {}{version}.", api.title));
    // All names and paths are written as TOML strings, which escape as Rust's do.
    format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         description = {description}\npublish = false\n\n\
         {features}\n[dependencies]\nspecwright-runtime = {{ {place}, features = [\"pattern\"] }}\n\
         {workspace}"
    )
}

/// A text of the description as a string of TOML, which has no control characters.
fn toml_text(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            c if c.is_control() => written.push(' '),
            c => written.push(c),
        }
    }
    written + "\""
}

/// From how many structs on their builders are left to those who want them: they are a third of
/// what the compiler has to do for a crate.
const MANY_STRUCTS: usize = 3500;

/// The features of a crate, as its manifest has them.
fn features(api: &Api) -> String {
    let is_struct = |def: &&TypeDef| matches!(def.kind, TypeKind::Struct(_));
    let is_large = api.types.iter().filter(is_struct).count() >= MANY_STRUCTS;
    let full = (!api.tags.is_empty()).then_some("\"full\"");
    let builders = api.builders_feature().filter(|_| !is_large).map(|_| "\"builders\"");
    let default: Vec<_> = full.into_iter().chain(builders).collect();
    let mut text = format!("[features]\ndefault = [{}]\n", default.join(", "));
    let mut option = |name: &str, what: &str, of: &str| {
        text.push_str(&format!("# {what}\n{name} = [{of}]\n"));
    };
    if let Some(name) = api.builders_feature() {
        option(name, "Builders of models, beside their public fields.", "");
    }
    if let Some(name) = api.test_doubles_feature().filter(|_| api.test_doubles.is_some()) {
        option(name, "The trait by which tests stand in for the API.", "");
    }
    if api.blocking.is_some() {
        option("blocking", "Calls that block.", "\"specwright-runtime/blocking\"");
    }
    if !api.tags.is_empty() {
        let all: String =
            api.tags.iter().map(|tag| format!("    \"{}\",\n", tag.feature)).collect();
        option("full", "The operations of all tags, or of some:", &format!("\n{all}"));
        api.tags.iter().for_each(|tag| text.extend([&tag.feature, " = []\n"]));
    }
    text
}
