//! An index of a JSON document: where each value starts and ends.

/// The values and property names of a document, in document order.
pub(super) struct Tape<'a> {
    json: &'a str,
    entries: Vec<Entry>,
}

/// A value or a property name.
#[derive(Clone, Copy)]
struct Entry {
    start: u32,
    end: u32,
    /// The index of the entry after this one and everything inside it.
    after: u32,
}

impl<'a> Tape<'a> {
    /// Indexes a document; `None` if it is not JSON.
    pub(super) fn new(json: &'a str) -> Option<Self> {
        u32::try_from(json.len()).ok()?;
        let bytes = json.as_bytes();
        let mut entries: Vec<Entry> = Vec::new();
        let mut open = Vec::new();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let start = at as u32;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => {
                    at += 1;
                    continue;
                }
                b'}' | b']' => {
                    at += 1;
                    let after = entries.len() as u32;
                    let container: &mut Entry = entries.get_mut(open.pop()?)?;
                    container.end = at as u32;
                    container.after = after;
                    continue;
                }
                b'{' | b'[' => {
                    at += 1;
                    open.push(entries.len());
                }
                b'"' => at = end_of_string(bytes, at)?,
                _ => {
                    let is_end = |byte: &u8| b" \t\n\r,:{}[]\"".contains(byte);
                    let length = bytes[at..].iter().position(is_end);
                    at = length.map_or(bytes.len(), |length| at + length);
                }
            }
            entries.push(Entry { start, end: at as u32, after: entries.len() as u32 + 1 });
        }
        (open.is_empty() && !entries.is_empty()).then_some(Self { json, entries })
    }

    /// The JSON of a value.
    pub(super) fn json(&self, index: u32) -> &'a str {
        let (start, end) = self.range(index);
        self.json.get(start..end).unwrap_or_default()
    }

    /// The range of bytes of a value.
    pub(super) fn range(&self, index: u32) -> (usize, usize) {
        let entry = self.entries.get(index as usize);
        entry.map_or((0, 0), |entry| (entry.start as usize, entry.end as usize))
    }

    /// The index of the entry after a value.
    pub(super) fn after(&self, index: u32) -> u32 {
        self.entries.get(index as usize).map_or(u32::MAX, |entry| entry.after)
    }

    /// The whole document.
    pub(super) fn document(&self) -> &'a str {
        self.json
    }
}

fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut is_escaped = false;
    let length = bytes[start + 1..].iter().position(|&byte| {
        let closes = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        closes
    })?;
    Some(start + length + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_names_are_indexed_in_document_order() {
        let tape = Tape::new(r#" {"a\"": [1, {}, "x]"] ,"b":-2.5e3} "#).expect("JSON");
        let entries: Vec<_> = (0..8).map(|i| (tape.json(i), tape.after(i))).collect();
        let expected = [
            (r#"{"a\"": [1, {}, "x]"] ,"b":-2.5e3}"#, 8),
            (r#""a\"""#, 2),
            (r#"[1, {}, "x]"]"#, 6),
            ("1", 4),
            ("{}", 5),
            (r#""x]""#, 6),
            (r#""b""#, 7),
            ("-2.5e3", 8),
        ];
        assert_eq!(entries, expected);
        assert_eq!(tape.json(8), "");
    }

    #[test]
    fn broken_documents_have_no_index() {
        for json in ["", " ", "[", "{\"a", "]", "[]]"] {
            assert!(Tape::new(json).is_none(), "{json}");
        }
    }
}
