//! The compliance test suite of JSONPath (RFC 9535).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use specwright::conformance;

use super::archive;
use super::reasons::{Named, Reasons};

#[derive(Deserialize)]
struct Suite {
    tests: Vec<Test>,
}

/// A test: an invalid expression, or one with its result.
#[derive(Deserialize)]
struct Test {
    name: String,
    selector: String,
    #[serde(default)]
    document: Value,
    /// Normalized paths, in the order of the result.
    result_paths: Option<Vec<String>>,
    /// Several orders that are allowed.
    results_paths: Option<Vec<Vec<String>>>,
    #[serde(default)]
    invalid_selector: bool,
}

/// The results of a group of tests.
#[derive(Default)]
struct Row {
    tests: usize,
    right: usize,
}

/// Runs the suite. Returns a part of the page.
///
/// # Errors
/// Returns an error if the suite cannot be read.
pub(super) fn run(
    path: &Path,
    reasons: &mut Reasons,
    errors: &mut Vec<String>,
) -> Result<String, String> {
    let suite: Suite = serde_json::from_slice(&archive::read_file(path)?)
        .map_err(|error| format!("error: {}: {error}", path.display()))?;
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for test in &suite.tests {
        let group = test.name.split(',').next().unwrap_or_default();
        let row = rows.entry(group).or_default();
        row.tests += 1;
        match judge(test) {
            Ok(()) => row.right += 1,
            Err(_) if reasons.explain_test(Named::JsonPath, &test.name) => {}
            Err(why) => {
                errors
                    .push(format!("error: JSONPath `{}` ({}): {why}\n", test.selector, test.name));
            }
        }
    }
    let mut part = String::from(INTRODUCTION);
    let (mut tests, mut right) = (0, 0);
    for (group, row) in rows {
        let _ = writeln!(part, "| {group} | {} | {} |", row.tests, row.right);
        (tests, right) = (tests + row.tests, right + row.right);
    }
    let _ = writeln!(part, "| all | {tests} | {right} |");
    Ok(part + &reasons.render_tests(Named::JsonPath))
}

fn judge(test: &Test) -> Result<(), String> {
    let found = conformance::json_path(&test.selector, &test.document);
    let expected = test.result_paths.as_ref();
    let expected = expected.or_else(|| test.results_paths.as_ref().and_then(|all| all.first()));
    match (found, expected) {
        (Err(_), _) if test.invalid_selector => Ok(()),
        (Ok(found), _) if test.invalid_selector => Err(format!("it is accepted: {found:?}")),
        (Err(why), _) => Err(why),
        (Ok(_), None) => Err("the test has no result".to_owned()),
        (Ok(found), Some(expected)) => {
            let expected: BTreeSet<String> =
                expected.iter().map(|path| pointer(path)).collect::<Result<_, _>>()?;
            let found: BTreeSet<String> = found.into_iter().collect();
            if found == expected { Ok(()) } else { Err(format!("{found:?}, not {expected:?}")) }
        }
    }
}

/// Returns the JSON pointer of a normalized path such as `$['a'][0]`.
fn pointer(path: &str) -> Result<String, String> {
    let invalid = || format!("`{path}` is not a normalized path");
    let mut pointer = String::new();
    let mut rest = path.strip_prefix('$').ok_or_else(invalid)?.chars().peekable();
    while rest.next_if_eq(&'[').is_some() {
        let mut token = String::new();
        let is_name = rest.next_if_eq(&'\'').is_some();
        let end = if is_name { '\'' } else { ']' };
        loop {
            match rest.next().ok_or_else(invalid)? {
                c if c == end => break,
                '\\' => token.push(match rest.next().ok_or_else(invalid)? {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let digits: String = rest.by_ref().take(4).collect();
                        let code = u32::from_str_radix(&digits, 16).map_err(|_| invalid())?;
                        char::from_u32(code).ok_or_else(invalid)?
                    }
                    c => c,
                }),
                c => token.push(c),
            }
        }
        if is_name {
            rest.next_if_eq(&']').ok_or_else(invalid)?;
        }
        pointer = pointer + "/" + &crate::corpus::pointer::escape(&token);
    }
    if rest.next().is_some() { Err(invalid()) } else { Ok(pointer) }
}

const INTRODUCTION: &str = "\
The compliance test suite of JSONPath (RFC 9535), run through the targets of overlays. An overlay changes each location once, so
results are compared as sets, without the order of an array and its repetitions.

| group | tests | right |
|---|---:|---:|
";

#[cfg(test)]
mod tests {
    use super::pointer;

    #[test]
    fn normalized_paths_become_pointers() {
        for (path, expected) in
            [("$", ""), ("$['a'][0]", "/a/0"), (r"$['\'\\/~\u000b\n']['']", "/'\\~1~0\u{b}\n/")]
        {
            assert_eq!(pointer(path).as_deref(), Ok(expected), "{path}");
        }
        assert!(["", "$.a", "$['a", "$['a'", "$[0]x"].iter().all(|path| pointer(path).is_err()));
    }
}
