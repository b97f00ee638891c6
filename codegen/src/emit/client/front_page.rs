//! The documentation of a generated crate: what the API is, and a first call.

use std::fmt::Write as _;

use super::operation::names;
use crate::emit::context::Context;
use crate::ir::{Api, Credential, Operation};

/// The maximum length of the introduction, which comes from the OpenAPI document.
const MAX_LENGTH: usize = 500;

/// Returns the front page of a generated crate.
pub(super) fn text(context: Context<'_>, package: &str) -> String {
    let paragraphs = [introduction(context.api), example(context, package)];
    paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// Returns the first paragraph of the API's documentation that is not a heading, list, table or HTML.
fn introduction(api: &Api) -> Option<String> {
    let docs = api.docs.as_deref()?.replace("\r\n", "\n");
    let is_prose =
        |block: &&str| block.starts_with(|c: char| c.is_alphanumeric() || "*_[`\"".contains(c));
    let paragraph = docs.split("\n\n").map(str::trim).find(is_prose)?;
    if paragraph.contains("```") || paragraph.starts_with("* ") {
        return None;
    }
    let Some(start) = paragraph.char_indices().nth(MAX_LENGTH).map(|(at, _)| &paragraph[..at])
    else {
        return Some(paragraph.to_owned());
    };
    // Keep complete sentences.
    start.rfind(". ").map(|end| start[..=end].to_owned())
}

/// Returns an example that builds a client and makes one call. It is not a doctest, since it would
/// send a request.
fn example(context: Context<'_>, package: &str) -> Option<String> {
    let api = context.api;
    let is_easy = |operation: &&Operation| {
        operation.method == "GET" && names::required(context, operation).is_empty()
    };
    let mut operations = api.operations.iter();
    let first = operations.clone().find(is_easy).or_else(|| operations.next())?;
    let mut text = format!(
        "```text\nuse {}::Client;\n\nlet client = Client::builder()\n",
        package.replace('-', "_")
    );
    let has_address = api.server.url.contains("://") && first.servers.is_empty();
    if !has_address {
        text.push_str("    .base_url(\"https://…\")\n");
    }
    let schemes = first.security.first().into_iter().flatten();
    for scheme in schemes.filter_map(|scheme| api.security_schemes.get(*scheme)) {
        let values = match scheme.credential {
            Credential::Basic => "\"user:password\"",
            _ => "\"…\"",
        };
        let _ = writeln!(text, "    .{}({values})", scheme.name.0);
    }
    text.push_str("    .build()?;\n");
    let arguments = names::required(context, first);
    let names: Vec<String> = arguments.iter().map(|(name, ..)| name.to_string()).collect();
    let _ = write!(
        text,
        "let answer = client.{}({}).send().await?;\n```",
        first.name.0,
        names.join(", ")
    );
    Some(text)
}

#[cfg(test)]
mod tests {
    use crate::{Config, Input, Layout, Package, Source};

    /// The files of a crate of a description.
    fn generated(spec: &str) -> Result<crate::FileSet, String> {
        let package = Package { name: "pets-client".to_owned(), ..Package::default() };
        let layout = Layout { package: Some(package), ..Layout::default() };
        let config = Config { layout, ..Config::default() };
        let output = crate::generate(&Input::new(Source::new("pets.yaml", spec), config));
        output.map(|output| output.files).map_err(|found| found.render(false))
    }

    const SPEC: &str = r##"openapi: 3.0.3
info: { title: 'Pets "and" more', version: 1.2, description: "# Pets\n\nAll about pets.\nAnd more.\n\nElse." }
servers: [{ url: /v1 }]
paths:
  /pets/{id}:
    get:
      operationId: getPet
      security: [{ key: [], login: [] }]
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { "204": { description: One. } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: K }
    login: { type: http, scheme: basic }
"##;

    #[test]
    fn a_crate_says_what_it_is_and_how_to_begin() {
        let files = generated(SPEC);
        let text = |path: &str| files.as_ref().map(|files| files.get(path).unwrap_or_default());
        let (root, client, manifest) =
            (text("src/lib.rs"), text("src/client.rs"), text("Cargo.toml"));
        let expected = "\n//! All about pets. And more.\n//!\n//! ```text\n//! use pets_client::Client;\n//!\n\
                        //! let client = Client::builder()\n//!     .base_url(\"https://…\")\n\
                        //!     .key(\"…\")\n//!     .login(\"user:password\")\n//!     .build()?;\n\
                        //! let answer = client.get_pet(id).send().await?;\n//! ```\n";
        assert!(root.as_ref().is_ok_and(|root| root.contains(expected)), "{root:?}");
        // What it names is there.
        for item in ["fn base_url(", "fn key(", "fn login(", "fn build(", "fn get_pet("] {
            assert!(client.as_ref().is_ok_and(|client| client.contains(item)), "{item} {client:?}");
        }
        let manifest = manifest.unwrap_or_default();
        let described = "\ndescription = \"A client of Pets \\\"and\\\" more, version 1.2.\"\n";
        assert!(manifest.contains(described), "{manifest}");
        assert!(manifest.parse::<toml::Table>().is_ok(), "{manifest}");
    }

    #[test]
    fn what_needs_nothing_comes_first_and_long_texts_are_cut_to_sentences() {
        let easy = "paths:\n  /all: { get: { operationId: all, responses: { '204': { description: All. } } } }\n";
        let spec = SPEC.replace("paths:\n", easy).replace("/v1", "'https://a.example'");
        let spec = spec.replace("All about pets.", &"Long it is. ".repeat(100));
        let files = generated(&spec).unwrap_or_default();
        let root = files.get("src/lib.rs").unwrap_or_default();
        assert!(root.contains("client.all().send()") && !root.contains(".base_url("), "{root}");
        let count = root.matches("Long it is.").count();
        assert!((30..45).contains(&count), "{root}");
    }
}
