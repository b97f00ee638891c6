//! The documentation of a generated crate: what the API is, and a first call.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::names;
use crate::emit::context::Context;
use crate::emit::docs;
use crate::ir::{Api, Credential, Operation};

/// The maximum length of the introduction, which comes from the OpenAPI document.
const MAX_LENGTH: usize = 500;

/// Where a user finds the parts of the crate.
const CONTENTS: [&str; 4] = [
    "",
    "- [`Client`] has a method for each operation; [`ClientBuilder`] has its settings.",
    "- [`operations`] has the request types, and [`models`] the types of bodies.",
    "- [`Error`] is the error of all calls; [`ErrorBody`] is the body of an error response.",
];

/// Returns the first line of the generated code's documentation.
pub(super) fn title(api: &Api) -> String {
    format!("{}: a client generated from the OpenAPI document.", api.title)
}

/// Returns the front page of a generated crate.
pub(super) fn front_page(context: Context<'_>, package: &str) -> TokenStream {
    let paragraphs = [introduction(context.api), example(context, package)];
    let paragraphs = std::iter::once(title(context.api)).chain(paragraphs.into_iter().flatten());
    let comment = docs::inner_comment(&paragraphs.collect::<Vec<_>>().join("\n\n"));
    let contents = docs::inner_lines(CONTENTS);
    quote!(#comment #contents)
}

/// Returns the first paragraph of the API's documentation that is not a heading, list, table or
/// HTML.
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
    let needs_nothing = |operation: &&Operation| {
        operation.method == "GET" && names::required(context, operation).is_empty()
    };
    let mut operations = api.operations.iter();
    let first = operations.clone().find(needs_nothing).or_else(|| operations.next())?;
    let mut example = format!(
        "# Usage\n\n```text\nuse {}::Client;\n\nlet client = Client::builder()\n",
        package.replace('-', "_")
    );
    let has_address = api.server.url.contains("://") && first.servers.is_empty();
    if !has_address {
        example.push_str("    .base_url(\"https://…\")\n");
    }
    let schemes = first.security.first().into_iter().flatten();
    for scheme in schemes.filter_map(|scheme| api.security_schemes.get(*scheme)) {
        let values = match scheme.credential {
            Credential::Basic => "\"…\", \"…\"",
            _ => "\"…\"",
        };
        let _ = writeln!(example, "    .{}({values})", scheme.name.0);
    }
    example.push_str("    .build()?;\n");
    let arguments = names::required(context, first);
    let names: Vec<String> = arguments.iter().map(|(name, ..)| name.to_string()).collect();
    let _ = write!(
        example,
        "let response = client.{}({}).send().await?;\n```",
        first.name.0,
        names.join(", ")
    );
    Some(example)
}

#[cfg(test)]
mod tests {
    use crate::{Config, Input, Layout, Package, Source};

    /// Generates a crate.
    fn generated(spec: &str) -> Result<crate::FileSet, String> {
        let package = Package { name: "pets-client".to_owned(), ..Package::default() };
        let layout = Layout { package: Some(package), ..Layout::default() };
        let config = Config { layout, ..Config::default() };
        let output = crate::generate(&Input::new(Source::new("pets.yaml", spec), config));
        output.map(|output| output.files).map_err(|errors| errors.render(false))
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
    fn the_front_page_has_an_introduction_and_an_example() {
        let files = generated(SPEC);
        let file = |path: &str| files.as_ref().map(|files| files.get(path).unwrap_or_default());
        let (root, client, manifest) =
            (file("src/lib.rs"), file("src/client.rs"), file("Cargo.toml"));
        let expected = "\n//! All about pets. And more.\n//!\n//! # Usage\n//!\n//! ```text\n//! use pets_client::Client;\n//!\n\
                        //! let client = Client::builder()\n//!     .base_url(\"https://…\")\n\
                        //!     .key(\"…\")\n//!     .login(\"…\", \"…\")\n//!     .build()?;\n\
                        //! let response = client.get_pet(id).send().await?;\n//! ```\n";
        assert!(root.as_ref().is_ok_and(|root| root.contains(expected)), "{root:?}");
        // The example names existing items.
        for item in ["fn base_url(", "fn key(", "fn login(", "fn build(", "fn get_pet("] {
            assert!(client.as_ref().is_ok_and(|client| client.contains(item)), "{item} {client:?}");
        }
        let manifest = manifest.unwrap_or_default();
        let expected = "\ndescription = \"A client for Pets \\\"and\\\" more, version 1.2.\"\n";
        assert!(manifest.contains(expected), "{manifest}");
        assert!(manifest.parse::<toml::Table>().is_ok(), "{manifest}");
    }

    #[test]
    fn the_example_needs_few_arguments_and_long_introductions_are_cut() {
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
