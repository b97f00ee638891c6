//! A place in the text of a query, and the words from there on.

use super::QueryError;
use super::pattern::Pattern;

/// A place in the text of a query.
pub(super) struct Cursor<'q> {
    text: &'q str,
    at: usize,
}

/// A word as it was written.
pub(super) struct Word {
    /// Where it begins.
    pub(super) start: usize,
    /// What it means, escapes and wildcards understood.
    pub(super) pattern: Pattern,
    /// Whether it is as it stands: no escape makes an operator out of it.
    pub(super) is_plain: bool,
}

impl<'q> Cursor<'q> {
    pub(super) fn new(text: &'q str) -> Self {
        Self { text, at: 0 }
    }

    /// The place, to report an error there later.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn error(&self, message: impl Into<String>) -> QueryError {
        self.error_at(self.at, message)
    }

    pub(super) fn error_at(&self, at: usize, message: impl Into<String>) -> QueryError {
        let before = self.text.get(..at).unwrap_or(self.text);
        QueryError { position: before.chars().count() + 1, message: message.into() }
    }

    pub(super) fn rest(&self) -> &'q str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Takes this text if it comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    /// Takes an operator if it comes next as a word of its own.
    pub(super) fn take_operator(&mut self, operator: &str) -> bool {
        let ends = |rest: &str| {
            rest.chars().next().is_none_or(|next| next.is_whitespace() || "()\"".contains(next))
        };
        let found = self.rest().strip_prefix(operator).is_some_and(ends);
        if found {
            self.at += operator.len();
        }
        found
    }

    /// Reads a word up to white space, a bracket, a quotation mark or, in a key, a colon.
    pub(super) fn word(&mut self, is_key: bool) -> Result<Word, QueryError> {
        let start = self.at;
        let (mut pattern, mut is_plain) = (Pattern::default(), true);
        while let Some(next) = self.peek() {
            match next {
                '\\' => {
                    self.bump();
                    let escaped = self.bump().ok_or_else(|| {
                        self.error("a character must follow `\\`; for itself write `\\\\`")
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
                ':' if is_key => break,
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

    /// Reads a phrase, whose opening quotation mark has been read.
    pub(super) fn phrase(&mut self) -> Result<Pattern, QueryError> {
        let start = self.at - 1;
        let mut pattern = Pattern::default();
        loop {
            match self.bump() {
                None => return Err(self.error_at(start, "this quotation mark is never closed")),
                Some('"') => return Ok(pattern),
                Some('\\') if matches!(self.peek(), Some('"' | '\\')) => {
                    pattern.push(self.bump().unwrap_or('\\'));
                }
                Some(other) => pattern.push(other),
            }
        }
    }
}
