//! Where in a document an error lies: from the line and column that serde_json
//! reports to a JSON pointer. Only error reports come here, so decoding itself
//! carries no path.

use super::scan::Scan;
use super::view::unquote;

/// The JSON pointer (RFC 6901) of the innermost value that is being read, or was just
/// read, at `line` and `column` as serde_json counts them: both from one, in bytes.
pub(crate) fn pointer_at(text: &str, line: usize, column: usize) -> String {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let target = start.saturating_add(column).min(text.len());
    let mut pointer = String::new();
    let mut scan = Scan::new(text);
    // Each turn steps into the one child whose text reaches the target.
    while let Some(step) = step_into(&mut scan, target) {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

/// Moves to the child that holds the target and names it; `None` where the target lies in
/// no child: in a scalar, or at the brackets of the value itself.
fn step_into(scan: &mut Scan<'_>, target: usize) -> Option<String> {
    let object = scan.take(b'{');
    if !object && !scan.take(b'[') {
        return None;
    }
    let mut index = 0_usize;
    loop {
        let name = if object {
            let key = scan.string()?;
            if !scan.take(b':') {
                return None;
            }
            unquote(key)?.into_owned()
        } else {
            index.to_string()
        };
        scan.peek()?;
        let child = *scan;
        if child.position() >= target {
            return None;
        }
        if scan.value().is_none() || scan.position() >= target {
            *scan = child;
            return Some(name);
        }
        if !scan.take(b',') {
            return None;
        }
        index += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer_of_error<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        let error = serde_json::from_str::<T>(text).expect_err("the text must not fit");
        pointer_at(text, error.line(), error.column())
    }

    #[test]
    fn the_value_that_does_not_fit_is_named() {
        type Nested =
            std::collections::BTreeMap<String, Vec<std::collections::BTreeMap<String, i64>>>;
        assert_eq!(
            pointer_of_error::<Nested>(r#"{"a":[{"b":1},{"b~/c":"x"}]}"#),
            "/a/1/b~0~1c"
        );
        assert_eq!(
            pointer_of_error::<Nested>("{\n \"a\": [\n  {\"b\": true}\n ]\n}"),
            "/a/0/b"
        );
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[7]}"#), "/a/0");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[{"b":1},"#), "/a");
        assert_eq!(pointer_of_error::<Nested>("[]"), "");
        assert_eq!(pointer_of_error::<Nested>(""), "");
    }
}
