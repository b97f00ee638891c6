//! A cursor over JSON that never fails: it skips what it recognises and stops otherwise. It is used
//! for valid JSON (views, unions) and, to locate errors, for JSON that is invalid further on.

/// A position in JSON.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(json: &'a str) -> Self {
        Self { json, at: 0 }
    }

    /// Returns the number of bytes read so far.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Returns the next byte that is not white space, without reading it.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.json.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Reads `byte` if it is next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Reads a string, and returns it with its quotes and escapes.
    pub(crate) fn string(&mut self) -> Option<&'a str> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.at;
        self.at = string_end(self.json.as_bytes(), start)?;
        self.json.get(start..self.at)
    }

    /// Reads a value, and returns its JSON.
    pub(crate) fn value(&mut self) -> Option<&'a str> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => return self.string(),
            b'{' | b'[' => self.brackets()?,
            _ => {
                let rest = &self.json.as_bytes()[start..];
                let length = rest
                    .iter()
                    .position(|b| matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'))
                    .unwrap_or(rest.len());
                self.at += length;
            }
        }
        self.json.get(start..self.at).filter(|value| !value.is_empty())
    }

    /// Skips an object or array without recursion.
    fn brackets(&mut self) -> Option<()> {
        let bytes = self.json.as_bytes();
        let (mut depth, mut at) = (0_usize, self.at);
        loop {
            match bytes.get(at)? {
                b'"' => {
                    at = string_end(bytes, at)?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                self.at = at;
                return Some(());
            }
        }
    }
}

/// Returns the position after a string whose opening quote is at a position.
fn string_end(bytes: &[u8], quote: usize) -> Option<usize> {
    let mut at = quote + 1;
    loop {
        at = next_special(bytes, at);
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

/// Returns the position of the next quote or backslash in a string, or the end.
pub(super) fn next_special(bytes: &[u8], mut at: usize) -> usize {
    // Eight bytes at a time: the highest bit of each byte that is zero becomes one. Only bits above
    // the lowest of them may be wrong.
    const ONES: u64 = u64::MAX / 255;
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*word);
        let found =
            zeros(word ^ (ONES * u64::from(b'"'))) | zeros(word ^ (ONES * u64::from(b'\\')));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(rest.len())
}

/// The entries of an object: the JSON of each key, with quotes, and of its value.
pub(crate) struct Entries<'a> {
    scan: Scan<'a>,
    open: bool,
}

impl<'a> Entries<'a> {
    /// Has no entries if the JSON is not an object.
    pub(crate) fn new(json: &'a str) -> Self {
        let mut scan = Scan::new(json);
        let open = scan.take(b'{');
        Self { scan, open }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if !self.open {
            return None;
        }
        let key = self.scan.string()?;
        if !self.scan.take(b':') {
            return None;
        }
        let value = self.scan.value()?;
        self.open = self.scan.take(b',');
        Some((key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::{Scan, next_special};

    #[test]
    fn quotes_and_backslashes_are_found_at_any_position() {
        // `!` and `#` are next to `"`, and `[` and `]` next to `\\`.
        let noise = "!#[]a\u{e9}\u{a2}\u{dc}\u{1f600}\0";
        for special in ['"', '\\'] {
            for length in 0..40 {
                let plain: String = noise.chars().cycle().take(length).collect();
                let json = format!("{plain}{special}{plain}\"");
                assert_eq!(next_special(json.as_bytes(), 0), plain.len(), "{json}");
                assert_eq!(next_special(plain.as_bytes(), 0), plain.len(), "{plain}");
            }
        }
    }

    #[test]
    fn values_end_where_they_close() {
        for value in [
            r#""""#,
            r#""\\""#,
            r#""\"]}""#,
            r#"{"a\\": ["]", "\"}", {}], "b": ""}"#,
            "[[], [[]]]",
            "-1.5e3",
        ] {
            for rest in [",", "]", " }"] {
                assert_eq!(Scan::new(&format!("{value}{rest}")).value(), Some(value));
            }
        }
        for incomplete in [r#"""#, r#""\""#, r#"{"a": "}"#, "[[]"] {
            assert_eq!(Scan::new(incomplete).value(), None, "{incomplete}");
        }
    }
}
