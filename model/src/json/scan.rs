//! A cursor over JSON text that never fails: it skips what it can tell apart
//! and stops where it cannot. It serves text that serde_json has checked
//! (views, unions) and, in error reports, text that is broken further on.

/// A position in a JSON text.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes have been read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next byte that is not white space, not yet read.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Reads `byte` if it comes next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Reads a string and returns it as written, quotes included.
    pub(crate) fn string(&mut self) -> Option<&'a str> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.at;
        let mut escaped = false;
        let length = self.text.as_bytes()[start + 1..].iter().position(|&byte| {
            let closes = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes
        })?;
        self.at = start + length + 2;
        self.text.get(start..self.at)
    }

    /// Reads a whole value and returns it as written.
    pub(crate) fn value(&mut self) -> Option<&'a str> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => return self.string(),
            b'{' | b'[' => self.brackets()?,
            _ => {
                let rest = &self.text.as_bytes()[start..];
                let length = rest
                    .iter()
                    .position(|b| matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'))
                    .unwrap_or(rest.len());
                self.at += length;
            }
        }
        self.text.get(start..self.at).filter(|value| !value.is_empty())
    }

    /// Skips an object or array without recursion, so that depth costs nothing.
    fn brackets(&mut self) -> Option<()> {
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        let length = self.text.as_bytes()[self.at..].iter().position(|&byte| {
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

/// The entries of an object: each key as written (quotes included) with its value.
pub(crate) struct Entries<'a> {
    scan: Scan<'a>,
    open: bool,
}

impl<'a> Entries<'a> {
    /// No entries where the text is not an object.
    pub(crate) fn new(text: &'a str) -> Self {
        let mut scan = Scan::new(text);
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
