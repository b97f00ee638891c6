//! Generated code has only what the generator writes: known attributes and macros, no `unsafe`, no
//! file that the module tree does not have, and nothing of a document but strings and names.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use specwright::FileSet;

use super::attacks::CANARY;
use super::markdown;

/// The attributes of generated code, without their arguments.
const ATTRIBUTES: [&str; 12] = [
    "allow",
    "cfg",
    "cfg_attr",
    "default",
    "deprecated",
    "derive",
    "doc",
    "expect",
    "inline",
    "must_use",
    "non_exhaustive",
    "rustfmt::skip",
];

/// The macros that generated code calls, without the module of the runtime.
const MACROS: [&str; 15] = [
    "concat",
    "default_record",
    "env",
    "format",
    "generated_for",
    "integer_enum",
    "matches",
    "operation_error",
    "record",
    "redacted",
    "string_enum",
    "union",
    "union_by_type",
    "vec",
    "write",
];

/// Words before a negation of a group, which does not call a macro.
const KEYWORDS: [&str; 6] = ["else", "if", "in", "match", "return", "while"];

/// Checks all files. Returns what is wrong.
pub(super) fn check(files: &FileSet) -> Result<(), String> {
    check_all(&files.iter().collect())
}

/// Checks all files, each by its path. Returns what is wrong.
pub(super) fn check_all(files: &BTreeMap<&str, &str>) -> Result<(), String> {
    for (path, content) in files {
        let failed = |why: &str| format!("{path}: {why}\n{content}");
        let is_forbidden =
            |part: &str| matches!(part, "" | "." | "..") || part.contains(['\\', ':']);
        if path.split('/').any(is_forbidden) || path.contains(char::is_control) {
            return Err(failed("has a path that can leave the directory"));
        }
        if let Some(c) = content.chars().find(|c| c.is_control() && *c != '\n') {
            return Err(failed(&format!("has the character {c:?}")));
        }
        if *path == "Cargo.toml" {
            manifest(content).map_err(|why| failed(&why))?;
            continue;
        }
        let file = syn::parse_file(content).map_err(|error| failed(&error.to_string()))?;
        if file.shebang.is_some() {
            return Err(failed("has a shebang"));
        }
        let tokens: TokenStream = content.parse().map_err(|_| failed("cannot be read again"))?;
        Code { files, path }.check(tokens).map_err(|why| failed(&why))?;
    }
    Ok(())
}

/// A manifest has the same tables and keys for every document, but for features.
fn manifest(content: &str) -> Result<(), String> {
    let table: toml::Table = content.parse().map_err(|error| format!("{error}"))?;
    let keys = |table: &toml::Table| table.keys().cloned().collect::<Vec<_>>().join(" ");
    let dependencies = table.get("dependencies").and_then(toml::Value::as_table);
    let package = table.get("package").and_then(toml::Value::as_table);
    let has_others = keys(&table) != "dependencies features package"
        || dependencies.map(keys).as_deref() != Some("specwright-runtime")
        || package.is_none_or(|package| package.len() != 5);
    if has_others {
        return Err("the manifest has other tables or keys".to_owned());
    }
    let features = table.get("features").and_then(toml::Value::as_table);
    let is_plain = |c: char| c.is_alphanumeric() || "-_".contains(c);
    match features.into_iter().flatten().find(|(name, _)| !name.chars().all(is_plain)) {
        Some((name, _)) => Err(format!("the feature {name:?} is not a name")),
        None => Ok(()),
    }
}

/// A file that is checked.
struct Code<'a> {
    files: &'a BTreeMap<&'a str, &'a str>,
    path: &'a str,
}

impl Code<'_> {
    fn check(&self, stream: TokenStream) -> Result<(), String> {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut docs = String::new();
        let mut rest = tokens.as_slice();
        while let [token, after @ ..] = rest {
            rest = after;
            match (token, after) {
                (TokenTree::Punct(hash), _) if hash.as_char() == '#' => {
                    let is_inner =
                        matches!(after, [TokenTree::Punct(bang), ..] if bang.as_char() == '!');
                    rest = after.get(usize::from(is_inner)..).unwrap_or_default();
                    let [TokenTree::Group(group), after @ ..] = rest else {
                        return Err("has a `#` without an attribute".to_owned());
                    };
                    rest = after;
                    attribute(group.stream(), &mut docs)?;
                    continue;
                }
                (TokenTree::Group(group), _) => self.check(group.stream())?,
                (
                    TokenTree::Ident(name),
                    [TokenTree::Punct(bang), TokenTree::Group(arguments), ..],
                ) if bang.as_char() == '!' && !KEYWORDS.contains(&name.to_string().as_str()) => {
                    let name = name.to_string();
                    let is_environment = name == "env"
                        && !arguments.stream().to_string().starts_with("\"CARGO_PKG_");
                    if !MACROS.contains(&name.as_str()) || is_environment {
                        return Err(format!("calls the macro {name}"));
                    }
                }
                (TokenTree::Ident(word), [TokenTree::Ident(name), TokenTree::Punct(end), ..])
                    if word == "mod" && end.as_char() == ';' =>
                {
                    self.module(&name.to_string())?;
                }
                (TokenTree::Ident(name), _) => identifier(&name.to_string())?,
                (TokenTree::Literal(literal), _) => value(&literal.to_string())?,
                _ => {}
            }
            documentation(&docs)?;
            docs.clear();
        }
        documentation(&docs)
    }

    /// A module in another file is one of the generated files.
    fn module(&self, name: &str) -> Result<(), String> {
        let name = name.trim_start_matches("r#");
        let (folder, file) = self.path.rsplit_once('/').unwrap_or(("", self.path));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let folder = match file {
            "mod.rs" | "lib.rs" => folder,
            file => format!("{folder}{}/", file.trim_end_matches(".rs")),
        };
        let paths = [format!("{folder}{name}.rs"), format!("{folder}{name}/mod.rs")];
        match paths.iter().any(|path| self.files.contains_key(path.as_str())) {
            true => Ok(()),
            false => Err(format!("has the module {name}, but none of {paths:?} exists")),
        }
    }
}

/// Checks the documentation of an item.
fn documentation(docs: &str) -> Result<(), String> {
    match docs.is_empty() {
        true => Ok(()),
        false => {
            markdown::check(docs).map_err(|why| format!("has the documentation {docs:?}: {why}"))
        }
    }
}

/// Checks an attribute, and adds a line of documentation.
fn attribute(stream: TokenStream, docs: &mut String) -> Result<(), String> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let end = tokens.iter().position(|token| match token {
        TokenTree::Group(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == '=',
        _ => false,
    });
    let (name, arguments) = tokens.split_at(end.unwrap_or(tokens.len()));
    let name: String = name.iter().map(ToString::to_string).collect();
    if !ATTRIBUTES.contains(&name.as_str()) {
        return Err(format!("has the attribute {name}"));
    }
    match arguments {
        [_, TokenTree::Literal(line)] if name == "doc" => {
            let line = syn::parse_str::<syn::LitStr>(&line.to_string());
            let line = line.map_err(|error| format!("has documentation that is {error}"))?.value();
            docs.push_str(line.strip_prefix(' ').unwrap_or(&line));
            docs.push('\n');
            Ok(())
        }
        [TokenTree::Group(group)] => {
            // No macro can be called, and no file can be named, in an attribute.
            let words = group.stream().to_string();
            match group.delimiter() == Delimiter::Parenthesis && name != "path" {
                true => plain(group.stream()),
                false => Err(format!("has the attribute {name} with {words}")),
            }
        }
        [] => Ok(()),
        [_, TokenTree::Literal(_)] if name == "must_use" => Ok(()),
        _ => Err(format!("has the attribute {name} with other arguments")),
    }
}

/// Checks the arguments of an attribute: names, strings and lists of them.
fn plain(stream: TokenStream) -> Result<(), String> {
    for token in stream {
        match token {
            TokenTree::Group(group) => plain(group.stream())?,
            TokenTree::Ident(name) => identifier(&name.to_string())?,
            TokenTree::Literal(literal) => value(&literal.to_string())?,
            TokenTree::Punct(punct) if ",=:".contains(punct.as_char()) => {}
            TokenTree::Punct(punct) => return Err(format!("has `{punct}` in an attribute")),
        }
    }
    Ok(())
}

/// Checks an identifier. The canary alone is in no case of Rust, so it is never a name.
fn identifier(name: &str) -> Result<(), String> {
    match ["unsafe", "extern"].contains(&name) || name.trim_start_matches("r#") == CANARY {
        true => Err(format!("has the identifier {name}")),
        false => Ok(()),
    }
}

/// Checks a literal: a string on one line, a character, or a number.
fn value(literal: &str) -> Result<(), String> {
    let is_number = literal.starts_with(|c: char| c.is_ascii_digit());
    match literal.contains('\n') || (is_number && literal.contains(CANARY)) {
        true => Err(format!("has the literal {literal}")),
        false => Ok(()),
    }
}

/// Returns what code is, but for names, strings and documentation: how often each item occurs.
pub(super) fn skeleton(files: &FileSet) -> BTreeMap<String, usize> {
    let mut items = BTreeMap::new();
    for (path, content) in files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        for item in syn::parse_file(content).map(|file| file.items).unwrap_or_default() {
            let mut shape = String::new();
            anonymous(quote::ToTokens::into_token_stream(item), &mut shape);
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let depth = folder.matches('/').count();
            *items.entry(format!("{depth} {shape}")).or_default() += 1;
        }
    }
    items
}

fn anonymous(stream: TokenStream, shape: &mut String) {
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            // Attributes: documentation differs, others are checked on their own.
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                if matches!(tokens.peek(), Some(TokenTree::Group(_))) {
                    tokens.next();
                }
            }
            TokenTree::Group(group) => {
                shape.push('(');
                anonymous(group.stream(), shape);
                // The last comma of a list that is on several lines.
                if shape.ends_with(',') {
                    shape.pop();
                }
                shape.push(')');
            }
            TokenTree::Ident(_) => shape.push('i'),
            TokenTree::Literal(_) => shape.push('l'),
            TokenTree::Punct(punct) => shape.push(punct.as_char()),
        }
    }
}
