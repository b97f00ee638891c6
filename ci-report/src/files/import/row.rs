//! The rows of a CSV or JSON file.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::problem::Problem;
use crate::settings::Mask;

/// The columns, in the order of `Row::values`.
const COLUMNS: [&str; 14] = [
    "level",
    "name",
    "start",
    "end",
    "status",
    "parent",
    "id",
    "url",
    "duration",
    "queue_time",
    "error",
    "error_type",
    "error_stack",
    "tags",
];

/// A row, with the strings of the file. Empty strings count as absent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// `line 3`, or `row 2` of a JSON array.
    pub(super) location: String,
    values: [Option<String>; COLUMNS.len()],
}

impl Row {
    /// Returns the value of a column.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let index = COLUMNS.iter().position(|known| *known == column)?;
        self.values.get(index)?.as_deref()
    }

    fn set(&mut self, column: &str, value: &str) -> bool {
        let index = COLUMNS.iter().position(|known| *known == column);
        let Some(slot) = index.and_then(|index| self.values.get_mut(index)) else { return false };
        *slot = Some(value.trim()).filter(|value| !value.is_empty()).map(str::to_owned);
        true
    }

    /// Removes masked values from what is cut later.
    pub(super) fn mask(&mut self, mask: &Mask) {
        for column in ["error", "error_type"] {
            let masked = self.get(column).map(|value| mask.apply(value));
            self.set(column, &masked.unwrap_or_default());
        }
    }

    /// Creates a row with a level and a name.
    pub(super) fn new(location: impl Into<String>, level: &str, name: &str) -> Self {
        let mut row = Self { location: location.into(), values: Default::default() };
        row.set("level", level);
        row.set("name", name);
        row
    }
}

/// The rows of a file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    /// Columns that have no meaning.
    pub(super) ignored: Vec<String>,
}

/// Reads a timeline. A file that begins with a bracket is JSON.
pub(super) fn read(input: &str) -> Result<Table, Vec<Problem>> {
    let table = if input.trim_start().starts_with(['[', '{']) { json(input) } else { csv(input) }?;
    match table.rows.is_empty() {
        true => Err(vec![Problem::new("", "no rows; the first line has the names of the columns")]),
        false => Ok(table),
    }
}

fn csv(input: &str) -> Result<Table, Vec<Problem>> {
    let head = input.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: &u8| head.bytes().filter(|byte| byte == delimiter).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(count).unwrap_or(b',');
    // `max_by_key` returns the last of equal ones.
    let delimiter = if count(&delimiter) == count(&b',') { b',' } else { delimiter };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(input.as_bytes());
    let mut table = Table::default();
    let mut columns: Option<Vec<String>> = None;
    let mut problems = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| vec![Problem::new("", error.to_string())])?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let Some(columns) = &columns else {
            let names: Vec<String> = record.iter().map(column).collect();
            check(&names).map_err(|message| vec![Problem::new(format!("line {line}"), message)])?;
            let is_ignored = |name: &&String| !COLUMNS.contains(&name.as_str());
            table.ignored = names.iter().filter(is_ignored).cloned().collect();
            columns = Some(names);
            continue;
        };
        let location = format!("line {line}");
        if record.len() > columns.len() {
            let message = format!(
                "{} cells, but {} columns; quote cells that contain the separator",
                record.len(),
                columns.len()
            );
            problems.push(Problem::new(location, message));
            continue;
        }
        let mut row = Row::new(location, "", "");
        for (name, cell) in columns.iter().zip(&record) {
            row.set(name, cell);
        }
        table.rows.push(row);
    }
    if problems.is_empty() { Ok(table) } else { Err(problems) }
}

/// Returns the name of a column as it is compared.
fn column(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

fn check(names: &[String]) -> Result<(), String> {
    let missing: Vec<&str> = ["level", "name"]
        .into_iter()
        .filter(|required| !names.iter().any(|name| name == required))
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        return Err(format!("no column {missing}; the columns are {}", COLUMNS.join(", ")));
    }
    let mut known = BTreeSet::new();
    match names.iter().find(|name| !name.is_empty() && !known.insert(*name)) {
        Some(twice) => Err(format!("duplicate column {twice}")),
        None => Ok(()),
    }
}

fn json(input: &str) -> Result<Table, Vec<Problem>> {
    let stream = serde_json::Deserializer::from_str(input).into_iter::<Value>();
    let mut documents = Vec::new();
    for document in stream {
        let document = document.map_err(|error| {
            let message = format!("not JSON at column {}: {error}", error.column());
            vec![Problem::new(format!("line {}", error.line()), message)]
        })?;
        match document {
            Value::Array(rows) => documents.extend(rows),
            document => documents.push(document),
        }
    }
    let (mut table, mut problems) = (Table::default(), Vec::new());
    let mut ignored = BTreeSet::new();
    for (i, document) in documents.into_iter().enumerate() {
        let location = format!("row {}", i + 1);
        let Value::Object(properties) = document else {
            problems.push(Problem::new(location, "expected an object"));
            continue;
        };
        match object(location, &properties, &mut ignored) {
            Ok(row) => table.rows.push(row),
            Err(problem) => problems.push(problem),
        }
    }
    table.ignored = ignored.into_iter().collect();
    if problems.is_empty() { Ok(table) } else { Err(problems) }
}

fn object(
    location: String,
    properties: &Map<String, Value>,
    ignored: &mut BTreeSet<String>,
) -> Result<Row, Problem> {
    let mut row = Row::new(location, "", "");
    for (name, value) in properties {
        let input = match value {
            Value::Null => String::new(),
            Value::String(string) => string.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(bool) => bool.to_string(),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";")
            }
            _ if !COLUMNS.contains(&column(name).as_str()) => String::new(),
            _ => {
                let message = format!("/{name} must be a string or a number");
                return Err(Problem::new(row.location, message));
            }
        };
        if !row.set(&column(name), &input) {
            ignored.insert(name.clone());
        }
    }
    Ok(row)
}
