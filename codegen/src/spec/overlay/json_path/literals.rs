//! Strings and numbers in paths.

use serde_json::{Number, Value};

use super::parse::{Parsed, Parser};

/// The largest index. Larger integers are not exact in all languages.
const MAX_INDEX: i64 = (1 << 53) - 1;

impl Parser<'_> {
    /// Parses an integer, if one is next.
    pub(super) fn optional_integer(&mut self) -> Parsed<Option<i64>> {
        let start = self.at;
        let is_negative = self.skip("-");
        let digits = self.digits();
        let is_valid = match digits.len() {
            0 if !is_negative => return Ok(None),
            0 => false,
            1 => !is_negative || digits != "0",
            _ => !digits.starts_with('0'),
        };
        let value = digits.parse().ok().filter(|value: &i64| is_valid && *value <= MAX_INDEX);
        match value {
            Some(value) => Ok(Some(if is_negative { -value } else { value })),
            None => {
                self.at = start;
                Err(self.error("an index is an integer of at most 53 bits, without leading zeros"))
            }
        }
    }

    /// Parses a number.
    pub(super) fn number(&mut self) -> Parsed<Value> {
        let start = self.at;
        self.skip("-");
        let digits = self.digits();
        let mut is_valid = !digits.is_empty() && (digits.len() == 1 || !digits.starts_with('0'));
        if self.skip(".") {
            is_valid &= !self.digits().is_empty();
        }
        if self.skip("e") || self.skip("E") {
            let _ = self.skip("+") || self.skip("-");
            is_valid &= !self.digits().is_empty();
        }
        let written = self.expression.get(start..self.at).unwrap_or_default();
        match written.parse::<Number>() {
            Ok(number) if is_valid => Ok(Value::Number(number)),
            _ => {
                self.at = start;
                Err(self.error("invalid number"))
            }
        }
    }

    fn digits(&mut self) -> &str {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Parses a string in quotes.
    pub(super) fn string(&mut self) -> Parsed<String> {
        let quote = self.next();
        let mut string = String::new();
        loop {
            let before = self.at;
            match self.next() {
                Some('\\') => string.push(self.escape(quote)?),
                c if c == quote && c.is_some() => return Ok(string),
                Some(c) if c >= ' ' => string.push(c),
                Some(_) => {
                    self.at = before;
                    return Err(self.error("a control character in a string must be escaped"));
                }
                None => return Err(self.error("the string does not end")),
            }
        }
    }

    fn escape(&mut self, quote: Option<char>) -> Parsed<char> {
        let before = self.at;
        let found = match self.next() {
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => self.code_point(),
            Some(c) if c == '/' || c == '\\' || Some(c) == quote => Some(c),
            _ => None,
        };
        found.ok_or_else(|| {
            self.at = before;
            self.error("invalid escape sequence")
        })
    }

    fn code_point(&mut self) -> Option<char> {
        match self.hexadecimal()? {
            high @ 0xD800..0xDC00 => {
                let low = if self.skip("\\u") { self.hexadecimal()? } else { return None };
                char::decode_utf16([high, low]).next()?.ok()
            }
            unit => char::from_u32(u32::from(unit)),
        }
    }

    fn hexadecimal(&mut self) -> Option<u16> {
        let digits = self.rest().get(..4)?;
        let unit = u16::from_str_radix(digits, 16).ok();
        self.at += 4;
        unit.filter(|_| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }
}
