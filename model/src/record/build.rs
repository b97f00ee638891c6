//! What builders need.

use serde::ser::Serialize;

use super::Record;
use crate::validate::{ValidationError, Validator};

/// Builds a record, or reports all missing properties and all violations found before.
pub fn build<R: Record + Serialize>(
    draft: R::Draft,
    checks: Validator,
) -> Result<R, ValidationError> {
    match R::finish(draft) {
        Ok(record) => build_value(record, checks),
        Err(missing) => Err(missing.report(checks)),
    }
}

/// As [`build`], and checks a complete record against rules that its type does not express.
#[cfg(feature = "rules")]
pub fn build_with_rules<R: Record + Serialize>(
    draft: R::Draft,
    mut checks: Validator,
    rules: &'static str,
) -> Result<R, ValidationError> {
    match R::finish(draft) {
        Ok(record) => {
            checks.declared(&record);
            checks.rules(&record, rules);
            checks.finish()?;
            Ok(record)
        }
        Err(missing) => Err(missing.report(checks)),
    }
}

/// Builds a record that is complete, or reports all violations.
pub fn build_value<R: Serialize>(record: R, mut checks: Validator) -> Result<R, ValidationError> {
    checks.declared(&record);
    checks.finish()?;
    Ok(record)
}

/// Converts a pair into an entry of a map of strings.
pub fn string_entry((name, value): (impl Into<String>, impl Into<String>)) -> (String, String) {
    (name.into(), value.into())
}

/// Collects the items of a list.
#[inline]
pub fn list<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect()
}

/// Collects the items of a list, converted into its type.
#[inline]
pub fn list_into<T>(items: impl IntoIterator<Item = impl Into<T>>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}
