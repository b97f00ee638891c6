//! The style `deepObject`, for queries and forms.

use super::ordered::Ordered;

/// Collects the scalars of a value, each with its path in brackets.
pub(super) fn deep_object(name: String, value: Ordered, leaves: &mut Vec<(String, String)>) {
    match value {
        Ordered::Object(entries) => {
            for (key, value) in entries {
                deep_object(format!("{name}[{key}]"), value, leaves);
            }
        }
        Ordered::List(items) if !items.iter().any(Ordered::is_compound) => {
            leaves.extend(items.into_iter().map(|item| (format!("{name}[]"), item.plain())));
        }
        // Without indices the end of an element could not be recognised.
        Ordered::List(items) => {
            for (index, item) in items.into_iter().enumerate() {
                deep_object(format!("{name}[{index}]"), item, leaves);
            }
        }
        scalar => leaves.push((name, scalar.plain())),
    }
}
