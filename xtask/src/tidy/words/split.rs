//! Lines as words: identifiers are split at `_` and at capital letters.

/// A word in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) word: String,
    /// Whether only spaces separate it from the word before.
    pub(super) follows: bool,
}

/// Splits a line into words.
pub(super) fn split(line: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut is_inside, mut was_lower, mut follows) = (false, false, false);
    for character in line.chars() {
        if !character.is_alphabetic() {
            follows = character == ' ' && (follows || is_inside);
            is_inside = false;
            continue;
        }
        let is_new = !is_inside || (was_lower && character.is_uppercase());
        if is_new {
            words.push(Word { word: String::new(), follows: follows && !is_inside });
            follows = false;
        }
        if let Some(last) = words.last_mut() {
            last.word.extend(character.to_lowercase());
        }
        (is_inside, was_lower) = (true, character.is_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_split() {
        let words = |line| split(line).into_iter().map(|word| word.word).collect::<Vec<_>>();
        assert_eq!(words("nameOf(the_name2)"), ["name", "of", "the", "name"]);
        assert_eq!(words("HTTPServer isn't"), ["httpserver", "isn", "t"]);
    }

    #[test]
    fn only_spaces_join_words() {
        let follows = |line| split(line).into_iter().map(|word| word.follows).collect::<Vec<_>>();
        assert_eq!(follows("one  two"), [false, true]);
        assert_eq!(follows("one, two"), [false, false]);
        assert_eq!(follows("is_none isNone"), [false, false, true, false]);
    }
}
