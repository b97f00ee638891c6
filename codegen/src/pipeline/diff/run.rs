//! The changes between two inputs.

use std::fmt;
use std::panic::resume_unwind;
use std::thread;

use super::super::stack::with_large_stack;
use super::change::Difference;
use super::finish::{Side, compare};
use super::surface::surfaces;
use crate::diagnostics::{Diagnostic, Diagnostics, Location, Severity, messages};
use crate::spec::Input;
use crate::{lower, select, spec};

/// The document that prevented a comparison, with all of its problems.
pub struct DiffError {
    /// Whether it is the old document.
    pub is_old: bool,
    /// Its diagnostics, warnings included.
    pub diagnostics: Box<Diagnostics>,
}

impl DiffError {
    /// Renders the error, with all diagnostics.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let which = if self.is_old { "old" } else { "new" };
        format!("{}\nerror: the {which} document is invalid", self.diagnostics.render(colour))
    }
}

impl fmt::Display for DiffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl fmt::Debug for DiffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for DiffError {}

/// Compares two documents, each with its configuration: what a client sends and receives, and the
/// Rust API that is generated.
///
/// An option or an overlay action that matches nothing is an error only if it matches nothing in both
/// documents.
///
/// # Errors
/// Returns the diagnostics of the document that cannot be generated.
///
/// ```
/// use specwright::{Config, Input, Source, Wire, diff};
///
/// let document = |method: &str| {
///     let spec = format!(r#"
/// openapi: 3.0.3
/// info: {{ title: Clock, version: "1" }}
/// paths:
///   /time:
///     {method}:
///       operationId: time
///       responses: {{ "204": {{ description: Done. }} }}
/// "#);
///     Input::new(Source::new("clock.yaml", spec), Config::default())
/// };
/// let difference = diff(&document("get"), &document("put")).expect("valid documents");
/// assert_eq!(difference.wire, Wire::BreaksClients);
/// assert_eq!(difference.changes[0].id, "path-changed");
/// ```
pub fn diff(old: &Input, new: &Input) -> Result<Difference, DiffError> {
    let (old_config, new_config, new_input) = (&old.config, &new.config, new);
    let (old, new) = thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || read(old));
        let new = read(new);
        let old = match other {
            Ok(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // Without memory for another thread, this one reads both.
            Err(_) => read(old),
        };
        (old, new)
    });
    let failed = |is_old| move |diagnostics| DiffError { is_old, diagnostics };
    let (old_side, old) = old.map_err(failed(true))?;
    let (new_side, mut new) = new.map_err(failed(false))?;
    let unmatched: Vec<(&str, &str)> = old.entries().iter().filter_map(unmatched).collect();
    let is_in_both =
        |entry: &Diagnostic| self::unmatched(entry).is_some_and(|entry| unmatched.contains(&entry));
    if new.entries().iter().any(is_in_both) {
        new.set_severity(Severity::Error, is_in_both);
        return Err(failed(false)(Box::new(new)));
    }
    let (old_api, new_api) = ((&old_side.api, old_config), (&new_side.api, new_config));
    let surfaces = with_large_stack(new_input, || surfaces(old_api, new_api));
    match surfaces {
        Ok(surfaces) => Ok(compare([&old_side, &new_side], &surfaces, [&old, &new])),
        Err((path, error)) => {
            new.report(Location::pointer(""), messages::invalid_rust(path, error));
            Err(failed(false)(Box::new(new)))
        }
    }
}

/// Returns what identifies an option or overlay action that matches nothing. What is suggested
/// instead differs by document.
fn unmatched(entry: &Diagnostic) -> Option<(&str, &str)> {
    let is_unmatched = ["unmatched-option", "unmatched-overlay-target"].contains(&entry.code.id);
    is_unmatched.then(|| (entry.code.id, entry.message.split(';').next().unwrap_or_default()))
}

fn read(input: &Input) -> Result<(Side, Diagnostics), Box<Diagnostics>> {
    with_large_stack(input, || read_here(input)).map_err(Box::new)
}

fn read_here(input: &Input) -> Result<(Side, Diagnostics), Diagnostics> {
    let mut diagnostics = input.diagnostics();
    if let Err(error) = input.config.layout.check() {
        diagnostics.report(Location::Config(0..0), messages::invalid_config(error));
    }
    // What matches nothing in one document may match in the other.
    let tolerate = |diagnostics: &mut Diagnostics| {
        diagnostics.set_severity(Severity::Warning, |entry| unmatched(entry).is_some());
    };
    let document = spec::load(input, &mut diagnostics);
    tolerate(&mut diagnostics);
    let document = diagnostics.checkpoint(document)?;
    let selection = select::select(&document, &input.config, &mut diagnostics);
    let api = lower::lower(&document, selection, &input.config, &mut diagnostics);
    tolerate(&mut diagnostics);
    let api = diagnostics.checkpoint(Some(api))?;
    Ok((Side { api, document }, diagnostics))
}
