//! From the arguments of the macro to the code that stands in its place.

use std::env;
use std::path::PathBuf;

use proc_macro2::fallback;
use quote::quote;
use specwright::{Failure, Layout, files};

use crate::arguments::Arguments;
use crate::modules;

/// What the macro becomes.
pub(crate) struct Expanded {
    /// Rust.
    pub(crate) code: String,
    /// What a person should know, each on one line.
    pub(crate) warnings: Vec<String>,
}

/// Generates, and makes nested modules of the files.
///
/// # Errors
/// Fails with the text to show.
pub(crate) fn expand(arguments: &Arguments) -> Result<Expanded, String> {
    // The compiler gives its tokens only to the thread that it calls, and the generator has
    // several. What they make becomes the compiler's tokens when all of it is there, as text.
    fallback::force();
    let expanded = generate(arguments);
    fallback::unforce();
    expanded
}

fn generate(arguments: &Arguments) -> Result<Expanded, String> {
    // The first line of an error of the compiler is behind `error: `.
    let failed = |failure: &Failure| {
        format!("{} is refused\n\n{}", arguments.spec, failure.render(false).trim_end())
    };
    let base = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let overlays: Vec<PathBuf> = arguments.overlays.iter().map(|path| base.join(path)).collect();
    let config = arguments.config.as_ref().map(|path| base.join(path));
    let loaded = files::load(&base, &base.join(&arguments.spec), config.as_deref(), &overlays)
        .map_err(|failure| failed(&failure))?;
    let mut input = loaded.input;
    arguments.apply(&mut input.config);
    input.config.layout = Layout { module: modules::ROOT.to_owned(), ..Layout::default() };
    let output = specwright::generate(&input).map_err(|found| failed(&Failure::from(found)))?;
    let modules = modules::nested(&output.files).map_err(|error| error.to_string())?;
    // What a crate includes, it is compiled again for.
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
    fn every_file_that_was_read_is_tracked() {
        let code = expanded("\"fixtures/clock.yaml\", overlay = \"fixtures/overlay.yaml\"")
            .unwrap_or_else(|error| panic!("{error}"))
            .code;
        for file in ["clock.yaml", "overlay.yaml", "parts.yaml"] {
            assert!(code.contains(&format!("{file}\"")), "{file} is not tracked");
        }
        assert!(!code.contains("__specwright"), "a path leads to no module");
    }

    #[test]
    fn what_is_wrong_is_told_with_file_and_line() {
        let Err(message) = expanded("\"fixtures/refused.yaml\"") else {
            panic!("the description is wrong");
        };
        let expected = "fixtures/refused.yaml is refused

error[unknown-ref]: `#/components/responses/Gone` leads nowhere
 --> fixtures/refused.yaml:8:18
  |
6 |       operationId: getTime
7 |       responses:
8 |         \"200\": { $ref: '#/components/responses/Gone' }
  |                  ^^^^
  |
  = help: correct the reference, or add what it names";
        assert_eq!(message, expected);
    }

    #[test]
    fn arguments_that_do_not_exist_and_files_that_are_not_there_are_told() {
        for (arguments, expected) in [
            ("\"fixtures/clock.yaml\", tags = \"a\"", "there is no argument `tags`"),
            ("\"fixtures/clock.yaml\", tag = \"a\"", "there is no operation with the tag `a`"),
            ("\"fixtures/none.yaml\"", "cannot read"),
            (
                "\"fixtures/clock.yaml\", config = \"a\", config = \"b\"",
                "there is one configuration",
            ),
            ("fixtures", "expected string literal"),
        ] {
            let Err(message) = expanded(arguments) else { panic!("{arguments} is taken") };
            assert!(message.contains(expected), "{arguments}: {message}");
        }
    }
}
