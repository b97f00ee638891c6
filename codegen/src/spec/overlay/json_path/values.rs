//! Comparisons and functions of filters.

use std::borrow::Cow;
use std::cmp::Ordering;

use regex::RegexBuilder;
use serde_json::{Number, Value};

use super::evaluate::{Counted, Evaluation};
use super::syntax::{Call, Function, Operand, Operator};
use crate::text::Exhausted;

/// The maximum size of a compiled pattern in bytes.
const MAX_PATTERN: usize = 1 << 20;

/// The values that a pattern counts as when it is compiled.
const PATTERN_COST: u64 = 100_000;

/// The number of compiled patterns that are kept.
const KEPT_PATTERNS: usize = 64;

/// The bytes of a string that count as one value.
const BYTES: usize = 16;

impl<'v> Evaluation<'v, '_> {
    /// Returns the value of an operand; none if it is absent.
    pub(super) fn value<'o>(
        &mut self,
        operand: &'o Operand,
        current: &'v Value,
    ) -> Counted<Option<Cow<'o, Value>>>
    where
        'v: 'o,
    {
        Ok(match operand {
            Operand::Literal(literal) => Some(Cow::Borrowed(literal)),
            Operand::Query(query) => self.only(query, current)?.map(Cow::Borrowed),
            Operand::Call(call) => self.call(call, current)?,
        })
    }

    fn call<'o>(&mut self, call: &'o Call, current: &'v Value) -> Counted<Option<Cow<'o, Value>>>
    where
        'v: 'o,
    {
        let Some(argument) = call.arguments.first() else { return Ok(None) };
        Ok(match call.function {
            Function::Length => match self.value(argument, current)?.as_deref() {
                Some(Value::String(string)) => {
                    self.budget.work(blocks(string))?;
                    Some(string.chars().count())
                }
                Some(Value::Array(items)) => Some(items.len()),
                Some(Value::Object(entries)) => Some(entries.len()),
                _ => None,
            }
            .map(|length| Cow::Owned(length.into())),
            Function::Count => Some(Cow::Owned(self.count(argument, current)?.into())),
            Function::Value => match argument {
                Operand::Query(query) => self.only(query, current)?.map(Cow::Borrowed),
                _ => None,
            },
            Function::Match | Function::Search => None,
        })
    }

    /// Returns the result of `match` or `search`.
    pub(super) fn logical(&mut self, call: &Call, current: &'v Value) -> Counted<bool> {
        let [string, pattern] = call.arguments.as_slice() else { return Ok(false) };
        let (string, pattern) = (self.value(string, current)?, self.value(pattern, current)?);
        match (string.as_deref(), pattern.as_deref()) {
            (Some(Value::String(string)), Some(Value::String(pattern))) => {
                self.is_match(string, pattern, call.function == Function::Match)
            }
            _ => Ok(false),
        }
    }

    fn is_match(&mut self, string: &str, pattern: &str, is_whole: bool) -> Counted<bool> {
        let whole = if is_whole { format!("^(?:{pattern})$") } else { pattern.to_owned() };
        // A pattern is linear in the string and in its own length.
        let steps = blocks(string).saturating_mul(blocks(pattern));
        self.budget.work(steps)?;
        if !self.patterns.contains_key(&whole) {
            self.budget.work(PATTERN_COST)?;
            let compiled = RegexBuilder::new(&whole).crlf(true).size_limit(MAX_PATTERN).build();
            let compiled = match compiled {
                Err(regex::Error::CompiledTooBig(_)) => return Err(Exhausted),
                // An invalid pattern matches nothing.
                compiled => compiled.ok(),
            };
            if self.patterns.len() == KEPT_PATTERNS {
                self.patterns.clear();
            }
            self.patterns.insert(whole.clone(), compiled);
        }
        let pattern = self.patterns.get(&whole).and_then(Option::as_ref);
        Ok(pattern.is_some_and(|pattern| pattern.is_match(string)))
    }

    /// Compares two values, of which each may be absent.
    pub(super) fn compare(
        &mut self,
        left: Option<&Value>,
        operator: Operator,
        right: Option<&Value>,
    ) -> Counted<bool> {
        Ok(match operator {
            Operator::Equal => self.is_equal(left, right)?,
            Operator::NotEqual => !self.is_equal(left, right)?,
            Operator::Less => self.order(left, right)? == Some(Ordering::Less),
            Operator::Greater => self.order(left, right)? == Some(Ordering::Greater),
            Operator::LessOrEqual => {
                self.order(left, right)? == Some(Ordering::Less) || self.is_equal(left, right)?
            }
            Operator::GreaterOrEqual => {
                self.order(left, right)? == Some(Ordering::Greater) || self.is_equal(left, right)?
            }
        })
    }

    fn is_equal(&mut self, left: Option<&Value>, right: Option<&Value>) -> Counted<bool> {
        self.budget.work(1)?;
        match (left, right) {
            (None, None) => Ok(true),
            (Some(Value::Array(a)), Some(Value::Array(b))) if a.len() == b.len() => {
                for (a, b) in a.iter().zip(b) {
                    if !self.is_equal(Some(a), Some(b))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Some(Value::Object(a)), Some(Value::Object(b))) if a.len() == b.len() => {
                for (key, a) in a {
                    let Some(b) = b.get(key) else { return Ok(false) };
                    if !self.is_equal(Some(a), Some(b))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Some(Value::String(a)), Some(Value::String(b))) if a.len() == b.len() => {
                self.budget.work(blocks(a))?;
                Ok(a == b)
            }
            (Some(Value::Number(a)), Some(Value::Number(b))) => {
                Ok(order_of_numbers(a, b) == Some(Ordering::Equal))
            }
            (Some(Value::Bool(a)), Some(Value::Bool(b))) => Ok(a == b),
            (Some(Value::Null), Some(Value::Null)) => Ok(true),
            _ => Ok(false),
        }
    }

    fn order(&mut self, left: Option<&Value>, right: Option<&Value>) -> Counted<Option<Ordering>> {
        Ok(match (left, right) {
            (Some(Value::Number(a)), Some(Value::Number(b))) => order_of_numbers(a, b),
            (Some(Value::String(a)), Some(Value::String(b))) => {
                self.budget.work(blocks(a))?;
                Some(a.cmp(b))
            }
            _ => None,
        })
    }
}

/// Returns the order of two numbers; exactly, if both are integers.
fn order_of_numbers(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// Returns what a string counts as.
fn blocks(string: &str) -> u64 {
    (string.len() / BYTES + 1) as u64
}
