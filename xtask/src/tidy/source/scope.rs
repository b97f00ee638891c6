//! What one file declares, imports and names, for each of its modules.

use std::collections::BTreeSet;

use super::tokens::{Kind, Token, after_group, code};

/// Macros whose arguments are not code of the file: they expand where the macro is used, or are
/// code that a generator writes.
const QUOTING: [&str; 4] = ["macro_rules", "parse_quote", "quote", "quote_spanned"];

/// A module of a file: the file's own, or an inline one.
#[derive(Debug, Default)]
pub(in crate::tidy) struct Scope {
    /// The inline modules that it is in.
    pub(in crate::tidy) inline: Vec<String>,
    pub(in crate::tidy) files: Vec<Declaration>,
    pub(in crate::tidy) defined: BTreeSet<String>,
    /// Macros that `#[macro_export]` moves to the root of the crate.
    pub(in crate::tidy) exported: BTreeSet<String>,
    pub(in crate::tidy) uses: Vec<Use>,
    pub(in crate::tidy) paths: Vec<(Vec<String>, usize)>,
    /// The types of inherent `impl` blocks.
    pub(in crate::tidy) impls: Vec<(String, usize)>,
}

/// `mod name;`
#[derive(Debug)]
pub(in crate::tidy) struct Declaration {
    pub(in crate::tidy) name: String,
    /// The value of `#[path]`.
    pub(in crate::tidy) path: Option<String>,
    pub(in crate::tidy) line: usize,
}

/// One path of a `use` item.
#[derive(Clone, Debug)]
pub(in crate::tidy) struct Use {
    pub(in crate::tidy) path: Vec<String>,
    /// The name that it has here; `*` for all.
    pub(in crate::tidy) name: String,
    pub(in crate::tidy) is_reexport: bool,
    pub(in crate::tidy) line: usize,
}

/// Reads a file, without its test modules.
pub(super) fn scopes(source: &str) -> Vec<Scope> {
    let tokens = without_tests(&code(source));
    let mut reader = Reader {
        tokens: &tokens,
        scopes: vec![Scope::default()],
        open: vec![(0, 0)],
        depth: 0,
        path: None,
        is_exported: false,
        is_visible: false,
    };
    let mut at = 0;
    while at < tokens.len() {
        at = reader.step(at);
    }
    reader.scopes
}

/// Leaves out the items under `#[cfg(test)]` and `#[test]`.
pub(in crate::tidy) fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if token.is("#") && tokens.get(at + 1).is_some_and(|next| next.is("[")) {
            let end = after_group(tokens, at + 1);
            let attribute = &tokens[at + 2..end];
            let has = |word: &str| attribute.iter().any(|token| token.is(word));
            let is_test = attribute[0].is("test") || attribute[0].is("cfg") && has("test");
            if is_test && !has("not") {
                at = after_item(tokens, end);
                continue;
            }
        }
        kept.push(*token);
        at += 1;
    }
    kept
}

/// Returns the index after the item, field or attribute list that begins at `at`.
fn after_item(tokens: &[Token<'_>], mut at: usize) -> usize {
    while tokens.get(at).is_some_and(|token| token.is("#")) {
        at = after_group(tokens, at + 1);
    }
    let is_field = tokens.get(at + 1).is_some_and(|token| token.is(":"));
    let is_use = tokens[at..].iter().take(8).find(|token| token.is("use") || token.is("{"));
    let is_use = is_use.is_some_and(|token| token.is("use"));
    while let Some(token) = tokens.get(at) {
        match token.source {
            ";" => return at + 1,
            "," if is_field => return at + 1,
            "}" | ")" => return at,
            "{" if !is_use => return after_group(tokens, at),
            "{" | "(" | "[" => at = after_group(tokens, at),
            _ => at += 1,
        }
    }
    at
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    scopes: Vec<Scope>,
    /// The modules that are open: the index of each and the depth of its items.
    open: Vec<(usize, usize)>,
    depth: usize,
    /// The value of `#[path]` of the next item.
    path: Option<String>,
    /// Whether the next item has `#[macro_export]`.
    is_exported: bool,
    /// Whether the item has a visibility.
    is_visible: bool,
}

impl Reader<'_> {
    fn source(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.source)
    }

    fn is_word(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Word)
    }

    /// The module that is read, and whether the position is between its items.
    fn current(&mut self) -> (&mut Scope, bool) {
        let (index, depth) = self.open.last().copied().unwrap_or_default();
        (&mut self.scopes[index], depth == self.depth)
    }

    /// Reads the token at `at`, and what belongs to it; returns the index of the next.
    fn step(&mut self, at: usize) -> usize {
        let token = self.tokens[at];
        match token.source {
            "{" | "(" | "[" => self.depth += 1,
            "}" | ")" | "]" => {
                self.depth = self.depth.saturating_sub(1);
                if self.open.last().is_some_and(|(_, depth)| *depth > self.depth) {
                    self.open.pop();
                }
                self.is_visible = false;
            }
            ";" => self.is_visible = false,
            "#" => return self.attribute(at),
            _ if token.kind == Kind::Word => return self.word(at),
            _ => {}
        }
        at + 1
    }

    fn attribute(&mut self, at: usize) -> usize {
        let open = if self.source(at + 1) == "!" { at + 2 } else { at + 1 };
        if self.source(open) != "[" {
            return at + 1;
        }
        match self.source(open + 1) {
            "path" => self.path = Some(self.source(open + 3).trim_matches('"').to_owned()),
            "macro_export" => self.is_exported = true,
            _ => {}
        }
        after_group(self.tokens, open)
    }

    fn word(&mut self, at: usize) -> usize {
        let line = self.tokens[at].line;
        let next = self.source(at + 1).to_owned();
        match self.source(at) {
            "pub" => {
                self.is_visible = true;
                let is_restricted = ["crate", "in", "self", "super"].contains(&self.source(at + 2));
                let after = if next == "(" && is_restricted {
                    after_group(self.tokens, at + 1)
                } else {
                    at + 1
                };
                return after;
            }
            "use" if next != "<" => return self.use_item(at),
            "mod" if self.is_word(at + 1) => return self.module(at),
            macro_name if next == "!" && QUOTING.contains(&macro_name) => {
                let name = self.is_word(at + 2).then(|| self.source(at + 2).to_owned());
                let is_exported = std::mem::take(&mut self.is_exported);
                let (scope, _) = self.current();
                let names = if is_exported { &mut scope.exported } else { &mut scope.defined };
                names.extend(name.clone());
                return after_group(self.tokens, at + 2 + usize::from(name.is_some()));
            }
            "impl" => {
                let is_item = self.current().1;
                let starts =
                    at == 0 || ["}", ";", "]", "{", "unsafe"].contains(&self.source(at - 1));
                if let Some(name) = self.inherent(at).filter(|_| is_item && starts) {
                    self.current().0.impls.push((name, line));
                }
            }
            "const" | "enum" | "fn" | "static" | "struct" | "trait" | "type" | "union"
                if self.is_word(at + 1) =>
            {
                let name = if next == "mut" { self.source(at + 2).to_owned() } else { next };
                let (scope, is_item) = self.current();
                if is_item {
                    scope.defined.insert(name);
                }
                self.is_visible = false;
                self.path = None;
            }
            _ if next == "::" => return self.inline_path(at),
            _ => {}
        }
        at + 1
    }

    fn module(&mut self, at: usize) -> usize {
        let name = self.source(at + 1).to_owned();
        let line = self.tokens[at].line;
        let path = self.path.take();
        let is_inline = self.source(at + 2) == "{";
        let depth = self.depth + 1;
        let (scope, is_item) = self.current();
        if !is_item {
            return at + 1;
        }
        if is_inline {
            let inline = [&scope.inline[..], &[name]].concat();
            self.open.push((self.scopes.len(), depth));
            self.scopes.push(Scope { inline, ..Scope::default() });
        } else {
            scope.files.push(Declaration { name, path, line });
        }
        self.is_visible = false;
        at + 2
    }

    fn use_item(&mut self, at: usize) -> usize {
        let is_reexport = std::mem::take(&mut self.is_visible) && self.current().1;
        let mut paths = Vec::new();
        let end = self.use_tree(at + 1, &[], &mut paths);
        let found =
            paths.into_iter().map(|(path, name, line)| Use { path, name, is_reexport, line });
        let found: Vec<Use> = found.collect();
        self.current().0.uses.extend(found);
        end
    }

    /// Reads one tree up to the `,`, `}` or `;` after it.
    fn use_tree(
        &self,
        mut at: usize,
        prefix: &[String],
        paths: &mut Vec<(Vec<String>, String, usize)>,
    ) -> usize {
        let mut path = prefix.to_vec();
        let line = self.tokens.get(at).map_or(0, |token| token.line);
        if self.source(at) == "::" {
            path.push(String::new());
            at += 1;
        }
        let mut name = None;
        loop {
            match self.source(at) {
                "{" => {
                    at += 1;
                    while !["}", ";", ""].contains(&self.source(at)) {
                        at = self.use_tree(at, &path, paths);
                        at += usize::from(self.source(at) == ",");
                    }
                    return at + 1;
                }
                "" | "," | ";" | "}" => break,
                "as" => {
                    name = Some(self.source(at + 1).to_owned());
                    at += 2;
                }
                "*" => {
                    name = Some("*".to_owned());
                    at += 1;
                }
                "::" => at += 1,
                "self" if !path.is_empty() => at += 1,
                segment => {
                    path.push(segment.to_owned());
                    at += 1;
                }
            }
        }
        let name = name.or_else(|| path.last().cloned()).unwrap_or_default();
        paths.push((path, name, line));
        at
    }

    fn inline_path(&mut self, at: usize) -> usize {
        let line = self.tokens[at].line;
        let mut path = vec![self.source(at).to_owned()];
        let mut end = at + 1;
        while self.source(end) == "::" && self.is_word(end + 1) {
            path.push(self.source(end + 1).to_owned());
            end += 2;
        }
        let is_continued = at > 0 && ["::", "."].contains(&self.source(at - 1));
        if !is_continued && path.len() > 1 {
            self.current().0.paths.push((path, line));
        }
        end
    }

    /// Returns the type of an inherent `impl`; none for one of a trait.
    fn inherent(&self, at: usize) -> Option<String> {
        let mut at = at + 1;
        if self.source(at) == "<" {
            let mut depth = 0_usize;
            loop {
                match self.source(at) {
                    "<" => depth += 1,
                    ">" if self.source(at - 1) != "-" => depth -= 1,
                    "" => return None,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    break;
                }
            }
        }
        let mut name = None;
        let mut is_named = false;
        loop {
            match self.source(at) {
                "{" | ";" | "where" | "" => return name,
                "for" if self.source(at + 1) != "<" => return None,
                "<" => is_named = true,
                source if !is_named && self.is_word(at) => name = Some(source.to_owned()),
                _ => {}
            }
            at += 1;
        }
    }
}
