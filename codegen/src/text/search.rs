//! Positions and scalars at JSON pointers in a source.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::Span;

use super::events::{Flow, Node, Step, Visitor, read};
use super::pointer::tokens;

/// Returns the byte range of the key (or the element) at each JSON pointer. If a pointer does not
/// exist, returns the range of its nearest ancestor.
///
/// Reads the source again, once for all pointers. So only diagnostics pay for positions.
pub(crate) fn locate(source: &str, pointers: &[&str]) -> Vec<Range<usize>> {
    let (targets, wanted) = Targets::new(pointers);
    let spans = vec![None; targets.0.len()];
    let locator = read(source, || Locator {
        targets: targets.clone(),
        spans: spans.clone(),
        path: Vec::new(),
        settled: 0,
    });
    let spans: Vec<Option<Span>> = wanted.iter().map(|target| locator.nearest(*target)).collect();
    byte_ranges(source, &spans)
}

/// Returns the scalars at JSON pointers as they are written, each with the index of its pointer, in
/// the order of the source.
pub(crate) fn scalars(source: &str, pointers: &[String]) -> Vec<(usize, String)> {
    let (targets, wanted) = Targets::new(pointers);
    let indices = wanted.iter().enumerate().map(|(index, target)| (*target, index));
    let reader = read(source, || ScalarReader {
        targets: targets.clone(),
        indices: indices.clone().collect(),
        path: Vec::new(),
        found: Vec::new(),
    });
    reader.found
}

/// JSON pointers as a tree. The first node is the root.
#[derive(Clone)]
struct Targets(Vec<Target>);

#[derive(Clone, Default)]
struct Target {
    parent: Option<usize>,
    /// Children, by key or index.
    children: BTreeMap<String, usize>,
}

impl Targets {
    /// Creates the tree. Also returns the node of each pointer.
    fn new(pointers: &[impl AsRef<str>]) -> (Self, Vec<usize>) {
        let mut targets = Self(vec![Target::default()]);
        let wanted = pointers.iter().map(|pointer| targets.add(pointer.as_ref())).collect();
        (targets, wanted)
    }

    fn add(&mut self, pointer: &str) -> usize {
        let mut at = 0;
        for key in tokens(pointer) {
            let next = self.0.len();
            let child = *self.0[at].children.entry(key).or_insert(next);
            if child == next {
                self.0.push(Target { parent: Some(at), ..Target::default() });
            }
            at = child;
        }
        at
    }

    /// Returns the node that a step leads to.
    fn child(&self, parent: Option<usize>, step: Step<'_>) -> Option<usize> {
        let children = |parent: Option<usize>| Some(&self.0[parent?].children);
        match step {
            Step::Root => Some(0),
            Step::Key(key) => children(parent)?.get(key?).copied(),
            Step::Element(index) => children(parent)?.get(&index.to_string()).copied(),
        }
    }

    fn is_leaf(&self, target: usize) -> bool {
        self.0[target].children.is_empty()
    }
}

/// Finds the positions of targets. Stops when all of them are settled: found, or known not to exist.
struct Locator {
    targets: Targets,
    spans: Vec<Option<Span>>,
    /// The targets that contain the current node.
    path: Vec<usize>,
    settled: usize,
}

impl Visitor for Locator {
    const EXPANDS_ALIASES: bool = false;

    fn node(&mut self, step: Step<'_>, node: Node<'_>, span: Span) -> Flow {
        let target = self.targets.child(self.path.last().copied(), step);
        // The first of duplicate keys is used.
        let Some(target) = target.filter(|target| self.spans[*target].is_none()) else {
            return Flow::Skip;
        };
        self.spans[target] = Some(span);
        let is_collection = matches!(node, Node::Mapping | Node::Sequence);
        if is_collection && !self.targets.is_leaf(target) {
            self.path.push(target);
            return Flow::Enter;
        }
        self.settle(target)
    }

    fn leave(&mut self) -> Flow {
        self.path.pop().map_or(Flow::Stop, |target| self.settle(target))
    }
}

impl Locator {
    /// Settles a target and everything below it.
    fn settle(&mut self, target: usize) -> Flow {
        self.settled += 1;
        let mut open: Vec<usize> = self.targets.0[target].children.values().copied().collect();
        while let Some(target) = open.pop() {
            // A target that was found was settled then.
            if self.spans[target].is_none() {
                self.settled += 1;
                open.extend(self.targets.0[target].children.values());
            }
        }
        if self.settled == self.targets.0.len() { Flow::Stop } else { Flow::Skip }
    }

    /// Returns the span of a target, or of its nearest ancestor that was found.
    fn nearest(&self, mut target: usize) -> Option<Span> {
        while self.spans[target].is_none() {
            target = self.targets.0[target].parent?;
        }
        self.spans[target]
    }
}

/// Reads the scalars at targets. Of duplicate keys, all are read.
struct ScalarReader {
    targets: Targets,
    /// The index of the pointer of each target.
    indices: BTreeMap<usize, usize>,
    path: Vec<usize>,
    found: Vec<(usize, String)>,
}

impl Visitor for ScalarReader {
    const EXPANDS_ALIASES: bool = true;

    fn node(&mut self, step: Step<'_>, node: Node<'_>, _: Span) -> Flow {
        let Some(target) = self.targets.child(self.path.last().copied(), step) else {
            return Flow::Skip;
        };
        match (node, self.indices.get(&target)) {
            (Node::Scalar(content), Some(index)) => self.found.push((*index, content.to_owned())),
            (Node::Mapping | Node::Sequence, _) if !self.targets.is_leaf(target) => {
                self.path.push(target);
                return Flow::Enter;
            }
            _ => {}
        }
        Flow::Skip
    }

    fn leave(&mut self) -> Flow {
        self.path.pop();
        Flow::Skip
    }
}

/// Converts spans to byte ranges. The parser counts characters, so the source is read once for all
/// spans. A span of several lines becomes its first position.
fn byte_ranges(source: &str, spans: &[Option<Span>]) -> Vec<Range<usize>> {
    let ends = |span: &Span| [span.start.index(), span.end.index()];
    let mut counted: Vec<usize> = spans.iter().flatten().flat_map(ends).collect();
    counted.sort_unstable();
    counted.dedup();
    let mut offsets = BTreeMap::new();
    let (mut characters, mut next) = (source.char_indices(), 0);
    for index in counted {
        let offset = characters.nth(index - next).map_or(source.len(), |(offset, _)| offset);
        offsets.insert(index, offset);
        next = index + 1;
    }
    let range = |span: &Option<Span>| {
        let [start, end] = span.as_ref().map_or([0, 0], |span| {
            ends(span).map(|index| offsets.get(&index).copied().unwrap_or(source.len()))
        });
        let is_one_line = source.get(start..end).is_some_and(|range| !range.contains('\n'));
        if is_one_line { start..end } else { start..start }
    };
    spans.iter().map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    const SOURCE: &str = "a:\n  b: [x, {c: é, d/e: 1}]\n  'q r': &anchor\n    - 1\nz: *anchor\n";

    fn at(pointer: &str) -> &'static str {
        &SOURCE[locate(SOURCE, &[pointer])[0].clone()]
    }

    #[test]
    fn pointers_are_located_at_keys_and_elements() {
        assert_eq!(at("/a"), "a");
        assert_eq!(at("/a/b"), "b");
        assert_eq!(at("/a/b/0"), "x");
        assert_eq!(at("/a/b/1/d~1e"), "d/e");
        assert_eq!(at("/a/q r/0"), "1");
        assert_eq!(at("/z"), "z");
    }

    #[test]
    fn lines_of_flow_collections_need_no_indentation() {
        for source in [
            "a:\n  b: {\n    \"x\": {}, # {\n    y: [1,\n  2]\n  }\n  c: |\n    {\n  d: 'é\n{'\n  e: f\n    {g\n  h: 1\nz: [\n]\n",
            "- &a {\n}\n- - [\n    b ]\n  - 'it''s {': \"\\\"{\\\n\"\n- it's: {\"c\":\"d\",\nit's: it's\n}\n- >-\n [\n- k:\n   {\n} #[\n- e\n",
            "--- # {\na: {\n}\n? b\n: - {\n}\n  - c\n...\n",
            "{\n\"a\": [\n1]\n}\n",
        ] {
            let value: serde_json::Value = Source::new("a.yaml", source).tree().unwrap();
            let mut pointers = Vec::new();
            all(&value, "", &mut pointers);
            let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
            let starts: Vec<usize> =
                locate(source, &pointers).iter().map(|range| range.start).collect();
            assert!(starts.is_sorted(), "{source}: {pointers:?} {starts:?}");
        }
    }

    /// Collects the pointers of all values in a tree but the root, in their order.
    fn all(value: &serde_json::Value, at: &str, found: &mut Vec<String>) {
        let keys: Vec<(String, &serde_json::Value)> = match value {
            serde_json::Value::Object(entries) => {
                entries.iter().map(|(key, value)| (key.clone(), value)).collect()
            }
            serde_json::Value::Array(items) => {
                items.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect()
            }
            _ => Vec::new(),
        };
        for (key, value) in keys {
            let inner = crate::text::child(at, &key);
            found.push(inner.clone());
            all(value, &inner, found);
        }
    }

    #[test]
    fn absent_pointers_are_located_at_the_nearest_ancestor() {
        assert_eq!(at("/a/b/1/nothing"), "{");
        let start = locate(SOURCE, &["/a/b/1/nothing"])[0].start;
        assert_eq!(Some(start), SOURCE.find('{'));
        assert_eq!(at("/z/0"), "z");
    }

    #[test]
    fn pointers_are_located_together_as_they_are_alone() {
        let pointers = [
            "/z",
            "/a/b/1/d~1e",
            "",
            "/a",
            "/a/q r/0",
            "/a/b/1/nothing",
            "/z/0/1",
            "/a/b/0",
            "/a/b",
            "/nothing/at/all",
            "/a/b/1/c",
            "/a",
            "/a/b/7",
        ];
        let alone: Vec<_> =
            pointers.iter().flat_map(|pointer| locate(SOURCE, &[*pointer])).collect();
        assert_eq!(locate(SOURCE, &pointers), alone);
        assert!(locate(SOURCE, &[]).is_empty());
        assert_eq!(locate("", &["/a"]).first(), Some(&(0..0)));
    }

    #[test]
    fn scalars_are_read_as_they_are_written() {
        let source = "a: &a [1.0, {b: 0x10}]\nc: [*a, *a]\na: 'x'\nd: &d {e: *d}\n";
        let pointers = ["/a", "/a/0", "/c/1/1/b", "/c/0/0", "/c", "/d/e/e"].map(str::to_owned);
        let found = [(1, "1.0"), (3, "1.0"), (2, "0x10"), (0, "x")];
        assert_eq!(scalars(source, &pointers), found.map(|(at, value)| (at, value.to_owned())));
    }
}
