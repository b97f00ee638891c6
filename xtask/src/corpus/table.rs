//! Markdown tables with aligned columns.

/// Renders a table. The first column is left-aligned, the others are right-aligned.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(String::as_str);
        cells.chain([head[column]]).map(|cell| cell.chars().count()).max().unwrap_or(0).max(2)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(i, (cell, width))| match i {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let rule = widths.iter().enumerate().map(|(i, width)| match i {
        0 => "-".repeat(width + 2),
        _ => "-".repeat(width + 1) + ":",
    });
    let mut output = line(head.to_vec());
    output += &format!("|{}|\n", rule.collect::<Vec<_>>().join("|"));
    for row in rows {
        output += &line(row.iter().map(String::as_str).collect());
    }
    output
}

/// Formats a number with separators: `1234567` as `1,234,567`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut output = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            output.push(',');
        }
        output.push(digit);
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn columns_are_aligned() {
        let rows =
            [vec!["datadog".to_owned(), "7".to_owned()], vec!["é".to_owned(), "1,000".to_owned()]];
        assert_eq!(
            table(&["name", "n"], &rows),
            "| name    |     n |\n|---------|------:|\n| datadog |     7 |\n| é       | 1,000 |\n"
        );
    }
}
