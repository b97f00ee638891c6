//! All jobs in a small picture, which stays as small with thousands of them.

use std::collections::BTreeSet;

use super::axis::{Axis, Span};

/// The number of lines of the picture.
const LINES: usize = 12;
/// The width of the picture.
const WIDTH: f64 = 400.0;
/// The distance of the lines.
const HEIGHT: usize = 4;

/// The least number of lines that the picture is high enough for.
const MIN_LINES: usize = 5;

/// Returns the height of the picture.
pub(super) fn height(jobs: usize) -> usize {
    jobs.clamp(MIN_LINES, LINES) * HEIGHT
}

/// Returns the paths of the picture, each with its class. The width of the picture is 400.
pub(super) fn overview(axis: &Axis, jobs: &[(Span, &'static str)]) -> Vec<(&'static str, String)> {
    // Those that are drawn later cover the others.
    const CLASSES: [&str; 3] = ["plain", "critical", "error"];
    CLASSES
        .into_iter()
        .map(|class| (class, path(axis, jobs, class)))
        .filter(|(_, path)| !path.is_empty())
        .collect()
}

fn path(axis: &Axis, jobs: &[(Span, &'static str)], class: &str) -> String {
    let lines = jobs.len().min(LINES);
    let mut bars = BTreeSet::new();
    for (i, (span, _)) in jobs.iter().enumerate().filter(|(_, (_, other))| *other == class) {
        let [from, to] = [span.start, span.end].map(|time| (axis.fraction(time) * WIDTH) as u16);
        bars.insert((i * lines / jobs.len(), from, to.max(from + 1)));
    }
    let mut path = String::new();
    let mut bars = bars.into_iter().peekable();
    while let Some((line, from, mut to)) = bars.next() {
        // Bars that touch are one.
        while let Some((_, _, end)) = bars.next_if(|next| next.0 == line && next.1 <= to) {
            to = to.max(end);
        }
        path.push_str(&format!("M{from} {}h{}", line * HEIGHT + HEIGHT / 2, to - from));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::{Axis, Span, overview};

    fn span(start: i64, end: i64) -> Span {
        Span { ready: start, start, end }
    }

    #[test]
    fn each_job_has_a_line_until_there_are_many() {
        let axis = Axis { start: 0, length: 400 };
        let few = [(span(0, 100), "plain"), (span(100, 100), "error"), (span(200, 400), "plain")];
        let paths = overview(&axis, &few);
        let expected = [("plain", "M0 2h100M200 10h200"), ("error", "M100 6h1")];
        assert_eq!(paths, expected.map(|(class, path)| (class, path.to_owned())));

        let many: Vec<_> = (0..5000).map(|i| (span(i % 400, i % 400 + 1), "plain")).collect();
        let paths = overview(&axis, &many);
        assert_eq!(paths.len(), 1);
        // The bars of a line touch, so each of the lines is one bar.
        assert_eq!(paths.first().map(|(_, path)| path.matches('M').count()), Some(12));
        assert!(overview(&axis, &[]).is_empty());
    }
}
