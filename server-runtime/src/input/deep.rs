//! Values within values, whose names have the way to them in brackets: `a[b][c]=1`, `a[b][]=1`,
//! `a[0][b]=1`. What a parameter is made of says how brackets are meant.

use serde_json::Map;

use super::texts::{Kind, Wrong};

/// The texts of a parameter, each where it stands.
#[derive(Debug)]
pub(super) enum Tree {
    Leaf(String),
    List(Vec<Tree>),
    Pairs(Vec<(String, Tree)>),
}

/// More brackets than this have no meaning to anyone, and would only fill the stack.
const DEEPEST: usize = 32;

/// What stands behind a name: its brackets, and the text.
type Leaf<'q> = (&'q str, &'q str);

impl Tree {
    /// Reads the texts of a parameter.
    pub(super) fn read(kind: Kind, leaves: &[Leaf<'_>]) -> Result<Self, Wrong> {
        let is_flat = matches!(kind, Kind::Map(value) if value.is_single());
        if !is_flat && leaves.iter().any(|(rest, _)| rest.matches('[').count() > DEEPEST) {
            return Err(Wrong::Brackets);
        }
        Self::of(kind, leaves)
    }

    /// The tree that some texts make.
    fn of(kind: Kind, leaves: &[Leaf<'_>]) -> Result<Self, Wrong> {
        let has_parts = leaves.iter().any(|(rest, _)| !rest.is_empty());
        match kind {
            Kind::List(item) => list(*item, leaves),
            Kind::Map(value) => named(leaves, !value.is_single(), |_| *value),
            Kind::Record(fields) => named(leaves, true, |name| {
                let field = fields.iter().find(|(field, _)| *field == name);
                field.map_or(Kind::Any, |(_, kind)| *kind)
            }),
            Kind::Any if has_parts => {
                let is_index =
                    |rest: &str| split(rest).is_some_and(|(key, _)| key.parse::<usize>().is_ok());
                if leaves.iter().all(|(rest, _)| rest.starts_with("[]") || is_index(rest)) {
                    list(Kind::Any, leaves)
                } else {
                    named(leaves, true, |_| Kind::Any)
                }
            }
            Kind::Text | Kind::Json | Kind::Any => match leaves {
                [("", text)] => Ok(Self::Leaf((*text).to_owned())),
                [_] => Err(Wrong::Brackets),
                _ if has_parts => Err(Wrong::Brackets),
                _ => Err(Wrong::Twice),
            },
        }
    }

    /// The tree as JSON; texts of either reading are read as this says.
    pub(super) fn json(&self, kind: Kind, as_text: bool) -> serde_json::Value {
        match self {
            Self::Leaf(text) => kind.scalar(text, as_text),
            Self::List(items) => {
                let item = if let Kind::List(item) = kind { *item } else { Kind::Any };
                items.iter().map(|tree| tree.json(item, as_text)).collect()
            }
            Self::Pairs(pairs) => {
                let entries = pairs
                    .iter()
                    .map(|(name, tree)| (name.clone(), tree.json(kind.of(name), as_text)));
                entries.collect::<Map<_, _>>().into()
            }
        }
    }
}

/// Elements: the same name again, or with `[]`, or with an index.
fn list(item: Kind, leaves: &[Leaf<'_>]) -> Result<Tree, Wrong> {
    let mut groups: Vec<(Option<usize>, Vec<Leaf<'_>>)> = Vec::new();
    for (rest, text) in leaves {
        let (index, rest) = match split(rest) {
            None if rest.is_empty() => (None, ""),
            None => return Err(Wrong::Brackets),
            Some(("", rest)) => (None, rest),
            Some((key, rest)) => (Some(key.parse().map_err(|_| Wrong::Brackets)?), rest),
        };
        // Without an index, an element ends where one of its parts comes again.
        let group = match index {
            Some(_) => groups.iter_mut().find(|(other, _)| *other == index),
            None => groups.last_mut().filter(|(other, parts)| {
                other.is_none() && !rest.is_empty() && parts.iter().all(|(known, _)| *known != rest)
            }),
        };
        match group {
            Some((_, parts)) => parts.push((rest, text)),
            None => groups.push((index, vec![(rest, text)])),
        }
    }
    // The sort is stable: what has no index stays in its order.
    groups.sort_by_key(|(index, _)| index.unwrap_or(usize::MAX));
    let items = groups.iter().map(|(_, leaves)| Tree::of(item, leaves));
    Ok(Tree::List(items.collect::<Result<_, _>>()?))
}

/// Properties. Where values have no parts, a name may have brackets of its own.
fn named(leaves: &[Leaf<'_>], has_parts: bool, kind: impl Fn(&str) -> Kind) -> Result<Tree, Wrong> {
    let mut groups: Vec<(&str, Vec<Leaf<'_>>)> = Vec::new();
    for (rest, text) in leaves {
        let (name, rest) = if has_parts {
            split(rest).ok_or(Wrong::NotPairs)?
        } else {
            let name = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            (name.ok_or(Wrong::NotPairs)?, "")
        };
        match groups.iter_mut().find(|(other, _)| *other == name) {
            Some((_, parts)) => parts.push((rest, text)),
            None => groups.push((name, vec![(rest, text)])),
        }
    }
    let pairs =
        groups.iter().map(|(name, leaves)| Ok(((*name).to_owned(), Tree::of(kind(name), leaves)?)));
    Ok(Tree::Pairs(pairs.collect::<Result<_, _>>()?))
}

/// The first pair of brackets, and what follows.
fn split(rest: &str) -> Option<(&str, &str)> {
    rest.strip_prefix('[')?.split_once(']')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    static TEXTS: Kind = Kind::List(&Kind::Text);
    static INNER: Kind = Kind::Record(&[("k", Kind::Json), ("l", Kind::List(&Kind::Json))]);
    static OUTER: Kind = Kind::Record(&[("in", INNER), ("each", Kind::List(&INNER)), ("t", TEXTS)]);

    fn read(kind: Kind, query: &[(&str, &str)]) -> Result<Value, String> {
        let tree = Tree::read(kind, query).map_err(|wrong| wrong.to_string())?;
        Ok(tree.json(kind, false))
    }

    #[test]
    fn brackets_are_read_in_every_way_that_people_write_them() {
        let whole = json!({
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
            assert_eq!(read(OUTER, query), Ok(whole.clone()));
        }
        let texts = json!(["a", "b"]);
        assert_eq!(read(TEXTS, &[("", "a"), ("", "b")]), Ok(texts.clone()));
        assert_eq!(read(TEXTS, &[("[]", "a"), ("[]", "b")]), Ok(texts));
    }

    #[test]
    fn what_nobody_has_described_is_read_by_its_brackets() {
        let query = [("[a][0][b]", "1"), ("[a][1]", "x"), ("[c]", "true")];
        assert_eq!(read(Kind::Any, &query), Ok(json!({"a": [{"b": 1}, "x"], "c": true})));
        assert_eq!(read(Kind::Any, &[("", "x")]), Ok(json!("x")));
    }

    #[test]
    fn names_may_have_brackets_where_values_have_no_parts() {
        let map = Kind::Map(&Kind::Text);
        assert_eq!(read(map, &[("[a][b]", "1"), ("[]", "2")]), Ok(json!({"a][b": "1", "": "2"})));
    }

    #[test]
    fn brackets_without_end_are_refused() {
        let deep = "[a]".repeat(100_000);
        assert!(read(Kind::Any, &[(&deep, "1")]).is_err());
        assert!(read(Kind::Map(&Kind::Text), &[(&deep, "1")]).is_ok());
    }

    #[test]
    fn what_does_not_fit_is_said() {
        for (kind, query) in [
            (Kind::Text, &[("[a]", "1")][..]),
            (Kind::Text, &[("", "1"), ("", "2")]),
            (INNER, &[("", "1")]),
            (INNER, &[("[k][x]", "1")]),
            (TEXTS, &[("[x]", "1")]),
            (TEXTS, &[("[0", "1")]),
            (Kind::Map(&Kind::Text), &[("[a", "1")]),
        ] {
            assert!(read(kind, query).is_err(), "{query:?}");
        }
    }
}
