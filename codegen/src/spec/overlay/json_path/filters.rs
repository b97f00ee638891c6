//! The parser of filters.

use serde_json::Value;

use super::parse::{Parsed, Parser};
use super::syntax::{Call, Condition, Function, Operand, Operator, Query};

const OPERATORS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Parser<'_> {
    /// Parses a condition: parts that are joined by `||`, and by `&&` within them.
    pub(super) fn condition(&mut self) -> Parsed<Condition> {
        let any = self.list("||", |parser| {
            let all = parser.list("&&", Self::basic)?;
            Ok(single(all).unwrap_or_else(Condition::And))
        })?;
        Ok(single(any).unwrap_or_else(Condition::Or))
    }

    fn list(
        &mut self,
        separator: &str,
        mut parse: impl FnMut(&mut Self) -> Parsed<Condition>,
    ) -> Parsed<Vec<Condition>> {
        let mut all = vec![parse(self)?];
        loop {
            let before = self.at;
            self.blanks();
            if !self.skip(separator) {
                self.at = before;
                return Ok(all);
            }
            self.blanks();
            all.push(parse(self)?);
        }
    }

    fn basic(&mut self) -> Parsed<Condition> {
        if self.skip("!") {
            self.blanks();
            let inner = self.within(|parser| match parser.peek() {
                Some('(') => parser.parentheses(),
                _ => parser.operand().and_then(|operand| parser.test(operand)),
            })?;
            return Ok(Condition::Not(Box::new(inner)));
        }
        if self.peek() == Some('(') {
            return self.within(Self::parentheses);
        }
        let start = self.at;
        let left = self.operand()?;
        let end = self.at;
        self.blanks();
        let Some((_, operator)) = OPERATORS.iter().find(|(string, _)| self.skip(string)) else {
            self.at = end;
            return self.test(left);
        };
        self.comparable(&left, start)?;
        self.blanks();
        let start = self.at;
        let right = self.operand()?;
        self.comparable(&right, start)?;
        Ok(Condition::Compare(left, *operator, right))
    }

    fn parentheses(&mut self) -> Parsed<Condition> {
        self.expect('(', "expected `(`")?;
        self.blanks();
        let condition = self.condition()?;
        self.blanks();
        self.expect(')', "expected `)`, `&&` or `||`")?;
        Ok(condition)
    }

    /// Makes a condition of what is not compared.
    fn test(&self, operand: Operand) -> Parsed<Condition> {
        match operand {
            Operand::Query(query) => Ok(Condition::Exists(query)),
            Operand::Call(call) if call.function.is_logical() => Ok(Condition::Call(*call)),
            _ => Err(self.error("expected a comparison")),
        }
    }

    /// Checks that a value can be compared.
    fn comparable(&mut self, operand: &Operand, start: usize) -> Parsed<()> {
        let is_valid = match operand {
            Operand::Literal(_) => true,
            Operand::Query(query) => query.is_singular(),
            Operand::Call(call) => !call.function.is_logical(),
        };
        if is_valid {
            return Ok(());
        }
        self.at = start;
        Err(self.error("it cannot be compared, because it is not a single value"))
    }

    fn operand(&mut self) -> Parsed<Operand> {
        match self.peek() {
            Some('@') => Ok(Operand::Query(self.query(false)?)),
            Some('$') => Ok(Operand::Query(self.query(true)?)),
            Some('"' | '\'') => Ok(Operand::Literal(Value::String(self.string()?))),
            Some('-' | '0'..='9') => Ok(Operand::Literal(self.number()?)),
            _ => self.word(),
        }
    }

    fn query(&mut self, is_absolute: bool) -> Parsed<Query> {
        self.at += 1;
        Ok(Query { is_absolute, segments: self.segments()? })
    }

    /// Parses `true`, `false`, `null`, or a call of a function.
    fn word(&mut self) -> Parsed<Operand> {
        let start = self.at;
        let rest = self.rest();
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        self.at += end;
        if let Some(function) = Function::named(word) {
            self.expect('(', "expected `(`")?;
            return self.within(|parser| parser.call(function));
        }
        let literal = match word {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            _ => None,
        };
        literal.map(Operand::Literal).ok_or_else(|| {
            self.at = start;
            self.error("expected a query, a literal, or a function")
        })
    }

    fn call(&mut self, function: Function) -> Parsed<Operand> {
        let mut arguments = Vec::new();
        self.blanks();
        while self.peek() != Some(')') {
            if !arguments.is_empty() {
                self.expect(',', "expected `,` or `)`")?;
                self.blanks();
            }
            let start = self.at;
            let argument = self.operand()?;
            match (&argument, function.takes_nodes()) {
                (Operand::Query(_), true) => {}
                (_, true) => {
                    self.at = start;
                    return Err(self.error("expected a query"));
                }
                _ => self.comparable(&argument, start)?,
            }
            arguments.push(argument);
            self.blanks();
        }
        if arguments.len() != function.arguments() {
            return Err(self.error("wrong number of arguments"));
        }
        self.at += 1;
        Ok(Operand::Call(Box::new(Call { function, arguments })))
    }
}

/// Returns the only condition, or all of them.
fn single(mut all: Vec<Condition>) -> Result<Condition, Vec<Condition>> {
    match (all.len(), all.pop()) {
        (1, Some(only)) => Ok(only),
        (_, last) => {
            all.extend(last);
            Err(all)
        }
    }
}
