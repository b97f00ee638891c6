//! `specwright inspect`: what is in a description, and what becomes of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use specwright::files::load;
use specwright::{
    DecisionMethod, Diagnostics, InspectedBody, InspectedKind, InspectedOperation, InspectedRule,
    Inspection,
};

use crate::choice::Choice;
use crate::plan::shown;

/// What is looked at.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// The description: a file of YAML or JSON.
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// What is looked at of it.
    #[command(flatten)]
    pub choice: Choice,
    /// Print JSON, for programs.
    #[arg(long)]
    pub json: bool,
}

/// Prints what is in a description.
///
/// # Errors
/// Fails with the text to show.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let Arguments { spec, choice, json } = arguments;
    let loaded = load(Path::new(""), spec, choice.config.as_deref(), &choice.overlay);
    let mut input = loaded.map_err(|failure| shown(&failure))?.input;
    choice.apply(&mut input.config);
    let (inspection, warnings) =
        specwright::inspect(&input).map_err(|found| shown(&found.into()))?;
    let text = match json {
        true => json_of(&inspection, &warnings)?,
        false => text_of(&inspection, &warnings),
    };
    // Whoever reads this may have seen enough before the end.
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("error: cannot write: {error}"))
        }
        _ => Ok(()),
    }
}

/// All of it as JSON, with the warnings, each on one line.
///
/// # Errors
/// Fails if it cannot be written as JSON.
pub fn json_of(inspection: &Inspection, warnings: &Diagnostics) -> Result<String, String> {
    let failed = |error: serde_json::Error| format!("error: {error}");
    let mut value = serde_json::to_value(inspection).map_err(failed)?;
    if let Some(entries) = value.as_object_mut() {
        entries.insert("warnings".to_owned(), warnings.lines().collect());
    }
    Ok(serde_json::to_string_pretty(&value).map_err(failed)? + "\n")
}

/// All of it as text, with the warnings, each on one line.
#[must_use]
pub fn text_of(inspection: &Inspection, warnings: &Diagnostics) -> String {
    let mut text = String::new();
    let counts = inspection.counts;
    let skipped = counts.operations_selected - counts.operations;
    // Writing into a text cannot fail.
    let _ = writeln!(text, "{} {}", inspection.title, inspection.version);
    let _ = writeln!(
        text,
        "  operations  {} of {} in the description, {skipped} left out",
        counts.operations, counts.operations_defined
    );
    let _ = writeln!(text, "  schemas     {} ({} unions)", counts.schemas, counts.unions);
    let mut tags: BTreeMap<&str, Vec<&InspectedOperation>> = BTreeMap::new();
    for operation in &inspection.operations {
        let tag = operation.tags.first().map_or("", String::as_str);
        tags.entry(tag).or_default().push(operation);
    }
    for (tag, operations) in tags {
        let _ = writeln!(text, "\n# {}", if tag.is_empty() { "no tag" } else { tag });
        operations.iter().for_each(|operation| write_operation(&mut text, operation));
    }
    write_types(&mut text, inspection);
    if !warnings.is_empty() {
        text.push_str("\n# warnings\n");
        warnings.lines().for_each(|line| text.extend([line.as_str(), "\n"]));
    }
    text
}

fn write_operation(text: &mut String, operation: &InspectedOperation) {
    let InspectedOperation { method, path, id, .. } = operation;
    let name = match &operation.name {
        Some(name) => format!("{name}()"),
        None => "left out: see the warnings".to_owned(),
    };
    let _ = writeln!(text, "{method} {path}  {id} → {name}");
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for parameter in &operation.parameters {
        places.entry(&parameter.location).or_default().push(&parameter.name);
    }
    for (place, names) in places {
        let _ = writeln!(text, "  {place:<7} {}", names.join(", "));
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
                let _ = writeln!(text, "  {name:<7} nothing");
            }
            bodies => {
                let _ = writeln!(text, "  {name:<7} {bodies}");
            }
        }
    }
}

fn write_types(text: &mut String, inspection: &Inspection) {
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
        let _ = writeln!(text, "\n# {title}\n{}", names.join(", "));
    }
    let mut is_first = true;
    for ty in &inspection.types {
        let InspectedKind::Union { variants, decision } = &ty.kind else { continue };
        if std::mem::take(&mut is_first) {
            text.push_str("\n# unions\n");
        }
        let _ = writeln!(text, "{}: {}  {}", ty.name, variants.join(" | "), ty.pointer);
        for InspectedRule { json_type, how } in decision {
            write_how(text, how, &format!("{json_type} "), 1);
        }
    }
}

/// Writes how a variant is found, behind what has led there.
fn write_how(text: &mut String, how: &DecisionMethod, lead: &str, depth: usize) {
    let indent = "  ".repeat(depth);
    let other = |text: &mut String, otherwise: &Option<Box<DecisionMethod>>| match otherwise {
        Some(how) => write_how(text, how, "else ", depth + 1),
        None => {
            let _ = writeln!(text, "{indent}  else → kept as JSON");
        }
    };
    match how {
        DecisionMethod::Only { variant } => {
            let _ = writeln!(text, "{indent}{lead}→ {variant}");
        }
        DecisionMethod::String { property, values, otherwise } => {
            let what = match property {
                Some(property) => format!("the value of `{property}`"),
                None => "its text".to_owned(),
            };
            let _ = writeln!(text, "{indent}{lead}by {what}:");
            for (texts, how) in values {
                let texts: Vec<_> = texts.iter().map(|text| format!("{text:?}")).collect();
                write_how(text, how, &format!("{} ", texts.join(", ")), depth + 1);
            }
            other(text, otherwise);
        }
        DecisionMethod::Presence { properties, otherwise } => {
            let _ = writeln!(text, "{indent}{lead}by which property is there, the first counts:");
            for (property, variant) in properties {
                let _ = writeln!(text, "{indent}  `{property}` → {variant}");
            }
            other(text, otherwise);
        }
        DecisionMethod::Trial { variants } => {
            let names = variants.join(", then ");
            let _ = writeln!(text, "{indent}{lead}tried: {names}, as nothing tells them apart");
        }
    }
}
