//! Positions in time, of bars and ticks.

use crate::http::pages::show::duration;
use crate::time::{DAY, MILLISECOND, SECOND};

const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// The distances between ticks.
const STEPS: [i64; 24] = [
    MILLISECOND,
    5 * MILLISECOND,
    10 * MILLISECOND,
    50 * MILLISECOND,
    100 * MILLISECOND,
    500 * MILLISECOND,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    7 * DAY,
    30 * DAY,
    365 * DAY,
];
/// The maximum number of ticks after the first one.
const TICKS: i64 = 6;
/// The least width of a bar in percent.
const LEAST: f64 = 0.01;

/// The time of an event in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// When it was ready to run. Until its start, it was in a queue.
    pub(super) ready: i64,
    pub(super) start: i64,
    pub(super) end: i64,
}

/// The time that the waterfall shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    pub(super) start: i64,
    pub(super) length: i64,
}

/// A bar: start and width in percent of the axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) x: String,
    pub(super) width: String,
}

/// A tick of the axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    /// The position in percent.
    pub(super) x: String,
    pub(super) label: String,
}

impl Tick {
    /// Returns whether its label would exceed the axis to the right.
    pub(super) fn is_last(&self) -> bool {
        self.x.parse().is_ok_and(|x: f64| x > 92.0)
    }
}

impl Axis {
    /// Returns an axis for a run and its jobs. What is far outside of the run, because of wrong clocks,
    /// would make everything else invisible, so it is cut.
    pub(super) fn new(run: Option<Span>, spans: impl Iterator<Item = Span>) -> Self {
        let limits = run.map_or((i64::MIN, i64::MAX), |run| {
            let margin = run.end.saturating_sub(run.start).max(MINUTE);
            (run.start.saturating_sub(margin), run.end.saturating_add(margin))
        });
        let within = |time: i64| time.clamp(limits.0, limits.1);
        let mut range: Option<(i64, i64)> = None;
        for span in spans.chain(run) {
            let (start, end) = (within(span.ready), within(span.end));
            range = Some(range.map_or((start, end), |(a, b)| (a.min(start), b.max(end))));
        }
        let (start, end) = range.unwrap_or_default();
        Self { start, length: end.saturating_sub(start).max(1) }
    }

    /// Returns the axis with room for what is still running, so that bars keep their positions for a
    /// while.
    pub(super) fn with_room(self) -> Self {
        let step = self.step();
        Self { length: (self.length / step + 1).saturating_mul(step), ..self }
    }

    /// Returns the distance of ticks.
    fn step(&self) -> i64 {
        let fits = |step: &i64| self.length / step <= TICKS;
        STEPS.into_iter().find(fits).unwrap_or(self.length)
    }

    /// Returns a time as a fraction.
    pub(super) fn fraction(&self, time: i64) -> f64 {
        (time.saturating_sub(self.start) as f64 / self.length as f64).clamp(0.0, 1.0)
    }

    /// Returns the bar of a time range.
    pub(super) fn bar(&self, from: i64, to: i64) -> Bar {
        let width = (self.fraction(to) - self.fraction(from)) * 100.0;
        let width = width.max(LEAST);
        let x = (self.fraction(from) * 100.0).min(100.0 - width);
        Bar { x: number(x), width: number(width) }
    }

    /// Returns ticks at round distances from the start.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let step = self.step();
        let times = (0..=self.length / step).map(|i| i * step);
        let tick = |time: i64| Tick {
            x: number(time as f64 / self.length as f64 * 100.0),
            label: duration(time as f64),
        };
        times.map(tick).collect()
    }
}

/// Returns a number with at most three decimals.
fn number(number: f64) -> String {
    let decimals = format!("{number:.3}");
    decimals.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Axis, Bar, MINUTE, SECOND, Span};

    fn span(ready: i64, start: i64, end: i64) -> Span {
        Span { ready: ready * SECOND, start: start * SECOND, end: end * SECOND }
    }

    fn bar(x: &str, width: &str) -> Bar {
        Bar { x: x.to_owned(), width: width.to_owned() }
    }

    #[test]
    fn bars_are_in_proportion_to_time() {
        let axis = Axis::new(Some(span(100, 110, 200)), [span(115, 120, 160)].into_iter());
        assert_eq!((axis.start, axis.length), (100 * SECOND, 100 * SECOND));
        assert_eq!(axis.bar(120 * SECOND, 160 * SECOND), bar("20", "40"));
        assert_eq!(axis.bar(115 * SECOND, 120 * SECOND), bar("15", "5"));
        // What has no length is visible, also at the end.
        assert_eq!(axis.bar(200 * SECOND, 200 * SECOND), bar("99.99", "0.01"));
        assert_eq!(axis.bar(i64::MIN, i64::MAX), bar("0", "100"));
    }

    #[test]
    fn wrong_clocks_do_not_hide_the_run() {
        let run = span(1000, 1000, 1600);
        let others = [span(0, 0, 10), span(1500, 1500, 1700), span(5000, 5000, 9000)];
        let axis = Axis::new(Some(run), others.into_iter());
        assert_eq!((axis.start, axis.length), (400 * SECOND, 1800 * SECOND));
        // Without the run, there is nothing to compare with.
        let axis = Axis::new(None, others.into_iter().take(2));
        assert_eq!((axis.start, axis.length), (0, 1700 * SECOND));
        let nothing = Axis::new(None, std::iter::empty());
        assert_eq!(nothing.bar(0, 0), bar("0", "0.01"));
        assert_eq!(nothing.ticks().len(), 1);
    }

    #[test]
    fn an_axis_with_room_is_the_same_for_a_while() {
        let length =
            |seconds: i64| Axis { start: 0, length: seconds * SECOND }.with_room().length / SECOND;
        assert_eq!([121, 130, 149].map(length), [150; 3]);
        assert_eq!([150, 179].map(length), [180; 2]);
        assert_eq!([0, 1].map(length), [0, 1]);
    }

    #[test]
    fn ticks_are_round_and_few() {
        let labels = |length: i64| {
            let ticks = Axis { start: 0, length }.ticks();
            ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>()
        };
        assert_eq!(
            labels(12 * MINUTE),
            ["0 s", "2 min", "4 min", "6 min", "8 min", "10 min", "12 min"]
        );
        assert_eq!(labels(90 * SECOND), ["0 s", "30 s", "1 min", "1 min 30 s"]);
        for length in [1, 999, SECOND, 59 * MINUTE, i64::MAX / 2, i64::MAX] {
            assert!(matches!(labels(length).len(), 1..=8), "{length}: {:?}", labels(length));
        }
    }
}
