//! Rows with aligned columns.

use super::strings::{fit, visible, width};
use super::style::Style;

/// The smallest width to which a column is truncated.
const NARROWEST: usize = 8;

/// On which side a column is padded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A column: its heading and its alignment.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) heading: String,
    pub(crate) align: Align,
}

/// A table whose widths are those of its first rows. Later rows may be longer, and are then not
/// aligned, or are truncated if the table has a maximum width.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    widths: Vec<usize>,
    /// Whether cells are truncated.
    is_bounded: bool,
    style: Style,
}

impl Table {
    /// Creates a table for rows, of which the first ones are known.
    pub(crate) fn new(
        columns: Vec<Column>,
        first: &[Vec<String>],
        max_width: Option<usize>,
        style: Style,
    ) -> Self {
        let of_column = |(i, column): (usize, &Column)| {
            let cells = first.iter().filter_map(|row| row.get(i)).map(|cell| width(&visible(cell)));
            cells.chain([width(&column.heading)]).max().unwrap_or_default()
        };
        let mut widths: Vec<usize> = columns.iter().enumerate().map(of_column).collect();
        if let Some(max) = max_width {
            shrink(&mut widths, max);
        }
        Self { columns, widths, is_bounded: max_width.is_some(), style }
    }

    /// Returns the line of the headings.
    pub(crate) fn heading(&self) -> String {
        let cells: Vec<String> = self.columns.iter().map(|c| c.heading.clone()).collect();
        self.style.faint(&self.line(&cells, None))
    }

    /// Returns the line of a row. `status` is the column that is shown in the colour of its value.
    pub(crate) fn row(&self, cells: &[String], status: Option<usize>) -> String {
        self.line(cells, status)
    }

    fn line(&self, cells: &[String], status: Option<usize>) -> String {
        let mut line = String::new();
        let last = self.columns.len().saturating_sub(1);
        for (i, (column, columns)) in self.columns.iter().zip(&self.widths).enumerate() {
            let cell = cells.get(i).map(String::as_str).unwrap_or_default();
            let cell = match self.is_bounded {
                true => fit(cell, *columns).trim_end().to_owned(),
                false => visible(cell).into_owned(),
            };
            let padding = " ".repeat(columns.saturating_sub(width(&cell)));
            let shown = match status == Some(i) {
                true => self.style.of_status(&cell, &cell),
                false => cell,
            };
            line.push_str(if i > 0 { "  " } else { "" });
            match column.align {
                Align::Left if i == last => line.push_str(&shown),
                Align::Left => line.extend([shown, padding]),
                Align::Right => line.extend([padding, shown]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// Reduces the widest columns until the line fits.
fn shrink(widths: &mut [usize], max: usize) {
    let gaps = 2 * widths.len().saturating_sub(1);
    loop {
        let over = (widths.iter().sum::<usize>() + gaps).saturating_sub(max);
        let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > NARROWEST) else {
            return;
        };
        if over == 0 {
            return;
        }
        *widest -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Align, Column, Table};
    use crate::drawing::Style;

    fn columns() -> Vec<Column> {
        let column = |heading: &str, align| Column { heading: heading.to_owned(), align };
        vec![column("name", Align::Left), column("duration", Align::Right)]
    }

    fn row(cells: [&str; 2]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn columns_are_as_wide_as_their_cells() {
        let rows = [row(["構築", "5s"]), row(["test \x1b[31m", "1m 05s"])];
        let table = Table::new(columns(), &rows, None, Style::Plain);
        let mut lines = vec![table.heading()];
        lines.extend(rows.iter().map(|cells| table.row(cells, None)));
        assert_eq!(
            lines,
            [
                "name             duration",
                "構築                   5s",
                "test \\u{1b}[31m    1m 05s"
            ]
        );
    }

    #[test]
    fn the_widest_column_is_truncated() {
        let rows = [row(["a very long name of a job", "5s"])];
        let table = Table::new(columns(), &rows, Some(24), Style::Plain);
        assert_eq!(table.row(&rows[0], None), "a very long n…        5s");
    }
}
