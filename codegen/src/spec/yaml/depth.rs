//! How deeply values are nested. Parsers take quadratic time for deep values before they reject them.

use saphyr_parser::Span;
use serde_json::Value;

use crate::text::events::{Flow, Node, Step, Visitor, read};

/// The number of collections in each other that are read.
pub(in super::super) const MAX_DEPTH: usize = 127;
/// The number of open brackets, or of dashes on a line, from which the depth is checked. The reader of
/// positions counts up to 255.
const MANY: usize = 200;

/// The message for values that are nested too deeply.
pub(super) const TOO_DEEP: &str = "values are nested more than 127 levels deep";

/// Returns the number of collections in each other.
pub(in super::super) fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(depth).max().unwrap_or_default() + 1,
        Value::Object(entries) => entries.values().map(depth).max().unwrap_or_default() + 1,
        _ => 0,
    }
}

/// Returns the byte offset of the first collection that is nested too deeply. Only finds those in
/// sources that take long to parse.
pub(super) fn too_deep(source: &str) -> Option<usize> {
    let dashes = |line: &str| match line.trim_start_matches(' ').starts_with("- -") {
        true => line.split_whitespace().take_while(|word| *word == "-").count(),
        false => 0,
    };
    if source.contains("- -") && source.lines().any(|line| dashes(line) > MANY) {
        return first_too_deep(source);
    }
    if source.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() <= MANY {
        return None;
    }
    let (mut closing, mut limit) = (Vec::new(), MANY);
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'[' => closing.push(']'),
            b'{' => closing.push('}'),
            b']' | b'}' => drop(closing.pop()),
            _ => {}
        }
        if closing.len() > limit {
            // Brackets can be in strings. What follows is not read, since that takes long.
            let before = source.get(..=at).unwrap_or_default();
            let complete = before.to_owned() + &String::from_iter(closing.iter().rev());
            let found = first_too_deep(&complete);
            if found.is_some() {
                return found;
            }
            limit *= 2;
        }
    }
    None
}

/// Returns the byte offset of the first collection that is nested too deeply.
fn first_too_deep(source: &str) -> Option<usize> {
    let index = read(source, || Finder { depth: 0, found: None }).found?;
    Some(source.char_indices().nth(index).map_or(source.len(), |(offset, _)| offset))
}

struct Finder {
    depth: usize,
    /// The index of the first character of the value that is too deep.
    found: Option<usize>,
}

impl Visitor for Finder {
    const EXPANDS_ALIASES: bool = false;

    fn node(&mut self, _: Step<'_>, node: Node<'_>, span: Span) -> Flow {
        if matches!(node, Node::Mapping | Node::Sequence) {
            self.depth += 1;
        }
        if self.depth > MAX_DEPTH {
            self.found = Some(span.start.index());
            return Flow::Stop;
        }
        Flow::Enter
    }

    fn leave(&mut self) -> Flow {
        self.depth -= 1;
        Flow::Skip
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn deep_values_are_rejected_where_they_are_in_linear_time() {
        for depth in [130, 1000, 100_000] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{a: ", "}"), ("- ", "")] {
                let source = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                let error = parse(&source).err().map(|error| (error.message, error.offset));
                let (message, offset) = error.unwrap_or_default();
                let level = offset.map(|offset| offset / open.len());
                assert!(message.contains("nested more than 127"), "{depth} {open}: {message}");
                assert!(
                    level.is_some_and(|level| (126..=129).contains(&level)),
                    "{open} {level:?}"
                );
            }
        }
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(127)).is_ok());
        assert!(parse(&format!("a: '{}'", "[".repeat(100_000))).is_ok());
    }
}
