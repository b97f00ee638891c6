//! What a parameter consists of, as far as decoding depends on it.

use crate::style::Ordered;

/// What a parameter consists of.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A string.
    String,
    /// A value in its JSON form: a number, a boolean, or anything inside an element.
    Json,
    /// A string or JSON, whichever fits.
    Any,
    /// Several values of one kind.
    List(&'static Kind),
    /// Names with values of one kind.
    Map(&'static Kind),
    /// The bytes of a file in a form.
    Blob,
    /// Properties, each with its own kind.
    Object(&'static [(&'static str, Kind)]),
}

impl Kind {
    /// Returns whether it is one value.
    #[must_use]
    pub fn is_single(self) -> bool {
        matches!(self, Self::String | Self::Json | Self::Any | Self::Blob)
    }

    /// Returns whether it is a string or JSON, whichever fits.
    #[must_use]
    pub fn is_any(self) -> bool {
        matches!(self, Self::Any)
    }

    /// Returns the kind of an element.
    #[must_use]
    pub fn of_element(self) -> Self {
        if let Self::List(item) = self { *item } else { Self::Any }
    }

    /// Returns the kind of a property.
    #[must_use]
    pub fn of_property(self, name: &str) -> Self {
        match self {
            Self::Map(kind) => *kind,
            Self::Object(fields) => {
                let known = fields.iter().find(|(field, _)| *field == name);
                known.map_or(Self::Any, |(_, kind)| *kind)
            }
            _ => Self::Any,
        }
    }

    /// Returns the possible interpretations, the most likely one first: whether values that may be
    /// a string or JSON are strings.
    pub fn interpretations(self) -> impl Iterator<Item = bool> {
        let both = [Some(false), Some(true)];
        let as_strings = if self.is_ambiguous() { both } else { [Some(false), None] };
        as_strings.into_iter().flatten()
    }

    /// Converts one string to JSON. A string that is not JSON stays a string, which decoding
    /// then rejects.
    #[must_use]
    pub fn scalar(self, value: &str, as_string: bool) -> Ordered {
        let string = || Ordered::String(value.to_owned());
        let is_string = match self {
            Self::String | Self::Blob => true,
            Self::Any => as_string,
            _ => false,
        };
        if is_string || value.trim() != value {
            return string();
        }
        match Ordered::from_json(value) {
            // Clients do not put quotes around strings.
            Some(Ordered::String(_)) => string(),
            Some(json) => json,
            None if value.is_empty() && !matches!(self, Self::Any) => Ordered::Null,
            None => string(),
        }
    }

    /// Whether a value in it has two interpretations.
    fn is_ambiguous(self) -> bool {
        match self {
            Self::Any => true,
            Self::String | Self::Json | Self::Blob => false,
            Self::List(kind) | Self::Map(kind) => kind.is_ambiguous(),
            // Its additional properties may be anything.
            Self::Object(_) => true,
        }
    }
}
