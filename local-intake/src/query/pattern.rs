//! Texts with wildcards.

/// A text in which some places are open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

/// A part of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// This text.
    Literal(String),
    /// `*`: any characters, or none.
    Any,
    /// `?`: exactly one character.
    One,
}

impl Pattern {
    /// The pattern that only this text matches.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        let mut pattern = Self::default();
        text.chars().for_each(|c| pattern.push(c));
        pattern
    }

    /// The parts, in order. Two literals never follow each other, nor do two `*`.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The text, where no place is open.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether this is `*` alone.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.pieces == [Piece::Any]
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The pattern of the same text without capital letters.
    pub(super) fn to_lowercase(&self) -> Self {
        let lower = |piece: &Piece| match piece {
            Piece::Literal(text) => Piece::Literal(text.to_lowercase()),
            other => other.clone(),
        };
        Self { pieces: self.pieces.iter().map(lower).collect() }
    }

    pub(super) fn push(&mut self, c: char) {
        match self.pieces.last_mut() {
            Some(Piece::Literal(text)) => text.push(c),
            _ => self.pieces.push(Piece::Literal(c.to_string())),
        }
    }

    pub(super) fn push_any(&mut self) {
        if self.pieces.last() != Some(&Piece::Any) {
            self.pieces.push(Piece::Any);
        }
    }

    pub(super) fn push_one(&mut self) {
        self.pieces.push(Piece::One);
    }

    /// Whether the whole of a text matches.
    ///
    /// The time is at most the product of both lengths, whatever the pattern: of all `*`, only
    /// the last one passed is ever tried again.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        if let Some(literal) = self.as_literal() {
            return literal == text;
        }
        let (mut piece, mut rest) = (0, text);
        // The piece behind the last `*`, and the text from which it was tried.
        let mut retry: Option<(usize, &str)> = None;
        loop {
            let next = match self.pieces.get(piece) {
                Some(Piece::Any) => {
                    retry = Some((piece + 1, rest));
                    Some(rest)
                }
                Some(Piece::Literal(literal)) => rest.strip_prefix(literal.as_str()),
                Some(Piece::One) => without_first(rest),
                None if rest.is_empty() => return true,
                None => None,
            };
            (piece, rest) = match (next, retry) {
                (Some(next), _) => (piece + 1, next),
                (None, Some((behind, from))) => match without_first(from) {
                    Some(from) => {
                        retry = Some((behind, from));
                        (behind, from)
                    }
                    None => return false,
                },
                (None, None) => return false,
            };
        }
    }
}

fn without_first(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    text.get(first.len_utf8()..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pattern;
    use crate::query::naive::fits;
    use crate::testing::cases;

    fn pattern(text: &str) -> Pattern {
        let mut pattern = Pattern::default();
        for c in text.chars() {
            match c {
                '*' => pattern.push_any(),
                '?' => pattern.push_one(),
                c => pattern.push(c),
            }
        }
        pattern
    }

    #[test]
    fn many_stars_take_no_time() {
        let text = "a".repeat(20_000);
        assert!(!pattern(&("a*".repeat(20) + "b")).matches(&text));
    }

    proptest! {
        #![proptest_config(cases(500))]

        #[test]
        fn matching_is_what_it_says(text in "[abé]{0,8}", wild in "[abé*?]{0,7}") {
            let pattern = pattern(&wild);
            let chars: Vec<char> = text.chars().collect();
            prop_assert_eq!(pattern.matches(&text), fits(pattern.pieces(), &chars));
        }
    }
}
