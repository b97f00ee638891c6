//! How the document that is decoded differs from the one that was sent.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::placeholder::Placeholder;
use super::position::Position;
use super::tape::Tape;

/// How the document that is decoded differs from the one that was sent.
#[derive(Default)]
pub(super) struct Changes {
    /// The values that did not fit, and the containers around them.
    pub(super) touched: HashMap<u32, Touched>,
    pub(super) placeholders: Vec<Placeholder>,
}

/// What differs from the document at one of its values.
#[derive(Default)]
pub(super) struct Touched {
    /// Where decoding continues.
    pub(super) resume: Option<Position>,
    /// What is decoded instead of the value.
    pub(super) placeholder: Option<u32>,
    /// Properties that were missing.
    pub(super) added: Vec<(String, u32)>,
}

impl Changes {
    /// Returns the JSON of a placeholder with its properties.
    pub(super) fn render(&self, index: u32) -> String {
        let Some(placeholder) = self.placeholders.get(index as usize) else { return "null".into() };
        if placeholder.added.is_empty() {
            return placeholder.json().to_owned();
        }
        format!("{{{}}}", self.properties(&placeholder.added))
    }

    fn properties(&self, added: &[(String, u32)]) -> String {
        let mut json = String::new();
        for (name, placeholder) in added {
            let comma = if json.is_empty() { "" } else { "," };
            let name = serde_json::Value::from(name.as_str());
            _ = write!(json, "{comma}{name}:{}", self.render(*placeholder));
        }
        json
    }

    /// Returns the document with all placeholders.
    pub(super) fn repair(&self, tape: &Tape<'_>) -> String {
        let mut changes: Vec<(usize, usize, String)> = Vec::new();
        for (index, touched) in &self.touched {
            let (start, end) = tape.range(*index);
            if let Some(placeholder) = touched.placeholder {
                changes.push((start, end, self.render(placeholder)));
            } else if !touched.added.is_empty() {
                let comma = if tape.after(*index) > index + 1 { "," } else { "" };
                let properties = format!("{comma}{}", self.properties(&touched.added));
                changes.push((end - 1, end - 1, properties));
            }
        }
        changes.sort_unstable();
        let document = tape.document();
        let mut repaired = String::with_capacity(document.len());
        let mut at = 0;
        for (start, end, json) in changes {
            // A change inside of a value that is replaced itself has no effect.
            if start >= at {
                repaired.push_str(document.get(at..start).unwrap_or_default());
                repaired.push_str(&json);
                at = end;
            }
        }
        repaired + document.get(at..).unwrap_or_default()
    }
}
