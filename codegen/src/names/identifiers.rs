//! Rust identifiers derived from any string.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Name of a type in Rust: upper camel case, unique among the types of its API.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TypeName(pub String);

/// Name of a field, method or module in Rust: snake case, with `r#` if it is a keyword.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(pub String);

impl Name {
    /// Returns whether the original name can be recognised: it differs only in case and in word
    /// separators.
    #[must_use]
    pub(crate) fn resembles(&self, original: &str) -> bool {
        let name = self.0.strip_prefix("r#").unwrap_or(&self.0);
        let is_separator = |c: char| c == '-' || c == '_';
        let letters = |name: &str| -> Vec<u8> {
            let letters = name.bytes().filter(|byte| !is_separator(char::from(*byte)));
            letters.map(|byte| byte.to_ascii_lowercase()).collect()
        };
        name == original
            || !original.starts_with(is_separator)
                && !original.ends_with(is_separator)
                && letters(name) == letters(original)
    }
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// The maximum length of a derived name, without separators. A file name takes 255 bytes on most
/// file systems, and a suffix must fit.
const MAX_LENGTH: usize = 100;

/// What a shortened name keeps of its beginning and of its end.
const MAX_HEAD: usize = 60;
const MAX_TAIL: usize = 30;

/// Keywords that cannot be raw identifiers.
const UNUSABLE: &[&str] = &["_", "crate", "self", "super"];

/// Returns the name of a type, variant or constant for any string.
pub(crate) fn type_name(original: &str) -> TypeName {
    let name = bounded(words(original), original).to_upper_camel_case();
    TypeName(match name.chars().next() {
        None if is_blank(original) => "Blank".to_owned(),
        None => "Empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{name}"),
        Some(_) if name == "Self" => "SelfValue".to_owned(),
        Some(_) => name,
    })
}

fn is_blank(original: &str) -> bool {
    !original.is_empty() && original.trim().is_empty()
}

/// Returns the name of a field, method or module for any string.
pub(crate) fn snake_name(original: &str) -> Name {
    let name = match is_derived(original) {
        true => original.to_owned(),
        false => snake_case(original),
    };
    Name(match name.chars().next() {
        None if is_blank(original) => "blank".to_owned(),
        None => "empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        Some(_) if UNUSABLE.contains(&name.as_str()) => format!("{name}_value"),
        Some(_) if KEYWORDS.contains(&name.as_str()) => format!("r#{name}"),
        Some(_) => name,
    })
}

fn snake_case(original: &str) -> String {
    bounded(join_oauth(&words(original)), original).to_snake_case()
}

/// Returns whether a string already is what [`snake_case`] makes of it. Most names are.
fn is_derived(name: &str) -> bool {
    let is_word = |word: &[u8]| {
        !word.is_empty() && word.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    name.len() <= MAX_LENGTH && name.as_bytes().split(|b| *b == b'_').all(is_word)
}

/// Returns a configured name as it is written in Rust.
pub(crate) fn usable(chosen: &str) -> String {
    if KEYWORDS.contains(&chosen) { format!("r#{chosen}") } else { chosen.to_owned() }
}

/// Returns whether a name is a keyword of Rust.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name) || UNUSABLE.contains(&name)
}

/// Returns whether a configured name can be the name of a type or variant.
pub(crate) fn is_type_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
        && name != "Self"
}

/// Returns whether a configured name can be the name of a field or method.
pub(crate) fn is_snake_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !UNUSABLE.contains(&name)
}

/// Returns the module, and so the file, of a type or operation. Raw identifiers and the names of
/// devices are avoided.
pub(crate) fn module_name(original: &str) -> Name {
    let name = snake_name(original);
    Name(match name.0.strip_prefix("r#") {
        Some(keyword) => format!("{keyword}_"),
        None if name.0 == "mod" || is_device(&name.0) => format!("{}_", name.0),
        None => name.0,
    })
}

/// Returns whether Windows reserves a file name for a device, with any extension and in any case.
pub(crate) fn is_device(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    let port = stem.strip_prefix("com").or(stem.strip_prefix("lpt"));
    matches!(stem.as_str(), "aux" | "con" | "nul" | "prn")
        || port.is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit())
}

/// Shortens words to [`MAX_LENGTH`]: the first and the last words stay, with a hash of the original
/// between them. So the name does not depend on other names.
fn bounded(words: String, original: &str) -> String {
    // Words are counted without separators, so the names of a type and of its file agree.
    let length = |word: &str| word.bytes().filter(u8::is_ascii_alphanumeric).count();
    if words.len() <= MAX_LENGTH || length(&words) <= MAX_LENGTH {
        return words;
    }
    let all = words.to_snake_case();
    let mut left = MAX_HEAD;
    let mut head: Vec<&str> = Vec::new();
    for word in all.split('_') {
        if left < word.len() {
            break;
        }
        left -= word.len();
        head.push(word);
    }
    if head.is_empty() {
        head.push(&all[..MAX_HEAD.min(all.len())]);
    }
    let mut left = MAX_TAIL;
    let mut tail: Vec<&str> = Vec::new();
    for word in all.rsplit('_') {
        // A name that is made of a shortened one has one hash.
        if left < word.len() || is_hash(word) {
            break;
        }
        left -= word.len();
        tail.push(word);
    }
    tail.reverse();
    format!("{} h{:08x} {}", head.join(" "), hash(original), tail.join(" "))
}

fn is_hash(word: &str) -> bool {
    word.len() == 9 && word.starts_with('h') && word[1..].bytes().all(|b| b.is_ascii_hexdigit())
}

/// Returns a hash that is the same on every machine and in every version (FNV-1a, folded).
fn hash(original: &str) -> u32 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = original.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    (hash >> 32) as u32 ^ hash as u32
}

/// Makes `OAuth` one word, although it has two capitals.
fn join_oauth(name: &str) -> String {
    const WORD: &str = "OAuth";
    let mut joined = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once(WORD) {
        joined += before;
        // In `FOOAuth`, the `O` belongs to another word.
        joined += if joined.ends_with(|c: char| c.is_ascii_uppercase()) { WORD } else { "Oauth" };
        rest = after;
    }
    joined + rest
}

/// Splits a string into words of ASCII letters and digits, separated by spaces.
///
/// A leading symbol is spelled out, as in the sort orders `name` and `-name`. So are some trailing
/// symbols, as in `Date<`, and strings of symbols only. Other scripts are transliterated: `größe` to
/// `grosse`, a rocket to `rocket`.
fn words(original: &str) -> String {
    let ascii;
    let name = match original.is_ascii() {
        true => original,
        false => {
            // They enclose type arguments: `List«Pet»`.
            let original = original.replace(['«', '»', '‹', '›'], " ");
            ascii = deunicode::deunicode_with_tofu(&original, " ");
            &ascii
        }
    };
    let name = name.trim();
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
    let plain = |name: &str| -> String {
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect()
    };
    let rest = name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let lead = &name[..name.len() - rest.len()];
    let stem = rest.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let tail = match &rest[stem.len()..] {
        "<=" => " less than or equal".to_owned(),
        ">=" => " greater than or equal".to_owned(),
        "!=" => " not equal".to_owned(),
        symbols if symbols.chars().all(|c| matches!(c, '-' | '+' | '<' | '>')) => {
            symbols.chars().flat_map(|c| [" ", symbol(c)]).collect()
        }
        _ => String::new(),
    };
    // `_id` and `@id` are `id`. Only symbols that express an order or a comparison are spelled out.
    let is_spelled_out =
        stem.is_empty() || lead.chars().all(|c| matches!(c, '-' | '+' | '<' | '>' | '=' | '!'));
    if !is_spelled_out {
        return plain(stem) + &tail;
    }
    let words: Vec<_> = lead.chars().map(symbol).filter(|word| !word.is_empty()).collect();
    format!("{} {}{tail}", words.join(" "), plain(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_string_gives_a_name() {
        for (original, camel, snake) in [
            ("unique_id", "UniqueId", "unique_id"),
            ("filter[from]", "FilterFrom", "filter_from"),
            ("HTTPError", "HttpError", "http_error"),
            ("pc75", "Pc75", "pc75"),
            ("-timestamp", "MinusTimestamp", "minus_timestamp"),
            ("*", "Star", "star"),
            ("", "Empty", "empty"),
            (" ", "Blank", "blank"),
            ("List«Pet»", "ListPet", "list_pet"),
            ("Map«string,List«Pet»»", "MapStringListPet", "map_string_list_pet"),
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
            assert_eq!(type_name(original).0, camel, "{original}");
            assert_eq!(snake_name(original).0, snake, "{original}");
        }
    }

    #[test]
    fn names_in_snake_case_stay_as_they_are() {
        let parts = ["", "a", "b1", "2", "_", "__", "oauth", "OAuth", "X", "-", "é", " "];
        let derived = |name: &str| {
            assert!(!is_derived(name) || snake_case(name) == name, "{name}");
            is_derived(name)
        };
        let three = parts.iter().flat_map(|a| parts.iter().map(move |b| (a, b)));
        let names = three.flat_map(|(a, b)| parts.iter().map(move |c| format!("{a}{b}{c}")));
        assert!(names.filter(|name| derived(name)).count() > 100);
        assert!(derived("pipeline_unique_id") && derived("n2_x") && !derived(&"a".repeat(101)));
    }

    #[test]
    fn long_names_are_shortened_and_stay_distinct() {
        let long = |last: &str| format!("{}{last}", "getSomethingQuiteLong ".repeat(20));
        let (one, two) = (type_name(&long("one")), type_name(&long("two")));
        let start = "GetSomethingQuiteLongGetSomethingQuiteLongGetSomethingQuiteH";
        let end = "SomethingQuiteLongOne";
        assert!(one.0.starts_with(start) && one.0.ends_with(end), "{one:?}");
        assert_ne!(one, two);
        assert_eq!(one, type_name(&long("one")));
        // Names made of a shortened one agree, and are shortened alike.
        let module = module_name(&one.0);
        assert_eq!(type_name(&module.0), one);
        let inner = type_name(&format!("{} {}", one.0, "item ".repeat(5)));
        let deeper = type_name(&format!("{} {}", inner.0, "item ".repeat(5)));
        assert!(deeper.0.starts_with(start) && deeper.0.len() <= MAX_LENGTH, "{deeper:?}");
        assert_eq!(deeper.0.matches('H').count(), 1, "{deeper:?}");

        let single = "x".repeat(70_000);
        for name in [type_name(&single).0, snake_name(&single).0, module_name(&single).0] {
            assert!(name.len() <= MAX_LENGTH, "{name}");
        }
        let many = module_name(&"a ".repeat(70_000)).0;
        assert!(many.len() <= 2 * MAX_LENGTH, "{many}");
        let exact = "y".repeat(MAX_LENGTH);
        assert_eq!(snake_name(&exact).0, exact);
    }

    #[test]
    fn names_of_devices_are_not_names_of_files() {
        for original in ["Con", "aux", "NUL", "prn", "com1", "LPT9", "mod", "type"] {
            assert!(module_name(original).0.ends_with('_'), "{original}");
        }
        for original in ["Cons", "com", "com10", "lpt", "aux1", "Model"] {
            assert!(!module_name(original).0.ends_with('_'), "{original}");
        }
    }

    #[test]
    fn names_resemble_originals_that_differ_in_case_and_separators() {
        for original in ["DateSent", "date-sent", "dateSent", "DATE_SENT"] {
            assert!(snake_name(original).resembles(original), "{original}");
        }
        for original in ["DateSent<", "_date", "page[limit]", "größe", "3d", "self", "a b", "x."]
        {
            assert!(!snake_name(original).resembles(original), "{original}");
        }
        assert!(!Name("date_sent2".to_owned()).resembles("DateSent"));
        assert!(Name("r#type".to_owned()).resembles("type"));
    }
}
