//! The result of one check.

/// A line of the report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) outcome: String,
    name: String,
    details: String,
}

impl Row {
    pub(super) fn new(outcome: &str, name: &str, details: &str) -> Self {
        Self { outcome: outcome.to_owned(), name: name.to_owned(), details: details.to_owned() }
    }

    /// Parses a line that a program with checks prints. Other lines are not rows.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, '\t');
        let [outcome, name, details] = [parts.next()?, parts.next()?, parts.next()?];
        ["passed", "failed"].contains(&outcome).then(|| Self::new(outcome, name, details))
    }
}

/// Renders rows with aligned columns.
pub(super) fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    let line = |row: &Row| format!("  {}  {:<width$}  {}", row.outcome, row.name, row.details);
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Prints all rows. Returns an error if a check failed.
pub(super) fn finish(rows: &[Row]) -> Result<(), String> {
    println!("{}", table(rows));
    let failed = rows.iter().filter(|row| row.outcome != "passed").count();
    match failed {
        0 => Ok(()),
        _ => Err(format!("error: {failed} of {} checks failed", rows.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_checks_are_rows() {
        let row = Row::parse("failed\tsending.many\ta reason\twith a tab");
        assert_eq!(row, Some(Row::new("failed", "sending.many", "a reason\twith a tab")));
        for other in ["", "passed", "passed\tname", "warning\tname\tx", "a passed\tname\tx"] {
            assert_eq!(Row::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_table_has_columns() {
        let rows = [Row::new("passed", "a", "one"), Row::new("failed", "a.b", "two")];
        assert_eq!(table(&rows), "  passed  a    one\n  failed  a.b  two");
    }
}
