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
    /// By the value of a string.
    Tag {
        /// The property that holds the string; absent if the value itself is the string.
        property: Option<String>,
        /// The rule for each set of strings.
        arms: Vec<(Vec<String>, Rule)>,
        /// The rule for other strings; absent if these values belong to no known variant.
        otherwise: Option<Box<Rule>>,
    },
    /// By the presence of properties: the first one that is present decides.
    Presence {
        /// Each property with its variant.
        arms: Vec<(String, VariantIndex)>,
        /// The rule if none is present; absent if these values belong to no known variant.
        otherwise: Option<Box<Rule>>,
    },
    /// By trial: each variant is decoded in this order until one succeeds.
    Trial(Vec<VariantIndex>),
}

impl Rule {
    /// Returns the groups of variants that are decoded by trial, at any depth.
    pub(crate) fn trials(&self) -> Vec<&[VariantIndex]> {
        match self {
            Self::Only(_) => Vec::new(),
            Self::Trial(variants) => vec![variants],
            Self::Tag { arms, otherwise, .. } => {
                let rules = arms.iter().map(|(_, rule)| rule).chain(otherwise.as_deref());
                rules.flat_map(Self::trials).collect()
            }
            Self::Presence { otherwise, .. } => {
                otherwise.as_deref().map(Self::trials).unwrap_or_default()
            }
        }
    }

    /// Returns whether it decides on a variant for every value.
    pub(crate) fn is_total(&self) -> bool {
        match self {
            Self::Only(_) | Self::Trial(_) => true,
            Self::Tag { arms, otherwise, .. } => {
                let mut rules = arms.iter().map(|(_, rule)| rule);
                otherwise.as_deref().is_some_and(Self::is_total) && rules.all(Self::is_total)
            }
            Self::Presence { otherwise, .. } => otherwise.as_deref().is_some_and(Self::is_total),
        }
    }
}
