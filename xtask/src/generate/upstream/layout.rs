//! Where the parts of a YAML file are written: lines and columns, which a tree does not have.

use saphyr_parser::{Event, Parser, Span, StrInput};

use crate::corpus::pointer::unescape;

/// A part of a file.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Line, from 0, of the key, or of an element of an array.
    pub(super) line: usize,
    /// Column in characters, from 0.
    pub(super) column: usize,
    pub(super) shape: Shape,
    /// First and last position of the value, in characters of the file.
    pub(super) value: (usize, usize),
    /// Whether braces or brackets surround it.
    pub(super) is_flow: bool,
    /// The parts of a collection, by key or index.
    pub(super) children: Vec<(String, Part)>,
}

/// The kind of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar,
    Sequence,
    Mapping,
}

impl Part {
    /// Reads the layout of a file. Returns none if it is empty or not YAML.
    pub(super) fn read(content: &str) -> Option<Self> {
        let mut reader =
            Reader { parser: Parser::new_from_str(content), characters: content.chars().collect() };
        loop {
            let (event, span) = reader.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) => {}
                event => return reader.part(&event, span, span),
            }
        }
    }

    /// Returns a part.
    pub(super) fn at(&self, pointer: &str) -> Option<&Self> {
        let nearest = self.nearest(pointer);
        nearest.1.then_some(nearest.0)
    }

    /// Returns a part, or else the one that would contain it. Also returns whether it is the part.
    pub(super) fn nearest(&self, pointer: &str) -> (&Self, bool) {
        let mut at = self;
        for token in pointer.split('/').skip(1).map(unescape) {
            match at.child(&token) {
                Some(child) => at = child,
                None => return (at, false),
            }
        }
        (at, true)
    }

    /// Returns an entry or an element.
    pub(super) fn child(&self, key: &str) -> Option<&Self> {
        self.children.iter().find(|(name, _)| name == key).map(|(_, part)| part)
    }
}

struct Reader<'c> {
    parser: Parser<'c, StrInput<'c>>,
    characters: Vec<char>,
}

impl<'c> Reader<'c> {
    fn next(&mut self) -> Option<(Event<'c>, Span)> {
        self.parser.next_event()?.ok()
    }

    /// Reads a part, of which the first event was read. The first span is that of its key.
    fn part(&mut self, event: &Event<'_>, key: Span, span: Span) -> Option<Part> {
        let mut part = Part {
            line: key.start.line().saturating_sub(1),
            column: key.start.col(),
            shape: Shape::Scalar,
            value: (span.start.index(), span.end.index()),
            is_flow: matches!(self.characters.get(span.start.index()), Some('{' | '[')),
            children: Vec::new(),
        };
        match event {
            Event::MappingStart(..) => {
                part.shape = Shape::Mapping;
                loop {
                    let (event, key) = self.next()?;
                    if matches!(event, Event::MappingEnd) {
                        break;
                    }
                    let name = match &event {
                        Event::Scalar(name, ..) => Some(name.to_string()),
                        _ => None,
                    };
                    if name.is_none() {
                        self.part(&event, key, key)?;
                    }
                    let (event, span) = self.next()?;
                    let child = self.part(&event, key, span)?;
                    part.children.extend(name.map(|name| (name, child)));
                }
            }
            Event::SequenceStart(..) => {
                part.shape = Shape::Sequence;
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        break;
                    }
                    let child = self.part(&event, span, span)?;
                    part.children.push((part.children.len().to_string(), child));
                }
            }
            _ => {}
        }
        Some(part)
    }
}
