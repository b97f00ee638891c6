//! `specwright inspect`: prints the contents of a document and what is generated from them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use specwright::files::load_allowing;
use specwright::{
    DecisionMethod, Diagnostics, InspectedBody, InspectedKind, InspectedOperation, InspectedRule,
    Inspection,
};

use crate::choice::Choice;
use crate::output::{escape, escape_json};
use crate::plan::shown;
use crate::untyped;

/// What to inspect.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// OpenAPI document (YAML or JSON).
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// Which parts of it to inspect.
    #[command(flatten)]
    pub choice: Choice,
    /// List the schemas whose values stay JSON without a type, each with the reason.
    #[arg(long)]
    pub untyped: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Prints the contents of a document.
///
/// # Errors
/// Returns an error with the diagnostics, or the file that cannot be read.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let Arguments { spec, choice, untyped, json } = arguments;
    let (config, folders) = (choice.config.as_deref(), &choice.allow_files);
    let loaded = load_allowing(Path::new(""), spec, config, &choice.overlay, folders);
    let mut input = loaded.map_err(|failure| shown(&failure))?.input;
    choice.apply(&mut input.config);
    let output = match untyped {
        true => untyped::run(&input, *json)?,
        false => {
            let (inspection, warnings) =
                specwright::inspect(&input).map_err(|found| shown(&found.into()))?;
            match json {
                true => render_json(&inspection, &warnings)?,
                false => render(&inspection, &warnings),
            }
        }
    };
    let output = if *json { escape_json(&output) } else { escape(&output) };
    // A reader such as `head` may close the pipe early.
    match std::io::stdout().write_all(output.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("error: cannot write: {error}"))
        }
        _ => Ok(()),
    }
}

/// Renders an inspection as JSON, with one line per warning.
///
/// # Errors
/// Returns an error if it cannot be serialized.
pub fn render_json(inspection: &Inspection, warnings: &Diagnostics) -> Result<String, String> {
    let failed = |error: serde_json::Error| format!("error: {error}");
    let mut value = serde_json::to_value(inspection).map_err(failed)?;
    if let Some(entries) = value.as_object_mut() {
        entries.insert("warnings".to_owned(), warnings.lines().collect());
    }
    Ok(serde_json::to_string_pretty(&value).map_err(failed)? + "\n")
}

/// Renders an inspection for people, with one line per warning.
#[must_use]
pub fn render(inspection: &Inspection, warnings: &Diagnostics) -> String {
    let mut output = String::new();
    let counts = inspection.counts;
    let skipped = counts.operations_selected - counts.operations;
    // Writing to a string cannot fail.
    let _ = writeln!(output, "{} {}", inspection.title, inspection.version);
    let _ = writeln!(output, "  format      {}", inspection.format);
    let _ = writeln!(
        output,
        "  operations  {} of {} in the document, {skipped} skipped",
        counts.operations, counts.operations_defined
    );
    let _ = writeln!(output, "  schemas     {} ({} unions)", counts.schemas, counts.unions);
    let mut tags: BTreeMap<&str, Vec<&InspectedOperation>> = BTreeMap::new();
    for operation in &inspection.operations {
        let tag = operation.tags.first().map_or("", String::as_str);
        tags.entry(tag).or_default().push(operation);
    }
    for (tag, operations) in tags {
        let _ = writeln!(output, "\n# {}", if tag.is_empty() { "no tag" } else { tag });
        operations.iter().for_each(|operation| write_operation(&mut output, operation));
    }
    write_types(&mut output, inspection);
    if !warnings.is_empty() {
        output.push_str("\n# warnings\n");
        warnings.lines().for_each(|line| output.extend([line.as_str(), "\n"]));
    }
    output
}

fn write_operation(output: &mut String, operation: &InspectedOperation) {
    let InspectedOperation { method, path, id, .. } = operation;
    let name = match &operation.name {
        Some(name) => format!("{name}()"),
        None => "skipped; see the warnings".to_owned(),
    };
    let _ = writeln!(output, "{method} {path}  {id} → {name}");
    let mut locations: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for parameter in &operation.parameters {
        locations.entry(&parameter.location).or_default().push(&parameter.name);
    }
    for (location, names) in locations {
        let _ = writeln!(output, "  {location:<7} {}", names.join(", "));
    }
    let body = |body: &InspectedBody| match &body.ty {
        Some(ty) => format!("{ty} ({})", body.media_type),
        None => body.media_type.clone(),
    };
    let lines = [("body", &operation.bodies)].into_iter().chain(
        operation.responses.iter().map(|response| (response.status.as_str(), &response.bodies)),
    );
    for (name, bodies) in lines {
        let bodies: Vec<String> = bodies.iter().map(body).collect();
        match bodies.join(" or ") {
            none if none.is_empty() && name == "body" => {}
            none if none.is_empty() => {
                let _ = writeln!(output, "  {name:<7} nothing");
            }
            bodies => {
                let _ = writeln!(output, "  {name:<7} {bodies}");
            }
        }
    }
}

fn write_types(output: &mut String, inspection: &Inspection) {
    let simple = |of: fn(&InspectedKind) -> bool| -> Vec<&str> {
        let types = inspection.types.iter().filter(|ty| of(&ty.kind));
        types.map(|ty| ty.name.as_str()).collect()
    };
    let lists = [
        ("structs", simple(|kind| matches!(kind, InspectedKind::Struct { .. }))),
        ("enums", simple(|kind| matches!(kind, InspectedKind::Enum { .. }))),
        ("aliases", simple(|kind| matches!(kind, InspectedKind::Alias))),
    ];
    for (title, names) in lists.iter().filter(|(_, names)| !names.is_empty()) {
        let _ = writeln!(output, "\n# {title}\n{}", names.join(", "));
    }
    let mut is_first = true;
    for ty in &inspection.types {
        let InspectedKind::Union { variants, decision } = &ty.kind else { continue };
        if std::mem::take(&mut is_first) {
            output.push_str("\n# unions\n");
        }
        let _ = writeln!(output, "{}: {}  {}", ty.name, variants.join(" | "), ty.pointer);
        for InspectedRule { json_type, how } in decision {
            write_how(output, how, &format!("{json_type} "), 1);
        }
    }
}

/// Writes how a variant is selected, after the condition that leads to it.
fn write_how(output: &mut String, how: &DecisionMethod, lead: &str, depth: usize) {
    let indent = "  ".repeat(depth);
    let other = |output: &mut String, otherwise: &Option<Box<DecisionMethod>>| match otherwise {
        Some(how) => write_how(output, how, "else ", depth + 1),
        None => {
            let _ = writeln!(output, "{indent}  else → kept as JSON");
        }
    };
    match how {
        DecisionMethod::Only { variant } => {
            let _ = writeln!(output, "{indent}{lead}→ {variant}");
        }
        DecisionMethod::String { property, values, otherwise, absent } => {
            let what = match property {
                Some(property) => format!("the value of `{property}`"),
                None => "its value".to_owned(),
            };
            let _ = writeln!(output, "{indent}{lead}by {what}:");
            for (strings, how) in values {
                let strings: Vec<_> = strings.iter().map(|value| format!("{value:?}")).collect();
                write_how(output, how, &format!("{} ", strings.join(", ")), depth + 1);
            }
            if let Some(how) = absent {
                write_how(output, how, "if absent ", depth + 1);
            }
            other(output, otherwise);
        }
        DecisionMethod::Presence { properties, otherwise } => {
            let _ =
                writeln!(output, "{indent}{lead}by the first of these properties that is present:");
            for (property, variant) in properties {
                let _ = writeln!(output, "{indent}  `{property}` → {variant}");
            }
            other(output, otherwise);
        }
        DecisionMethod::Properties { variants } => {
            let names = variants.join(", ");
            let _ = writeln!(output, "{indent}{lead}by the names of all properties: {names}");
        }
        DecisionMethod::Trial { variants } => {
            let names = variants.join(", ");
            let _ = writeln!(output, "{indent}{lead}by trial, the one that fits best: {names}");
        }
    }
}
