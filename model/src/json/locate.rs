//! The location of a decoding error: from the line and column that serde_json reports to a JSON
//! pointer. Decoding itself tracks no path, so only errors pay for it.

use std::fmt::Write as _;

use super::kind::Kind;
use super::pointer;
use super::scan::Scan;
use super::view::unquote;

/// What is known about a value that was decoded apart from its document.
///
/// serde_json sets the position of such an error after the value, or after the bracket that closes
/// the container around it if the value is its last. The position alone is ambiguous, so the error
/// message contains this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fragment {
    /// Its length in bytes.
    Length(usize),
    /// Its JSON type.
    Kind(Kind),
}

impl Fragment {
    fn is(self, value: &str) -> bool {
        match self {
            Self::Length(length) => value.len() == length,
            Self::Kind(kind) => Kind::of(value) == kind,
        }
    }
}

/// Returns the byte offset of a line and column as serde_json counts them.
#[must_use]
pub fn offset_at(json: &str, line: usize, column: usize) -> usize {
    let start: usize = json.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    start.saturating_add(column).min(json.len())
}

/// Returns the JSON pointer of the innermost value that ends at or contains `target`, or is
/// incomplete there.
///
/// This is one pass over the JSON in front of `target`, without recursion, and linear at any depth.
pub(crate) fn pointer_at(json: &str, target: usize, fragment: Option<Fragment>) -> String {
    let mut cursor = Cursor { scan: Scan::new(json), json, open: Vec::new(), last: None };
    let child = cursor.find(target, fragment);
    let steps = cursor.open.iter().skip(1).map(|container| &container.step);
    let mut pointer = String::new();
    for step in steps.chain(&child) {
        match step {
            Step::Index(index) => {
                // Without an allocation for each level. Writing to a string cannot fail.
                let _ = write!(pointer, "/{index}");
            }
            Step::Name(name) => pointer::push(&mut pointer, &unquote(name).unwrap_or_default()),
        }
    }
    pointer
}

/// The step from a container to an entry.
#[derive(Clone, Copy)]
enum Step<'a> {
    Index(usize),
    /// A property name, with quotes.
    Name(&'a str),
}

/// A container that is not closed yet.
struct Container<'a> {
    /// The step to this container.
    step: Step<'a>,
    start: usize,
    is_object: bool,
    count: usize,
}

struct Cursor<'a> {
    scan: Scan<'a>,
    json: &'a str,
    open: Vec<Container<'a>>,
    /// The last complete entry of the innermost open container.
    last: Option<(Step<'a>, &'a str)>,
}

impl<'a> Cursor<'a> {
    /// Reads values until one contains the target. Returns the step to it from the innermost open
    /// container, if it is not that container itself.
    fn find(&mut self, target: usize, fragment: Option<Fragment>) -> Option<Step<'a>> {
        let mut step = Step::Index(0);
        loop {
            let first = self.scan.peek()?;
            let start = self.scan.position();
            // An error at a bracket in place of a value is located right in front of it.
            if start > target && !self.open.is_empty() {
                return None;
            }
            if matches!(first, b'{' | b'[') {
                self.scan.take(first);
                let is_object = first == b'{';
                self.open.push(Container { step, start, is_object, count: 0 });
                self.last = None;
            } else {
                let is_root = self.open.is_empty();
                let value = match self.scan.value() {
                    Some(value) if self.scan.position() < target => value,
                    _ => return (!is_root).then_some(step),
                };
                self.open.last()?;
                self.last = Some((step, value));
                if !self.scan.take(b',') && !self.close(target, fragment, &mut step)? {
                    return Some(step);
                }
            }
            // The start of the next entry, or the end of empty containers.
            loop {
                let container = self.open.last_mut()?;
                let closing = if container.is_object { b'}' } else { b']' };
                if container.count == 0 && self.scan.peek() == Some(closing) {
                    if !self.close(target, fragment, &mut step)? {
                        return Some(step);
                    }
                    continue;
                }
                step = if container.is_object {
                    let name = self.scan.string()?;
                    if !self.scan.take(b':') {
                        return None;
                    }
                    Step::Name(name)
                } else {
                    Step::Index(container.count)
                };
                container.count += 1;
                break;
            }
        }
    }

    /// Closes containers up to one that has another entry. Returns `false` if the target is in the
    /// closed container; `step` is then its fragment, if that is the failing value.
    fn close(
        &mut self,
        target: usize,
        fragment: Option<Fragment>,
        step: &mut Step<'a>,
    ) -> Option<bool> {
        loop {
            let container = self.open.last()?;
            let closing = if container.is_object { b'}' } else { b']' };
            if !self.scan.take(closing) {
                return None;
            }
            let end = self.scan.position();
            let value = self.json.get(container.start..end)?;
            if end >= target {
                let (last, json) = self.last?;
                let is_last = fragment.is_some_and(|one| !one.is(value) && one.is(json));
                *step = last;
                return is_last.then_some(false);
            }
            let own = container.step;
            self.open.pop();
            self.open.last()?;
            self.last = Some((own, value));
            if self.scan.take(b',') {
                return Some(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::DeserializeOwned;
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use super::*;

    fn pointer_of_error<T: DeserializeOwned + Debug>(json: &str) -> String {
        let error = serde_json::from_str::<T>(json).expect_err("the JSON must not fit");
        pointer_at(json, offset_at(json, error.line(), error.column()), None)
    }

    #[test]
    fn errors_are_located_at_the_value_that_does_not_fit() {
        type Nested = BTreeMap<String, Vec<BTreeMap<String, i64>>>;
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[{"b":1},{"b~/c":"x"}]}"#), "/a/1/b~0~1c");
        assert_eq!(pointer_of_error::<Nested>("{\n \"a\": [\n  {\"b\": true}\n ]\n}"), "/a/0/b");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[7]}"#), "/a/0");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":{"b":1}}"#), "/a");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[{"b":1}, []]}"#), "/a/1");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a": [{"b":[1]}]}"#), "/a/0/b");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[{"b":1},"#), "/a");
        assert_eq!(pointer_of_error::<Nested>(r#"{"z":[],"y":[{}],"a":[{"b":""}]}"#), "/a/0/b");
        assert_eq!(pointer_of_error::<Nested>("[]"), "");
        assert_eq!(pointer_of_error::<Nested>(""), "");
    }

    #[test]
    fn the_last_value_of_a_container_is_distinguished_by_its_fragment() {
        let json = r#"{"a":{"b":[12]},"c":1}"#;
        let at = |end: &str, fragment| {
            let target = json.find(end).expect("the end") + end.len();
            pointer_at(json, target, Some(fragment))
        };
        assert_eq!(at("[12]}", Fragment::Length(4)), "/a/b");
        assert_eq!(at("[12]}", Fragment::Length(10)), "/a");
        assert_eq!(at("[12]", Fragment::Length(2)), "/a/b/0");
        assert_eq!(at("[12]", Fragment::Length(4)), "/a/b");
        assert_eq!(at("[12]}", Fragment::Kind(Kind::Array)), "/a/b");
        assert_eq!(at("[12]", Fragment::Kind(Kind::Number)), "/a/b/0");
    }

    #[test]
    fn deep_documents_are_located_in_one_pass() {
        let depth = 500_000;
        let json = format!("{}7{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(pointer_at(&json, depth + 1, None).len(), 2 * depth);
    }

    /// Any JSON, and the pointers of its scalars.
    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf =
            prop_oneof![Just(serde_json::json!(1)), "[a~/\\\\\"é]{0,3}".prop_map(Into::into)];
        leaf.prop_recursive(5, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                prop::collection::btree_map("[a~/\"é]{0,3}", inner, 0..4)
                    .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    fn scalars(value: &serde_json::Value, at: &str, all: &mut Vec<String>) {
        let inside = |token: &str| {
            let mut inside = at.to_owned();
            pointer::push(&mut inside, token);
            inside
        };
        match value {
            serde_json::Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(i, one)| scalars(one, &inside(&i.to_string()), all));
            }
            serde_json::Value::Object(map) => {
                map.iter().for_each(|(name, one)| scalars(one, &inside(name), all));
            }
            _ => all.push(at.to_owned()),
        }
    }

    /// JSON in which `true` does not fit.
    #[derive(Debug)]
    struct NoBoolean;

    impl<'de> serde::Deserialize<'de> for NoBoolean {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = NoBoolean;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("anything but a boolean")
                }
                fn visit_u64<E>(self, _: u64) -> Result<NoBoolean, E> {
                    Ok(NoBoolean)
                }
                fn visit_str<E>(self, _: &str) -> Result<NoBoolean, E> {
                    Ok(NoBoolean)
                }
                fn visit_seq<A: serde::de::SeqAccess<'de>>(
                    self,
                    mut seq: A,
                ) -> Result<NoBoolean, A::Error> {
                    while seq.next_element::<NoBoolean>()?.is_some() {}
                    Ok(NoBoolean)
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<NoBoolean, A::Error> {
                    while map.next_entry::<String, NoBoolean>()?.is_some() {}
                    Ok(NoBoolean)
                }
            }
            deserializer.deserialize_any(Visitor)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_pointer_of_a_damaged_scalar_is_exact(
            value in json(),
            chosen in any::<prop::sample::Index>(),
            pretty in any::<bool>(),
        ) {
            let mut all = Vec::new();
            scalars(&value, "", &mut all);
            prop_assume!(!all.is_empty());
            let expected = chosen.get(&all);
            let mut damaged = value.clone();
            *damaged.pointer_mut(expected).expect("a scalar") = true.into();
            let json = match pretty {
                true => serde_json::to_string_pretty(&damaged).expect("JSON"),
                false => damaged.to_string(),
            };
            prop_assert_eq!(&pointer_of_error::<NoBoolean>(&json), expected, "{}", json);
        }
    }
}
