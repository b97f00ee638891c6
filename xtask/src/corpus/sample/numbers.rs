//! Numbers of JSON as they are written.

/// Returns JSON in which each number is a string with its digits, so that it is compared by them.
pub(super) fn as_strings(json: &str) -> String {
    replaced(json, |number| format!("\"number {number}\""))
}

/// Returns JSON in which numbers with a fraction end with another zero.
pub(super) fn with_zeros(json: &str) -> String {
    replaced(json, |number| match number.contains('.') && !number.contains(['e', 'E']) {
        true => format!("{number}0"),
        false => number.to_owned(),
    })
}

fn replaced(json: &str, change: impl Fn(&str) -> String) -> String {
    let mut output = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(start) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        let (before, token) = rest.split_at(start);
        output.push_str(before);
        let is_string = token.starts_with('"');
        let end = if is_string { end_of_string(token) } else { end_of_number(token) };
        let (token, after) = token.split_at(end);
        match is_string {
            true => output.push_str(token),
            false => output.push_str(&change(token)),
        }
        rest = after;
    }
    output + rest
}

fn end_of_number(json: &str) -> usize {
    let is_part = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    json.find(|c| !is_part(c)).unwrap_or(json.len())
}

fn end_of_string(json: &str) -> usize {
    let mut is_escaped = false;
    for (i, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return i + 1,
            _ => {}
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_replaced() {
        let json = r#"{"1\"2":[1.50,-3e-7,"4é"],"a":{"b":10}}"#;
        assert_eq!(
            as_strings(json),
            r#"{"1\"2":["number 1.50","number -3e-7","4é"],"a":{"b":"number 10"}}"#
        );
        assert_eq!(with_zeros(json), r#"{"1\"2":[1.500,-3e-7,"4é"],"a":{"b":10}}"#);
    }
}
