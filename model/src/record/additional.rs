//! The properties of an object that are not declared.

use std::collections::HashMap;

use crate::json::Json;

/// The number of properties up to which a name is searched one by one.
const FEW: usize = 32;

/// The properties of an object that are not declared. They are kept unchanged, so that they
/// round-trip.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AdditionalProperties(Entries);

/// The properties in the order in which they were received.
#[derive(Clone)]
enum Entries {
    Few(Vec<(String, Json)>),
    /// Search takes constant time, since the names come from outside.
    Many(Box<Many>),
}

#[derive(Clone)]
struct Many {
    entries: Vec<(String, Json)>,
    indexes: HashMap<String, usize>,
}

impl AdditionalProperties {
    /// No properties.
    pub const NONE: Self = Self(Entries::Few(Vec::new()));

    /// Returns the value of a property.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        let index = self.0.find(name)?;
        self.0.all().get(index).map(|(_, value)| value)
    }

    /// Sets a property, and replaces an earlier one of the same name.
    pub fn insert(&mut self, name: impl Into<String>, value: Json) {
        let name = name.into();
        match self.0.find(&name) {
            Some(index) => {
                if let Some((_, old)) = self.0.entries().get_mut(index) {
                    *old = value;
                }
            }
            None => self.0.push(name, value),
        }
    }

    /// Returns the properties in the order in which they were received.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.all().iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the number of properties.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.all().len()
    }

    /// Returns whether there are no properties.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.all().is_empty()
    }
}

impl Entries {
    fn all(&self) -> &[(String, Json)] {
        match self {
            Self::Few(entries) => entries,
            Self::Many(many) => &many.entries,
        }
    }

    fn entries(&mut self) -> &mut Vec<(String, Json)> {
        match self {
            Self::Few(entries) => entries,
            Self::Many(many) => &mut many.entries,
        }
    }

    /// Returns the index of a property.
    fn find(&self, name: &str) -> Option<usize> {
        match self {
            Self::Few(entries) => entries.iter().position(|(known, _)| known == name),
            Self::Many(many) => many.indexes.get(name).copied(),
        }
    }

    /// Adds a property whose name is new.
    fn push(&mut self, name: String, value: Json) {
        if let Self::Few(entries) = self
            && entries.len() == FEW
        {
            let indexes = entries.iter().enumerate().map(|(i, (name, _))| (name.clone(), i));
            let indexes = indexes.collect();
            *self = Self::Many(Box::new(Many { entries: std::mem::take(entries), indexes }));
        }
        if let Self::Many(many) = self {
            many.indexes.insert(name.clone(), many.entries.len());
        }
        self.entries().push((name, value));
    }
}

impl Default for Entries {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl std::fmt::Debug for Entries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.all().fmt(f)
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        self.all() == other.all()
    }
}

impl Eq for Entries {}

impl std::hash::Hash for Entries {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.all().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: usize) -> Option<Json> {
        value.to_string().parse().ok()
    }

    #[test]
    fn equal_values_have_equal_hashes() {
        let hash = |json: &str| {
            let mut properties = AdditionalProperties::NONE;
            properties.insert("a", json.parse().ok()?);
            Some((std::hash::BuildHasher::hash_one(&state(), &properties), properties))
        };
        for (one, other) in [
            (r#"{"a": 1, "b": [2]}"#, r#"{"b":[2],"a":1}"#),
            (r#""\u0061""#, r#""a""#),
            ("1e2", "100.0"),
        ] {
            assert!(hash(one).is_some() && hash(one) == hash(other), "{one}");
        }
        let number = |json: &str| {
            let number = json.parse::<crate::scalar::Number>().ok()?;
            Some((std::hash::BuildHasher::hash_one(&state(), &number), number))
        };
        for (one, other) in [("1", "1.0"), ("1e2", "100"), ("-0.0", "0"), ("0.10", "0.1")] {
            assert!(number(one).is_some() && number(one) == number(other), "{one}");
        }
    }

    fn state() -> std::hash::BuildHasherDefault<std::hash::DefaultHasher> {
        std::hash::BuildHasherDefault::new()
    }

    #[test]
    fn any_number_of_properties_is_kept_in_order() -> Result<(), serde_json::Error> {
        let mut properties = AdditionalProperties::NONE;
        // If names were searched one by one, this would take minutes.
        for i in 0..200_000 {
            properties.insert(format!("p{i}"), i.to_string().parse()?);
        }
        for i in [0, 31, 32, 199_999] {
            assert_eq!(properties.get(&format!("p{i}")), json(i).as_ref(), "{i}");
            properties.insert(format!("p{i}"), "-1".parse()?);
            assert_eq!(properties.get(&format!("p{i}")), Some(&"-1".parse()?), "{i}");
        }
        assert_eq!(properties.len(), 200_000);
        let names = properties.iter().map(|(name, _)| name.to_owned()).take(40);
        assert!(names.eq((0..40).map(|i| format!("p{i}"))));
        assert_eq!(properties.get("p200000"), None);
        Ok(())
    }

    #[test]
    fn equal_properties_are_equal() -> Result<(), serde_json::Error> {
        let mut few = AdditionalProperties::NONE;
        few.insert("a", "1".parse()?);
        assert_eq!(format!("{few:?}"), "AdditionalProperties([(\"a\", 1)])");
        assert_ne!(few, AdditionalProperties::default());
        assert!(AdditionalProperties::NONE.is_empty());
        Ok(())
    }
}
