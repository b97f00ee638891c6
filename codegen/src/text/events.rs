//! The nodes of a YAML document, in their order: everything that a tree does not have, such as
//! positions, duplicate keys, and scalars as they are written.

use std::collections::BTreeMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, Span, StrInput};

use super::characters::blanked;
use super::flow::joined;

/// Step from a collection to one of its nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    /// To the root of the document.
    Root,
    /// To the value of a key. `None` for a key that is not a scalar.
    Key(Option<&'a str>),
    /// To an element of a sequence.
    Element(usize),
}

/// A node of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node<'a> {
    /// A scalar, as it is written, without quotes.
    Scalar(&'a str),
    Alias,
    Sequence,
    Mapping,
}

/// What to do after a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Continue after the node and everything in it.
    Skip,
    /// Continue with the nodes in it, if it is a collection.
    Enter,
    /// Stop reading.
    Stop,
}

/// Receives the nodes of a document.
pub(crate) trait Visitor {
    /// Whether an alias is replaced by the node that it refers to.
    const EXPANDS_ALIASES: bool;

    /// Visits a node. The span is that of its key in a mapping, else that of the node.
    fn node(&mut self, step: Step<'_>, node: Node<'_>, span: Span) -> Flow;

    /// Leaves the collection that was entered last. Returns [`Flow::Stop`] to stop reading.
    fn leave(&mut self) -> Flow;
}

/// Reads the first document of a source with a new visitor, until it stops or a syntax error is found.
pub(crate) fn read<V: Visitor>(source: &str, new: impl Fn() -> V) -> V {
    let source = blanked(source);
    let mut visitor = new();
    if walk(&source, &mut visitor) {
        return visitor;
    }
    // The parser is stricter than others about the indentation in flow collections.
    let mut again = new();
    match walk(&joined(&source), &mut again) {
        true => again,
        false => visitor,
    }
}

/// Calls a visitor for each node of the first document, until it stops or a syntax error is found.
/// Returns whether there was no error.
pub(crate) fn walk<V: Visitor>(input: &str, visitor: &mut V) -> bool {
    let mut events = Events::new(input, V::EXPANDS_ALIASES);
    let _ = try_walk(&mut events, visitor);
    !events.is_invalid
}

/// A collection that the visitor has entered.
enum Frame {
    Mapping,
    /// With the index of the next element.
    Sequence(usize),
}

/// Returns `None` where reading stops.
fn try_walk<V: Visitor>(events: &mut Events<'_>, visitor: &mut V) -> Option<()> {
    let mut frames: Vec<Frame> = Vec::new();
    loop {
        let (event, span) = events.next_node()?;
        if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
            frames.pop();
            if visitor.leave() == Flow::Stop {
                return None;
            }
        } else {
            let mut key = None;
            let (step, event) = match frames.last_mut() {
                None => (Step::Root, event),
                Some(Frame::Sequence(index)) => {
                    *index += 1;
                    (Step::Element(*index - 1), event)
                }
                Some(Frame::Mapping) => {
                    events.skip(&event)?;
                    if let Event::Scalar(content, ..) = event {
                        key = Some(content);
                    }
                    (Step::Key(key.as_deref()), events.next_node()?.0)
                }
            };
            match (visitor.node(step, node(&event), span), &event) {
                (Flow::Stop, _) => return None,
                (Flow::Enter, Event::MappingStart(..)) => frames.push(Frame::Mapping),
                (Flow::Enter, Event::SequenceStart(..)) => frames.push(Frame::Sequence(0)),
                _ => events.skip(&event)?,
            }
        }
        if frames.is_empty() {
            return Some(());
        }
    }
}

fn node<'e>(event: &'e Event<'_>) -> Node<'e> {
    match event {
        Event::MappingStart(..) => Node::Mapping,
        Event::SequenceStart(..) => Node::Sequence,
        Event::Scalar(content, ..) => Node::Scalar(content),
        _ => Node::Alias,
    }
}

type Spanned<'a> = (Event<'a>, Span);

/// The events of a parser, in which aliases can be replaced by the nodes that they refer to.
struct Events<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// Whether there was a syntax error.
    is_invalid: bool,
    expands_aliases: bool,
    /// Nodes with an anchor, by the number of the anchor.
    anchors: BTreeMap<usize, Rc<[Spanned<'a>]>>,
    /// Nodes with an anchor that are being read.
    recordings: Vec<Recording<'a>>,
    /// Nodes that replace aliases, with the position in each.
    replays: Vec<(Rc<[Spanned<'a>]>, usize)>,
}

struct Recording<'a> {
    anchor: usize,
    depth: usize,
    events: Vec<Spanned<'a>>,
}

impl<'a> Events<'a> {
    fn new(input: &'a str, expands_aliases: bool) -> Self {
        Self {
            parser: Parser::new_from_str(input),
            is_invalid: false,
            expands_aliases,
            anchors: BTreeMap::new(),
            recordings: Vec::new(),
            replays: Vec::new(),
        }
    }

    /// Returns the next event that starts or ends a node.
    fn next_node(&mut self) -> Option<Spanned<'a>> {
        loop {
            let (event, span) = self.next_event()?;
            let anchored = match &event {
                Event::StreamStart | Event::DocumentStart(_) => continue,
                Event::StreamEnd | Event::DocumentEnd => return None,
                Event::Alias(anchor) => self.anchors.get(anchor),
                _ => None,
            };
            match anchored {
                Some(node) => self.replays.push((Rc::clone(node), 0)),
                None => return Some((event, span)),
            }
        }
    }

    fn next_event(&mut self) -> Option<Spanned<'a>> {
        while let Some((node, next)) = self.replays.last_mut() {
            if let Some(event) = node.get(*next) {
                *next += 1;
                return Some(event.clone());
            }
            self.replays.pop();
        }
        let event = self.parser.next_event()?;
        self.is_invalid = event.is_err();
        let event = event.ok()?;
        if self.expands_aliases {
            self.record(&event);
        }
        Some(event)
    }

    fn record(&mut self, event: &Spanned<'a>) {
        let anchor = match &event.0 {
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(anchor, _)
            | Event::MappingStart(anchor, _) => *anchor,
            _ => 0,
        };
        if anchor > 0 {
            self.recordings.push(Recording { anchor, depth: 0, events: Vec::new() });
        }
        for recording in &mut self.recordings {
            recording.events.push(event.clone());
            recording.depth = depth_after(recording.depth, &event.0);
        }
        // Inner nodes end first, and were started last.
        while let Some(recording) = self.recordings.pop_if(|recording| recording.depth == 0) {
            self.anchors.insert(recording.anchor, recording.events.into());
        }
    }

    /// Reads the rest of a node.
    fn skip(&mut self, event: &Event<'_>) -> Option<()> {
        let mut depth = depth_after(0, event);
        while depth > 0 {
            depth = depth_after(depth, &self.next_event()?.0);
        }
        Some(())
    }
}

/// Returns the number of open collections after an event.
fn depth_after(depth: usize, event: &Event<'_>) -> usize {
    match event {
        Event::MappingStart(..) | Event::SequenceStart(..) => depth + 1,
        Event::MappingEnd | Event::SequenceEnd => depth.saturating_sub(1),
        _ => depth,
    }
}
