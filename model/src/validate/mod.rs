//! Constraints: all violations at once, each with its location.
//!
//! | module | responsibility |
//! |---|---|
//! | `declared` | values of enums that are not declared |
//! | `formats` | formats of strings and numbers |
//! | `instance` | JSON values whose numbers are as they were written |
//! | `rules` | constraints that no type expresses, checked on JSON |

mod declared;
mod formats;
#[cfg(feature = "rules")]
mod instance;
#[cfg(feature = "rules")]
mod rules;

use std::fmt;

pub use declared::encoded;

use serde::Serialize;

use crate::json::pointer;
use crate::scalar::Number;

/// A value with constraints of its own or inside of it.
pub trait Validate {
    /// Reports all violations.
    fn check(&self, checks: &mut Validator);
}

impl<T: Validate> Validate for Box<T> {
    fn check(&self, checks: &mut Validator) {
        T::check(self, checks);
    }
}

/// A violated constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The location: a JSON pointer (RFC 6901) from the validated value; empty for the value
    /// itself.
    pub pointer: String,
    /// The violation, as the end of a sentence that starts with the location.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "the value {}", self.message),
            pointer => write!(f, "{pointer} {}", self.message),
        }
    }
}

/// All violations that were found in a value; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    violations: Vec<Violation>,
}

impl ValidationError {
    /// Creates an error with one violation.
    #[must_use]
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { violations: vec![Violation { pointer: pointer.into(), message: message.into() }] }
    }

    /// Returns the violations in the order in which they were found.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.violations.iter().enumerate() {
            write!(f, "{}{violation}", if i == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for ValidationError {}

/// Collects violations while a value is traversed.
#[derive(Default)]
pub struct Validator {
    /// The names of the current location, concatenated. They become a pointer only for a violation,
    /// because every property of every event passes here.
    path: String,
    /// The start of each name in `path`.
    starts: Vec<usize>,
    violations: Vec<Violation>,
    /// Whether the values at the current location are secret: no message contains them.
    is_secret: bool,
    /// Whether also values are reported that may be sent although they are invalid: dates that were
    /// decoded.
    is_complete: bool,
}

impl Validator {
    /// Creates a validator without violations, for values to be sent.
    #[must_use]
    pub fn new() -> Self {
        // Most locations have fewer names and characters, so that nothing grows.
        let (path, starts) = (String::with_capacity(128), Vec::with_capacity(8));
        Self { path, starts, ..Self::default() }
    }

    /// Returns all violations.
    ///
    /// # Errors
    /// Returns an error if at least one violation was reported.
    pub fn finish(self) -> Result<(), ValidationError> {
        if self.violations.is_empty() {
            Ok(())
        } else {
            Err(ValidationError { violations: self.violations })
        }
    }

    /// Validates a value.
    ///
    /// # Errors
    /// Returns an error with all violations.
    pub fn run(value: &(impl Validate + ?Sized)) -> Result<(), ValidationError> {
        let mut checks = Self { is_complete: true, ..Self::new() };
        value.check(&mut checks);
        checks.finish()
    }

    /// Reports the values of enums that a caller gave as strings, although they are not declared.
    pub fn declared(&mut self, value: &impl Serialize) {
        // There is none in nearly every program, which then encodes nothing here.
        if crate::scalar::is_any()
            && let Err(error) = encoded("", || serde_json::to_string(value))
        {
            self.violations.extend(error.violations);
        }
    }

    /// Reports a violation at the current location.
    pub fn report(&mut self, message: impl fmt::Display) {
        let violation = Violation { pointer: self.pointer(), message: message.to_string() };
        self.violations.push(violation);
    }

    /// Returns the current location as a JSON pointer.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        let ends = self.starts.iter().skip(1).copied().chain([self.path.len()]);
        for (start, end) in self.starts.iter().zip(ends) {
            let name = self.path.get(*start..end).unwrap_or_default();
            pointer::push(&mut pointer, name);
        }
        pointer
    }

    /// Reports a violation unless `holds`.
    pub fn require(&mut self, holds: bool, message: impl fmt::Display) {
        if !holds {
            self.report(message);
        }
    }

    /// Validates a property, if it is present.
    pub fn field<T: ?Sized>(
        &mut self,
        name: &str,
        value: Option<&T>,
        check: impl FnOnce(&mut Self, &T),
    ) {
        if let Some(value) = value {
            self.enter(name);
            check(self, value);
            self.leave();
        }
    }

    /// Enters a part of the value. [`Validator::field`] is instantiated for every property, so this
    /// code is not in there.
    fn enter(&mut self, name: &str) {
        self.starts.push(self.path.len());
        self.path.push_str(name);
    }

    /// Leaves a part of the value.
    fn leave(&mut self) {
        if let Some(start) = self.starts.pop() {
            self.path.truncate(start);
        }
    }

    /// Validates a secret value, without showing it in messages.
    pub fn secret<T: ?Sized>(&mut self, value: &T, check: impl FnOnce(&mut Self, &T)) {
        let is_outer = std::mem::replace(&mut self.is_secret, true);
        check(self, value);
        self.is_secret = is_outer;
    }

    /// Returns the end of a message that shows the value, unless it is secret.
    fn shown(&self, value: impl fmt::Display) -> String {
        if self.is_secret { String::new() } else { format!(", is {value}") }
    }

    /// Validates a property with a type that has constraints, if it is present.
    pub fn nested<T: Validate>(&mut self, name: &str, value: Option<&T>) {
        self.field(name, value, |checks, value| value.check(checks));
    }

    /// Validates an unnamed part, such as the body of a request, if it is present.
    pub fn part<T: ?Sized>(&mut self, value: Option<&T>, check: impl FnOnce(&mut Self, &T)) {
        if let Some(value) = value {
            check(self, value);
        }
    }

    /// Validates every element of an array.
    pub fn items<T>(&mut self, items: &[T], check: impl FnMut(&mut Self, &T)) {
        self.items_from(0, items, check);
    }

    /// Validates the elements of an array from an index on.
    pub fn items_from<T>(
        &mut self,
        first: usize,
        items: &[T],
        mut check: impl FnMut(&mut Self, &T),
    ) {
        for (i, item) in items.iter().enumerate() {
            self.enter(&(first + i).to_string());
            check(self, item);
            self.leave();
        }
    }

    /// Validates every value of a map.
    pub fn entries<'a, T: 'a>(
        &mut self,
        entries: impl IntoIterator<Item = (&'a String, &'a T)>,
        mut check: impl FnMut(&mut Self, &T),
    ) {
        for (name, value) in entries {
            self.field(name, Some(value), &mut check);
        }
    }

    /// `minLength`, in characters.
    pub fn min_length(&mut self, string: &str, limit: usize) {
        let length = string.chars().count();
        self.require(
            length >= limit,
            format_args!("must have at least {limit} characters, has {length}"),
        );
    }

    /// `maxLength`, in characters.
    pub fn max_length(&mut self, string: &str, limit: usize) {
        // There are never more characters than bytes, so most strings need no counting.
        let length = if string.len() <= limit { string.len() } else { string.chars().count() };
        self.require(
            length <= limit,
            format_args!("must have at most {limit} characters, has {length}"),
        );
    }

    /// `pattern`, if the feature of the same name is enabled.
    pub fn pattern(&mut self, string: &str, pattern: &'static str) {
        self.matches(string, pattern);
    }

    /// `pattern`, with the syntax of the spec and the equivalent syntax of Rust.
    pub fn translated_pattern(&mut self, string: &str, pattern: &'static str, regex: &'static str) {
        #[cfg(feature = "pattern")]
        self.require(
            patterns::matches(regex, string),
            format_args!("must match the pattern `{pattern}`"),
        );
        #[cfg(not(feature = "pattern"))]
        let _ = (string, pattern, regex);
    }

    fn matches(&mut self, string: &str, pattern: &str) {
        #[cfg(feature = "pattern")]
        self.require(
            patterns::matches(pattern, string),
            format_args!("must match the pattern `{pattern}`"),
        );
        #[cfg(not(feature = "pattern"))]
        let _ = (string, pattern);
    }

    /// The values of a discriminator: strings, or the JSON of integers.
    pub fn one_of(&mut self, value: &str, allowed: &[&str]) {
        if !allowed.contains(&value) {
            let one_of = if allowed.len() == 1 { "" } else { "one of " };
            let values = allowed.join("`, `");
            let shown = self.shown(format_args!("`{value}`"));
            self.report(format_args!("must be {one_of}`{values}`{shown}"));
        }
    }

    /// `minimum`.
    pub fn minimum<T: PartialOrd + fmt::Display>(&mut self, value: T, limit: T) {
        self.limited(value >= limit, format_args!("must be at least {limit}"), value);
    }

    /// `maximum`.
    pub fn maximum<T: PartialOrd + fmt::Display>(&mut self, value: T, limit: T) {
        self.limited(value <= limit, format_args!("must be at most {limit}"), value);
    }

    /// `minimum` with `exclusiveMinimum`.
    pub fn above<T: PartialOrd + fmt::Display>(&mut self, value: T, limit: T) {
        self.limited(value > limit, format_args!("must be above {limit}"), value);
    }

    /// `maximum` with `exclusiveMaximum`.
    pub fn below<T: PartialOrd + fmt::Display>(&mut self, value: T, limit: T) {
        self.limited(value < limit, format_args!("must be below {limit}"), value);
    }

    /// `multipleOf`.
    pub fn multiple_of(&mut self, value: &Number, factor: f64) {
        let holds = value.is_multiple_of(factor);
        self.limited(holds, format_args!("must be a multiple of {factor}"), value);
    }

    /// Reports a violation and the value unless `holds`.
    fn limited(&mut self, holds: bool, message: fmt::Arguments<'_>, value: impl fmt::Display) {
        if !holds {
            let shown = self.shown(value);
            self.report(format_args!("{message}{shown}"));
        }
    }

    /// `minItems` and `minProperties`.
    pub fn min_count(&mut self, count: usize, limit: usize) {
        self.require(
            count >= limit,
            format_args!("must have at least {limit} entries, has {count}"),
        );
    }

    /// `maxItems` and `maxProperties`.
    pub fn max_count(&mut self, count: usize, limit: usize) {
        self.require(
            count <= limit,
            format_args!("must have at most {limit} entries, has {count}"),
        );
    }

    /// `uniqueItems`.
    pub fn unique<T: PartialEq>(&mut self, items: &[T]) {
        let repeated = items.iter().enumerate().find(|(i, item)| items[..*i].contains(item));
        if let Some((i, _)) = repeated {
            self.report(format_args!(
                "must have unique elements; the one at index {i} is a duplicate"
            ));
        }
    }
}

/// Compiled patterns, each compiled once.
#[cfg(feature = "pattern")]
mod patterns {
    use std::collections::HashMap;
    use std::sync::{LazyLock, RwLock};

    use regex_lite::Regex;

    static COMPILED: LazyLock<RwLock<HashMap<String, Option<Regex>>>> =
        LazyLock::new(RwLock::default);

    /// A pattern that cannot be compiled matches everything. The generator warns about it and emits
    /// none.
    pub(super) fn matches(pattern: &str, string: &str) -> bool {
        let test =
            |regex: &Option<Regex>| regex.as_ref().is_none_or(|regex| regex.is_match(string));
        if let Ok(compiled) = COMPILED.read()
            && let Some(regex) = compiled.get(pattern)
        {
            return test(regex);
        }
        let regex = Regex::new(pattern).ok();
        let result = test(&regex);
        if let Ok(mut compiled) = COMPILED.write() {
            compiled.insert(pattern.to_owned(), regex);
        }
        result
    }
}
