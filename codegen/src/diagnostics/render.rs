//! Rendering of diagnostics in the style of rustc.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::code::Severity;
use super::excerpt::{Excerpt, IndexedSource};
use super::location::Location;
use super::report::{Diagnostic, Diagnostics};
use crate::text::{Origins, Source, locate, visible};

/// The page that documents all codes.
const PAGE: &str = "docs/diagnostics.md";

impl Diagnostics {
    /// Renders all diagnostics with the lines of the input around each location.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        map(self, |diagnostic, source, range| render_one(diagnostic, source, range, &renderer))
            .join("\n")
    }

    /// Returns one line per diagnostic: `file:line:column: message [code]`.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        map(self, render_line).into_iter()
    }
}

fn render_line(
    diagnostic: &Diagnostic,
    source: &IndexedSource<'_>,
    range: Option<Range<usize>>,
) -> String {
    let position = range.map(|range| {
        let (line, column) = source.position(range.start);
        format!(":{line}:{column}")
    });
    let name = source_name(diagnostic, source);
    let position = position.unwrap_or_default();
    format!("{name}{position}: {} [{}]", diagnostic.message, diagnostic.code.id)
}

/// Calls a function for each diagnostic, with its source and its range in it, if it is known.
/// Sources can be large, so each is searched only once for all of its diagnostics.
fn map<R>(
    diagnostics: &Diagnostics,
    call: impl Fn(&Diagnostic, &IndexedSource<'_>, Option<Range<usize>>) -> R,
) -> Vec<R> {
    static EMPTY: Source = Source { name: String::new(), content: String::new() };
    let sources = &diagnostics.sources;
    let entries = diagnostics.entries();
    let mut targets: Vec<Target> =
        entries.iter().map(|entry| Target::new(&sources.origins, &entry.location)).collect();
    let mut indexed: BTreeMap<Option<usize>, (IndexedSource<'_>, Vec<usize>)> = BTreeMap::new();
    for (i, target) in targets.iter().enumerate() {
        let (_, searched) = indexed.entry(target.document).or_insert_with(|| {
            let document = |i| sources.documents.get(i).unwrap_or(&EMPTY);
            let source = target.document.map_or(&sources.config, document);
            (IndexedSource::new(source), Vec::new())
        });
        searched.extend(target.pointer.is_some().then_some(i));
    }
    for (source, searched) in indexed.values().filter(|(_, searched)| !searched.is_empty()) {
        let pointers: Vec<&str> =
            searched.iter().filter_map(|i| targets[*i].pointer.as_deref()).collect();
        for (i, range) in searched.iter().zip(locate(source.content(), &pointers)) {
            targets[*i].range = Some(range);
        }
    }
    let calls = entries.iter().zip(targets).filter_map(|(entry, target)| {
        let (source, _) = indexed.get(&target.document)?;
        Some(call(entry, source, target.range))
    });
    calls.collect()
}

/// Location of a diagnostic in a source.
struct Target {
    /// Number of the document; `None` is the configuration.
    document: Option<usize>,
    /// JSON pointer in the document, to be located.
    pointer: Option<String>,
    range: Option<Range<usize>>,
}

impl Target {
    fn new(origins: &Origins, location: &Location) -> Self {
        let at = |document, pointer| Self { document: Some(document), pointer, range: None };
        let range = |document, range| Self { document, pointer: None, range };
        match location {
            Location::Pointer(pointer) => {
                let origin = origins.get(pointer);
                at(origin.document, Some(origin.pointer))
            }
            Location::InDocument { document, pointer } => at(*document, Some(pointer.clone())),
            Location::Offset { document, offset } => {
                range(Some(*document), offset.map(|offset| offset..offset))
            }
            Location::Config(of_config) => {
                range(None, (!of_config.is_empty()).then(|| of_config.clone()))
            }
        }
    }
}

/// Returns the name of the source of a diagnostic. Options from outside of the configuration file
/// have no source.
fn source_name<'a>(diagnostic: &Diagnostic, source: &IndexedSource<'a>) -> Cow<'a, str> {
    match &diagnostic.location {
        Location::Config(range) if range.is_empty() => "the options".into(),
        _ => visible(&source.source.name),
    }
}

fn render_one(
    diagnostic: &Diagnostic,
    source: &IndexedSource<'_>,
    range: Option<Range<usize>>,
    renderer: &Renderer,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.id);
    let help = Level::HELP.message(diagnostic.help);
    let note = Level::NOTE.message(format!("see {PAGE}#{}", diagnostic.code.id));
    let name = source_name(diagnostic, source);
    let Some(range) = range else {
        return to_string(
            title.element(Origin::path(&*name)).element(help).element(note),
            renderer,
        );
    };
    let (line, column) = source.position(range.start);
    let excerpt = Excerpt::around(source, range);
    let snippet = Snippet::source(&excerpt.content)
        .line_start(excerpt.line)
        .path(&*name)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(excerpt.highlight.clone()));
    let rendered = to_string(title.element(snippet).element(help).element(note), renderer);
    // In a line that is cut, the column differs from the one in the source.
    let position = |column| format!("{name}:{line}:{column}");
    match excerpt.column() {
        in_excerpt if in_excerpt == column => rendered,
        in_excerpt => rendered.replacen(&position(in_excerpt), &position(column), 1),
    }
}

fn to_string(group: Group<'_>, renderer: &Renderer) -> String {
    format!("{}\n", renderer.render(&[group]))
}

#[cfg(test)]
mod tests {
    use super::super::{Diagnostics, Location, messages};
    use crate::text::Source;

    /// Renders a diagnostic of `/a` in a one-line object, between strings of this length.
    fn rendered(length: usize) -> String {
        let content = format!(r#"{{"before":"{0}","a":[1],"after":"{0}"}}"#, "ä".repeat(length));
        let source = Source::new("one.json", content);
        let mut diagnostics = Diagnostics::new(vec![source], Source::default());
        diagnostics.report(Location::pointer("/a"), messages::invalid_structure("invalid"));
        diagnostics.render(false)
    }

    #[test]
    fn long_lines_are_cut_around_the_location() {
        for length in [1, 10, 200, 100_000] {
            let rendered = rendered(length);
            let lines: Vec<&str> = rendered.lines().collect();
            assert_eq!(lines[1].trim(), format!("--> one.json:1:{}", length + 14), "{rendered}");
            assert!(lines[3].len() < 260, "{rendered}");
            // The highlight is under the value, in the columns of the excerpt.
            let column = |line: &str, wanted: char| line.chars().position(|c| c == wanted);
            let highlight = column(lines[4], '^').map(|at| at + 4);
            assert_eq!(column(lines[3], '['), highlight, "{rendered}");
        }
    }
}
