//! The page of the documentation: a part for each suite. The parts of suites that do not run stay.

/// The parts of the page, in their order.
const TITLES: [&str; 3] = [JSON_SCHEMA, OVERLAYS, JSON_PATH];
pub(super) const JSON_SCHEMA: &str = "JSON Schema";
pub(super) const OVERLAYS: &str = "Overlay Specification";
pub(super) const JSON_PATH: &str = "JSONPath";

const INTRODUCTION: &str = "\
<!-- Written by `cargo xtask conformance --write`. -->

# Conformance

`cargo xtask conformance` runs official test suites and compares the results with this page. `xtask/conformance.toml` lists each
result that is not the one of its suite, with a reason. A result without a reason is an error, and so is an entry that is not
needed. The suites are not part of this repository.
";

/// A part of the page.
pub(super) struct Part {
    pub(super) title: &'static str,
    pub(super) content: String,
}

/// Returns the page with some parts replaced.
pub(super) fn updated(page: &str, parts: &[Part]) -> String {
    let old = |title: &str| {
        let (_, rest) = page.split_once(&format!("\n## {title}\n\n"))?;
        // The blank line before the next part is not part of this one.
        Some(rest.split_once("\n\n## ").map_or(rest.to_owned(), |(part, _)| format!("{part}\n")))
    };
    let mut updated = INTRODUCTION.to_owned();
    for title in TITLES {
        let new = parts.iter().find(|part| part.title == title).map(|part| part.content.clone());
        if let Some(content) = new.or_else(|| old(title)) {
            updated += &format!("\n## {title}\n\n{content}");
        }
    }
    updated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_other_suites_stay() {
        let part = |title, content: &str| Part { title, content: content.to_owned() };
        let both = updated("", &[part(JSON_PATH, "a\n\n### b\n"), part(JSON_SCHEMA, "c\n")]);
        assert!(both.ends_with(".\n\n## JSON Schema\n\nc\n\n## JSONPath\n\na\n\n### b\n"));
        assert_eq!(updated(&both, &[]), both);
        let all = updated(&both, &[part(OVERLAYS, "d\n"), part(JSON_SCHEMA, "e\n")]);
        let expected =
            "## JSON Schema\n\ne\n\n## Overlay Specification\n\nd\n\n## JSONPath\n\na\n\n### b\n";
        assert!(all.ends_with(expected), "{all}");
    }
}
