//! Rust source as tokens with line numbers: as much of the syntax as the rules need.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tidy) enum Kind {
    /// An identifier or keyword.
    Word,
    /// A string, character or number.
    Literal,
    Lifetime,
    /// One character, or `::`.
    Punctuation,
    Comment,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(in crate::tidy) struct Token<'a> {
    pub(in crate::tidy) kind: Kind,
    pub(in crate::tidy) source: &'a str,
    pub(in crate::tidy) line: usize,
}

impl Token<'_> {
    pub(in crate::tidy) fn is(&self, source: &str) -> bool {
        self.source == source
    }
}

/// Splits Rust source into tokens. Never fails: the compiler reports syntax errors.
pub(in crate::tidy) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let (kind, length) = match first {
            _ if first.is_whitespace() => (None, first.len_utf8()),
            '/' if rest.starts_with("//") => (Some(Kind::Comment), until(rest, "\n", 2)),
            '/' if rest.starts_with("/*") => (Some(Kind::Comment), block_comment(rest)),
            '"' => (Some(Kind::Literal), quoted(rest, 0)),
            '\'' => quote(rest),
            '0'..='9' => (Some(Kind::Literal), word(rest)),
            _ if is_word(first) => prefixed(rest),
            ':' if rest.starts_with("::") => (Some(Kind::Punctuation), 2),
            _ => (Some(Kind::Punctuation), first.len_utf8()),
        };
        let (token, after) = rest.split_at(length);
        tokens.extend(kind.map(|kind| Token { kind, source: token, line }));
        line += token.matches('\n').count();
        rest = after;
    }
    tokens
}

/// Returns the tokens without comments.
pub(in crate::tidy) fn code(source: &str) -> Vec<Token<'_>> {
    let mut tokens = tokens(source);
    tokens.retain(|token| token.kind != Kind::Comment);
    tokens
}

/// Returns the index after the group that opens at `start`.
pub(in crate::tidy) fn after_group(tokens: &[Token<'_>], start: usize) -> usize {
    let mut depth = 0_usize;
    for (i, token) in tokens.iter().enumerate().skip(start) {
        match token.source {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    tokens.len()
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

fn word(source: &str) -> usize {
    source.find(|character| !is_word(character)).unwrap_or(source.len())
}

/// A word, or the literal that it is the prefix of.
fn prefixed(source: &str) -> (Option<Kind>, usize) {
    let length = word(source);
    let (prefix, rest) = source.split_at(length);
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let is_string = rest[hashes..].starts_with('"');
    match prefix {
        "r" | "br" | "cr" if is_string => {
            let end = format!("\"{}", "#".repeat(hashes));
            let closing = until(source, &end, length + hashes + 1);
            (Some(Kind::Literal), (closing + end.len()).min(source.len()))
        }
        "b" | "c" if rest.starts_with('"') => (Some(Kind::Literal), quoted(source, 1)),
        "b" if rest.starts_with('\'') => {
            let (kind, end) = quote(rest);
            (kind, length + end)
        }
        "r" if hashes == 1 => (Some(Kind::Word), length + 1 + word(&rest[1..])),
        _ => (Some(Kind::Word), length),
    }
}

/// The length up to `end`, searched after the first `skipped` bytes.
fn until(source: &str, end: &str, skipped: usize) -> usize {
    source[skipped..].find(end).map_or(source.len(), |found| skipped + found)
}

fn block_comment(source: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < source.len() {
        match source.as_bytes().get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    source.len()
}

/// The length of a string with escapes, whose opening quote is at `start`.
fn quoted(source: &str, start: usize) -> usize {
    let mut is_escaped = false;
    for (i, byte) in source.bytes().enumerate().skip(start + 1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return i + 1,
            _ => {}
        }
    }
    source.len()
}

/// A character or a lifetime.
fn quote(source: &str) -> (Option<Kind>, usize) {
    let mut characters = source.char_indices().skip(1);
    let first = characters.next().map(|(_, character)| character);
    let second = characters.next();
    match (first, second) {
        (Some('\\'), Some((escaped, _))) => {
            let escaped = escaped + 1;
            let end = source[escaped..].find('\'').map_or(source.len(), |end| escaped + end + 1);
            (Some(Kind::Literal), end)
        }
        (Some(_), Some((end, '\''))) => (Some(Kind::Literal), end + 1),
        _ => (Some(Kind::Lifetime), 1 + word(&source[1..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(source: &str) -> Vec<&str> {
        tokens(source).into_iter().map(|token| token.source).collect()
    }

    #[test]
    fn strings_and_comments_are_single_tokens() {
        assert_eq!(
            sources(r##"a(r#"x"y"#, "\"")"##),
            ["a", "(", "r#\"x\"y\"#", ",", "\"\\\"\"", ")"]
        );
        assert_eq!(sources("/* a /* b */ c */ d // e\nf"), ["/* a /* b */ c */", "d", "// e", "f"]);
        assert_eq!(sources("// at the end"), ["// at the end"]);
        assert_eq!(sources("r#type b'x' b\"y\""), ["r#type", "b'x'", "b\"y\""]);
    }

    #[test]
    fn lifetimes_are_not_characters() {
        assert_eq!(
            sources(r"'a 'b' '\'' '\u{7f}' &'_ x"),
            ["'a", "'b'", r"'\''", r"'\u{7f}'", "&", "'_", "x"]
        );
    }

    #[test]
    fn lines_are_counted_across_tokens() {
        let lines: Vec<usize> =
            tokens("a\n\"b\nc\" d\n/*\n*/ e").iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn groups_are_balanced() {
        let tokens = tokens("{ a ( b ) } c");
        assert_eq!(after_group(&tokens, 0), 6);
    }
}
