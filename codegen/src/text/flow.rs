//! Flow collections and quoted scalars over several lines. YAML requires their lines to be indented
//! more than the block around them, but most parsers accept others, and documents have them:
//!
//! ```yaml
//! example: {
//!   "a": 1
//! }
//! ```

/// Puts each flow collection and each quoted scalar on one line, without their comments. Characters are
/// replaced by spaces, so positions in characters do not change.
pub(super) fn joined(source: &str) -> String {
    let mut reader = Reader { chars: source.chars().collect(), at: 0, parent: -1, is_plain: false };
    while reader.at < reader.chars.len() {
        reader.line();
    }
    reader.chars.into_iter().collect()
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    /// The column of the last key or dash.
    parent: isize,
    /// Whether the last line ended in a plain scalar, which the next line can continue.
    is_plain: bool,
}

impl Reader {
    fn peek(&self, offset: usize) -> Option<char> {
        self.chars.get(self.at + offset).copied()
    }

    /// Returns whether a blank, or the end of a line, follows at an offset.
    fn is_blank(&self, offset: usize) -> bool {
        self.peek(offset).is_none_or(char::is_whitespace)
    }

    fn is_after_blank(&self) -> bool {
        self.at.checked_sub(1).and_then(|at| self.chars.get(at)).is_none_or(|c| c.is_whitespace())
    }

    fn skip_spaces(&mut self) {
        while matches!(self.peek(0), Some(' ' | '\t')) {
            self.at += 1;
        }
    }

    fn skip_line(&mut self) {
        while let Some(character) = self.peek(0) {
            self.at += 1;
            if character == '\n' {
                return;
            }
        }
    }

    /// Reads a line outside of flow collections, and what begins in it.
    fn line(&mut self) {
        let start = self.at;
        let starts_with = |marker: &str| {
            let marker: Vec<char> = marker.chars().collect();
            self.chars.get(start..).is_some_and(|rest| rest.starts_with(&marker))
        };
        if starts_with("---") || starts_with("...") {
            (self.at, self.parent, self.is_plain) = (start + 3, -1, false);
        }
        self.skip_spaces();
        let column = |at: usize| isize::try_from(at - start).unwrap_or(isize::MAX);
        if self.is_plain && column(self.at) > self.parent {
            // Only a comment or a key could end the scalar, and a key is not allowed here.
            return self.skip_line();
        }
        self.is_plain = false;
        let mut node = column(self.at);
        loop {
            self.skip_spaces();
            let Some(character) = self.peek(0) else { return };
            if character == ':' && self.is_blank(1) {
                self.parent = node;
                self.at += 1;
                continue;
            }
            node = column(self.at);
            match character {
                '\n' | '\r' | '#' => return self.skip_line(),
                '-' | '?' if self.is_blank(1) => {
                    self.parent = node;
                    self.at += 1;
                }
                '|' | '>' => return self.block_scalar(),
                '&' | '!' | '*' => {
                    while !self.is_blank(0) {
                        self.at += 1;
                    }
                }
                '"' | '\'' => self.quoted(character),
                '{' | '[' => self.collection(),
                _ => {
                    if self.plain(|reader| reader.peek(0) == Some('\n')) {
                        self.is_plain = true;
                        return self.skip_line();
                    }
                }
            }
        }
    }

    /// Skips a plain scalar. Returns whether the end was reached, and not a key or a comment.
    fn plain(&mut self, is_end: impl Fn(&Self) -> bool) -> bool {
        while self.at < self.chars.len() && !is_end(self) {
            let character = self.peek(0);
            if character == Some(':') && self.is_blank(1)
                || character == Some('#') && self.is_after_blank()
            {
                return false;
            }
            self.at += 1;
        }
        true
    }

    /// Skips a scalar whose lines are indented more than the key or dash before it.
    fn block_scalar(&mut self) {
        self.skip_line();
        while self.at < self.chars.len() {
            let start = self.at;
            while self.peek(0) == Some(' ') {
                self.at += 1;
            }
            let indentation = isize::try_from(self.at - start).unwrap_or(isize::MAX);
            let is_empty = matches!(self.peek(0), Some('\n' | '\r'));
            if !is_empty && indentation <= self.parent {
                self.at = start;
                return;
            }
            self.skip_line();
        }
    }

    fn quoted(&mut self, quote: char) {
        self.at += 1;
        while let Some(character) = self.peek(0) {
            match character {
                '\n' | '\r' => self.chars[self.at] = ' ',
                '\\' if quote == '"' => {
                    self.at += 1;
                    continue_line(&mut self.chars, self.at);
                }
                _ if character == quote && self.peek(1) == Some(quote) && quote == '\'' => {
                    self.at += 1;
                }
                _ if character == quote => {
                    self.at += 1;
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Joins the lines of a flow collection.
    fn collection(&mut self) {
        let mut depth = 0_usize;
        while let Some(character) = self.peek(0) {
            match character {
                '{' | '[' => depth += 1,
                '}' | ']' => depth = depth.saturating_sub(1),
                '"' | '\'' => {
                    self.quoted(character);
                    continue;
                }
                '\n' | '\r' => self.chars[self.at] = ' ',
                '#' if self.is_after_blank() => {
                    while self.peek(0).is_some_and(|character| character != '\n') {
                        self.chars[self.at] = ' ';
                        self.at += 1;
                    }
                    continue;
                }
                ',' | ':' | ' ' | '\t' => {}
                _ => {
                    let is_end = |reader: &Self| {
                        matches!(reader.peek(0), Some('\n' | '\r' | ',' | '[' | ']' | '{' | '}'))
                    };
                    let _ = self.plain(is_end);
                    continue;
                }
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

/// Joins lines after a backslash.
fn continue_line(chars: &mut [char], at: usize) {
    if let Some(character) = chars.get_mut(at)
        && matches!(character, '\n' | '\r')
    {
        *character = ' ';
    }
}
