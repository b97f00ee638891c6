//! What commands print on stdout.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _};

use clap::ValueEnum;

use super::strings::is_control;
use super::style::Style;
use crate::status::Failure;

/// The format of the results of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One JSON document.
    Json,
    /// JSON lines: one document per line.
    Jsonl,
}

/// Buffered standard output.
#[derive(Debug)]
pub(crate) struct Output {
    out: BufWriter<Stdout>,
    /// Colours on a terminal.
    pub(crate) style: Style,
}

impl Output {
    /// Opens standard output.
    pub(crate) fn new() -> Self {
        Self { out: BufWriter::with_capacity(32 << 10, io::stdout()), style: Style::detect() }
    }

    /// Writes a line. It must not contain control characters of others.
    ///
    /// # Errors
    /// Returns an error if stdout cannot be written, or its reader has closed it.
    pub(crate) fn line(&mut self, line: &str) -> Result<(), Failure> {
        writeln!(self.out, "{line}").map_err(|error| Failure::of_output(&error))
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// Returns an error if stdout cannot be written, or its reader has closed it.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes).map_err(|error| Failure::of_output(&error))
    }

    /// Writes what is buffered. A command that ends successfully must call it.
    ///
    /// # Errors
    /// Returns an error if stdout cannot be written, or its reader has closed it.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(|error| Failure::of_output(&error))
    }
}

/// Prints a note to stderr, if it can be written.
pub(crate) fn note(note: &str) {
    let _ = writeln!(io::stderr(), "ci-report: {note}");
}

/// Returns the columns of the terminal; `None` if stdout is another file.
pub(crate) fn terminal_width() -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(io::stdout())?;
    io::stdout().is_terminal().then_some(usize::from(columns))
}

/// JSON documents, one after another: lines, or the elements of an array.
#[derive(Debug)]
pub(crate) struct JsonSequence {
    is_array: bool,
    count: usize,
}

impl JsonSequence {
    /// Begins a sequence.
    pub(crate) fn new(format: Format) -> Self {
        Self { is_array: format == Format::Json, count: 0 }
    }

    /// Writes a document.
    ///
    /// # Errors
    /// Returns an error if stdout cannot be written, or its reader has closed it.
    pub(crate) fn push(&mut self, json: &str, out: &mut Output) -> Result<(), Failure> {
        let before = match (self.is_array, self.count) {
            (false, _) => "",
            (true, 0) => "[\n",
            (true, _) => ",\n",
        };
        out.bytes(before.as_bytes())?;
        out.bytes(escape(json).as_bytes())?;
        self.count += 1;
        if self.is_array { Ok(()) } else { out.bytes(b"\n") }
    }

    /// Ends the sequence.
    ///
    /// # Errors
    /// Returns an error if stdout cannot be written, or its reader has closed it.
    pub(crate) fn end(self, out: &mut Output) -> Result<(), Failure> {
        match (self.is_array, self.count) {
            (false, _) => Ok(()),
            (true, 0) => out.line("[]"),
            (true, _) => out.line("\n]"),
        }
    }
}

/// Replaces what controls a terminal or reorders characters by JSON escapes. Outside of strings, JSON has
/// none of these characters, except line breaks and tabs, which stay.
pub(crate) fn escape(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_control(c) && !matches!(c, '\n' | '\r' | '\t') {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn json_is_escaped_but_not_changed() {
        let json = "{\n\t\"a\": \"\u{9b}31m \u{202e} ✔\"}";
        let escaped = escape(json);
        assert_eq!(escaped, "{\n\t\"a\": \"\\u009b31m \\u202e ✔\"}");
        let parse = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(parse(&escaped), parse(json));
    }
}
