//! Regular expressions of ECMA-262, which JSON Schema refers to, in the syntax of Rust.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// What `\s` matches: more than in Rust, whose class is that of ASCII.
const SPACE: &str =
    r"\t-\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";

/// What `\S` matches.
const NOT_SPACE: &str = r"\x00-\x08\x0E-\x1F!-\u{9F}\u{A1}-\u{167F}\u{1681}-\u{1FFF}\u{200B}-\u{2027}\u{202A}-\u{202E}\u{2030}-\u{205E}\u{2060}-\u{2FFF}\u{3001}-\u{FEFE}\u{FF00}-\u{10FFFF}";

/// What `.` matches.
const NOT_LINE_END: &str = r"[^\n\r\u{2028}\u{2029}]";

/// Translates a pattern.
///
/// # Errors
/// Returns the reason if Rust has no equivalent.
pub(crate) fn translate(pattern: &str) -> Result<String, String> {
    let mut translation =
        Translation { rest: pattern.chars().peekable(), out: String::new(), dot_all: false };
    translation.flags();
    translation.pattern()?;
    match regex_lite::Regex::new(&translation.out) {
        Ok(_) => Ok(translation.out),
        Err(error) => Err(error.to_string()),
    }
}

struct Translation<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    /// Whether `.` matches the ends of lines, too.
    dot_all: bool,
}

impl Translation<'_> {
    /// Copies flags at the start, such as `(?i)`. ECMA-262 writes them after the pattern.
    fn flags(&mut self) {
        let rest: String = self.rest.clone().collect();
        let Some((flags, _)) = rest.strip_prefix("(?").and_then(|rest| rest.split_once(')')) else {
            return;
        };
        if !flags.is_empty() && flags.chars().all(|flag| "ims".contains(flag)) {
            self.dot_all = flags.contains('s');
            let length = flags.chars().count() + "(?)".len();
            self.out.extend(self.rest.by_ref().take(length));
        }
    }

    fn pattern(&mut self) -> Result<(), String> {
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                '.' if !self.dot_all => self.out.push_str(NOT_LINE_END),
                '{' => self.brace()?,
                // Alone, they are characters.
                '}' | ']' => self.literal(c),
                c => self.out.push(c),
            }
        }
        Ok(())
    }

    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('?') {
            return Ok(());
        }
        let (kind, after) = (ahead.next(), ahead.next());
        let is_look_around = match kind {
            Some('=' | '!') => true,
            Some('<') => matches!(after, Some('=' | '!')),
            _ => false,
        };
        if is_look_around {
            return Err("look-around is not supported".to_owned());
        }
        Ok(())
    }

    /// Copies a repetition. Any other brace is a character.
    fn brace(&mut self) -> Result<(), String> {
        let ahead: String = self.rest.clone().take_while(|c| *c != '}').collect();
        let is_number = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        let is_closed = self.rest.clone().nth(ahead.chars().count()) == Some('}');
        let (min, max) = ahead.split_once(',').unwrap_or((&ahead, "0"));
        if is_closed && is_number(min) && (max.is_empty() || is_number(max)) {
            self.out.push('{');
            self.out.extend(self.rest.by_ref().take(ahead.chars().count() + 1));
            return Ok(());
        }
        if is_closed && min.is_empty() && is_number(max) {
            return Err("a repetition without a minimum has no meaning in ECMA-262".to_owned());
        }
        self.literal('{');
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.rest.next() {
            Some(c @ ('d' | 'D' | 'w' | 'W' | 'b' | 'B')) => {
                self.out.push('\\');
                self.out.push(c);
            }
            Some('s') => _ = write!(self.out, "[{SPACE}]"),
            Some('S') => _ = write!(self.out, "[{NOT_SPACE}]"),
            Some(c) => {
                let c = self.character(c)?;
                self.literal(c);
            }
            None => return Err("it ends with a backslash".to_owned()),
        }
        Ok(())
    }

    /// Translates a class. Rust reads some characters in classes as operators.
    fn class(&mut self) -> Result<(), String> {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        if self.rest.next_if_eq(&']').is_some() {
            // `[^]` matches everything, and `[]` nothing.
            let class = if is_negated { r"(?s:.)" } else { r"[^\x00-\u{10FFFF}]" };
            self.out.push_str(class);
            return Ok(());
        }
        self.out.push_str(if is_negated { "[^" } else { "[" });
        let mut previous = None;
        loop {
            let Some(c) = self.rest.next() else {
                return Err("a class is not closed".to_owned());
            };
            match c {
                ']' => break,
                '-' => {
                    let is_last = self.rest.peek() == Some(&']');
                    let before_set = self.starts_set();
                    // Next to a set of characters, `-` is a character.
                    match previous {
                        Some(Member::Character) if !is_last && !before_set => self.out.push('-'),
                        _ => self.out.push_str(r"\-"),
                    }
                    previous = None;
                    continue;
                }
                '\\' => {
                    previous = Some(self.class_escape()?);
                    continue;
                }
                c => self.class_literal(c),
            }
            previous = Some(Member::Character);
        }
        self.out.push(']');
        Ok(())
    }

    /// Whether the next member of a class is a set, such as `\d`.
    fn starts_set(&self) -> bool {
        let mut ahead = self.rest.clone();
        ahead.next() == Some('\\') && ahead.next().is_some_and(|c| "dDwWsS".contains(c))
    }

    fn class_escape(&mut self) -> Result<Member, String> {
        match self.rest.next() {
            Some(c @ ('d' | 'D' | 'w' | 'W')) => {
                self.out.push('\\');
                self.out.push(c);
                return Ok(Member::Set);
            }
            Some('s') => self.out.push_str(SPACE),
            Some('S') => self.out.push_str(NOT_SPACE),
            Some('b') => {
                self.out.push_str(r"\x08");
                return Ok(Member::Character);
            }
            Some(c) => {
                let c = self.character(c)?;
                self.class_literal(c);
                return Ok(Member::Character);
            }
            None => return Err("it ends with a backslash".to_owned()),
        }
        Ok(Member::Set)
    }

    /// Returns the character of an escape.
    fn character(&mut self, first: char) -> Result<char, String> {
        Ok(match first {
            't' => '\t',
            'n' => '\n',
            'v' => '\u{B}',
            'f' => '\u{C}',
            'r' => '\r',
            '0' if !self.rest.peek().is_some_and(char::is_ascii_digit) => '\0',
            '0'..='9' | 'k' => return Err("back-references are not supported".to_owned()),
            'p' | 'P' => return Err("Unicode properties are not supported".to_owned()),
            'c' => match self.rest.next_if(char::is_ascii_alphabetic) {
                Some(letter) => char::from(letter.to_ascii_uppercase() as u8 % 32),
                None => return Err(r"`\c` has no letter".to_owned()),
            },
            'x' => self.hexadecimal(2).and_then(char::from_u32).unwrap_or('x'),
            'u' => return self.code_point(),
            other => other,
        })
    }

    /// Returns the character of `\uXXXX`, of two of them, or of `\u{X}`.
    fn code_point(&mut self) -> Result<char, String> {
        let invalid = || r"`\u` has no code point".to_owned();
        if self.rest.peek() == Some(&'{') {
            let digits: String = self.rest.clone().skip(1).take_while(|c| *c != '}').collect();
            let code = u32::from_str_radix(&digits, 16).map_err(|_| invalid())?;
            // The digits and the braces.
            (0..digits.len() + 2).for_each(|_| _ = self.rest.next());
            return char::from_u32(code).ok_or_else(invalid);
        }
        let Some(first) = self.hexadecimal(4) else { return Ok('u') };
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let mut ahead = self.rest.clone();
        if (ahead.next(), ahead.next()) == (Some('\\'), Some('u')) {
            self.rest = ahead;
            let second = self.hexadecimal(4).ok_or_else(invalid)?;
            let units = [first, second].map(|unit| u16::try_from(unit).unwrap_or_default());
            if let Ok(pair) = String::from_utf16(&units)
                && let Some(c) = pair.chars().next()
            {
                return Ok(c);
            }
        }
        Err("a surrogate alone is not a character".to_owned())
    }

    /// Takes this many hexadecimal digits, if there are as many.
    fn hexadecimal(&mut self, count: usize) -> Option<u32> {
        let digits: String = self.rest.clone().take(count).collect();
        let is_valid = digits.len() == count && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let code = is_valid.then(|| u32::from_str_radix(&digits, 16).ok())??;
        (0..count).for_each(|_| _ = self.rest.next());
        Some(code)
    }

    fn literal(&mut self, c: char) {
        match c {
            // Escaped, these are the starts and ends of words.
            '<' | '>' | '/' | '-' => self.out.push(c),
            c if c.is_ascii_punctuation() => {
                self.out.push('\\');
                self.out.push(c);
            }
            c => self.plain(c),
        }
    }

    fn class_literal(&mut self, c: char) {
        match c {
            '[' | ']' | '^' | '-' | '\\' | '&' | '~' => {
                self.out.push('\\');
                self.out.push(c);
            }
            c => self.plain(c),
        }
    }

    fn plain(&mut self, c: char) {
        if c.is_control() {
            _ = write!(self.out, "\\x{:02X}", u32::from(c));
        } else {
            self.out.push(c);
        }
    }
}

/// A member of a class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Member {
    Character,
    Set,
}

#[cfg(test)]
mod tests {
    use super::translate;

    fn matches(pattern: &str, string: &str) -> bool {
        let regex = translate(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        regex_lite::Regex::new(&regex).is_ok_and(|regex| regex.is_match(string))
    }

    #[test]
    fn patterns_mean_what_ecma_262_defines() {
        for (pattern, valid, invalid) in [
            (
                r"^\s$",
                &["\u{A0}", "\u{FEFF}", "\u{B}", " ", "\u{2029}"][..],
                &["a", "\u{200B}"][..],
            ),
            (r"^\S$", &["a", "\u{200B}", "é"], &["\u{A0}", "\n"]),
            (r"^[\s-]$", &["-", "\u{3000}"], &["a"]),
            (r"^[^\S]$", &["\u{A0}"], &["a"]),
            (r"^[\w-.]$", &["-", ".", "a"], &["/", "é"]),
            (r"^[a-\d]$", &["a", "-", "3"], &["b"]),
            (r"^\d$", &["3"], &["\u{663}"]),
            (r"^\w\b", &["a "], &["é"]),
            (r"^a$", &["a"], &["a\n"]),
            (r"^.$", &["a", "\u{85}"], &["\r", "\n", "\u{2028}"]),
            ("(?s)^.$", &["\n"], &["ab"]),
            ("(?i)^ab$", &["AB"], &["b"]),
            (r"^\cA\cj$", &["\u{1}\n"], &["cA"]),
            (r"^[^]$", &["\n", "a"], &["ab"]),
            (r"^(a|[])$", &["a"], &["", "b"]),
            (r"^\/a\-b\<c\>$", &["/a-b<c>"], &["a"]),
            (r"^[[&&~~]]$", &["[]", "&]", "~]"], &["a]", "["]),
            (r"^\u0041\x42\u{43}\uD83D\uDE00$", &["ABC\u{1F600}"], &["ABC"]),
            (r"^{a}]}$", &["{a}]}"], &["a"]),
            (r"^a{2}b{1,}c{0,1}$", &["aab", "aabbc"], &["ab"]),
            (r"^\A\z\a\e$", &["Azae"], &["", "\u{7}"]),
            (r"^[\b]\0$", &["\u{8}\0"], &["b0"]),
            (r"^(?<year>\d)(?:a)$", &["1a"], &["a"]),
            (r"^#é~$", &["#é~"], &["#"]),
        ] {
            for string in valid {
                assert!(matches(pattern, string), "{pattern} must match {string:?}");
            }
            for string in invalid {
                assert!(!matches(pattern, string), "{pattern} must not match {string:?}");
            }
        }
    }

    #[test]
    fn what_rust_has_not_is_an_error() {
        for (pattern, reason) in [
            ("(?=a)b", "look-around"),
            ("(?<!a)b", "look-around"),
            (r"(a)\1", "back-references"),
            (r"(?<x>a)\k<x>", "back-references"),
            (r"\p{L}", "Unicode properties"),
            (r"[\p{L}]", "Unicode properties"),
            (r"\uD83D", "surrogate"),
            (r"a{,3}", "without a minimum"),
            (r"a\", "backslash"),
            ("[a", "not closed"),
            ("(a", "group"),
        ] {
            let error = translate(pattern).err().unwrap_or_default();
            assert!(error.contains(reason), "{pattern}: {error}");
        }
    }

    #[test]
    fn no_pattern_panics() {
        let symbols = ["\\", "[", "]", "^", "-", "(", "?", "{", "}", "u", "1", "c", "é", ","];
        for a in symbols {
            for b in symbols {
                for c in symbols {
                    for d in symbols {
                        _ = translate(&format!("{a}{b}{c}{d}"));
                    }
                }
            }
        }
    }
}
