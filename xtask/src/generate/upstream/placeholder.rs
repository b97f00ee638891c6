//! The placeholder for words that have to be written after a structural change of the spec.

/// What `cargo xtask upstream --accept` writes where words are missing or may be wrong.
pub(crate) const PLACEHOLDER: &str = "TO BE WRITTEN";

/// Returns an error that lists the placeholders in files, each given by its name and content.
///
/// # Errors
/// Returns an error if there is one.
pub(crate) fn check<'s>(files: impl IntoIterator<Item = (&'s str, &'s str)>) -> Result<(), String> {
    let mut found = Vec::new();
    for (name, content) in files {
        for (index, line) in content.lines().enumerate() {
            if let Some(at) = line.find(PLACEHOLDER) {
                let column = line.get(..at).unwrap_or_default().chars().count() + 1;
                found.push(format!("error: {name}:{}:{column}: {}", index + 1, line.trim()));
            }
        }
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{}\nhelp: replace `{PLACEHOLDER}` with your own words; remove such a comment once the words \
             around it are right",
            found.join("\n")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_located() {
        let content = format!("a:\n  description: {PLACEHOLDER}\n  # {PLACEHOLDER}: b\n");
        let error = check([("x.yaml", "a: b\n"), ("spec.yaml", content.as_str())]).unwrap_err();
        assert!(error.contains("spec.yaml:2:16: "), "{error}");
        assert!(error.contains("spec.yaml:3:5: # "), "{error}");
        assert_eq!(check([("x.yaml", "a: written\n")]), Ok(()));
    }
}
