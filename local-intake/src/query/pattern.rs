//! Strings with wildcards.

/// The number of steps of a match that are counted together.
const STEPS: usize = 1024;

/// A string with wildcards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Pattern {
    pieces: Vec<Piece>,
}

/// A part of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    /// An exact string.
    Literal(String),
    /// `*`: any number of characters.
    Any,
    /// `?`: exactly one character.
    One,
}

impl Pattern {
    /// Creates a pattern that matches only this string.
    #[cfg(test)]
    pub(crate) fn literal(string: &str) -> Self {
        let mut pattern = Self::default();
        string.chars().for_each(|c| pattern.push(c));
        pattern
    }

    /// Returns the pieces in order. Literals are never adjacent, nor are `*`.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Returns the string if there are no wildcards.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(string)] => Some(string),
            _ => None,
        }
    }

    /// Returns whether the pattern is just `*`.
    pub(crate) fn is_any(&self) -> bool {
        self.pieces == [Piece::Any]
    }

    /// Returns whether the pattern is the empty string.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Returns the pattern in lowercase.
    pub(super) fn to_lowercase(&self) -> Self {
        let lower = |piece: &Piece| match piece {
            Piece::Literal(string) => Piece::Literal(string.to_lowercase()),
            other => other.clone(),
        };
        Self { pieces: self.pieces.iter().map(lower).collect() }
    }

    pub(super) fn push(&mut self, c: char) {
        match self.pieces.last_mut() {
            Some(Piece::Literal(string)) => string.push(c),
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

    /// Returns the length of the pattern in bytes, wildcards included.
    pub(super) fn size(&self) -> usize {
        let size = |piece: &Piece| match piece {
            Piece::Literal(string) => string.len(),
            Piece::Any | Piece::One => 1,
        };
        self.pieces.iter().map(size).sum()
    }

    /// Returns whether the pattern matches a whole string.
    #[cfg(test)]
    pub(crate) fn matches(&self, string: &str) -> bool {
        let result = self.matches_in_steps(string, &mut |_| Ok::<_, std::convert::Infallible>(()));
        let Ok(is_match) = result;
        is_match
    }

    /// Returns whether the pattern matches a whole string, or the error of `check`, which is called
    /// with the number of steps since the last call.
    ///
    /// Takes at most time proportional to the product of both lengths, because only the last `*`
    /// is ever backtracked to.
    pub(super) fn matches_in_steps<E>(
        &self,
        string: &str,
        check: &mut impl FnMut(usize) -> Result<(), E>,
    ) -> Result<bool, E> {
        if let Some(literal) = self.as_literal() {
            return Ok(literal == string);
        }
        let (mut piece, mut rest, mut steps) = (0, string, 0);
        // The piece after the last `*`, and where the last attempt to match it began.
        let mut backtrack: Option<(usize, &str)> = None;
        loop {
            steps += 1;
            if steps == STEPS {
                check(std::mem::take(&mut steps))?;
            }
            let next = match self.pieces.get(piece) {
                Some(Piece::Any) => {
                    backtrack = Some((piece + 1, rest));
                    Some(rest)
                }
                Some(Piece::Literal(literal)) => rest.strip_prefix(literal.as_str()),
                Some(Piece::One) => without_first(rest),
                None if rest.is_empty() => return Ok(true),
                None => None,
            };
            (piece, rest) = match (next, backtrack) {
                (Some(next), _) => (piece + 1, next),
                (None, Some((following, from))) => match without_first(from) {
                    Some(from) => {
                        backtrack = Some((following, from));
                        (following, from)
                    }
                    None => return Ok(false),
                },
                (None, None) => return Ok(false),
            };
        }
    }
}

fn without_first(string: &str) -> Option<&str> {
    let first = string.chars().next()?;
    string.get(first.len_utf8()..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pattern;
    use crate::event::testing::cases;
    use crate::query::naive::matches_pieces;

    fn pattern(string: &str) -> Pattern {
        let mut pattern = Pattern::default();
        for c in string.chars() {
            match c {
                '*' => pattern.push_any(),
                '?' => pattern.push_one(),
                c => pattern.push(c),
            }
        }
        pattern
    }

    #[test]
    fn many_wildcards_are_matched_quickly() {
        let string = "a".repeat(20_000);
        assert!(!pattern(&("a*".repeat(20) + "b")).matches(&string));
    }

    proptest! {
        #![proptest_config(cases(500))]

        #[test]
        fn matching_agrees_with_the_naive_matcher(string in "[abé]{0,8}", wild in "[abé*?]{0,7}") {
            let pattern = pattern(&wild);
            let chars: Vec<char> = string.chars().collect();
            prop_assert_eq!(pattern.matches(&string), matches_pieces(pattern.pieces(), &chars));
        }
    }
}
