//! Charts over time, as SVG.
//!
//! Coordinates are in a fixed box; the style sheet scales it. Colors are classes, because the security
//! policy forbids styles in the page.

use askama::Template;

use super::format::Time;

/// The box of a chart.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 120.0;

/// A series of values, one for each interval.
pub(in crate::http::pages) struct Series {
    /// The class that colors it.
    pub(in crate::http::pages) class: &'static str,
    pub(in crate::http::pages) name: String,
    pub(in crate::http::pages) values: Vec<f64>,
}

/// A chart: stacked bars, or lines.
pub(in crate::http::pages) struct Chart {
    pub(in crate::http::pages) title: &'static str,
    /// The start of each interval.
    pub(in crate::http::pages) times: Vec<i64>,
    pub(in crate::http::pages) series: Vec<Series>,
    pub(in crate::http::pages) is_stacked: bool,
    pub(in crate::http::pages) format: fn(f64) -> String,
}

#[derive(Template)]
#[template(path = "chart.html")]
struct ChartTemplate<'a> {
    chart: &'a Chart,
    bars: Vec<Bar>,
    lines: Vec<(&'static str, String)>,
    maximum: String,
    summary: String,
    first: Option<Time>,
    last: Option<Time>,
}

struct Bar {
    class: &'static str,
    x: String,
    y: String,
    width: String,
    height: String,
    title: String,
}

impl Chart {
    /// Returns the chart as HTML. Everything in it is escaped.
    pub(in crate::http::pages) fn html(&self) -> String {
        let maximum = self.maximum();
        let template = ChartTemplate {
            chart: self,
            bars: if self.is_stacked { self.bars(maximum) } else { Vec::new() },
            lines: if self.is_stacked { Vec::new() } else { self.lines(maximum) },
            maximum: (self.format)(maximum),
            summary: self.summary(),
            first: self.times.first().copied().map(Time),
            last: self.times.last().copied().map(Time),
        };
        // Rendering into a string cannot fail.
        template.render().unwrap_or_default()
    }

    /// Returns the largest value that is shown.
    fn maximum(&self) -> f64 {
        let all = |series: &Series, i: usize| series.values.get(i).copied().unwrap_or_default();
        let values = (0..self.times.len()).map(|i| match self.is_stacked {
            true => self.series.iter().map(|series| all(series, i)).sum::<f64>(),
            false => self.series.iter().map(|series| all(series, i)).fold(0.0, f64::max),
        });
        values.fold(0.0, f64::max)
    }

    fn bars(&self, maximum: f64) -> Vec<Bar> {
        let width = WIDTH / self.times.len().max(1) as f64;
        let mut bars = Vec::new();
        for (i, time) in self.times.iter().enumerate() {
            let mut below = 0.0;
            for series in &self.series {
                let value = series.values.get(i).copied().unwrap_or_default();
                if value <= 0.0 {
                    continue;
                }
                // A value that is not zero is visible.
                let height = (value / maximum * HEIGHT).max(1.0);
                below += height;
                bars.push(Bar {
                    class: series.class,
                    x: format!("{:.1}", i as f64 * width + width * 0.08),
                    y: format!("{:.1}", HEIGHT - below),
                    width: format!("{:.1}", width * 0.84),
                    height: format!("{height:.1}"),
                    title: format!(
                        "{} {}, {} UTC",
                        (self.format)(value),
                        series.name,
                        Time(*time).utc()
                    ),
                });
            }
        }
        bars
    }

    /// Returns the points of each line. Intervals without a value are left out.
    fn lines(&self, maximum: f64) -> Vec<(&'static str, String)> {
        let step = WIDTH / self.times.len().max(1) as f64;
        let points = |series: &Series| {
            let values = series.values.iter().enumerate().filter(|(_, value)| value.is_finite());
            let points = values.map(|(i, value)| {
                let y = HEIGHT - value / maximum.max(f64::MIN_POSITIVE) * (HEIGHT - 2.0) - 1.0;
                format!("{:.1},{y:.1}", (i as f64 + 0.5) * step)
            });
            (series.class, points.collect::<Vec<_>>().join(" "))
        };
        self.series.iter().map(points).collect()
    }

    /// Describes the chart to those who cannot see it.
    fn summary(&self) -> String {
        let series = self.series.iter().map(|series| {
            let values = series.values.iter().copied().filter(|value| value.is_finite());
            match self.is_stacked {
                true => format!("{} {}", (self.format)(values.sum()), series.name),
                false => {
                    format!("{} at most {}", series.name, (self.format)(values.fold(0.0, f64::max)))
                }
            }
        });
        format!("{}: {}", self.title, series.collect::<Vec<_>>().join(", "))
    }
}

/// Returns the points of a small line of bars: for each value, the x coordinate, y and height in a box
/// of 100 by 20.
pub(in crate::http::pages) fn spark(values: &[f64]) -> Vec<(String, String, String, String)> {
    let maximum = values.iter().copied().fold(0.0, f64::max);
    let width = 100.0 / values.len().max(1) as f64;
    let bars = values.iter().enumerate().filter(|(_, value)| **value > 0.0);
    bars.map(|(i, value)| {
        let height = (value / maximum * 20.0).max(1.0);
        let x = i as f64 * width;
        (
            format!("{x:.1}"),
            format!("{:.1}", 20.0 - height),
            format!("{:.1}", width * 0.8),
            format!("{height:.1}"),
        )
    })
    .collect()
}
