//! Former names of operations, properties and enum values, which stay as deprecated aliases.

use std::collections::BTreeSet;

use toml::Spanned;

use super::options::NameTable;
use super::renames::{location_in, report_unmatched};
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::names::{Scope, usable};

/// A table of former names that records which of its entries were used.
pub(crate) struct FormerNames<'a> {
    table: &'a NameTable,
    used: BTreeSet<&'a str>,
    /// All parts of the document that can have a former name, to make suggestions.
    known: BTreeSet<String>,
}

impl<'a> FormerNames<'a> {
    /// Creates the table. Reports names that are not valid for this kind of item.
    pub(crate) fn new(
        table: &'a NameTable,
        is_valid: impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        for (key, of) in table.iter().filter(|(key, _)| !is_valid(split(key.get_ref()).1)) {
            let message = messages::invalid_name(split(key.get_ref()).1, of);
            diagnostics.report(Location::Config(key.span()), message);
        }
        Self { table, used: BTreeSet::new(), known: BTreeSet::new() }
    }

    /// Takes the former names of a part of the document in a scope. `owner` is the schema that contains
    /// it. Reports names that other parts have now.
    pub(crate) fn take(
        &mut self,
        owner: Option<&str>,
        part: &str,
        scope: &mut Scope,
        diagnostics: &mut Diagnostics,
    ) -> Vec<String> {
        if self.table.is_empty() {
            return Vec::new();
        }
        let qualified = qualified(owner, part);
        let mut names = Vec::new();
        for (key, _) in self.table.iter().filter(|(key, of)| {
            let (of_owner, _) = split(key.get_ref());
            *of == part && of_owner == owner
        }) {
            self.used.insert(key.get_ref());
            let name = usable(split(key.get_ref()).1);
            match scope.take(&name) {
                true => names.push(name),
                false => {
                    let message = messages::name_collision(&name, &qualified);
                    diagnostics.report(Location::Config(key.span()), message);
                }
            }
        }
        self.known.insert(qualified);
        names
    }

    /// Returns the location of an entry.
    pub(crate) fn location(&self, key: &str) -> Location {
        location_in(self.table, key)
    }

    /// Reports the entries that match nothing, but not those that something else explains. `item` names
    /// the kind of the items.
    pub(crate) fn report_unused(
        &self,
        item: &str,
        is_explained: impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) {
        for (key, of) in self.table {
            let qualified = qualified(split(key.get_ref()).0, of);
            if !self.used.contains(key.get_ref().as_str()) && !is_explained(&qualified) {
                let option = Spanned::new(key.span(), qualified);
                let known = self.known.iter().map(String::as_str);
                report_unmatched(item, &option, known, diagnostics);
            }
        }
    }
}

/// Splits a key into the schema, if it has one, and the former name.
fn split(key: &str) -> (Option<&str>, &str) {
    match key.rsplit_once('.') {
        Some((owner, name)) => (Some(owner), name),
        None => (None, key),
    }
}

/// Returns a part of the document as the other options give it.
fn qualified(owner: Option<&str>, part: &str) -> String {
    match owner {
        Some(owner) => format!("{owner}.{part}"),
        None => part.to_owned(),
    }
}
