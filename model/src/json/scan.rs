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
        let mut escaped = false;
        let length = self.json.as_bytes()[start + 1..].iter().position(|&byte| {
            let closes = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes
        })?;
        self.at = start + length + 2;
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
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        let length = self.json.as_bytes()[self.at..].iter().position(|&byte| {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        self.at += length + 1;
        Some(())
    }
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
