//! From the text of a query to what it asks for.
//!
//! ```text
//! or     = and ("OR" and)*
//! and    = clause ("AND"? clause)*
//! clause = ("-" | "NOT") clause | "(" or ")" | key ":" value | phrase | word
//! value  = "(" the same, of values ")" | phrase | range | comparison | word
//! ```

use super::cursor::{Cursor, Word};
use super::value::{Bound, Comparison, number};
use super::{Field, Query, QueryError, Test};

/// So many brackets and negations within each other are no question that a person asks.
const MAX_DEPTH: usize = 100;
/// Nor are so many characters, or words, values and tests in one query: each takes time for
/// each event.
const MAX_LENGTH: usize = 50_000;
const MAX_CLAUSES: usize = 1024;

pub(super) fn query(text: &str) -> Result<Query, QueryError> {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0, clauses: 0 };
    if let Some((end, _)) = text.char_indices().nth(MAX_LENGTH) {
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
        Some(other) => Err(parser.cursor.error(format!("nothing is open that `{other}` closes"))),
    }
}

struct Parser<'q> {
    cursor: Cursor<'q>,
    depth: usize,
    clauses: usize,
}

impl Parser<'_> {
    /// Clauses; within the brackets of a field, values of it.
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
            let message = format!("the query has more than {MAX_CLAUSES} parts");
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

    /// A minus in front of a number among the values of a field belongs to the number.
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
                    "something must stand before `{operator}`; to search for the word, put it in quotation marks"
                )));
            }
        }
        let open = self.cursor.position();
        if self.cursor.take("(") {
            let query = self.any_of(field)?;
            if !self.cursor.take(")") {
                return Err(self.cursor.error_at(open, "this bracket is never closed"));
            }
            return Ok(query);
        }
        if let Some(field) = field {
            return self.value(field);
        }
        if self.cursor.take("\"") {
            return self.cursor.phrase().map(Query::Text);
        }
        let word = self.cursor.word(true)?;
        if self.cursor.take(":") {
            return self.keyed(word);
        }
        match word.pattern {
            pattern if pattern.is_any() => Ok(Query::All),
            pattern if pattern.is_empty() => Err(self.unexpected()),
            pattern => Ok(Query::Text(pattern)),
        }
    }

    /// What follows a key and its colon.
    fn keyed(&mut self, key: Word) -> Result<Query, QueryError> {
        if key.pattern.is_any() && self.cursor.take("*") {
            return Ok(Query::All);
        }
        let Some(name) = key.pattern.as_literal() else {
            let message = "a key has no wildcards; they belong into the value";
            return Err(self.cursor.error_at(key.start, message));
        };
        let exists = match name {
            "_exists_" => Some(true),
            "_missing_" => Some(false),
            _ => None,
        };
        if let (Some(exists), true) = (exists, key.is_plain) {
            let start = self.cursor.position();
            let word = self.cursor.word(false)?;
            let name = word.pattern.as_literal().filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| {
                self.cursor.error_at(start, "the name of an attribute or tag must follow")
            })?;
            let query = Query::Field(field(name), Test::Exists);
            return Ok(if exists { query } else { Query::Not(Box::new(query)) });
        }
        if matches!(name, "" | "@") {
            return Err(self.cursor.error_at(key.start, "a name must stand before the colon"));
        }
        let field = field(name);
        let open = self.cursor.position();
        if self.cursor.take("(") {
            let query = self.any_of(Some(&field))?;
            if !self.cursor.take(")") {
                return Err(self.cursor.error_at(open, "this bracket is never closed"));
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
        for (sign, comparison) in comparisons {
            if self.cursor.take(sign) {
                let word = self.cursor.word(false)?;
                let bound = word.pattern.as_literal().and_then(number);
                let bound = bound.ok_or_else(|| {
                    let message = format!("a number must follow `{sign}`, such as `5` or `2min`");
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

    /// `[a TO b]`; a brace instead of a bracket leaves the bound out.
    fn range(&mut self) -> Result<Test, QueryError> {
        let open = self.cursor.position();
        let low_within = self.cursor.bump() == Some('[');
        let low = self.bound()?;
        self.cursor.skip_space();
        if !self.cursor.take_operator("TO") {
            return Err(self.cursor.error("a range is written `[low TO high]`: `TO` must follow"));
        }
        let high = self.bound()?;
        self.cursor.skip_space();
        let high_within = match self.cursor.bump() {
            Some(']') => true,
            Some('}') => false,
            _ => return Err(self.cursor.error_at(open, "this range is never closed")),
        };
        Ok(Test::Range {
            low: low.map(|bound| (bound, low_within)),
            high: high.map(|bound| (bound, high_within)),
        })
    }

    fn bound(&mut self) -> Result<Option<Bound>, QueryError> {
        self.cursor.skip_space();
        if self.cursor.take("\"") {
            let phrase = self.cursor.phrase()?;
            return Ok(Some(Bound::Text(phrase.as_literal().unwrap_or_default().to_owned())));
        }
        let word = self.cursor.word(false)?;
        match word.pattern.as_literal() {
            None if word.pattern.is_any() => Ok(None),
            None => Err(self.cursor.error_at(word.start, "a bound has no wildcards but `*` alone")),
            Some("") => Err(self.unexpected()),
            Some(text) => Ok(Some(match number(text) {
                Some(number) => Bound::Number(number),
                None => Bound::Text(text.to_owned()),
            })),
        }
    }

    /// Something must follow what was read last.
    fn expect(&mut self, after: &str) -> Result<(), QueryError> {
        self.cursor.skip_space();
        if self.is_end() {
            let after = if after.contains(' ') { after.to_owned() } else { format!("`{after}`") };
            return Err(self.cursor.error(format!("something must follow {after}")));
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
            None => "the query ends where a value is missing".to_owned(),
            Some(c) if c.is_whitespace() => "a value is missing here".to_owned(),
            Some(c) => format!("`{c}` cannot stand here; to search for it write `\\{c}`"),
        })
    }
}

fn field(name: &str) -> Field {
    match name.strip_prefix('@') {
        Some(path) => Field::Attribute(path.to_owned()),
        None => Field::Tag(name.to_owned()),
    }
}

/// Several parts, or the only one.
fn joined(mut parts: Vec<Query>, join: fn(Vec<Query>) -> Query) -> Query {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}
