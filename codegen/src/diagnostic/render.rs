//! Diagnostics as text, in the manner of rustc.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Place, Severity};
use crate::source::{Origins, Source, locate};

/// How many lines stand around the place.
const CONTEXT: usize = 2;

pub(super) fn render(diagnostics: &Diagnostics, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    each(diagnostics, |diagnostic, text, place| render_one(diagnostic, text, place, &renderer))
        .join("\n")
}

/// Each diagnostic on one line: `file:line:column: message [code]`.
pub(super) fn lines(diagnostics: &Diagnostics) -> Vec<String> {
    each(diagnostics, |diagnostic, text, place| {
        let at = place.map(|place| {
            let start = floor(text.text(), place.start);
            let line = text.line(start);
            let column = text.text()[text.start(line)..start].chars().count() + 1;
            format!(":{}:{column}", line + 1)
        });
        let (name, at) = (&text.source.name, at.unwrap_or_default());
        let message = diagnostic.message.replace('\n', " ");
        format!("{name}{at}: {message} [{}]", diagnostic.code.id)
    })
}

/// What a function gives for each diagnostic, with the text that it is about, and where in it,
/// if that is known. Texts are long, and gone through once for all that is in them.
fn each<R>(
    diagnostics: &Diagnostics,
    shown: impl Fn(&Diagnostic, &Text<'_>, Option<Range<usize>>) -> R,
) -> Vec<R> {
    static NONE: Source = Source { name: String::new(), text: String::new() };
    let sources = &diagnostics.sources;
    let mut spots: Vec<Spot> =
        diagnostics.entries().iter().map(|entry| spot(&sources.origins, &entry.place)).collect();
    let mut texts: BTreeMap<Option<usize>, (Text<'_>, Vec<usize>)> = BTreeMap::new();
    for (i, spot) in spots.iter().enumerate() {
        let (_, here) = texts.entry(spot.document).or_insert_with(|| {
            let document = |i| sources.documents.get(i).unwrap_or(&NONE);
            (Text::new(spot.document.map_or(&sources.config, document)), Vec::new())
        });
        here.extend(spot.pointer.is_some().then_some(i));
    }
    for (text, here) in texts.values().filter(|(_, here)| !here.is_empty()) {
        let pointers: Vec<&str> =
            here.iter().filter_map(|i| spots[*i].pointer.as_deref()).collect();
        for (i, range) in here.iter().zip(locate(text.text(), &pointers)) {
            spots[*i].range = Some(range);
        }
    }
    let entries = diagnostics.entries().iter().zip(spots);
    let one = |(entry, spot): (_, Spot)| {
        texts.get(&spot.document).map(|(text, _)| shown(entry, text, spot.range))
    };
    entries.filter_map(one).collect()
}

/// Where a diagnostic is.
struct Spot {
    /// In which of the documents; none is the configuration.
    document: Option<usize>,
    /// At what in it, of which the range is looked for.
    pointer: Option<String>,
    range: Option<Range<usize>>,
}

fn spot(origins: &Origins, place: &Place) -> Spot {
    let at = |document, pointer| Spot { document: Some(document), pointer, range: None };
    let range = |document, range| Spot { document, pointer: None, range };
    match place {
        Place::Pointer(pointer) => {
            let origin = origins.of(pointer);
            at(origin.document, Some(origin.pointer))
        }
        Place::Document(i, pointer) => at(*i, Some(pointer.clone())),
        Place::Offset(offset) => range(Some(0), offset.map(|at| at..at)),
        Place::DocumentOffset(i, offset) => range(Some(*i), offset.map(|at| at..at)),
        Place::Config(of_config) => range(None, (!of_config.is_empty()).then(|| of_config.clone())),
    }
}

fn render_one(
    diagnostic: &Diagnostic,
    text: &Text<'_>,
    place: Option<Range<usize>>,
    renderer: &Renderer,
) -> String {
    let source = text.source;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.id);
    let group = match place {
        Some(place) => {
            let excerpt = Excerpt::around(text, place);
            let snippet = Snippet::source(excerpt.text)
                .line_start(excerpt.line)
                .path(source.name.as_str())
                .fold(false)
                .annotation(AnnotationKind::Primary.span(excerpt.mark));
            title.element(snippet)
        }
        None => title.element(Origin::path(source.name.as_str())),
    };
    let report = [group.element(Level::HELP.message(diagnostic.code.help))];
    format!("{}\n", renderer.render(&report))
}

/// A text of which it is known where its lines end.
struct Text<'a> {
    source: &'a Source,
    ends: Vec<usize>,
}

impl<'a> Text<'a> {
    fn new(source: &'a Source) -> Self {
        Self { source, ends: source.text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    fn text(&self) -> &'a str {
        &self.source.text
    }

    /// The line, counted from 0, that a byte is in.
    fn line(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end < at)
    }

    /// Where a line begins.
    fn start(&self, line: usize) -> usize {
        line.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1)
    }

    /// Where a line ends, or the text if it has no such line.
    fn end(&self, line: usize) -> usize {
        self.ends.get(line).copied().unwrap_or(self.text().len())
    }
}

/// A few whole lines of a text.
struct Excerpt<'a> {
    text: &'a str,
    line: usize,
    mark: Range<usize>,
}

impl<'a> Excerpt<'a> {
    fn around(text: &Text<'a>, place: Range<usize>) -> Self {
        let start = floor(text.text(), place.start);
        let end = floor(text.text(), place.end).max(start);
        let line = text.line(start).saturating_sub(CONTEXT);
        let first = text.start(line);
        let last = text.end(text.line(end) + CONTEXT);
        Self { text: &text.text()[first..last], line: line + 1, mark: start - first..end - first }
    }
}

/// The nearest character boundary.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
