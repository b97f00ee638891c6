//! Strings by format, pattern and length.

use serde_json::{Map, Value};

use super::pattern;
use crate::corpus::mutate::Random;

/// Returns examples of a format; empty for formats without a syntax.
fn of_format(format: &str) -> &'static [&'static str] {
    match format {
        "date-time" => &[
            "2024-08-22T11:36:29Z",
            "2024-08-22T11:36:29.125Z",
            "2024-08-22T11:36:29-07:00",
            "1969-12-31T23:59:59.999999Z",
        ],
        "date" => &["2024-02-29", "1999-12-31", "0001-01-01"],
        "time" => &["11:36:29Z", "23:59:59.5+02:00"],
        "duration" => &["P1D", "PT36H", "P3Y6M4DT12H30M5S"],
        "uuid" => &["6ba7b810-9dad-41d1-80b4-00c04fd430c8", "00000000-0000-0000-0000-000000000000"],
        "uri" | "url" => &["https://example.com/a?b=c&d=%20#e", "urn:example:a:1"],
        "uri-reference" => &["/a/b?c=d", "https://example.com/"],
        "email" => &["jo@example.com"],
        "hostname" => &["a.example.com"],
        "ipv4" => &["192.0.2.1"],
        "ipv6" => &["2001:db8::1", "::"],
        "byte" | "base64" => &["YWJj", "", "/+8="],
        "decimal" => &["12.50", "0"],
        _ => &[],
    }
}

/// Plain strings, with characters that are written as escapes and characters of several bytes.
const PLAIN: [&str; 5] = ["one", "", "two words", "é ☃ 𝄞", "\"quoted\" \\ and\nlines\t"];

/// Returns a string that a schema allows; none if none is found.
pub(super) fn string(schema: &Map<String, Value>, random: &mut Random) -> Option<String> {
    let limit = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|n| n.try_into().ok());
    let (least, most) = (limit("minLength").unwrap_or(0), limit("maxLength").unwrap_or(usize::MAX));
    let fits = |string: &String| (least..=most).contains(&string.chars().count());
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        let mut found = (0..50).filter_map(|_| pattern::matching(pattern, random));
        return found.find(fits);
    }
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let known = of_format(format);
    if !known.is_empty() {
        let from = random.below(known.len());
        let rotated = known.iter().cycle().skip(from).take(known.len());
        return rotated.map(|string| (*string).to_owned()).find(fits);
    }
    let plain = PLAIN[random.below(PLAIN.len())];
    let mut string: String = plain.chars().take(most).collect();
    let length = string.chars().count();
    string.extend(std::iter::repeat_n('a', least.saturating_sub(length)));
    Some(string)
}
