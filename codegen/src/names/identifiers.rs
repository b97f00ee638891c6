//! Rust identifiers derived from any string.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// The name of a type in Rust: upper camel case, unique among the types of its API.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TypeName(pub String);

/// The name of a field, method or module in Rust: snake case, `r#` where it is a keyword.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(pub String);

impl Name {
    /// Whether it says no less than what it stands for: only capitals differ, and where words
    /// meet.
    #[must_use]
    pub(crate) fn says(&self, wire: &str) -> bool {
        let name = self.0.strip_prefix("r#").unwrap_or(&self.0);
        let is_sign = |c: char| c == '-' || c == '_';
        let letters = |text: &str| text.replace(is_sign, "").to_ascii_lowercase();
        !wire.starts_with(is_sign) && !wire.ends_with(is_sign) && letters(name) == letters(wire)
    }
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that cannot be made raw.
const UNUSABLE: &[&str] = &["_", "crate", "self", "super"];

/// A name of a type, variant or constant, from any text.
pub(crate) fn type_name(text: &str) -> TypeName {
    let name = spelled(text).to_upper_camel_case();
    TypeName(match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{name}"),
        Some(_) if name == "Self" => "SelfValue".to_owned(),
        Some(_) => name,
    })
}

/// A name of a field, method or module, from any text.
pub(crate) fn snake_name(text: &str) -> Name {
    let name = one_word(&spelled(text)).to_snake_case();
    Name(match name.chars().next() {
        None => "empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        Some(_) if UNUSABLE.contains(&name.as_str()) => format!("{name}_value"),
        Some(_) if KEYWORDS.contains(&name.as_str()) => format!("r#{name}"),
        Some(_) => name,
    })
}

/// A name that a person has chosen, as Rust writes it.
pub(crate) fn usable(chosen: &str) -> String {
    if KEYWORDS.contains(&chosen) { format!("r#{chosen}") } else { chosen.to_owned() }
}

/// Whether Rust has a meaning of its own for a word.
pub(crate) fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text) || UNUSABLE.contains(&text)
}

/// Whether a person can choose this as the name of a type or variant.
pub(crate) fn is_type_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
        && text != "Self"
}

/// Whether a person can choose this as the name of a field or method.
pub(crate) fn is_snake_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !UNUSABLE.contains(&text)
}

/// The file of a type or operation: a keyword would be an odd name for one.
pub(crate) fn module_name(text: &str) -> Name {
    let name = snake_name(text);
    Name(match name.0.strip_prefix("r#") {
        Some(keyword) => format!("{keyword}_"),
        None if name.0 == "mod" => "mod_".to_owned(),
        None => name.0,
    })
}

/// `OAuth` is one word, whatever its capitals say.
fn one_word(text: &str) -> String {
    const WORD: &str = "OAuth";
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(WORD) {
        joined += before;
        // In `FOOAuth`, the first capital is that of another word.
        joined += if joined.ends_with(|c: char| c.is_ascii_uppercase()) { WORD } else { "Oauth" };
        rest = after;
    }
    joined + rest
}

/// Only letters and digits make words. A symbol in front or all alone has a meaning of its
/// own, as in the sort orders `name` and `-name`; so have some behind, as in `Date<`.
///
/// Letters of other scripts, and signs that have a name, are written in plain letters: `größe` as
/// `grosse`, a rocket as `rocket`.
fn spelled(text: &str) -> String {
    let plain;
    let text = match text.is_ascii() {
        true => text,
        false => {
            plain = deunicode::deunicode_with_tofu(text, " ");
            &plain
        }
    };
    let text = text.trim();
    let symbol = |c: char| match c {
        '-' => "minus",
        '+' => "plus",
        '*' => "star",
        '<' => "less than",
        '>' => "greater than",
        '=' => "equal",
        '!' => "not",
        '$' => "dollar",
        '@' => "at",
        '#' => "hash",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '/' => "slash",
        '.' => "dot",
        ',' => "comma",
        '~' => "tilde",
        '^' => "caret",
        '?' => "question",
        _ => "",
    };
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect()
    };
    let rest = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let lead = &text[..text.len() - rest.len()];
    let stem = rest.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let tail = match &rest[stem.len()..] {
        "<=" => " less than or equal".to_owned(),
        ">=" => " greater than or equal".to_owned(),
        "!=" => " not equal".to_owned(),
        signs if signs.chars().all(|c| matches!(c, '-' | '+' | '<' | '>')) => {
            signs.chars().flat_map(|c| [" ", symbol(c)]).collect()
        }
        _ => String::new(),
    };
    // `_id` and `@id` are `id`: only where the sign alone makes the difference is it spelled out.
    let spells =
        stem.is_empty() || lead.chars().all(|c| matches!(c, '-' | '+' | '<' | '>' | '=' | '!'));
    if !spells {
        return plain(stem) + &tail;
    }
    let words: Vec<_> = lead.chars().map(symbol).filter(|word| !word.is_empty()).collect();
    format!("{} {}{tail}", words.join(" "), plain(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_gives_a_name() {
        for (text, camel, snake) in [
            ("unique_id", "UniqueId", "unique_id"),
            ("filter[from]", "FilterFrom", "filter_from"),
            ("HTTPError", "HttpError", "http_error"),
            ("pc75", "Pc75", "pc75"),
            ("-timestamp", "MinusTimestamp", "minus_timestamp"),
            ("*", "Star", "star"),
            ("", "Empty", "empty"),
            ("2xx", "N2xx", "n2xx"),
            ("type", "Type", "r#type"),
            ("self", "SelfValue", "self_value"),
            ("_id", "Id", "id"),
            ("@type", "Type", "r#type"),
            ("größe", "Grosse", "grosse"),
            ("日本", "RiBen", "ri_ben"),
            ("🚀", "Rocket", "rocket"),
            ("\u{200b}", "Empty", "empty"),
            ("DateSent<", "DateSentLessThan", "date_sent_less_than"),
            ("DateSent>=", "DateSentGreaterThanOrEqual", "date_sent_greater_than_or_equal"),
            ("<=", "LessThanEqual", "less_than_equal"),
            ("C++", "CPlusPlus", "c_plus_plus"),
            ("A-", "AMinus", "a_minus"),
            ("-1", "Minus1", "minus_1"),
            ("one (of two) -", "OneOfTwo", "one_of_two"),
            ("tags[]", "Tags", "tags"),
            ("OAuth2", "OAuth2", "oauth2"),
            ("getOAuthToken", "GetOAuthToken", "get_oauth_token"),
            ("O_Auth", "OAuth", "o_auth"),
        ] {
            assert_eq!(type_name(text).0, camel, "{text}");
            assert_eq!(snake_name(text).0, snake, "{text}");
        }
    }

    #[test]
    fn names_that_say_less_are_known() {
        for wire in ["DateSent", "date-sent", "dateSent", "DATE_SENT"] {
            assert!(snake_name(wire).says(wire), "{wire}");
        }
        for wire in ["DateSent<", "_date", "page[limit]", "größe", "3d", "self", "a b", "x."] {
            assert!(!snake_name(wire).says(wire), "{wire}");
        }
        assert!(!Name("date_sent2".to_owned()).says("DateSent"));
        assert!(Name("r#type".to_owned()).says("type"));
    }
}
