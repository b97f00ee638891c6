//! Signatures without aliases: two types are the same if they are so without aliases.

use std::collections::BTreeMap;

/// How many aliases are followed, since they could form a circle.
const DEPTH: usize = 16;

/// Returns a signature in which each name of an alias is what the alias is.
pub(super) fn expanded(signature: &str, aliases: &BTreeMap<String, String>) -> String {
    replace(signature, aliases, DEPTH)
}

/// Returns a signature in which types have other names.
pub(super) fn renamed(signature: &str, names: &BTreeMap<String, String>) -> String {
    replace(signature, names, 0)
}

/// Replaces names in a signature, and then those in what they are replaced by, down to a depth.
fn replace(signature: &str, names: &BTreeMap<String, String>, depth: usize) -> String {
    let mut out = String::with_capacity(signature.len());
    let mut rest = signature;
    while !rest.is_empty() {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        // After a path, it is a name of another crate.
        match names.get(name).filter(|_| !out.ends_with("::")) {
            Some(of) if depth > 0 => out.push_str(&replace(of, names, depth - 1)),
            Some(of) => out.push_str(of),
            None => out.push_str(name),
        }
        let end = after.find(is_name).unwrap_or(after.len());
        let (between, after) = after.split_at(end);
        out.push_str(between);
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(name, of)| ((*name).to_owned(), (*of).to_owned())).collect()
    }

    #[test]
    fn aliases_are_followed_and_names_replaced() {
        let aliases = table(&[("Pets", "Vec<Pet>"), ("Many", "Vec<Pets>"), ("Loop", "Loop")]);
        assert_eq!(expanded("Option<Many>", &aliases), "Option<Vec<Vec<Pet>>>");
        assert_eq!(expanded("rt::Pets, Petshop", &aliases), "rt::Pets, Petshop");
        assert_eq!(expanded("Loop", &aliases), "Loop");
        let names = table(&[("Pet", "Animal"), ("Animal", "Pet")]);
        assert_eq!(renamed("fn(Pet) -> Animal", &names), "fn(Animal) -> Pet");
    }
}
