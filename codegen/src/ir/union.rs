//! Unions, and how the variant of a value is decided.

use super::{Type, TypeName};

/// One of several types.
#[derive(Clone, Debug)]
pub(crate) struct Union {
    /// The variants.
    pub variants: Vec<Variant>,
    /// How the variant of a value is decided.
    pub decision: Decision,
    /// The variant for values of unknown variants; absent if every value has a known variant.
    pub other: Option<TypeName>,
}

/// A variant of a union.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    /// Its name.
    pub name: TypeName,
    /// Its type.
    pub ty: Type,
    /// Whether it is boxed, because it is large or contains the union.
    pub boxed: bool,
}

/// An index into the variants of a union.
pub(crate) type VariantIndex = usize;

/// How the variant of a value is decided: by its JSON type, then by the rule for that type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Decision {
    /// The rule for each JSON type that a variant may have.
    pub rules: Vec<(JsonType, Rule)>,
}

/// A type of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum JsonType {
    /// `true` or `false`
    Boolean,
    /// any number
    Number,
    /// a string
    String,
    /// an array
    Array,
    /// an object
    Object,
}

/// How the variant is decided for one JSON type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Rule {
    /// Only one variant has this JSON type.
    Only(VariantIndex),
    /// By a string, a number or a boolean.
    Tag {
        /// The names of the properties that lead to it, through the elements of arrays; empty if
        /// the value itself is the string.
        path: Vec<String>,
        /// The rule for each set of strings, or of the JSON of numbers and booleans.
        arms: Vec<(Vec<String>, Rule)>,
        /// The rule for other ones; absent if these values belong to no known variant.
        otherwise: Option<Box<Rule>>,
        /// The rule if there is none; absent if it is that for other ones.
        absent: Option<Box<Rule>>,
    },
    /// By the presence of properties. Of several variants, and of what objects are otherwise, one is
    /// chosen that decodes.
    Presence {
        /// Each property with its variant.
        arms: Vec<Present>,
        /// The rule if none is present; absent if these values belong to no known variant.
        otherwise: Option<Box<Rule>>,
        /// Whether the value is invalid for all variants, so that the first property is as good as
        /// any.
        is_guess: bool,
    },
    /// By the names of all properties: the variant that has most of them. Objects that no variant
    /// allows belong to no known variant.
    Properties(Vec<(VariantIndex, PropertyNames)>),
    /// By trial: each variant is decoded in this order, and the one that fits best is chosen.
    Trial(Vec<VariantIndex>),
}

/// A property that only one variant requires.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Present {
    /// Its name.
    pub property: String,
    /// Its only values; empty if it may have others.
    pub values: Vec<String>,
    /// The variant.
    pub variant: VariantIndex,
}

/// The names of the properties of a variant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PropertyNames {
    /// The properties that are always present, and never `null`.
    pub required: Vec<String>,
    /// The other ones.
    pub optional: Vec<String>,
    /// Whether there are no other properties.
    pub closed: bool,
}

impl Rule {
    /// Returns the groups of variants that are decoded by trial, at any depth.
    pub(crate) fn trials(&self) -> Vec<&[VariantIndex]> {
        match self {
            Self::Only(_) | Self::Properties(_) => Vec::new(),
            Self::Trial(variants) => vec![variants],
            Self::Tag { arms, otherwise, absent, .. } => {
                let others = otherwise.as_deref().into_iter().chain(absent.as_deref());
                arms.iter().map(|(_, rule)| rule).chain(others).flat_map(Self::trials).collect()
            }
            Self::Presence { otherwise, .. } => {
                otherwise.as_deref().map(Self::trials).unwrap_or_default()
            }
        }
    }

    /// Returns whether it decides on a variant for every value.
    pub(crate) fn is_total(&self) -> bool {
        match self {
            Self::Only(_) => true,
            // The variants may forbid the properties of a value.
            Self::Trial(_) => false,
            Self::Properties(variants) => variants.iter().any(|(_, names)| !names.closed),
            Self::Tag { arms, otherwise, absent, .. } => {
                let mut rules = arms.iter().map(|(_, rule)| rule).chain(absent.as_deref());
                otherwise.as_deref().is_some_and(Self::is_total) && rules.all(Self::is_total)
            }
            Self::Presence { otherwise, .. } => otherwise.as_deref().is_some_and(Self::is_total),
        }
    }
}
