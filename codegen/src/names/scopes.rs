//! Names that are unique within a scope.

use std::collections::BTreeSet;

use super::identifiers::{Name, TypeName};

/// What stands for itself in generated code, so that no type of a description may have its name.
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

/// Names that are taken within one scope.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// A scope in which nothing has a name yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A scope for types, in which the names that generated code itself uses are taken.
    pub(crate) fn of_types() -> Self {
        Self { taken: RESERVED_TYPES.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// A scope in which some names are taken.
    pub(crate) fn with(taken: &[&str]) -> Self {
        Self { taken: taken.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// Takes exactly this name, if it is free.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// Takes this name or, if it is taken, the first free one of those with a number behind.
    pub(crate) fn free(&mut self, name: &str) -> String {
        if self.take(name) {
            return name.to_owned();
        }
        let raw = name.strip_prefix("r#").unwrap_or(name);
        (2_usize..).map(|n| format!("{raw}{n}")).find(|name| self.take(name)).unwrap_or_default()
    }

    /// As [`Scope::free`], for the name of a type.
    pub(crate) fn free_type(&mut self, name: &TypeName) -> TypeName {
        TypeName(self.free(&name.0))
    }

    /// Takes the name of a type and that of its builder, if both are free.
    pub(crate) fn take_with_builder(&mut self, name: &str) -> bool {
        let builder = format!("{name}Builder");
        let free = !self.taken.contains(name) && !self.taken.contains(&builder);
        free && self.take(name) && self.take(&builder)
    }

    /// As [`Scope::free_type`], for a type that may have a builder.
    pub(crate) fn free_with_builder(&mut self, name: &TypeName) -> TypeName {
        let numbered = (2_usize..).map(|n| format!("{}{n}", name.0));
        let mut names = std::iter::once(name.0.clone()).chain(numbered);
        TypeName(names.find(|name| self.take_with_builder(name)).unwrap_or_default())
    }

    /// As [`Scope::free`], for a field, method or module.
    pub(crate) fn free_name(&mut self, name: &Name) -> Name {
        Name(self.free(&name.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut scope = Scope::of_types();
        assert_eq!(scope.free("Thing"), "Thing");
        assert_eq!(scope.free("Thing"), "Thing2");
        assert_eq!(scope.free("Option"), "Option2");
    }
}
