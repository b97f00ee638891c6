//! Positions in a source, and excerpts of it.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::{Source, is_invisible};

/// Number of lines shown before and after a location.
const CONTEXT: usize = 2;

/// Number of bytes shown of one line. Some documents are a single line of several megabytes.
const WIDTH: usize = 240;

/// Number of bytes between two counts of characters.
const STEP: usize = 4096;

/// A source with the ends of its lines, and the number of characters before each [`STEP`] bytes.
/// Both are needed because the whole source can be one line.
pub(super) struct IndexedSource<'a> {
    pub(super) source: &'a Source,
    line_ends: Vec<usize>,
    characters: Vec<usize>,
}

impl<'a> IndexedSource<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let content = source.content.as_str();
        let line_ends = content.match_indices('\n').map(|(at, _)| at).collect();
        let mut characters = vec![0];
        for at in (STEP..content.len()).step_by(STEP) {
            let before = characters.last().copied().unwrap_or_default();
            let step = &content[floor(content, at - STEP)..floor(content, at)];
            characters.push(before + step.chars().count());
        }
        Self { source, line_ends, characters }
    }

    pub(super) fn content(&self) -> &'a str {
        &self.source.content
    }

    /// Returns the line and column of a byte offset, counted from 1.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let offset = floor(self.content(), offset);
        let line = self.line(offset);
        let column = self.characters_before(offset) - self.characters_before(self.start(line));
        (line + 1, column + 1)
    }

    /// Counts the characters before a byte offset.
    fn characters_before(&self, offset: usize) -> usize {
        let step = (offset / STEP).min(self.characters.len().saturating_sub(1));
        let counted = floor(self.content(), step * STEP);
        let rest = self.content()[counted..offset].chars().count();
        self.characters.get(step).copied().unwrap_or_default() + rest
    }

    /// Returns the line of a byte offset, counted from 0.
    fn line(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|end| *end < offset)
    }

    /// Returns the offset at which a line starts.
    fn start(&self, line: usize) -> usize {
        line.checked_sub(1).and_then(|before| self.line_ends.get(before)).map_or(0, |end| end + 1)
    }

    /// Returns the offset at which a line ends. The last line ends with the source.
    fn end(&self, line: usize) -> usize {
        self.line_ends.get(line).copied().unwrap_or(self.content().len())
    }
}

/// A few lines of a source. Long lines are cut.
pub(super) struct Excerpt {
    pub(super) content: String,
    /// Number of the first line, counted from 1.
    pub(super) line: usize,
    /// The location, as a byte range of the excerpt.
    pub(super) highlight: Range<usize>,
}

impl Excerpt {
    /// Takes the lines around a byte range.
    pub(super) fn around(source: &IndexedSource<'_>, range: Range<usize>) -> Self {
        let content = source.content();
        let start = floor(content, range.start);
        let end = floor(content, range.end).max(start);
        let first = source.line(start).saturating_sub(CONTEXT);
        let last = (source.line(end) + CONTEXT).min(source.line_ends.len());
        let mut excerpt = Self { content: String::new(), line: first + 1, highlight: 0..0 };
        for line in first..=last {
            let (line_start, line_end) = (source.start(line), source.end(line));
            let is_highlighted = (line_start..=line_end).contains(&start);
            let from = match is_highlighted && line_end - line_start > WIDTH {
                true => line_start.max(floor(content, start.saturating_sub(WIDTH / 3))),
                false => line_start,
            };
            let is_crlf = content[from..line_end].ends_with('\r');
            let line_end = line_end - usize::from(is_crlf);
            let to = line_end.min(floor(content, from + WIDTH));
            if line > first {
                excerpt.content.push('\n');
            }
            if from > line_start {
                excerpt.content.push('…');
            }
            let at = excerpt.content.len();
            let length = |to: usize| shown(&content[from..to.max(from)]).len();
            if is_highlighted {
                let end = length(end.min(to).max(start));
                excerpt.highlight = at + length(start)..at + end;
            } else if (line_start..=to).contains(&end) {
                excerpt.highlight.end = at + length(end);
            }
            excerpt.content.push_str(&shown(&content[from..to]));
            if to < line_end {
                excerpt.content.push('…');
            }
        }
        excerpt
    }

    /// Returns the column of the highlight in the excerpt, counted from 1.
    pub(super) fn column(&self) -> usize {
        let before = &self.content[..self.highlight.start];
        before.rsplit('\n').next().unwrap_or_default().chars().count() + 1
    }
}

/// Returns a part of a line without what a terminal would act on. Each character stays one column.
fn shown(part: &str) -> Cow<'_, str> {
    match part.contains(is_invisible) {
        true => part.replace(is_invisible, "\u{fffd}").into(),
        false => part.into(),
    }
}

/// Returns the last character boundary at or before an offset.
fn floor(content: &str, offset: usize) -> usize {
    let mut offset = offset.min(content.len());
    while !content.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
