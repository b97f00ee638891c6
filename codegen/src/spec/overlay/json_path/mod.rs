//! JSONPath (RFC 9535), as the set of locations that an expression selects.
//!
//! A path is evaluated segment by segment, and each location is kept once. Otherwise `$..*..*..*`
//! would select the same location many times, and need more memory with each segment. Each value that
//! a path or a filter visits is counted.
//!
//! | module | responsibility |
//! |---|---|
//! | `syntax` | paths as plain data |
//! | `parse` | the parser of paths |
//! | `literals` | strings and numbers |
//! | `filters` | the parser of filters |
//! | `evaluate` | the evaluation of paths |
//! | `values` | comparisons and functions |

mod evaluate;
mod filters;
mod literals;
mod parse;
mod syntax;
mod values;

use std::collections::HashMap;

use serde_json::Value;

use self::evaluate::Evaluation;
use self::parse::Invalid;
pub(super) use self::syntax::Step;
use crate::diagnostics::{Message, messages};
use crate::text::{Budget, Exhausted, child};

/// Returns the locations that an expression matches, each once. An element of an array comes before
/// later elements, and before its own content.
pub(super) fn query(
    expression: &str,
    value: &Value,
    budget: &mut Budget,
) -> Result<Vec<Vec<Step>>, Message> {
    let query = parse::parse(expression).map_err(|invalid| message(expression, &invalid))?;
    let mut evaluation = Evaluation { root: value, budget, patterns: HashMap::new() };
    match evaluation.select(&query) {
        Ok(found) => Ok(found.into_iter().map(|(location, _)| location).collect()),
        Err(Exhausted) => Err(messages::expensive_json_path(expression)),
    }
}

fn message(expression: &str, invalid: &Invalid) -> Message {
    match invalid {
        Invalid::Depth(limit) => messages::nested_json_path(*limit),
        Invalid::Syntax(..) if !expression.starts_with('$') => {
            messages::json_path_without_root(expression)
        }
        Invalid::Syntax(at, reason) => {
            let (before, rest) = expression.split_at_checked(*at).unwrap_or((expression, ""));
            match rest {
                "" => messages::incomplete_json_path(expression),
                rest => {
                    let column = before.chars().count() + 1;
                    messages::invalid_json_path(expression, column, rest, reason)
                }
            }
        }
    }
}

/// Returns the JSON pointer of a location.
pub(super) fn pointer(location: &[Step]) -> String {
    location.iter().fold(String::new(), |pointer, step| match step {
        Step::Index(index) => child(&pointer, index),
        Step::Name(name) => child(&pointer, name),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(expression: &str, value: &Value) -> Vec<String> {
        let found = query(expression, value, &mut Budget::new(0))
            .unwrap_or_else(|error| panic!("{}", error.content));
        found.iter().map(|location| pointer(location)).collect()
    }

    #[test]
    fn each_location_is_found_once() {
        let value = json!({ "a": { "b": [{ "c": 1 }, 2] } });
        let all = ["/a", "/a/b", "/a/b/0", "/a/b/0/c", "/a/b/1"];
        assert_eq!(found("$..*", &value), all);
        assert_eq!(found("$..*..*..*", &value), ["/a/b/0", "/a/b/0/c", "/a/b/1"]);
        assert_eq!(found("$[*,*,'a']", &value), ["/a"]);
        assert_eq!(found("$.a[?$.a.b[1]==2]", &value), ["/a/b"]);
        // The nesting of the document is limited, but not the number of segments.
        let deep = (0..60).fold(json!(1), |inner, _| json!([inner, 0]));
        assert_eq!(found(&format!("${}", "..*".repeat(30)), &deep).len(), 62);
        assert_eq!(found(&format!("$..*{}", "[*,*,*]".repeat(30)), &deep).len(), 60);
    }

    #[test]
    fn expensive_filters_are_rejected() {
        let wide = Value::Array((0..1_000).map(|_| json!({ "a": [1] })).collect());
        let error = |expression: &str| {
            let found = query(expression, &wide, &mut Budget::with_work(1_000_000));
            found.err().map(|error| error.content).unwrap_or_default()
        };
        assert_eq!(error("$[?@.a[0]==1]"), "");
        let many = |part: &str, separator: &str| vec![part; 5_000].join(separator);
        for expression in [
            "$[?count($..a)==1]".to_owned(),
            format!("$[?{}]", many("@.a[0]==2", " || ")),
            format!("$[?{}]", many("@.a==2", " || ")),
            format!("$[?count(@[{}])==1]", many("*", ",")),
            "$..[?match('a', 'a{1000}{1000}')]".to_owned(),
        ] {
            assert!(error(&expression).contains("too expensive"), "{expression:.50}");
        }
        assert_eq!(error("$[?@.a=='$..,,,,,,,,,,,,,,']"), "");
        for expression in [
            "[?@".repeat(9) + &"]".repeat(9),
            format!("[?{}@.a{}]", "(".repeat(64), ")".repeat(64)),
            format!("[?{}@.a]", "!(".repeat(64)),
        ] {
            assert!(error(&format!("${expression}")).contains("too deeply nested"), "{expression}");
        }
    }

    #[test]
    fn a_budget_is_shared_by_all_expressions() {
        let value = Value::Array((0..1_000).map(Value::from).collect());
        let mut budget = Budget::with_work(100_000);
        let found = (0..1_000).find(|_| query("$[?@ < 0]", &value, &mut budget).is_err());
        assert!(found.is_some_and(|found| found > 5), "{found:?}");
    }

    #[test]
    fn slices_count_from_both_ends() {
        let value: Value = (0..5).map(Value::from).collect();
        for (expression, expected) in [
            ("$[1:3]", &[1, 2][..]),
            ("$[::2]", &[0, 2, 4]),
            ("$[-2:]", &[3, 4]),
            ("$[::-2]", &[0, 2, 4]),
            ("$[3:0:-1]", &[1, 2, 3]),
            ("$[-1:-9:-3]", &[1, 4]),
            ("$[9:-9:-9007199254740991]", &[4]),
            ("$[::0]", &[]),
        ] {
            let expected: Vec<String> = expected.iter().map(|i| format!("/{i}")).collect();
            assert_eq!(found(expression, &value), expected, "{expression}");
        }
    }
}
