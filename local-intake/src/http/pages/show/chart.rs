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

/// A bar in the box of a chart.
pub(in crate::http::pages) struct Bar {
    pub(in crate::http::pages) class: &'static str,
    pub(in crate::http::pages) x: String,
    pub(in crate::http::pages) y: String,
    pub(in crate::http::pages) width: String,
    pub(in crate::http::pages) height: String,
    pub(in crate::http::pages) title: String,
}

impl Chart {
    /// Returns the chart as HTML. Everything in it is escaped.
    pub(in crate::http::pages) fn html(&self) -> String {
        let maximum = self.maximum();
        let template = ChartTemplate {
            chart: self,
            bars: if self.is_stacked { self.bars() } else { Vec::new() },
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

    fn bars(&self) -> Vec<Bar> {
        stacked(&self.series, (WIDTH, HEIGHT), |i, series, value| {
            let time = self.times.get(i).map(|time| Time(*time).utc()).unwrap_or_default();
            format!("{} {}, {time} UTC", (self.format)(value), series.name)
        })
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

/// Returns stacked bars without a legend, in a box of 100 by 20.
pub(in crate::http::pages) fn spark(series: &[Series]) -> Vec<Bar> {
    stacked(series, (100.0, 20.0), |_, _, _| String::new())
}

/// Returns a bar for each value of each series in a box.
fn stacked(
    series: &[Series],
    (width, height): (f64, f64),
    title: impl Fn(usize, &Series, f64) -> String,
) -> Vec<Bar> {
    let count = series.iter().map(|series| series.values.len()).max().unwrap_or_default();
    let value = |series: &Series, i: usize| -> f64 {
        series.values.get(i).copied().unwrap_or_default().max(0.0)
    };
    let sum = |i| series.iter().map(|series| value(series, i)).sum::<f64>();
    let maximum = (0..count).map(sum).fold(0.0, f64::max);
    let step = width / count.max(1) as f64;
    let mut bars = Vec::new();
    for i in 0..count {
        let mut below = 0.0;
        for series in series.iter().filter(|series| value(series, i) > 0.0) {
            // A value that is not zero is visible.
            let tall = (value(series, i) / maximum * height).max(height / 100.0);
            below += tall;
            bars.push(Bar {
                class: series.class,
                x: format!("{:.1}", (i as f64 + 0.08) * step),
                y: format!("{:.1}", height - below),
                width: format!("{:.1}", step * 0.84),
                height: format!("{tall:.1}"),
                title: title(i, series, value(series, i)),
            });
        }
    }
    bars
}
