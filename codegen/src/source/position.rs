//! The way from a JSON pointer back to the text.

use std::ops::{ControlFlow, Range};

use saphyr_parser::{Event, Parser, Span, StrInput};

type Events<'a> = Parser<'a, StrInput<'a>>;

/// Finds the text of the key (or the element) at a JSON pointer, or of the nearest place
/// above it that exists. Reads the text again, so that only diagnostics pay for positions.
pub(crate) fn locate(text: &str, pointer: &str) -> Range<usize> {
    let path: Vec<String> =
        pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    find(text, &path).unwrap_or(0..0)
}

/// Walks the events to the end of the path, and remembers how far it came.
fn find(text: &str, path: &[String]) -> Option<Range<usize>> {
    let mut events = Parser::new_from_str(text);
    let mut best = None;
    while let Some(Ok((event, span))) = events.next_event() {
        if !matches!(event, Event::StreamStart | Event::DocumentStart(_)) {
            best = Some(span);
            let _ = node(&mut events, &event, Some(path), &mut best);
            break;
        }
    }
    best.map(|span| bytes(text, span))
}

/// Reads one node whole; breaks off where the path ends in it. Nodes beside the path
/// have none. The depth is bounded: the same text has been read as a tree before.
fn node(
    events: &mut Events<'_>,
    event: &Event<'_>,
    path: Option<&[String]>,
    best: &mut Option<Span>,
) -> ControlFlow<()> {
    let mapping = match event {
        Event::MappingStart(..) => true,
        Event::SequenceStart(..) => false,
        _ => return ControlFlow::Continue(()),
    };
    let (head, rest) = match path.and_then(<[String]>::split_first) {
        Some((head, rest)) => (Some(head), rest),
        None if path.is_some() => return ControlFlow::Break(()),
        None => (None, &[][..]),
    };
    let mut index = 0_usize;
    while let Some(Ok((event, span))) = events.next_event() {
        if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
            break;
        }
        let (on_path, value) = if mapping {
            let on_path = matches!(&event, Event::Scalar(key, ..) if Some(key.as_ref()) == head.map(String::as_str));
            node(events, &event, None, best)?;
            match events.next_event() {
                Some(Ok((value, _))) => (on_path, value),
                _ => break,
            }
        } else {
            (head.is_some_and(|head| *head == index.to_string()), event)
        };
        index += 1;
        if on_path {
            *best = Some(span);
        }
        node(events, &value, on_path.then_some(rest), best)?;
        if on_path {
            return ControlFlow::Break(());
        }
    }
    ControlFlow::Continue(())
}

/// The parser counts characters. A collection would be many lines: its first character
/// says where it is.
fn bytes(text: &str, span: Span) -> Range<usize> {
    let offset = |index: usize| text.char_indices().nth(index).map_or(text.len(), |(at, _)| at);
    let start = offset(span.start.index());
    let end = if span.start.line() == span.end.line() { offset(span.end.index()) } else { start };
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a:\n  b: [x, {c: é, d/e: 1}]\n  'q r': &anchor\n    - 1\nz: *anchor\n";

    fn at(pointer: &str) -> &'static str {
        &TEXT[locate(TEXT, pointer)]
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
        assert_eq!(locate(TEXT, "/a/b/1/nothing").start, TEXT.find('{').expect("there is one"));
        assert_eq!(at("/z/0"), "z");
    }
}
