//! Any string of a document can be in generated code: in docs, literals and attributes.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use specwright::Output;

use crate::hostile::document::{generated, locations};

/// Locations whose string is sent or compared, so it is a literal of the generated code.
const LITERALS: [&str; 20] = [
    "@cookie@",
    "@item@",
    "@key@",
    "@list@",
    "@map value@",
    "@one@",
    "@operation@",
    "@part@",
    "@pattern@",
    "@property@",
    "@query@",
    "@query default@",
    "@required@",
    "@scheme@",
    "@tag property@",
    "@tag value@",
    "@value@",
    "@variable default@",
    "@variable name@",
    "@path pattern@",
];

/// Strings that mean something in Rust, Markdown, TOML, file names or URLs, or that are not shown.
fn strings() -> Vec<String> {
    let fixed = [
        "",
        " ",
        "a\u{202e}b\u{2066}c",
        "\u{200f}\u{feff}",
        "a\0b\u{7f}\u{85}\u{2028}c",
        "a\nb\n\n    let c = 1;",
        "a\r\nb\rc",
        "*/ /* // /// //! /** a",
        "\"#\"##\\",
        "'a' \"b\" `c` ``d``",
        "```rust\nfn a( {\n",
        "~~~\n{} {a} {{b}}",
        "<b><Vec<T>> [a] [b](c) [d][e] [f]: g",
        "https://a.example/<b>?c=[d]",
        "#![deny(all)] r#\"x\"# #[a]",
        "${a} {b} %s %41 \\n \\u{41} \\",
        "type",
        "con",
        "../../a",
        "\u{1f600}\u{1f468}\u{200d}\u{1f469}",
        "\u{65e5}\u{672c}",
        "x@y.example",
    ];
    let mut all: Vec<String> = fixed.map(str::to_owned).to_vec();
    all.push("long ".repeat(2000));
    all.push("q".repeat(5000));
    all
}

/// Adds the string literals of some tokens.
fn literals(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Ok(literal) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    found.insert(literal.value());
                }
            }
            _ => {}
        }
    }
}

/// Returns whether a character is not shown, or changes the direction of what follows.
fn is_invisible(c: char) -> bool {
    let is_direction =
        matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_direction || c == '\u{feff}' || (c.is_control() && c != '\n')
}

#[test]
fn any_string_can_be_anywhere() {
    let (locations, strings) = (locations(), strings());
    for round in 0..strings.len() {
        let with: Vec<(String, &str)> = locations
            .iter()
            .enumerate()
            .map(|(i, location)| {
                (format!("@{location}@"), strings[(i + round) % strings.len()].as_str())
            })
            .collect();
        for is_server in [false, true].into_iter().take(1 + usize::from(round % 4 == 0)) {
            let output = generated(&with, is_server);
            assert!(output.is_ok(), "round {round}: {:?}", output.err());
            let Ok(Output { files, warnings, .. }) = output else { continue };
            let mut found = BTreeSet::new();
            for (path, content) in files.iter() {
                assert!(!content.contains(is_invisible), "{path}: {content}");
                if path == "Cargo.toml" {
                    assert!(content.parse::<toml::Table>().is_ok(), "{content}");
                    continue;
                }
                assert!(syn::parse_file(content).is_ok(), "{path}: {content}");
                literals(content.parse().unwrap_or_default(), &mut found);
                // Comments between tokens were read as attributes.
                assert!(!content.contains("#[doc = "), "{path}: {content}");
            }
            // A pattern that is not supported is reported, and left out.
            let rendered = warnings.render(false);
            let is_left_out = |location: &str| {
                location.contains("pattern") && rendered.contains("[unsupported-pattern]")
            };
            for (location, string) in &with {
                let is_expected =
                    !is_server && LITERALS.contains(&location.as_str()) && !is_left_out(location);
                let shown: String = string.chars().take(80).collect();
                assert!(
                    !is_expected || found.contains(*string),
                    "round {round}: {location} is not {shown:?}: {rendered}"
                );
            }
        }
    }
}
