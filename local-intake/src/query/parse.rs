//! The parser of queries.
//!
//! ```ebnf
//! or     = and ("OR" and)*
//! and    = clause ("AND"? clause)*
//! clause = ("-" | "NOT") clause | "(" or ")" | name ":" value | phrase | word
//! value  = "(" or, with values as clauses ")" | phrase | range | comparison | word
//! ```

use std::str::FromStr;

use super::ast::{Field, Query, Test};
use super::cursor::{Cursor, Word};
use super::error::QueryError;
use super::value::{Bound, Comparison, number};

/// The maximum nesting of brackets and negations.
pub(super) const MAX_DEPTH: usize = 100;
/// The maximum length of a query in characters.
const MAX_LENGTH: usize = 50_000;
/// The maximum number of clauses. Each clause is evaluated for each event.
const MAX_CLAUSES: usize = 1024;

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(source: &str) -> Result<Self, QueryError> {
        parse(source)
    }
}

fn parse(source: &str) -> Result<Query, QueryError> {
    let mut parser = Parser { cursor: Cursor::new(source), depth: 0, clauses: 0 };
    if let Some((end, _)) = source.char_indices().nth(MAX_LENGTH) {
        let message = format!("the query is longer than {MAX_LENGTH} characters");
        return Err(parser.cursor.error_at(end, message));
    }
    parser.cursor.skip_space();
    if parser.cursor.peek().is_none() {
        return Ok(Query::All);
    }
    let query = parser.any_of(None)?;
    match parser.cursor.peek() {
        None => Ok(query),
        Some(other) => Err(parser.cursor.error(format!("unexpected `{other}`"))),
    }
}

struct Parser<'q> {
    cursor: Cursor<'q>,
    depth: usize,
    clauses: usize,
}

impl Parser<'_> {
    /// Parses clauses joined by `OR`: within the brackets of a field, its values.
    fn any_of(&mut self, field: Option<&Field>) -> Result<Query, QueryError> {
        let mut parts = vec![self.all_of(field)?];
        while self.cursor.take_operator("OR") {
            self.expect("OR")?;
            parts.push(self.all_of(field)?);
        }
        Ok(joined(parts, Query::Or))
    }

    fn all_of(&mut self, field: Option<&Field>) -> Result<Query, QueryError> {
        let mut parts = vec![self.clause(field)?];
        loop {
            self.cursor.skip_space();
            if self.cursor.take_operator("AND") {
                self.expect("AND")?;
            } else if self.is_end() || self.is_operator("OR") {
                return Ok(joined(parts, Query::And));
            }
            parts.push(self.clause(field)?);
        }
    }

    fn clause(&mut self, field: Option<&Field>) -> Result<Query, QueryError> {
        self.cursor.skip_space();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.cursor.error("the query is nested too deeply"));
        }
        self.clauses += 1;
        if self.clauses > MAX_CLAUSES {
            let message = format!("the query has more than {MAX_CLAUSES} clauses");
            return Err(self.cursor.error(message));
        }
        let clause = if self.takes_negation(field.is_some()) {
            self.expect("a negation")?;
            Query::Not(Box::new(self.clause(field)?))
        } else {
            self.positive(field)?
        };
        self.depth -= 1;
        Ok(clause)
    }

    /// Consumes a negation. In a value, a minus before a digit is part of the number.
    fn takes_negation(&mut self, is_value: bool) -> bool {
        let is_number = || {
            let mut next = self.cursor.rest().chars().skip(1);
            next.next().is_some_and(|c| c.is_ascii_digit())
        };
        if is_value && is_number() {
            return false;
        }
        self.cursor.take_operator("NOT") || self.cursor.take("-")
    }

    fn positive(&mut self, field: Option<&Field>) -> Result<Query, QueryError> {
        for operator in ["AND", "OR"] {
            if self.is_operator(operator) {
                return Err(self.cursor.error(format!(
                    "expected a clause before `{operator}`; to search for the word, put it in quotes"
                )));
            }
        }
        let open = self.cursor.position();
        if self.cursor.take("(") {
            let query = self.any_of(field)?;
            if !self.cursor.take(")") {
                return Err(self.cursor.error_at(open, "unclosed bracket"));
            }
            return Ok(query);
        }
        if let Some(field) = field {
            return self.value(field);
        }
        if self.cursor.take("\"") {
            return self.cursor.phrase().map(Query::Phrase);
        }
        let word = self.cursor.word(true)?;
        if self.cursor.take(":") {
            return self.named(word);
        }
        match word.pattern {
            pattern if pattern.is_any() => Ok(Query::All),
            pattern if pattern.is_empty() => Err(self.unexpected()),
            pattern => Ok(Query::Phrase(pattern)),
        }
    }

    /// Parses what follows a name and its colon.
    fn named(&mut self, word: Word) -> Result<Query, QueryError> {
        if word.pattern.is_any() && self.cursor.take("*") {
            return Ok(Query::All);
        }
        let Some(name) = word.pattern.as_literal() else {
            let message = "wildcards are only supported in values, not in names";
            return Err(self.cursor.error_at(word.start, message));
        };
        let exists = match name {
            "_exists_" => Some(true),
            "_missing_" => Some(false),
            _ => None,
        };
        if let (Some(exists), true) = (exists, word.is_plain) {
            let start = self.cursor.position();
            let operand = self.cursor.word(false)?;
            let name = operand.pattern.as_literal().filter(|name| !matches!(*name, "" | "@"));
            let name = name.ok_or_else(|| {
                self.cursor.error_at(start, "expected the name of an attribute or tag")
            })?;
            let query = Query::Field(field(name), Test::Exists);
            return Ok(if exists { query } else { Query::Not(Box::new(query)) });
        }
        if matches!(name, "" | "@") {
            return Err(self.cursor.error_at(word.start, "expected a name before the colon"));
        }
        let field = field(name);
        let open = self.cursor.position();
        if self.cursor.take("(") {
            let query = self.any_of(Some(&field))?;
            if !self.cursor.take(")") {
                return Err(self.cursor.error_at(open, "unclosed bracket"));
            }
            return Ok(query);
        }
        self.value(&field)
    }

    fn value(&mut self, field: &Field) -> Result<Query, QueryError> {
        self.test().map(|test| Query::Field(field.clone(), test))
    }

    fn test(&mut self) -> Result<Test, QueryError> {
        if self.cursor.take("\"") {
            return self.cursor.phrase().map(Test::Is);
        }
        if matches!(self.cursor.peek(), Some('[' | '{')) {
            return self.range();
        }
        let comparisons = [
            (">=", Comparison::AtLeast),
            ("<=", Comparison::AtMost),
            (">", Comparison::Above),
            ("<", Comparison::Below),
        ];
        for (operator, comparison) in comparisons {
            if self.cursor.take(operator) {
                let word = self.cursor.word(false)?;
                let bound = word.pattern.as_literal().and_then(number);
                let bound = bound.ok_or_else(|| {
                    let message =
                        format!("expected a number after `{operator}`, such as `5` or `2min`");
                    self.cursor.error_at(word.start, message)
                })?;
                return Ok(Test::Compare(comparison, bound));
            }
        }
        match self.cursor.word(false)?.pattern {
            pattern if pattern.is_any() => Ok(Test::Exists),
            pattern if pattern.is_empty() => Err(self.unexpected()),
            pattern => Ok(Test::Is(pattern)),
        }
    }

    /// Parses `[a TO b]`. A brace instead of a bracket excludes the bound.
    fn range(&mut self) -> Result<Test, QueryError> {
        let open = self.cursor.position();
        let low_inclusive = self.cursor.bump() == Some('[');
        let low = self.bound()?;
        self.cursor.skip_space();
        if !self.cursor.take_operator("TO") {
            return Err(self
                .cursor
                .error("expected `TO`; the syntax of a range is `[low TO high]`"));
        }
        let high = self.bound()?;
        self.cursor.skip_space();
        let high_inclusive = match self.cursor.bump() {
            Some(']') => true,
            Some('}') => false,
            _ => return Err(self.cursor.error_at(open, "unclosed range")),
        };
        Ok(Test::Range {
            low: low.map(|bound| (bound, low_inclusive)),
            high: high.map(|bound| (bound, high_inclusive)),
        })
    }

    fn bound(&mut self) -> Result<Option<Bound>, QueryError> {
        self.cursor.skip_space();
        if self.cursor.take("\"") {
            let phrase = self.cursor.phrase()?;
            return Ok(Some(Bound::String(phrase.as_literal().unwrap_or_default().to_owned())));
        }
        let word = self.cursor.word(false)?;
        match word.pattern.as_literal() {
            None if word.pattern.is_any() => Ok(None),
            None => Err(self
                .cursor
                .error_at(word.start, "the only wildcard supported in a bound is `*` alone")),
            Some("") => Err(self.unexpected()),
            Some(literal) => Ok(Some(match number(literal) {
                Some(number) => Bound::Number(number),
                None => Bound::String(literal.to_owned()),
            })),
        }
    }

    /// Requires a clause after the last token.
    fn expect(&mut self, after: &str) -> Result<(), QueryError> {
        self.cursor.skip_space();
        if self.is_end() {
            let after = if after.contains(' ') { after.to_owned() } else { format!("`{after}`") };
            return Err(self.cursor.error(format!("expected a clause after {after}")));
        }
        Ok(())
    }

    fn is_end(&self) -> bool {
        matches!(self.cursor.peek(), None | Some(')'))
    }

    fn is_operator(&self, operator: &str) -> bool {
        Cursor::new(self.cursor.rest()).take_operator(operator)
    }

    fn unexpected(&self) -> QueryError {
        self.cursor.error(match self.cursor.peek() {
            None => "expected a value".to_owned(),
            Some(c) if c.is_whitespace() => "expected a value".to_owned(),
            Some(c) => format!("unexpected `{c}`; to search for it, write `\\{c}`"),
        })
    }
}

fn field(name: &str) -> Field {
    match name.strip_prefix('@') {
        Some(path) => Field::Attribute(path.to_owned()),
        None => Field::Tag(name.to_owned()),
    }
}

/// Joins several parts, or returns the only one.
fn joined(mut parts: Vec<Query>, join: fn(Vec<Query>) -> Query) -> Query {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}
