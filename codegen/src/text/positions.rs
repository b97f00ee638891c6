//! The way from JSON pointers back to the text.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

use saphyr_parser::{Event, Parser, Span, StrInput};

use super::pointer::tokens;

type Events<'a> = Parser<'a, StrInput<'a>>;

/// Finds the text of the key (or the element) at each JSON pointer, or of the nearest place
/// above it that exists. Reads the text again, once for all of them, so that only diagnostics pay
/// for positions.
pub(crate) fn locate(text: &str, pointers: &[&str]) -> Vec<Range<usize>> {
    let mut places = Places::default();
    let wanted: Vec<usize> = pointers.iter().map(|pointer| places.add(pointer)).collect();
    places.find(&super::characters::blanked(text));
    let spans: Vec<Option<Span>> = wanted.iter().map(|place| places.nearest(*place)).collect();
    bytes(text, &spans)
}

/// The places that are looked for, each with those within it. The first is the root.
struct Places {
    places: Vec<Location>,
    /// How many places there is nothing more to be known of.
    settled: usize,
}

#[derive(Default)]
struct Location {
    parent: Option<usize>,
    /// The places directly within, by key or index.
    within: BTreeMap<String, usize>,
    span: Option<Span>,
}

impl Default for Places {
    fn default() -> Self {
        Self { places: vec![Location::default()], settled: 0 }
    }
}

impl Places {
    /// Adds a place, with those that it lies in.
    fn add(&mut self, pointer: &str) -> usize {
        let mut at = 0;
        for key in tokens(pointer) {
            let next = self.places.len();
            let place = *self.places[at].within.entry(key).or_insert(next);
            if place == next {
                self.places.push(Location { parent: Some(at), ..Location::default() });
            }
            at = place;
        }
        at
    }

    /// The text of a place, or of the nearest above it that was found.
    fn nearest(&self, place: usize) -> Option<Span> {
        let mut place = &self.places[place];
        while place.span.is_none() {
            place = &self.places[place.parent?];
        }
        place.span
    }

    /// Walks the events until every place is found, or cannot be.
    fn find(&mut self, text: &str) {
        let mut events = Parser::new_from_str(text);
        while let Some(Ok((event, span))) = events.next_event() {
            if !matches!(event, Event::StreamStart | Event::DocumentStart(_)) {
                let _ = self.found(0, &mut events, &event, span);
                break;
            }
        }
    }

    /// A place was found: looks for those within it. Behind it, there is nothing of them.
    fn found(
        &mut self,
        place: usize,
        events: &mut Events<'_>,
        event: &Event<'_>,
        span: Span,
    ) -> ControlFlow<()> {
        self.places[place].span = Some(span);
        if self.places[place].within.is_empty() {
            self.settle(place)?;
            return skip(events, event);
        }
        self.within(place, events, event)?;
        self.settle(place)
    }

    /// Nothing more is to be known of a place and those within it. Breaks off where that holds
    /// for all.
    fn settle(&mut self, place: usize) -> ControlFlow<()> {
        self.settled += 1;
        let mut open: Vec<usize> = self.places[place].within.values().copied().collect();
        while let Some(place) = open.pop() {
            // One that was found has been settled then.
            if self.places[place].span.is_none() {
                self.settled += 1;
                open.extend(self.places[place].within.values());
            }
        }
        if self.settled == self.places.len() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Reads one node whole, and finds what lies within it. The depth is bounded: the same text
    /// has been read as a tree before.
    fn within(
        &mut self,
        place: usize,
        events: &mut Events<'_>,
        event: &Event<'_>,
    ) -> ControlFlow<()> {
        let is_mapping = match event {
            Event::MappingStart(..) => true,
            Event::SequenceStart(..) => false,
            _ => return ControlFlow::Continue(()),
        };
        let mut index = 0_usize;
        while let Some(Ok((event, span))) = events.next_event() {
            if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
                break;
            }
            let within = &self.places[place].within;
            let (next, value) = if is_mapping {
                let next = match &event {
                    Event::Scalar(key, ..) => within.get(key.as_ref()).copied(),
                    _ => None,
                };
                skip(events, &event)?;
                match events.next_event() {
                    Some(Ok((value, _))) => (next, value),
                    _ => break,
                }
            } else {
                (within.get(&index.to_string()).copied(), event)
            };
            index += 1;
            // Of a key that stands twice, the first is shown.
            match next.filter(|next| self.places[*next].span.is_none()) {
                Some(next) => self.found(next, events, &value, span)?,
                None => skip(events, &value)?,
            }
        }
        ControlFlow::Continue(())
    }
}

/// Reads over the rest of a node.
fn skip(events: &mut Events<'_>, event: &Event<'_>) -> ControlFlow<()> {
    let mut depth =
        usize::from(matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)));
    while depth > 0 {
        match events.next_event() {
            Some(Ok((Event::MappingStart(..) | Event::SequenceStart(..), _))) => depth += 1,
            Some(Ok((Event::MappingEnd | Event::SequenceEnd, _))) => depth -= 1,
            Some(Ok(_)) => {}
            // What is not read to its end is not gone on with.
            _ => return ControlFlow::Break(()),
        }
    }
    ControlFlow::Continue(())
}

/// The parser counts characters, of which the text is gone through once. A collection would be
/// many lines: its first character says where it is.
fn bytes(text: &str, spans: &[Option<Span>]) -> Vec<Range<usize>> {
    let ends = |span: &Span| {
        let end = if span.start.line() == span.end.line() { &span.end } else { &span.start };
        [span.start.index(), end.index()]
    };
    let mut counted: Vec<usize> = spans.iter().flatten().flat_map(ends).collect();
    counted.sort_unstable();
    counted.dedup();
    let mut offsets = BTreeMap::new();
    let (mut characters, mut next) = (text.char_indices(), 0);
    for index in counted {
        let at = characters.nth(index - next).map_or(text.len(), |(at, _)| at);
        offsets.insert(index, at);
        next = index + 1;
    }
    let range = |span: &Option<Span>| {
        let [start, end] = span.as_ref().map_or([0, 0], |span| {
            ends(span).map(|index| offsets.get(&index).copied().unwrap_or(text.len()))
        });
        start..end.max(start)
    };
    spans.iter().map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a:\n  b: [x, {c: é, d/e: 1}]\n  'q r': &anchor\n    - 1\nz: *anchor\n";

    fn at(pointer: &str) -> &'static str {
        &TEXT[locate(TEXT, &[pointer])[0].clone()]
    }

    #[test]
    fn a_pointer_leads_to_its_key_or_element() {
        assert_eq!(at("/a"), "a");
        assert_eq!(at("/a/b"), "b");
        assert_eq!(at("/a/b/0"), "x");
        assert_eq!(at("/a/b/1/d~1e"), "d/e");
        assert_eq!(at("/a/q r/0"), "1");
        assert_eq!(at("/z"), "z");
    }

    #[test]
    fn a_place_that_is_not_there_leads_to_the_nearest_above() {
        assert_eq!(at("/a/b/1/nothing"), "{");
        assert_eq!(
            locate(TEXT, &["/a/b/1/nothing"])[0].start,
            TEXT.find('{').expect("there is one")
        );
        assert_eq!(at("/z/0"), "z");
    }

    #[test]
    fn many_pointers_lead_where_each_leads_alone() {
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
        let alone: Vec<_> = pointers.iter().flat_map(|pointer| locate(TEXT, &[*pointer])).collect();
        assert_eq!(locate(TEXT, &pointers), alone);
        assert!(locate(TEXT, &[]).is_empty());
        assert_eq!(locate("", &["/a"]).first(), Some(&(0..0)));
    }
}
