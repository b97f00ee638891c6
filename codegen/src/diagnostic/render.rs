//! Diagnostics as text, in the manner of rustc.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Place, Severity};
use crate::source::{Source, locate};

/// How many lines stand around the place.
const CONTEXT: usize = 2;

pub(super) fn render(diagnostics: &Diagnostics, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let one = |diagnostic| render_one(diagnostics, diagnostic, &renderer);
    diagnostics.entries().iter().map(one).collect::<Vec<_>>().join("\n")
}

/// A diagnostic on one line: `file:line:column: message [code]`.
pub(super) fn line(diagnostics: &Diagnostics, diagnostic: &Diagnostic) -> String {
    let (source, place) = position(diagnostics, &diagnostic.place);
    let at = place.map(|place| {
        let before = &source.text[..floor(&source.text, place.start)];
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!(":{}:{column}", before.matches('\n').count() + 1)
    });
    let (name, at) = (&source.name, at.unwrap_or_default());
    let message = diagnostic.message.replace('\n', " ");
    format!("{name}{at}: {message} [{}]", diagnostic.code.id)
}

fn render_one(diagnostics: &Diagnostics, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let (source, place) = position(diagnostics, &diagnostic.place);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.id);
    let group = match place {
        Some(place) => {
            let excerpt = Excerpt::around(source, place);
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

/// The text that a place lies in, and where in it, if that is known.
fn position<'a>(diagnostics: &'a Diagnostics, place: &Place) -> (&'a Source, Option<Range<usize>>) {
    static NONE: Source = Source { name: String::new(), text: String::new() };
    let sources = &diagnostics.sources;
    let document = |i: usize| sources.documents.get(i).unwrap_or(&NONE);
    match place {
        Place::Pointer(pointer) => {
            let origin = sources.origins.of(pointer);
            let source = document(origin.document);
            (source, Some(locate(&source.text, &origin.pointer)))
        }
        Place::Document(i, pointer) => (document(*i), Some(locate(&document(*i).text, pointer))),
        Place::Offset(offset) => (document(0), offset.map(|at| at..at)),
        Place::DocumentOffset(i, offset) => (document(*i), offset.map(|at| at..at)),
        Place::Config(range) => (&sources.config, (!range.is_empty()).then(|| range.clone())),
    }
}

/// A few whole lines of a text.
struct Excerpt<'a> {
    text: &'a str,
    line: usize,
    mark: Range<usize>,
}

impl<'a> Excerpt<'a> {
    fn around(source: &'a Source, place: Range<usize>) -> Self {
        let text = source.text.as_str();
        let start = floor(text, place.start);
        let end = floor(text, place.end).max(start);
        let first = text[..start].rmatch_indices('\n').nth(CONTEXT).map_or(0, |(at, _)| at + 1);
        let last =
            text[end..].match_indices('\n').nth(CONTEXT).map_or(text.len(), |(at, _)| end + at);
        Self {
            text: &text[first..last],
            line: text[..first].matches('\n').count() + 1,
            mark: start - first..end - first,
        }
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
