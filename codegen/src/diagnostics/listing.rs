//! Lists of names in messages.

/// How many names are listed before the rest is counted.
const SHOWN: usize = 5;

/// Joins names with "and". Of a long list, the rest is counted.
pub(crate) fn conjunction(names: &[&str]) -> String {
    match names.split_at_checked(SHOWN) {
        Some((shown, rest)) if rest.len() > 1 => {
            format!("{} and {} more", shown.join(" and "), rest.len())
        }
        _ => names.join(" and "),
    }
}

/// Joins names with "or", each in backticks.
pub(crate) fn alternatives<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(" or ")
}
