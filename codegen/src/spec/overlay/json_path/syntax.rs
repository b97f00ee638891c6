//! The syntax of a JSONPath, and the locations that it selects.

use serde_json::Value;

/// A query: segments that are applied one after the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Query {
    /// Whether it starts at the root of the document, not at the current value of a filter.
    pub(super) is_absolute: bool,
    pub(super) segments: Vec<Segment>,
}

impl Query {
    /// Returns whether it selects at most one value.
    pub(super) fn is_singular(&self) -> bool {
        self.segments.iter().all(|segment| {
            let [selector] = segment.selectors.as_slice() else { return false };
            !segment.is_descendant && matches!(selector, Selector::Name(_) | Selector::Index(_))
        })
    }
}

/// A segment of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    /// Whether it selects from a value and all values in it, as `..` does.
    pub(super) is_descendant: bool,
    pub(super) selectors: Vec<Selector>,
}

/// What a segment selects from a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Selector {
    Name(String),
    Wildcard,
    Index(i64),
    /// From, up to, and the step.
    Slice(Option<i64>, Option<i64>, i64),
    Filter(Condition),
}

/// A condition of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    Or(Vec<Condition>),
    And(Vec<Condition>),
    Not(Box<Condition>),
    /// The query selects something.
    Exists(Query),
    /// The function returns a logical value.
    Call(Call),
    Compare(Operand, Operator, Operand),
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Literal(Value),
    /// A query. It is singular, except as an argument.
    Query(Query),
    Call(Box<Call>),
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub(super) function: Function,
    pub(super) arguments: Vec<Operand>,
}

/// A function of RFC 9535.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Length,
    Count,
    Match,
    Search,
    Value,
}

impl Function {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "length" => Self::Length,
            "count" => Self::Count,
            "match" => Self::Match,
            "search" => Self::Search,
            "value" => Self::Value,
            _ => return None,
        })
    }

    /// Returns whether the result is a logical value, and cannot be compared.
    pub(super) fn is_logical(self) -> bool {
        matches!(self, Self::Match | Self::Search)
    }

    /// Returns whether the arguments are all values that a query selects.
    pub(super) fn takes_nodes(self) -> bool {
        matches!(self, Self::Count | Self::Value)
    }

    /// Returns the number of arguments.
    pub(super) fn arguments(self) -> usize {
        if self.is_logical() { 2 } else { 1 }
    }
}

/// An operator of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// One step of the path to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::spec::overlay) enum Step {
    Index(usize),
    Name(String),
}

impl Step {
    /// Returns the index, if it is one.
    pub(in crate::spec::overlay) fn index(&self) -> Option<usize> {
        match self {
            Self::Index(index) => Some(*index),
            Self::Name(_) => None,
        }
    }

    /// Returns the name, if it is one.
    pub(in crate::spec::overlay) fn name(&self) -> Option<&str> {
        match self {
            Self::Index(_) => None,
            Self::Name(name) => Some(name),
        }
    }
}
