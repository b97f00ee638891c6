//! The variables of the process.

use std::collections::BTreeMap;

/// Variables with their values. Empty values count as unset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads the variables of the process. Bytes that are not UTF-8 are replaced.
    pub(crate) fn of_process() -> Self {
        let string = |string: std::ffi::OsString| string.to_string_lossy().into_owned();
        std::env::vars_os().map(|(name, value)| (string(name), string(value))).collect()
    }

    /// Returns the value of a variable without white space around it, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns whether a variable is set to something other than `0`, `false`, `no` and `off`.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        let is_off =
            |value: &str| ["0", "false", "no", "off"].contains(&value.to_lowercase().as_str());
        self.get(name).is_some_and(|value| !is_off(value))
    }

    /// Returns all variables.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
