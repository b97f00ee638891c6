//! Strings that match a regular expression, for the constructs that documents use.

use regex_lite::Regex;

use crate::corpus::mutate::Random;

/// How often something is repeated that has no maximum.
const REPEATED: usize = 3;

/// Returns a string that matches; none if the expression has other constructs.
pub(super) fn matching(pattern: &str, random: &mut Random) -> Option<String> {
    let mut parser = Parser { rest: pattern, random };
    let string = parser.alternatives()?;
    let is_read = parser.rest.is_empty();
    (is_read && Regex::new(pattern).is_ok_and(|regex| regex.is_match(&string))).then_some(string)
}

struct Parser<'a> {
    rest: &'a str,
    random: &'a mut Random,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn eat(&mut self, string: &str) -> bool {
        let rest = self.rest.strip_prefix(string);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn alternatives(&mut self) -> Option<String> {
        let mut all = vec![self.sequence()?];
        while self.eat("|") {
            all.push(self.sequence()?);
        }
        Some(all.swap_remove(self.random.below(all.len())))
    }

    fn sequence(&mut self) -> Option<String> {
        let mut string = String::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let before = self.rest;
            let one = self.atom()?;
            let after = self.rest;
            let (least, most) = self.quantifier()?;
            let count = least + self.random.below(most.saturating_sub(least) + 1);
            let end = self.rest;
            for i in 0..count {
                // Each repetition is another string of the same kind.
                self.rest = before;
                let other = if i == 0 { one.clone() } else { self.atom()? };
                string += &other;
                debug_assert_eq!(self.rest.len(), if i == 0 { before.len() } else { after.len() });
            }
            self.rest = end;
        }
        Some(string)
    }

    fn quantifier(&mut self) -> Option<(usize, usize)> {
        let limits = if self.eat("?") {
            (0, 1)
        } else if self.eat("*") {
            (0, REPEATED)
        } else if self.eat("+") {
            (1, REPEATED)
        } else if self.eat("{") {
            let (limits, rest) = self.rest.split_once('}')?;
            self.rest = rest;
            let (least, most) = limits.split_once(',').unwrap_or((limits, limits));
            let least: usize = least.parse().ok()?;
            (least, if most.is_empty() { least + REPEATED } else { most.parse().ok()? })
        } else {
            return Some((1, 1));
        };
        self.eat("?");
        Some((limits.0, limits.1.min(limits.0 + 40)))
    }

    fn atom(&mut self) -> Option<String> {
        match self.next()? {
            '^' | '$' => Some(String::new()),
            '.' => Some("x".to_owned()),
            '(' => {
                if self.eat("?") && !self.eat(":") {
                    return None;
                }
                let string = self.alternatives()?;
                self.eat(")").then_some(string)
            }
            '[' => self.class().map(String::from),
            '\\' => match self.next()? {
                'b' => Some(String::new()),
                escaped => pick(&escape(escaped), self.random).map(String::from),
            },
            other => Some(other.to_string()),
        }
    }

    /// A character of a class; of an excluding one, a character that it does not name.
    fn class(&mut self) -> Option<char> {
        let excludes = self.eat("^");
        let mut ranges = Vec::new();
        let mut is_first = true;
        while is_first || !self.rest.starts_with(']') {
            is_first = false;
            let start = match self.next()? {
                '\\' => {
                    let of = escape(self.next()?);
                    if of.len() != 1 || of.first().is_some_and(|(from, to)| from != to) {
                        ranges.extend(of);
                        continue;
                    }
                    of.first()?.0
                }
                other => other,
            };
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
            let end = match is_range {
                true => {
                    self.next();
                    match self.next()? {
                        '\\' => escape(self.next()?).first()?.0,
                        other => other,
                    }
                }
                false => start,
            };
            ranges.push((start, end));
        }
        self.next();
        match excludes {
            false => pick(&ranges, self.random),
            true => ('!'..='~').find(|c| !ranges.iter().any(|(from, to)| (from..=to).contains(&c))),
        }
    }
}

fn escape(c: char) -> Vec<(char, char)> {
    match c {
        'd' => vec![('0', '9')],
        'w' => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        's' => vec![(' ', ' '), ('\t', '\t')],
        'S' | 'D' => vec![('a', 'z')],
        'W' => vec![('-', '-')],
        'n' => vec![('\n', '\n')],
        't' => vec![('\t', '\t')],
        'r' => vec![('\r', '\r')],
        other => vec![(other, other)],
    }
}

fn pick(ranges: &[(char, char)], random: &mut Random) -> Option<char> {
    let (from, to) = *ranges.get(random.below(ranges.len()))?;
    let all: Vec<char> = (from..=to).take(128).collect();
    all.get(random.below(all.len())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_match_their_patterns() {
        let mut random = Random::new(1, 1);
        for pattern in [
            r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.\d{6}$",
            "^[a-fA-F0-9]{40,}$",
            r"^[A-Za-z][A-Za-z0-9\.\-\_:\/]*$",
            r".*\S.*",
            "^(a|b)?c+[^d-f]$",
            "a{,3}|b{2}",
        ] {
            let found = (0..20).find_map(|_| matching(pattern, &mut random));
            assert_eq!(found.is_some(), pattern != "a{,3}|b{2}", "{pattern}");
        }
        assert_eq!(matching("^(?!a)b$", &mut random), None);
    }
}
