//! Features that others enable: what needs both needs only the other one.

use std::collections::{BTreeMap, BTreeSet};

use super::{ItemKind, Surface};

/// The features that each feature enables, also indirectly.
type Enabled = BTreeMap<String, BTreeSet<String>>;

/// Removes the features of items that are enabled by other features which the items need.
pub(super) fn remove_implied(surface: &mut Surface) {
    let enabled = enabled(surface);
    if enabled.is_empty() {
        return;
    }
    for item in surface.items.values_mut().filter(|item| item.features.len() > 1) {
        without_implied(&mut item.features, &enabled);
    }
}

/// Returns what the features of tags enable. No item needs `default` or `full`.
fn enabled(surface: &Surface) -> Enabled {
    let direct: BTreeMap<&str, &Vec<String>> = surface
        .items
        .iter()
        .filter(|(_, item)| item.kind == ItemKind::Feature && !item.arguments.is_empty())
        .filter_map(|(path, item)| Some((path.strip_prefix("feature ")?, &item.arguments)))
        .filter(|(name, _)| !["default", "full"].contains(name))
        .collect();
    let all = direct.keys().map(|name| {
        let (mut open, mut found) = (vec![*name], BTreeSet::new());
        while let Some(name) = open.pop() {
            for next in direct.get(name).into_iter().flat_map(|names| names.iter()) {
                if found.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        ((*name).to_owned(), found)
    });
    all.collect()
}

/// Removes each list that holds whenever another one does: each feature of that one enables one of it.
fn without_implied(lists: &mut Vec<Vec<String>>, enabled: &Enabled) {
    let enables = |name: &String, list: &Vec<String>| {
        let all = enabled.get(name).into_iter().flatten();
        list.contains(name) || all.into_iter().any(|enabled| list.contains(enabled))
    };
    let mut at = 0;
    while let Some(list) = lists.get(at) {
        let mut others = lists.iter().enumerate().filter(|(other, _)| *other != at);
        match others.any(|(_, other)| other.iter().all(|name| enables(name, list))) {
            true => drop(lists.remove(at)),
            false => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(lists: &[&[&str]]) -> Vec<Vec<String>> {
        lists.iter().map(|list| list.iter().map(|name| (*name).to_owned()).collect()).collect()
    }

    #[test]
    fn features_that_others_enable_are_removed() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let enabled = Enabled::from([
            ("a".to_owned(), names(&["b", "c"])),
            ("d".to_owned(), names(&["e"])),
            ("e".to_owned(), names(&["d"])),
        ]);
        for (before, after) in [
            (lists(&[&["b"], &["a"]]), lists(&[&["a"]])),
            (lists(&[&["a"], &["x"]]), lists(&[&["a"], &["x"]])),
            (lists(&[&["a", "x"], &["b"]]), lists(&[&["a", "x"], &["b"]])),
            (lists(&[&["a"], &["b", "x"]]), lists(&[&["a"]])),
            (lists(&[&["d"], &["e"]]), lists(&[&["e"]])),
        ] {
            let mut found = before;
            without_implied(&mut found, &enabled);
            assert_eq!(found, after);
        }
    }
}
