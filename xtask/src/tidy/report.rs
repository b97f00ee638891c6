//! What the rules found, and how it is printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::settings::is_below;

/// How many findings of one rule are printed for each file unless all are requested.
const SHOWN: usize = 3;

/// A violation of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    pub(super) rule: &'static str,
    /// Relative to the root of the workspace.
    pub(super) file: String,
    pub(super) line: usize,
    /// What is wrong; what to do.
    pub(super) message: String,
}

impl Finding {
    pub(super) fn new(
        rule: &'static str,
        file: &str,
        line: usize,
        message: impl Into<String>,
    ) -> Self {
        Self { rule, file: file.to_owned(), line, message: message.into() }
    }
}

/// Keeps the findings in files at or below one of the paths; all if there are no paths.
pub(super) fn below(findings: Vec<Finding>, paths: &[String]) -> Vec<Finding> {
    let is_selected = |file: &str| {
        paths.iter().any(|path| path.is_empty() || path == "." || is_below(file, path))
    };
    findings.into_iter().filter(|found| paths.is_empty() || is_selected(&found.file)).collect()
}

/// Renders findings by rule, each with counts, followed by totals.
pub(super) fn render(findings: &[Finding], is_complete: bool) -> String {
    let mut rules: BTreeMap<&str, BTreeMap<&str, Vec<&Finding>>> = BTreeMap::new();
    for found in findings {
        rules.entry(found.rule).or_default().entry(&found.file).or_default().push(found);
    }
    let mut output = String::new();
    for (rule, files) in &rules {
        let _ = writeln!(output, "=== {rule}");
        for (file, found) in files {
            let shown = if is_complete { found.len() } else { SHOWN };
            for Finding { line, message, .. } in found.iter().take(shown) {
                let _ = writeln!(output, "{file}:{line}: {message}");
            }
            if found.len() > shown {
                let _ = writeln!(output, "{file}: {} more; --all prints them", found.len() - shown);
            }
        }
    }
    for (rule, files) in &rules {
        let total: usize = files.values().map(Vec::len).sum();
        let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
        for (file, found) in files {
            let folder = file.split_once('/').map_or(".", |(folder, _)| folder);
            *folders.entry(folder).or_default() += found.len();
        }
        let folders: Vec<String> =
            folders.iter().map(|(folder, count)| format!("{folder} {count}")).collect();
        let _ = writeln!(output, "{rule}: {total} ({})", folders.join(", "));
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_grouped_and_counted() {
        let found = |line| Finding::new("length", "a/b.rs", line, "too long; split it");
        let findings: Vec<Finding> = (1..=5).map(found).collect();
        let short = render(&findings, false);
        assert!(short.contains("a/b.rs:3: too long; split it\na/b.rs: 2 more"), "{short}");
        assert!(short.ends_with("length: 5 (a 5)\n"), "{short}");
        assert!(render(&findings, true).contains("a/b.rs:5: too long"));
    }

    #[test]
    fn paths_restrict_the_report() {
        let findings =
            vec![Finding::new("length", "a/b.rs", 1, ""), Finding::new("length", "ab/b.rs", 1, "")];
        assert_eq!(below(findings.clone(), &["a".to_owned()]), findings[..1]);
        assert_eq!(below(findings.clone(), &["a/b.rs".to_owned()]), findings[..1]);
        assert_eq!(below(findings.clone(), &[]), findings);
    }
}
