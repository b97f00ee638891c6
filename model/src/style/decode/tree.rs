//! Nested values, whose names contain the path in brackets: `a[b][c]=1`, `a[b][]=1`,
//! `a[0][b]=1`. The kind of a parameter determines the meaning of the brackets.

use super::error::ParameterError;
use super::kind::Kind;
use crate::style::Ordered;

/// The values of a parameter, nested.
#[derive(Debug)]
pub enum Tree {
    /// One value.
    Leaf(String),
    /// Elements.
    List(Vec<Tree>),
    /// Names with values.
    Pairs(Vec<(String, Tree)>),
}

/// The maximum number of brackets in a name. More would only fill the stack.
const MAX_DEPTH: usize = 32;

/// The brackets after a name, and the value.
type Leaf<'q> = (&'q str, &'q str);

impl Tree {
    /// Builds the tree of a parameter.
    pub(super) fn new(kind: Kind, leaves: &[Leaf<'_>]) -> Result<Self, ParameterError> {
        let is_flat = matches!(kind, Kind::Map(value) if value.is_single());
        if !is_flat && leaves.iter().any(|(rest, _)| rest.matches('[').count() > MAX_DEPTH) {
            return Err(ParameterError::Brackets);
        }
        Self::build(kind, leaves)
    }

    fn build(kind: Kind, leaves: &[Leaf<'_>]) -> Result<Self, ParameterError> {
        let has_parts = leaves.iter().any(|(rest, _)| !rest.is_empty());
        match kind {
            Kind::List(item) => list(*item, leaves),
            Kind::Map(value) => named(leaves, !value.is_single(), |_| *value),
            Kind::Object(_) => named(leaves, true, |name| kind.of_property(name)),
            Kind::Any if has_parts => {
                let is_index =
                    |rest: &str| split(rest).is_some_and(|(key, _)| key.parse::<usize>().is_ok());
                if leaves.iter().all(|(rest, _)| rest.starts_with("[]") || is_index(rest)) {
                    list(Kind::Any, leaves)
                } else {
                    named(leaves, true, |_| Kind::Any)
                }
            }
            Kind::String | Kind::Json | Kind::Any | Kind::Blob => match leaves {
                [("", value)] => Ok(Self::Leaf((*value).to_owned())),
                [_] => Err(ParameterError::Brackets),
                _ if has_parts => Err(ParameterError::Brackets),
                _ => Err(ParameterError::Repeated),
            },
        }
    }

    /// Converts the tree to JSON, in one of the interpretations of its kind.
    pub(super) fn to_json(&self, kind: Kind, as_string: bool) -> Ordered {
        match self {
            Self::Leaf(value) => kind.scalar(value, as_string),
            Self::List(items) => {
                let item = kind.of_element();
                Ordered::List(items.iter().map(|tree| tree.to_json(item, as_string)).collect())
            }
            Self::Pairs(pairs) => Ordered::object(pairs.iter().map(|(name, tree)| {
                (name.clone(), tree.to_json(kind.of_property(name), as_string))
            })),
        }
    }
}

/// Builds a list: the same name repeatedly, with `[]`, or with an index.
fn list(item: Kind, leaves: &[Leaf<'_>]) -> Result<Tree, ParameterError> {
    let mut groups: Vec<(Option<usize>, Vec<Leaf<'_>>)> = Vec::new();
    for (rest, value) in leaves {
        let (index, rest) = match split(rest) {
            None if rest.is_empty() => (None, ""),
            None => return Err(ParameterError::Brackets),
            Some(("", rest)) => (None, rest),
            Some((key, rest)) => (Some(key.parse().map_err(|_| ParameterError::Brackets)?), rest),
        };
        // Without an index, an element ends where one of its parts is repeated.
        let group = match index {
            Some(_) => groups.iter_mut().find(|(other, _)| *other == index),
            None => groups.last_mut().filter(|(other, parts)| {
                other.is_none() && !rest.is_empty() && parts.iter().all(|(known, _)| *known != rest)
            }),
        };
        match group {
            Some((_, parts)) => parts.push((rest, value)),
            None => groups.push((index, vec![(rest, value)])),
        }
    }
    // The sort is stable: elements without an index keep their order.
    groups.sort_by_key(|(index, _)| index.unwrap_or(usize::MAX));
    let items = groups.iter().map(|(_, leaves)| Tree::build(item, leaves));
    Ok(Tree::List(items.collect::<Result<_, _>>()?))
}

/// Builds properties. If values have no parts, a name may contain brackets itself.
fn named(
    leaves: &[Leaf<'_>],
    has_parts: bool,
    kind: impl Fn(&str) -> Kind,
) -> Result<Tree, ParameterError> {
    let mut groups: Vec<(&str, Vec<Leaf<'_>>)> = Vec::new();
    for (rest, value) in leaves {
        let (name, rest) = if has_parts {
            split(rest).ok_or(ParameterError::NotPairs)?
        } else {
            let name = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            (name.ok_or(ParameterError::NotPairs)?, "")
        };
        match groups.iter_mut().find(|(other, _)| *other == name) {
            Some((_, parts)) => parts.push((rest, value)),
            None => groups.push((name, vec![(rest, value)])),
        }
    }
    let pairs = groups
        .iter()
        .map(|(name, leaves)| Ok(((*name).to_owned(), Tree::build(kind(name), leaves)?)));
    Ok(Tree::Pairs(pairs.collect::<Result<_, _>>()?))
}

/// Splits at the end of the first pair of brackets.
fn split(rest: &str) -> Option<(&str, &str)> {
    rest.strip_prefix('[')?.split_once(']')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    static STRINGS: Kind = Kind::List(&Kind::String);
    static INNER: Kind = Kind::Object(&[("k", Kind::Json), ("l", Kind::List(&Kind::Json))]);
    static OUTER: Kind =
        Kind::Object(&[("in", INNER), ("each", Kind::List(&INNER)), ("t", STRINGS)]);

    fn read(kind: Kind, query: &[(&str, &str)]) -> Result<Value, String> {
        let tree = Tree::new(kind, query).map_err(|error| error.to_string())?;
        Ok(serde_json::from_str(&tree.to_json(kind, false).to_json()).expect("it is JSON"))
    }

    #[test]
    fn common_bracket_notations_are_decoded() {
        let expected = json!({
            "in": {"k": 1, "l": [2, 3]},
            "each": [{"k": 4}, {"k": 5, "l": [6]}],
            "t": ["7", "x"],
        });
        for query in [
            &[
                ("[in][k]", "1"),
                ("[in][l][]", "2"),
                ("[in][l][]", "3"),
                ("[each][0][k]", "4"),
                ("[each][1][k]", "5"),
                ("[each][1][l][]", "6"),
                ("[t][]", "7"),
                ("[t][]", "x"),
            ],
            &[
                ("[in][k]", "1"),
                ("[in][l][1]", "3"),
                ("[in][l][0]", "2"),
                ("[each][][k]", "4"),
                ("[each][][k]", "5"),
                ("[each][][l]", "6"),
                ("[t]", "7"),
                ("[t]", "x"),
            ],
        ] {
            assert_eq!(read(OUTER, query), Ok(expected.clone()));
        }
        let strings = json!(["a", "b"]);
        assert_eq!(read(STRINGS, &[("", "a"), ("", "b")]), Ok(strings.clone()));
        assert_eq!(read(STRINGS, &[("[]", "a"), ("[]", "b")]), Ok(strings));
    }

    #[test]
    fn undeclared_values_are_decoded_by_their_brackets() {
        let query = [("[a][0][b]", "1"), ("[a][1]", "x"), ("[c]", "true")];
        assert_eq!(read(Kind::Any, &query), Ok(json!({"a": [{"b": 1}, "x"], "c": true})));
        assert_eq!(read(Kind::Any, &[("", "x")]), Ok(json!("x")));
    }

    #[test]
    fn names_of_flat_maps_may_contain_brackets() {
        let map = Kind::Map(&Kind::String);
        assert_eq!(read(map, &[("[a][b]", "1"), ("[]", "2")]), Ok(json!({"a][b": "1", "": "2"})));
    }

    #[test]
    fn deep_nesting_is_rejected() {
        let deep = "[a]".repeat(100_000);
        assert!(read(Kind::Any, &[(&deep, "1")]).is_err());
        assert!(read(Kind::Map(&Kind::String), &[(&deep, "1")]).is_ok());
    }

    #[test]
    fn unexpected_brackets_are_rejected() {
        for (kind, query) in [
            (Kind::String, &[("[a]", "1")][..]),
            (Kind::String, &[("", "1"), ("", "2")]),
            (INNER, &[("", "1")]),
            (INNER, &[("[k][x]", "1")]),
            (STRINGS, &[("[x]", "1")]),
            (STRINGS, &[("[0", "1")]),
            (Kind::Map(&Kind::String), &[("[a", "1")]),
        ] {
            assert!(read(kind, query).is_err(), "{query:?}");
        }
    }
}
