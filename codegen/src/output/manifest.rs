//! The manifest of a generated crate.

use crate::config::Package;
use crate::ir::{Api, TypeDef, TypeKind};
use crate::text::is_invisible;

/// The number of structs from which the feature `builders` is off by default. Builders are a third
/// of the compile time of a crate.
const MANY_STRUCTS: usize = 3500;

/// Returns the manifest.
pub(super) fn manifest(package: &Package, api: &Api) -> String {
    let Package { name, runtime, standalone } = package;
    let features = features(api);
    let dependency = match runtime.as_str() {
        "" => format!("version = {:?}", env!("CARGO_PKG_VERSION")),
        path => format!("path = {path:?}"),
    };
    let workspace = match standalone {
        true => "\n# The crate is its own workspace, even inside another one.\n[workspace]\n",
        false => "",
    };
    let version =
        if api.version.is_empty() { String::new() } else { format!(", version {}", api.version) };
    let summary = toml_string(&format!("A client for {}{version}.", api.title));
    // Names and paths are quoted by `Debug`, whose escapes are valid in TOML.
    format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         description = {summary}\npublish = false\n\n\
         {features}\n[dependencies]\n\
         specwright-runtime = {{ {dependency}, features = [\"pattern\"] }}\n{workspace}"
    )
}

/// Returns the features of the manifest, each with what it enables.
pub(crate) fn features_of_crate(package: &Package, api: &Api) -> Vec<(String, Vec<String>)> {
    let table = manifest(package, api).parse::<toml::Table>().unwrap_or_default();
    let features = table.get("features").and_then(toml::Value::as_table);
    let enabled = |value: &toml::Value| {
        let list = value.as_array().into_iter().flatten();
        list.filter_map(toml::Value::as_str).map(str::to_owned).collect()
    };
    let features = features.into_iter().flatten();
    features.map(|(name, enables)| (name.clone(), enabled(enables))).collect()
}

/// Quotes a string of the OpenAPI document. TOML forbids control characters, which become spaces.
/// Other characters that are not shown are escaped.
fn toml_string(value: &str) -> String {
    let mut quoted = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c if is_invisible(c) => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Returns the features of the crate.
fn features(api: &Api) -> String {
    let is_struct = |def: &&TypeDef| matches!(def.kind, TypeKind::Struct(_));
    let is_large = api.types.iter().filter(is_struct).count() >= MANY_STRUCTS;
    let full = (!api.tags.is_empty()).then_some("\"full\"");
    let builders = api.builders_feature().filter(|_| !is_large).map(|_| "\"builders\"");
    let default: Vec<_> = full.into_iter().chain(builders).collect();
    let mut features = format!("[features]\ndefault = [{}]\n", default.join(", "));
    let mut feature = |name: &str, comment: &str, enables: &str| {
        features.push_str(&format!("# {comment}\n{name} = [{enables}]\n"));
    };
    if let Some(name) = api.builders_feature() {
        feature(name, "Builders for models.", "");
    }
    if let Some(name) = api.test_doubles_feature().filter(|_| api.test_doubles.is_some()) {
        feature(name, "The trait for test doubles.", "");
    }
    if api.blocking.is_some() {
        feature("blocking", "The blocking client.", "\"specwright-runtime/blocking\"");
    }
    if !api.tags.is_empty() {
        let all: String =
            api.tags.iter().map(|tag| format!("    \"{}\",\n", tag.feature)).collect();
        feature("full", "All operations. Each tag has a feature for its own:", &format!("\n{all}"));
        for tag in &api.tags {
            // The module of a tag is in that of its parent.
            let parent = tag.parent.and_then(|parent| api.tags.get(parent));
            let parent = parent.map(|parent| format!("\"{}\"", parent.feature));
            features.push_str(&format!("{} = [{}]\n", tag.feature, parent.unwrap_or_default()));
        }
    }
    features
}
