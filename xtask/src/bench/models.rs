//! Many generated models and the same structs with serde derives: `cargo check` of the crate
//! alone, with its dependencies built and incremental compilation off.

use std::fmt::Write as _;
use std::path::Path;

use specwright::{Config, Input, Layout, Package, Source};

use super::project::{directory, measure, write_crate};
use crate::files;
use crate::timed::{Cost, lock, write};
use crate::workspace::root;

pub(super) fn run(count: usize) -> Result<(), String> {
    let directory = directory("models")?;
    let (ours, derives) = (directory.join("generated"), directory.join("derives"));
    generate(&ours, count)?;
    write_derives(&derives, count)?;
    println!(
        "{count} models of 8 fields, `cargo check` of the crate alone, incremental compilation off"
    );
    let derives = check("serde derives, no builders", &derives)?;
    let ours = check("generated, with builders", &ours)?;
    println!(
        "generated / derives: time {:.2}, memory {:.2}",
        ours.seconds / derives.seconds,
        ours.mebibytes / derives.mebibytes
    );
    Ok(())
}

fn check(name: &str, directory: &Path) -> Result<Cost, String> {
    // The first run builds the dependencies; the second one checks only the crate.
    measure(directory, &["check", "--quiet"])?;
    let lib = directory.join("src/lib.rs");
    let source = std::fs::read_to_string(&lib)
        .map_err(|error| format!("error: cannot read {}: {error}", lib.display()))?;
    write(&lib, &(source + "\n"))?;
    let cost = measure(directory, &["check", "--quiet"])?;
    println!("  {name:<28} {:>6.1} s  {:>6.0} MiB", cost.seconds, cost.mebibytes);
    Ok(cost)
}

/// Generates the models from an OpenAPI document. Each has lists of two others, so that one
/// operation reaches all of them in few steps.
fn generate(directory: &Path, count: usize) -> Result<(), String> {
    let mut spec = String::from(
        "openapi: 3.0.3\ninfo: {title: Models, version: '1'}\npaths:\n  /models:\n    get:\n      operationId: getModels\n      \
         responses:\n        '200':\n          description: All.\n          content: {application/json: {schema: {$ref: '#/components/schemas/Model0'}}}\n\
         components:\n  schemas:\n",
    );
    for i in 0..count {
        let child = |child: usize| match child {
            child if child < count => {
                format!("{{type: array, items: {{$ref: '#/components/schemas/Model{child}'}}}}")
            }
            _ => "{type: string}".to_owned(),
        };
        let _ = writeln!(
            spec,
            "    Model{i}:\n      type: object\n      required: [id, count]\n      properties:\n        \
             id: {{type: string}}\n        name: {{type: string}}\n        count: {{type: integer}}\n        \
             enabled: {{type: boolean}}\n        ratio: {{type: number}}\n        tags: {{type: array, items: {{type: string}}}}\n        \
             left: {}\n        right: {}",
            child(2 * i + 1),
            child(2 * i + 2),
        );
    }
    let package = Package {
        name: "generated".to_owned(),
        runtime: root()?.join("client-runtime").display().to_string(),
        standalone: true,
    };
    let layout = Layout {
        command: "cargo xtask bench models".to_owned(),
        package: Some(package),
        ..Layout::default()
    };
    let config = Config { layout, ..Config::default() };
    let input = Input::new(Source::new("models.yaml", spec), config);
    let output = specwright::generate(&input).map_err(|found| found.render(false))?;
    files::apply(directory, &files::compare(directory, &output.files)?)?;
    lock(directory)
}

fn write_derives(directory: &Path, count: usize) -> Result<(), String> {
    let manifest = "[package]\nname = \"derives\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                    [dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\n";
    let mut code = String::from("use serde::{Deserialize, Serialize};\n");
    for i in 0..count {
        let child = |child: usize| {
            if child < count { format!("Vec<Model{child}>") } else { "String".to_owned() }
        };
        let _ = write!(
            code,
            "\n#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]\npub struct Model{i} {{\n    pub id: String,\n    \
             {skip}\n    pub name: Option<String>,\n    pub count: i64,\n    {skip}\n    pub enabled: Option<bool>,\n    \
             {skip}\n    pub ratio: Option<f64>,\n    {skip}\n    pub tags: Option<Vec<String>>,\n    \
             {skip}\n    pub left: Option<{}>,\n    {skip}\n    pub right: Option<{}>,\n}}\n",
            child(2 * i + 1),
            child(2 * i + 2),
            skip = "#[serde(skip_serializing_if = \"Option::is_none\")]",
        );
    }
    write_crate(directory, manifest, ("src/lib.rs", &code))
}
