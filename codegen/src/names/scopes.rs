//! Names that are unique in a scope.

use std::collections::{BTreeMap, BTreeSet};

use super::identifiers::{Name, TypeName};

/// Names that generated code uses itself, so no type of a document can have them.
const RESERVED_TYPES: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Client",
    "ClientBuilder",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "ErrorBody",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Names that are in use in a scope.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    taken: BTreeSet<String>,
    /// The next number for a name that is in use, with and without a builder: numbers below it are
    /// in use, too.
    next: BTreeMap<(bool, String), usize>,
}

impl Scope {
    /// Creates an empty scope.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Creates a scope for types, with the names that generated code uses itself.
    pub(crate) fn for_types() -> Self {
        Self::with(RESERVED_TYPES)
    }

    /// Returns whether generated code uses the name of a type itself.
    pub(crate) fn is_reserved_type(name: &str) -> bool {
        RESERVED_TYPES.contains(&name)
    }

    /// Creates a scope with some names.
    pub(crate) fn with(taken: &[&str]) -> Self {
        Self { taken: taken.iter().map(|name| (*name).to_owned()).collect(), ..Self::default() }
    }

    /// Takes this name. Returns whether it was free.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// Takes this name. If it is in use, takes it with the first number that makes it unique.
    pub(crate) fn free(&mut self, name: &str) -> String {
        if self.take(name) {
            return name.to_owned();
        }
        self.numbered(name.strip_prefix("r#").unwrap_or(name), false)
    }

    /// Takes a name with the first number that makes it unique.
    fn numbered(&mut self, name: &str, has_builder: bool) -> String {
        let key = (has_builder, name.to_owned());
        let mut number = self.next.get(&key).copied().unwrap_or(2);
        loop {
            let numbered = format!("{name}{number}");
            number += 1;
            let is_free = match has_builder {
                true => self.take_with_builder(&numbered),
                false => self.take(&numbered),
            };
            if is_free {
                self.next.insert(key, number);
                return numbered;
            }
        }
    }

    /// Like [`Scope::free`], for the name of a type.
    pub(crate) fn free_type(&mut self, name: &TypeName) -> TypeName {
        TypeName(self.free(&name.0))
    }

    /// Takes the name of a type and that of its builder. Returns whether both were free.
    pub(crate) fn take_with_builder(&mut self, name: &str) -> bool {
        let builder = format!("{name}Builder");
        let free = !self.taken.contains(name) && !self.taken.contains(&builder);
        free && self.take(name) && self.take(&builder)
    }

    /// Like [`Scope::free_type`], for a type that can have a builder.
    pub(crate) fn free_with_builder(&mut self, name: &TypeName) -> TypeName {
        match self.take_with_builder(&name.0) {
            true => name.clone(),
            false => TypeName(self.numbered(&name.0, true)),
        }
    }

    /// Like [`Scope::free`], for a field, method or module.
    pub(crate) fn free_name(&mut self, name: &Name) -> Name {
        Name(self.free(&name.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_use_get_a_number() {
        let mut scope = Scope::for_types();
        assert_eq!(scope.free("Thing"), "Thing");
        assert_eq!(scope.free("Thing"), "Thing2");
        assert_eq!(scope.free("Option"), "Option2");
    }
}
