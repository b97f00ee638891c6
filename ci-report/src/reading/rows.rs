//! Events as rows or JSON.

use datadog_ci_pipelines::models::Event;

use super::column::EventColumn;
use crate::drawing::{Format, JsonSequence, Output, Table, terminal_width};
use crate::status::Failure;

/// The number of rows that decide how wide columns are.
const FIRST: usize = 200;

/// Prints events one by one.
pub(super) struct Rows {
    columns: Vec<EventColumn>,
    /// Whether the columns were selected by the user.
    is_selected: bool,
    format: Format,
    json: JsonSequence,
    /// Rows whose table has not begun.
    first: Vec<Vec<String>>,
    table: Option<Table>,
    status: Option<usize>,
    /// The number of events.
    pub(super) count: usize,
}

impl Rows {
    /// Begins to print. `columns` are those of tables unless others are `selected`. JSON has whole
    /// events unless columns are selected.
    pub(super) fn new(columns: &[&str], selected: &[EventColumn], format: Format) -> Self {
        let is_selected = !selected.is_empty();
        let columns: Vec<EventColumn> = match is_selected {
            true => selected.to_vec(),
            false => columns.iter().filter_map(|name| EventColumn::parse(name).ok()).collect(),
        };
        Self {
            status: columns.iter().position(|column| column.name == "status"),
            columns,
            is_selected,
            format,
            json: JsonSequence::new(format),
            first: Vec::new(),
            table: None,
            count: 0,
        }
    }

    /// Prints an event. The first rows of a table are kept until their widths are known.
    pub(super) fn push(&mut self, event: &Event, out: &mut Output) -> Result<(), Failure> {
        self.count += 1;
        if self.format != Format::Table {
            let json = self.document(event)?;
            return self.json.push(&json, out);
        }
        let row: Vec<String> = self.columns.iter().map(|column| column.cell(event)).collect();
        if let Some(table) = &self.table {
            return out.line(&table.row(&row, self.status));
        }
        self.first.push(row);
        if self.first.len() >= FIRST { self.show(out) } else { Ok(()) }
    }

    /// Prints everything that is kept.
    pub(super) fn show(&mut self, out: &mut Output) -> Result<(), Failure> {
        let first = std::mem::take(&mut self.first);
        if self.table.is_none() && !first.is_empty() {
            let columns = self.columns.iter().map(EventColumn::head).collect();
            let table = Table::new(columns, &first, terminal_width(), out.style);
            out.line(&table.heading())?;
            self.table = Some(table);
        }
        let Some(table) = &self.table else { return Ok(()) };
        first.iter().try_for_each(|row| out.line(&table.row(row, self.status)))
    }

    /// Prints what is left.
    pub(super) fn end(mut self, out: &mut Output) -> Result<(), Failure> {
        match self.format {
            Format::Table => self.show(out)?,
            _ => self.json.end(out)?,
        }
        out.flush()
    }

    fn document(&self, event: &Event) -> Result<String, Failure> {
        if !self.is_selected {
            let json = serde_json::to_string(event);
            return json.map_err(|error| Failure::new(format!("cannot print an event: {error}")));
        }
        let properties = self.columns.iter().map(|column| {
            format!("{}:{}", serde_json::Value::from(column.name.as_str()), column.json(event))
        });
        Ok(format!("{{{}}}", properties.collect::<Vec<_>>().join(",")))
    }
}
