//! Types that have another name, but whose old name stays as an alias: a program that uses the old name
//! compiles, so both names are the same type.

use std::collections::BTreeMap;

use super::aliases::renamed;
use super::{ItemKind, Surface};

/// Returns the new name of each type whose old name is now an alias of it.
pub(super) fn held(old: &Surface, new: &Surface) -> BTreeMap<String, String> {
    let aliases = new.items.iter().filter(|(_, item)| item.kind == ItemKind::Alias);
    let held = aliases.filter_map(|(path, item)| {
        let (module, name) = path.rsplit_once("::")?;
        // The arguments of a generic alias are its parameters.
        let of = item.signature.split('<').next().unwrap_or_default();
        let target = format!("{module}::{of}");
        let kind = |surface: &Surface, path: &str| surface.items.get(path).map(|item| item.kind);
        let before = kind(old, path)?;
        let is_same_kind = kind(new, &target) == Some(before);
        let is_type = matches!(before, ItemKind::Struct | ItemKind::Enum);
        let is_renamed = is_type && is_same_kind && !old.items.contains_key(&target);
        is_renamed.then(|| (name.to_owned(), of.to_owned()))
    });
    held.collect()
}

/// Returns a surface in which types have other names.
pub(super) fn with_names(surface: &Surface, names: &BTreeMap<String, String>) -> Surface {
    let items = surface.items.iter().map(|(path, item)| {
        let mut item = item.clone();
        item.signature = renamed(&item.signature, names);
        (path_with_names(path, names), item)
    });
    let aliases = surface.aliases.iter().map(|(name, of)| (name.clone(), renamed(of, names)));
    Surface { items: items.collect(), aliases: aliases.collect() }
}

/// Returns a path in which types have other names. A type comes after its module.
fn path_with_names(path: &str, names: &BTreeMap<String, String>) -> String {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    while let Some(found) = path.get(at..).and_then(|rest| rest.find("::")) {
        let start = at + found + 2;
        let rest = path.get(start..).unwrap_or_default();
        let name = rest.split(|c| !is_name(c)).next().unwrap_or_default();
        let before = path.get(..start).unwrap_or_default();
        // Only a module is before it: members of types come after these.
        let is_in_module = before.chars().all(|c| !c.is_uppercase());
        match names.get(name).filter(|_| is_in_module) {
            Some(new) => {
                let after = rest.get(name.len()..).unwrap_or_default();
                return format!("{before}{new}{}", renamed(after, names));
            }
            None => at = start,
        }
    }
    renamed(path, names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_other_names_in_paths() {
        let names = BTreeMap::from([("Animal".to_owned(), "Pet".to_owned())]);
        for (path, expected) in [
            ("models::Animal", "models::Pet"),
            ("models::Animal::name", "models::Pet::name"),
            ("models::AnimalBuilder", "models::AnimalBuilder"),
            ("models::Kind::Animal", "models::Kind::Animal"),
            ("models::Animal: From<Animal>", "models::Pet: From<Pet>"),
            ("models::Kind: From<Animal>", "models::Kind: From<Pet>"),
            ("Client::animal", "Client::animal"),
        ] {
            assert_eq!(path_with_names(path, &names), expected);
        }
    }
}
