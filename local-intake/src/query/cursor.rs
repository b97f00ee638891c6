//! A position in a query, and the tokens from there on.

use super::error::QueryError;
use super::pattern::Pattern;

/// A position in the source of a query.
pub(super) struct Cursor<'q> {
    source: &'q str,
    /// In bytes.
    position: usize,
}

/// A word of a query.
pub(super) struct Word {
    /// Its position in bytes.
    pub(super) start: usize,
    /// Its meaning, with escapes and wildcards resolved.
    pub(super) pattern: Pattern,
    /// Whether it contains no escapes.
    pub(super) is_plain: bool,
}

impl<'q> Cursor<'q> {
    pub(super) fn new(source: &'q str) -> Self {
        Self { source, position: 0 }
    }

    /// Returns the position, for errors that are reported later.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn error(&self, message: impl Into<String>) -> QueryError {
        self.error_at(self.position, message)
    }

    pub(super) fn error_at(&self, position: usize, message: impl Into<String>) -> QueryError {
        let before = self.source.get(..position).unwrap_or(self.source);
        QueryError { position: before.chars().count() + 1, message: message.into() }
    }

    pub(super) fn rest(&self) -> &'q str {
        self.source.get(self.position..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.position += next.len_utf8();
        Some(next)
    }

    /// Consumes a token if it comes next.
    pub(super) fn take(&mut self, token: &str) -> bool {
        let is_next = self.rest().starts_with(token);
        if is_next {
            self.position += token.len();
        }
        is_next
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    /// Consumes an operator if it comes next as a separate word.
    pub(super) fn take_operator(&mut self, operator: &str) -> bool {
        let ends = |rest: &str| {
            rest.chars().next().is_none_or(|next| next.is_whitespace() || "()\"".contains(next))
        };
        let is_next = self.rest().strip_prefix(operator).is_some_and(ends);
        if is_next {
            self.position += operator.len();
        }
        is_next
    }

    /// Reads a word up to white space, a bracket, a quote or, in a name, a colon.
    pub(super) fn word(&mut self, is_name: bool) -> Result<Word, QueryError> {
        let start = self.position;
        let (mut pattern, mut is_plain) = (Pattern::default(), true);
        while let Some(next) = self.peek() {
            match next {
                '\\' => {
                    self.bump();
                    let escaped = self.bump().ok_or_else(|| {
                        self.error("expected a character after `\\`; write `\\\\` for a backslash")
                    })?;
                    pattern.push(escaped);
                    is_plain = false;
                }
                '*' => {
                    self.bump();
                    pattern.push_any();
                }
                '?' => {
                    self.bump();
                    pattern.push_one();
                }
                ':' if is_name => break,
                '(' | ')' | '[' | ']' | '{' | '}' | '"' => break,
                space if space.is_whitespace() => break,
                other => {
                    self.bump();
                    pattern.push(other);
                }
            }
        }
        Ok(Word { start, pattern, is_plain })
    }

    /// Reads the rest of a phrase, after its opening quote.
    pub(super) fn phrase(&mut self) -> Result<Pattern, QueryError> {
        let start = self.position - 1;
        let mut pattern = Pattern::default();
        loop {
            match self.bump() {
                None => return Err(self.error_at(start, "unclosed quote")),
                Some('"') => return Ok(pattern),
                Some('\\') if matches!(self.peek(), Some('"' | '\\')) => {
                    pattern.push(self.bump().unwrap_or('\\'));
                }
                Some(other) => pattern.push(other),
            }
        }
    }
}
