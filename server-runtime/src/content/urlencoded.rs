//! From names and texts to JSON: forms in one line, and what else a style has spread.

use serde_json::{Map, Value};
use specwright_runtime::__private::{Part, Style};

use super::{essence, is_json};
use crate::input::Kind;
use crate::refusal::Problem;

/// Deeper than anybody nests a form.
const DEPTH: usize = 32;

/// Reads a form. What is wrong with any of its properties is told.
pub(super) fn read(
    kind: Kind,
    described: &[Part],
    pairs: &[(String, String)],
    as_text: bool,
) -> Result<Value, Vec<Problem>> {
    let (mut object, mut problems) = (Map::new(), Vec::new());
    let fields = if let Kind::Record(fields) = kind { fields } else { &[] };
    let mut claimed: Vec<&str> = Vec::new();
    for (name, own) in fields {
        let part = described.iter().find(|part| part.name == *name);
        let style = part.and_then(|part| part.style).unwrap_or(Style::FormExploded);
        let says_json =
            part.and_then(|part| part.media_type).is_some_and(|media| is_json(&essence(media)));
        claimed.push(name);
        if let (Kind::Record(of), Style::FormExploded) = (own, style) {
            claimed.extend(of.iter().map(|(name, _)| *name));
        }
        let whole = || pairs.iter().find(|(key, _)| key == name).map(|(_, text)| text);
        let value = match (own, style) {
            _ if says_json => Ok(whole().map(|text| json(*own, text, as_text))),
            // A value that is JSON all the same, as many clients write it.
            (Kind::Record(_) | Kind::Map(_), _) if whole().is_some_and(|t| t.starts_with('{')) => {
                Ok(whole().map(|text| json(*own, text, as_text)))
            }
            (Kind::Record(_) | Kind::Map(_) | Kind::List(_) | Kind::Any, Style::DeepObject) => {
                Ok(deep(*own, name, pairs, as_text))
            }
            // What nobody else has would be the form itself.
            (Kind::Map(_), Style::FormExploded) => Ok(None),
            _ => {
                own.query(name, style, pairs, &[]).map(|value| value.map(|v| own.json(&v, as_text)))
            }
        };
        match value {
            Ok(Some(value)) => _ = object.insert((*name).to_owned(), value),
            Ok(None) => {}
            Err(wrong) => problems.push(Problem::new(format!("/{name}"), wrong.to_string())),
        }
    }
    for (name, text) in pairs {
        let is_known = |claimed: &&str| {
            name.strip_prefix(*claimed).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        if claimed.iter().any(is_known) {
            continue;
        }
        let own = kind.of_property(name);
        let (own, is_list) = if let Kind::List(item) = own { (*item, true) } else { (own, false) };
        let value = own.scalar(text, as_text);
        match object.get_mut(name) {
            None if is_list => _ = object.insert(name.clone(), vec![value].into()),
            None => _ = object.insert(name.clone(), value),
            Some(Value::Array(items)) => items.push(value),
            Some(first) => *first = vec![first.take(), value].into(),
        }
    }
    if problems.is_empty() { Ok(object.into()) } else { Err(problems) }
}

fn json(kind: Kind, text: &str, as_text: bool) -> Value {
    match kind {
        Kind::Text => text.into(),
        _ => serde_json::from_str(text).unwrap_or_else(|_| kind.scalar(text, as_text)),
    }
}

/// What is named `name[key]`, however deep. Nothing if there is none.
fn deep(kind: Kind, name: &str, pairs: &[(String, String)], as_text: bool) -> Option<Value> {
    let mut tree = Tree::default();
    for (key, text) in pairs {
        let Some(rest) = key.strip_prefix(name) else { continue };
        let keys: Option<Vec<&str>> = match rest {
            "" => Some(Vec::new()),
            rest => rest
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
                .map(|keys| keys.split("][").collect()),
        };
        if let Some(keys) = keys.filter(|keys| keys.len() < DEPTH) {
            tree.add(&keys, text);
        }
    }
    (!tree.is_empty()).then(|| tree.value(kind, as_text))
}

/// Texts by their names, and the names within those.
#[derive(Default)]
struct Tree<'p> {
    texts: Vec<&'p str>,
    /// In the order in which they came.
    within: Vec<(&'p str, Tree<'p>)>,
}

impl<'p> Tree<'p> {
    fn add(&mut self, keys: &[&'p str], text: &'p str) {
        let Some((key, rest)) = keys.split_first() else {
            self.texts.push(text);
            return;
        };
        let known = self.within.iter().position(|(other, _)| other == key && !key.is_empty());
        let at = known.unwrap_or_else(|| {
            self.within.push((key, Tree::default()));
            self.within.len() - 1
        });
        if let Some((_, tree)) = self.within.get_mut(at) {
            tree.add(rest, text);
        }
    }

    fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.within.is_empty()
    }

    fn value(mut self, kind: Kind, as_text: bool) -> Value {
        match kind {
            // The names of elements are their places, or nothing.
            Kind::List(item) => {
                let texts = self.texts.iter().map(|text| item.scalar(text, as_text));
                let texts: Vec<_> = texts.collect();
                self.within.sort_by_key(|(key, _)| key.parse::<usize>().unwrap_or(usize::MAX));
                let within = self.within.into_iter().map(|(_, tree)| tree.value(*item, as_text));
                texts.into_iter().chain(within).collect()
            }
            kind if self.within.is_empty() => {
                self.texts.first().map_or(Value::Null, |text| kind.scalar(text, as_text))
            }
            Kind::Any if self.within.iter().all(|(key, _)| key.parse::<usize>().is_ok()) => {
                self.value(Kind::List(&Kind::Any), as_text)
            }
            kind => {
                let within = self.within.into_iter();
                let within = within.map(|(key, tree)| {
                    (key.to_owned(), tree.value(kind.of_property(key), as_text))
                });
                within.collect::<Map<_, _>>().into()
            }
        }
    }
}
