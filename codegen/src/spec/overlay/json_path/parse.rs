//! The parser of paths. Each character is read once, and what is nested is limited, so time and stack
//! are bounded.

use super::syntax::{Query, Segment, Selector};

/// Maximum nesting of brackets, parentheses and negations.
pub(super) const MAX_DEPTH: usize = 64;

/// Maximum nesting of filters. Each of them can visit the whole document for each value.
pub(super) const MAX_FILTERS: usize = 8;

/// Why an expression is invalid.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Invalid {
    /// It is nested more deeply than this number of levels.
    Depth(usize),
    /// A syntax error at an offset in bytes.
    Syntax(usize, &'static str),
}

pub(super) type Parsed<T> = Result<T, Invalid>;

/// The parser: an expression, and the offset of the next character.
pub(super) struct Parser<'a> {
    pub(super) expression: &'a str,
    pub(super) at: usize,
    depth: usize,
    filters: usize,
}

/// Parses a whole expression, which starts with `$`.
pub(super) fn parse(expression: &str) -> Parsed<Query> {
    let mut parser = Parser { expression, at: 0, depth: 0, filters: 0 };
    parser.expect('$', "expected `$`")?;
    let query = Query { is_absolute: true, segments: parser.segments()? };
    match parser.peek() {
        None => Ok(query),
        Some(_) => Err(parser.error("expected `.` or `[`")),
    }
}

impl<'a> Parser<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.expression.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Skips a string, if it is next.
    pub(super) fn skip(&mut self, string: &str) -> bool {
        let is_next = self.rest().starts_with(string);
        if is_next {
            self.at += string.len();
        }
        is_next
    }

    pub(super) fn expect(&mut self, c: char, reason: &'static str) -> Parsed<()> {
        if self.peek() != Some(c) {
            return Err(self.error(reason));
        }
        self.at += c.len_utf8();
        Ok(())
    }

    pub(super) fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    pub(super) fn error(&self, reason: &'static str) -> Invalid {
        Invalid::Syntax(self.at, reason)
    }

    /// Parses something that is one level deeper.
    pub(super) fn within<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            return Err(Invalid::Depth(MAX_DEPTH));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Parses segments until something else follows.
    pub(super) fn segments(&mut self) -> Parsed<Vec<Segment>> {
        let mut segments = Vec::new();
        loop {
            let before = self.at;
            self.blanks();
            if self.skip("..") {
                let selectors = match self.peek() {
                    Some('[') => self.within(Self::brackets)?,
                    _ => vec![self.shorthand()?],
                };
                segments.push(Segment { is_descendant: true, selectors });
            } else if self.skip(".") {
                let selectors = vec![self.shorthand()?];
                segments.push(Segment { is_descendant: false, selectors });
            } else if self.peek() == Some('[') {
                let selectors = self.within(Self::brackets)?;
                segments.push(Segment { is_descendant: false, selectors });
            } else {
                // Blanks are only allowed before a segment.
                self.at = before;
                return Ok(segments);
            }
        }
    }

    /// Parses a name or `*` after a dot.
    fn shorthand(&mut self) -> Parsed<Selector> {
        if self.skip("*") {
            return Ok(Selector::Wildcard);
        }
        let is_first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
        let rest = self.rest();
        if !rest.starts_with(is_first) {
            return Err(self.error("expected a name that starts with a letter or `_`, or `*`"));
        }
        let end = rest.find(|c: char| !is_first(c) && !c.is_ascii_digit());
        let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        self.at += name.len();
        Ok(Selector::Name(name.to_owned()))
    }

    fn brackets(&mut self) -> Parsed<Vec<Selector>> {
        self.expect('[', "expected `[`")?;
        let mut selectors = Vec::new();
        loop {
            self.blanks();
            selectors.push(self.selector()?);
            self.blanks();
            match self.next() {
                Some(',') => {}
                Some(']') => return Ok(selectors),
                Some(c) => {
                    self.at -= c.len_utf8();
                    return Err(self.error("expected `,` or `]`"));
                }
                None => return Err(self.error("expected `,` or `]`")),
            }
        }
    }

    fn selector(&mut self) -> Parsed<Selector> {
        match self.peek() {
            Some('*') => {
                self.at += 1;
                Ok(Selector::Wildcard)
            }
            Some('"' | '\'') => Ok(Selector::Name(self.string()?)),
            Some('?') => {
                self.at += 1;
                self.blanks();
                if self.filters == MAX_FILTERS {
                    return Err(Invalid::Depth(MAX_FILTERS));
                }
                self.filters += 1;
                let condition = self.condition()?;
                self.filters -= 1;
                Ok(Selector::Filter(condition))
            }
            Some(':' | '-' | '0'..='9') => self.index_or_slice(),
            _ => Err(self.error("expected a name in quotes, an index, a slice, `*` or `?`")),
        }
    }

    fn index_or_slice(&mut self) -> Parsed<Selector> {
        let start = self.optional_integer()?;
        let after = self.at;
        self.blanks();
        if !self.skip(":") {
            self.at = after;
            return start.map(Selector::Index).ok_or_else(|| self.error("expected an index"));
        }
        self.blanks();
        let end = self.optional_integer()?;
        let after = self.at;
        self.blanks();
        if !self.skip(":") {
            self.at = after;
            return Ok(Selector::Slice(start, end, 1));
        }
        let after = self.at;
        self.blanks();
        let step = self.optional_integer()?;
        if step.is_none() {
            self.at = after;
        }
        Ok(Selector::Slice(start, end, step.unwrap_or(1)))
    }
}
