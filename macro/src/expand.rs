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
    use std::fs;

    use proc_macro2::TokenTree;

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

    /// A name that no generated code has.
    const CANARY: &str = "zzPwned";

    /// Returns the names and the called macros of code, outside of strings.
    fn names(code: proc_macro2::TokenStream, found: &mut Vec<String>) {
        let tokens: Vec<TokenTree> = code.into_iter().collect();
        for (i, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => names(group.stream(), found),
                TokenTree::Ident(name) => {
                    let is_called = matches!(tokens.get(i + 1), Some(TokenTree::Punct(p)) if p.as_char() == '!');
                    found.push(format!("{name}{}", if is_called { "!" } else { "" }));
                }
                _ => {}
            }
        }
    }

    /// The strings of a document are strings and names in the code of the macro, too. The macro adds
    /// the constants that track the files.
    #[test]
    fn hostile_strings_add_no_code() {
        let document = include_str!("../fixtures/hostile.yaml");
        let folder = env::temp_dir().join(format!("specwright-macro-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{error}"));
        let mut accepted = 0;
        for (i, attack) in [
            "*/ fn zzPwned() {} /*",
            "a\nfn zzPwned() {}\n//",
            "a\u{2028}fn zzPwned() {}\r",
            "\"; fn zzPwned() {} const A: &str = \"",
            "\"#; zzPwned!(); r#\"",
            "\"]\nmod zzPwned; #[doc = \"",
            "include!(\"/etc/zzPwned\") env!(\"zzPwned\")",
            "{zzPwned} ${zzPwned} {0}",
            "```\nfn zzPwned() {}\n```",
            "../../zzPwned",
            "self",
            "",
        ]
        .into_iter()
        .enumerate()
        {
            let escaped: String = attack
                .chars()
                .map(|c| match c {
                    '"' | '\\' => format!("\\{c}"),
                    ' '..='~' => c.to_string(),
                    _ => format!("\\u{:04x}", u32::from(c)),
                })
                .collect();
            let path = folder.join(format!("{i}.yaml"));
            fs::write(&path, document.replace('@', &escaped))
                .unwrap_or_else(|error| panic!("{error}"));
            let Ok(expanded) = expanded(&format!("{:?}", path.display().to_string())) else {
                continue;
            };
            accepted += 1;
            assert!(syn::parse_file(&expanded.code).is_ok(), "{attack}");
            let mut found = Vec::new();
            let code: Result<proc_macro2::TokenStream, _> = expanded.code.parse();
            names(code.unwrap_or_else(|error| panic!("{attack}: {error}")), &mut found);
            let count = |name: &str| found.iter().filter(|found| *found == name).count();
            assert_eq!(
                (count(CANARY), count("zzPwned!"), count("include!")),
                (0, 0, 0),
                "{attack}"
            );
            // One constant for the document.
            assert_eq!(count("include_bytes!"), 1, "{attack}");
            assert!(expanded.warnings.iter().all(|line| !line.contains(char::is_control)));
        }
        let _ = fs::remove_dir_all(&folder);
        assert!(accepted >= 10, "{accepted} documents");
    }

    /// Paths are relative to the crate. References outside of the folder of the document need
    /// `allow_files`, as elsewhere.
    #[test]
    fn only_files_of_the_folder_are_read() {
        let folder = env::temp_dir().join(format!("specwright-macro-files-{}", std::process::id()));
        let write = |path: &str, content: &str| {
            let path = folder.join(path);
            let parent = path.parent().map(fs::create_dir_all);
            assert!(parent.is_some_and(|made| made.is_ok()) && fs::write(&path, content).is_ok());
            path.display().to_string()
        };
        write("secret.yaml", "type: string\ndescription: zzPwned\n");
        let spec = write(
            "spec/api.yaml",
            "openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths:\n  /a:\n    get:\n      operationId: a\n      \
             parameters: [{ name: q, in: query, schema: { $ref: ../secret.yaml } }]\n      responses: { '204': { description: None. } }\n",
        );
        let error = expanded(&format!("{spec:?}")).err().unwrap_or_default();
        assert!(error.contains("is not in the folder of the document"), "{error}");
        assert!(!error.contains(CANARY), "{error}");
        let allowed = folder.display().to_string();
        let code = expanded(&format!("{spec:?}, allow_files = {allowed:?}"));
        let code = code.map(|expanded| expanded.code).unwrap_or_else(|error| panic!("{error}"));
        assert!(code.contains(CANARY));
        let _ = fs::remove_dir_all(&folder);
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
