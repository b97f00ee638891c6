//! Configured names, and options that match nothing.

use std::collections::BTreeSet;

use toml::Spanned;

use super::options::NameTable;
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::names::{Scope, suggestion, usable};

/// A table of names that records which of its entries were used.
#[derive(Debug)]
pub(crate) struct Renames<'a> {
    table: &'a NameTable,
    used: BTreeSet<&'a str>,
    /// All keys that were looked up, to make suggestions.
    requested: BTreeSet<String>,
}

impl<'a> Renames<'a> {
    /// Creates the table. Reports names that are not valid for this kind of item.
    pub(crate) fn new(
        table: &'a NameTable,
        is_valid: impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        for (key, name) in table.iter().filter(|(_, name)| !is_valid(name)) {
            let message = messages::invalid_name(name, key.get_ref());
            diagnostics.report(Location::Config(key.span()), message);
        }
        Self { table, used: BTreeSet::new(), requested: BTreeSet::new() }
    }

    /// Returns the configured name of an item.
    pub(crate) fn get(&mut self, key: &str) -> Option<&'a str> {
        if !self.table.is_empty() {
            self.requested.insert(key.to_owned());
        }
        let (key, name) = self.table.get_key_value(key)?;
        self.used.insert(key.get_ref());
        Some(name)
    }

    /// Takes the configured name of an item in a scope, or else its derived name, which is made
    /// unique. Reports a configured name that is already in use.
    pub(crate) fn name(
        &mut self,
        key: &str,
        scope: &mut Scope,
        derived: &str,
        diagnostics: &mut Diagnostics,
    ) -> String {
        let Some(name) = self.get(key).map(usable) else {
            return scope.free(derived);
        };
        if !scope.take(&name) {
            diagnostics.report(self.location(key), messages::name_collision(&name, key));
        }
        name
    }

    /// Returns the location of an entry.
    pub(crate) fn location(&self, key: &str) -> Location {
        location_in(self.table, key)
    }

    /// Reports the entries that were never looked up, but not those that something else explains.
    /// `item` names the kind of the items.
    pub(crate) fn report_unused(
        &self,
        item: &str,
        is_explained: impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) {
        let unused = self.table.keys().filter(|key| {
            let key = key.get_ref().as_str();
            !self.used.contains(key) && !is_explained(key)
        });
        for key in unused {
            report_unmatched(item, key, self.requested.iter().map(String::as_str), diagnostics);
        }
    }
}

/// Returns the location of an entry of a table.
pub(super) fn location_in(table: &NameTable, key: &str) -> Location {
    let entry = table.get_key_value(key);
    Location::Config(entry.map(|(key, _)| key.span()).unwrap_or_default())
}

/// Reports an option that matches nothing, and suggests one of these names.
pub(crate) fn report_unmatched<'n>(
    item: &str,
    option: &Spanned<String>,
    names: impl IntoIterator<Item = &'n str>,
    diagnostics: &mut Diagnostics,
) {
    let name = option.get_ref();
    let message = messages::unmatched_option(item, name, suggestion(name, names));
    diagnostics.report(Location::Config(option.span()), message);
}
