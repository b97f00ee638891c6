//! Diagnostics as text, in the manner of rustc.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Location, Severity};
use crate::text::{Origins, Source, locate};

/// How many lines stand around the place.
const CONTEXT: usize = 2;

/// How many bytes of a line are shown. Some descriptions are one line of megabytes.
const WIDTH: usize = 240;

/// How many bytes there are from one count of characters to the next.
const STEP: usize = 4096;

pub(super) fn render(diagnostics: &Diagnostics, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    each(diagnostics, |diagnostic, text, place| render_one(diagnostic, text, place, &renderer))
        .join("\n")
}

/// Each diagnostic on one line: `file:line:column: message [code]`.
pub(super) fn lines(diagnostics: &Diagnostics) -> Vec<String> {
    each(diagnostics, |diagnostic, text, place| {
        let at = place.map(|place| {
            let (line, column) = text.position(place.start);
            format!(":{line}:{column}")
        });
        let (name, at) = (name_of(diagnostic, text), at.unwrap_or_default());
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

fn spot(origins: &Origins, place: &Location) -> Spot {
    let at = |document, pointer| Spot { document: Some(document), pointer, range: None };
    let range = |document, range| Spot { document, pointer: None, range };
    match place {
        Location::Pointer(pointer) => {
            let origin = origins.of(pointer);
            at(origin.document, Some(origin.pointer))
        }
        Location::Document(i, pointer) => at(*i, Some(pointer.clone())),
        Location::Offset(offset) => range(Some(0), offset.map(|at| at..at)),
        Location::DocumentOffset(i, offset) => range(Some(*i), offset.map(|at| at..at)),
        Location::Config(of_config) => {
            range(None, (!of_config.is_empty()).then(|| of_config.clone()))
        }
    }
}

/// The name of the text that a diagnostic is about. What was chosen elsewhere than in the
/// configuration is in no text.
fn name_of<'a>(diagnostic: &Diagnostic, text: &Text<'a>) -> &'a str {
    match &diagnostic.place {
        Location::Config(range) if range.is_empty() => "the options",
        _ => &text.source.name,
    }
}

fn render_one(
    diagnostic: &Diagnostic,
    text: &Text<'_>,
    place: Option<Range<usize>>,
    renderer: &Renderer,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.id);
    let help = Level::HELP.message(diagnostic.code.help);
    let name = name_of(diagnostic, text);
    let Some(place) = place else {
        return rendered(title.element(Origin::path(name)).element(help), renderer);
    };
    let (line, column) = text.position(place.start);
    let excerpt = Excerpt::around(text, place);
    let snippet = Snippet::source(&excerpt.text)
        .line_start(excerpt.line)
        .path(name)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(excerpt.mark.clone()));
    let shown = rendered(title.element(snippet).element(help), renderer);
    // In a line that is cut, the column is another one.
    let at = |column| format!("{name}:{line}:{column}");
    match excerpt.column() {
        of_excerpt if of_excerpt == column => shown,
        of_excerpt => shown.replacen(&at(of_excerpt), &at(column), 1),
    }
}

fn rendered(group: Group<'_>, renderer: &Renderer) -> String {
    format!("{}\n", renderer.render(&[group]))
}

/// A text of which it is known where its lines end, and how many characters are before each
/// [`STEP`] of its bytes: a line may be the whole text.
struct Text<'a> {
    source: &'a Source,
    ends: Vec<usize>,
    chars: Vec<usize>,
}

impl<'a> Text<'a> {
    fn new(source: &'a Source) -> Self {
        let text = source.text.as_str();
        let ends = text.match_indices('\n').map(|(at, _)| at).collect();
        let mut chars = vec![0];
        for at in (STEP..text.len()).step_by(STEP) {
            let before = chars.last().copied().unwrap_or_default();
            chars.push(before + text[floor(text, at - STEP)..floor(text, at)].chars().count());
        }
        Self { source, ends, chars }
    }

    /// How many characters are before a byte.
    fn chars(&self, at: usize) -> usize {
        let step = (at / STEP).min(self.chars.len().saturating_sub(1));
        let counted = floor(self.text(), step * STEP);
        self.chars.get(step).copied().unwrap_or_default() + self.text()[counted..at].chars().count()
    }

    fn text(&self) -> &'a str {
        &self.source.text
    }

    /// The line and column of a byte, counted from 1.
    fn position(&self, at: usize) -> (usize, usize) {
        let at = floor(self.text(), at);
        let line = self.line(at);
        (line + 1, self.chars(at) - self.chars(self.start(line)) + 1)
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

/// A few lines of a text, of which long ones are cut.
struct Excerpt {
    text: String,
    line: usize,
    mark: Range<usize>,
}

impl Excerpt {
    /// Where its mark begins in its line, counted from 1.
    fn column(&self) -> usize {
        let before = &self.text[..self.mark.start];
        before.rsplit('\n').next().unwrap_or_default().chars().count() + 1
    }

    fn around(text: &Text<'_>, place: Range<usize>) -> Self {
        let whole = text.text();
        let start = floor(whole, place.start);
        let end = floor(whole, place.end).max(start);
        let first = text.line(start).saturating_sub(CONTEXT);
        let last = (text.line(end) + CONTEXT).min(text.ends.len());
        let mut excerpt = Self { text: String::new(), line: first + 1, mark: 0..0 };
        for line in first..=last {
            let (begins, ends) = (text.start(line), text.end(line));
            let is_marked = (begins..=ends).contains(&start);
            let from = match is_marked && ends - begins > WIDTH {
                true => begins.max(floor(whole, start.saturating_sub(WIDTH / 3))),
                false => begins,
            };
            let to = ends.min(floor(whole, from + WIDTH));
            if line > first {
                excerpt.text.push('\n');
            }
            if from > begins {
                excerpt.text.push('…');
            }
            let place = excerpt.text.len();
            if is_marked {
                excerpt.mark = place + start - from..place + end.min(to).max(start) - from;
            } else if (begins..=to).contains(&end) {
                excerpt.mark.end = place + end - from;
            }
            excerpt.text.push_str(&whole[from..to]);
            if to < ends {
                excerpt.text.push('…');
            }
        }
        excerpt
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

#[cfg(test)]
mod tests {
    use super::super::{Diagnostics, Location, code};
    use crate::{Config, Input, Source};

    /// What is shown of `/a` in an object of one line, with texts of this length around it.
    fn shown(length: usize) -> String {
        let text = format!(r#"{{"before":"{0}","a":[1],"behind":"{0}"}}"#, "ä".repeat(length));
        let input = Input::new(Source { name: "one.json".into(), text }, Config::default());
        let mut diagnostics = Diagnostics::new(&input);
        diagnostics.warning(&code::BAD_SHAPE, Location::pointer("/a"), "odd");
        diagnostics.render(false)
    }

    #[test]
    fn of_a_long_line_only_what_stands_around_the_place_is_shown() {
        for length in [1, 10, 200, 100_000] {
            let shown = shown(length);
            let lines: Vec<&str> = shown.lines().collect();
            assert_eq!(lines[1].trim(), format!("--> one.json:1:{}", length + 14), "{shown}");
            assert!(lines[3].len() < 260, "{shown}");
            // The mark is under the value: columns are those of what is shown.
            let column = |line: &str, sign: char| line.chars().position(|c| c == sign);
            assert_eq!(column(lines[3], '['), column(lines[4], '^').map(|at| at + 4), "{shown}");
        }
    }
}
