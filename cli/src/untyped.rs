//! `specwright inspect --untyped`: prints the schemas whose values stay JSON without a type.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use specwright::{Blame, Census, Input, untyped};

use crate::plan::shown;

/// Returns the census of a document, as JSON or for people.
///
/// # Errors
/// Returns an error with the diagnostics, or if the census cannot be serialized.
pub(crate) fn run(input: &Input, json: bool) -> Result<String, String> {
    let (census, warnings) = untyped(input).map_err(|found| shown(&found.into()))?;
    if !json {
        return Ok(render(&census));
    }
    let failed = |error: serde_json::Error| format!("error: {error}");
    let mut value = serde_json::to_value(&census).map_err(failed)?;
    if let Some(entries) = value.as_object_mut() {
        entries.insert("warnings".to_owned(), warnings.lines().collect());
    }
    Ok(serde_json::to_string_pretty(&value).map_err(failed)? + "\n")
}

/// Renders a census for people: counts, then one line per location.
fn render(census: &Census) -> String {
    let mut output = String::new();
    let mut by_blame: BTreeMap<Blame, usize> = BTreeMap::new();
    for location in &census.locations {
        *by_blame.entry(location.blame).or_default() += 1;
    }
    // Writing to a string cannot fail.
    let _ = writeln!(output, "{} of {} untyped", census.locations.len(), census.examined);
    for (blame, count) in by_blame {
        let _ = writeln!(output, "  {count:>6}  {}", name(blame));
    }
    output.push_str("\n# reasons\n");
    for (reason, count) in &census.counts {
        let _ = writeln!(output, "{count:>6}  {} ({})", reason.as_str(), name(reason.blame()));
    }
    output.push_str("\n# locations\n");
    for location in &census.locations {
        let pointer = match &location.position {
            Some(at) => {
                let _ = write!(output, "{}:{}:{}: ", at.file, at.line, at.column);
                &at.pointer
            }
            None => &location.pointer,
        };
        let (ty, reason) = (location.ty, location.reason.as_str());
        let _ = writeln!(output, "#{pointer} {reason}: `{ty}` ({})", name(location.blame));
    }
    output
}

fn name(blame: Blame) -> &'static str {
    match blame {
        Blame::Document => "document",
        Blame::Configuration => "configuration",
        Blame::Generator => "generator",
    }
}
