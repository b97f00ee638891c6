//! Turns the arguments of the macro into the generated code.

use std::env;
use std::path::PathBuf;

use proc_macro2::fallback;
use quote::quote;
use specwright::{GeneratorError, Layout, files};

use crate::arguments::Arguments;
use crate::modules;

/// The result of the macro.
pub(crate) struct Expanded {
    /// The generated code.
    pub(crate) code: String,
    /// The warnings, each on one line.
    pub(crate) warnings: Vec<String>,
}

/// Generates the client as nested modules.
///
/// # Errors
/// Returns an error with the diagnostics.
pub(crate) fn expand(arguments: &Arguments) -> Result<Expanded, String> {
    // The compiler's tokens can only be used in the thread that it calls, and the generator has
    // several. They use fallback tokens; the complete code is passed to the compiler as a string.
    fallback::force();
    let expanded = generate(arguments);
    fallback::unforce();
    expanded
}

fn generate(arguments: &Arguments) -> Result<Expanded, String> {
    // The compiler prints the first line after `error: `.
    let failed = |failure: &GeneratorError| {
        format!("{} has errors\n\n{}", arguments.spec, failure.render(false).trim_end())
    };
    let base = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let paths =
        |paths: &[String]| -> Vec<PathBuf> { paths.iter().map(|path| base.join(path)).collect() };
    let (overlays, folders) = (paths(&arguments.overlays), paths(&arguments.allow_files));
    let config = arguments.config.as_ref().map(|path| base.join(path));
    let spec = base.join(&arguments.spec);
    let loaded = files::load_allowing(&base, &spec, config.as_deref(), &overlays, &folders)
        .map_err(|failure| failed(&failure))?;
    let mut input = loaded.input;
    arguments.apply(&mut input.config);
    input.config.layout = Layout { module: "self".to_owned(), ..Layout::default() };
    let output =
        specwright::generate(&input).map_err(|found| failed(&GeneratorError::from(found)))?;
    let modules = modules::nested(&output.files).map_err(|error| error.to_string())?;
    // A change of an included file recompiles the crate.
    let tracked = loaded.paths.iter().map(|path| path.display().to_string());
    let code = quote! {
        #modules
        #(const _: &[u8] = ::core::include_bytes!(#tracked);)*
    };
    Ok(Expanded { code: code.to_string(), warnings: output.warnings.lines().collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(arguments: &str) -> Result<Expanded, String> {
        let arguments = syn::parse_str(arguments).map_err(|error| error.to_string())?;
        expand(&arguments)
    }

    #[test]
    fn all_input_files_are_tracked() {
        let code = expanded("\"fixtures/clock.yaml\", overlay = \"fixtures/overlay.yaml\"")
            .unwrap_or_else(|error| panic!("{error}"))
            .code;
        for file in ["clock.yaml", "overlay.yaml", "parts.yaml"] {
            assert!(code.contains(&format!("{file}\"")), "{file} is not tracked");
        }
        assert!(!code.contains("crate ::"), "a path is absolute");
    }

    #[test]
    fn errors_have_file_and_line() {
        let Err(message) = expanded("\"fixtures/invalid.yaml\"") else {
            panic!("the document is invalid");
        };
        let expected = "fixtures/invalid.yaml has errors

error[unresolved-reference]: unresolved reference `#/components/responses/Gone`
 --> fixtures/invalid.yaml:8:18
  |
6 |       operationId: getTime
7 |       responses:
8 |         \"200\": { $ref: '#/components/responses/Gone' }
  |                  ^^^^
  |
  = help: fix the reference, or add its target
  = note: see docs/diagnostics.md#unresolved-reference";
        assert_eq!(message, expected);
    }

    #[test]
    fn unknown_arguments_and_missing_files_are_errors() {
        for (arguments, expected) in [
            ("\"fixtures/clock.yaml\", tags = \"a\"", "unknown argument `tags`"),
            ("\"fixtures/clock.yaml\", tag = \"a\"", "operation with the tag `a` not found"),
            ("\"fixtures/none.yaml\"", "cannot read"),
            (
                "\"fixtures/clock.yaml\", config = \"a\", config = \"b\"",
                "duplicate argument `config`",
            ),
            ("fixtures", "expected string literal"),
        ] {
            let Err(message) = expanded(arguments) else { panic!("{arguments} is accepted") };
            assert!(message.contains(expected), "{arguments}: {message}");
        }
    }
}
