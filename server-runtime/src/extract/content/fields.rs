//! The fields of a form, by their names.

use std::collections::HashMap;

use specwright_model::style::Ordered;

/// The fields of a form, in the order in which they were sent.
#[derive(Debug, Default)]
pub(super) struct Fields {
    all: Vec<(String, Ordered)>,
    index: HashMap<String, usize>,
}

impl Fields {
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Ordered> {
        self.all.get_mut(*self.index.get(name)?).map(|(_, value)| value)
    }

    /// Adds a field, or replaces an earlier one of the same name.
    pub(super) fn insert(&mut self, name: &str, value: Ordered) {
        match self.get_mut(name) {
            Some(known) => *known = value,
            None => {
                self.index.insert(name.to_owned(), self.all.len());
                self.all.push((name.to_owned(), value));
            }
        }
    }

    pub(super) fn extend(&mut self, others: Self) {
        others.all.into_iter().for_each(|(name, value)| self.insert(&name, value));
    }

    pub(super) fn into_object(self) -> Ordered {
        Ordered::Object(self.all)
    }
}

/// Adds a value to a field: several values are a list.
pub(super) fn add(known: &mut Ordered, value: Ordered) {
    match known {
        Ordered::List(items) => items.push(value),
        first => {
            let earlier = std::mem::replace(first, Ordered::Null);
            *first = Ordered::List(vec![earlier, value]);
        }
    }
}
