//! The query, level and time range of a page.

use datadog_ci_pipelines::models::QueryFilter;

use super::Address;
use super::clauses::trimmed;
use crate::event::Level;
use crate::query::Query;

/// The time ranges to choose from, as the API has them.
pub(in crate::http::pages) const RANGES: [(&str, &str); 9] = [
    ("now-15m", "15 minutes"),
    ("now-1h", "1 hour"),
    ("now-4h", "4 hours"),
    ("now-1d", "1 day"),
    ("now-2d", "2 days"),
    ("now-7d", "1 week"),
    ("now-30d", "30 days"),
    ("now-90d", "90 days"),
    ("0", "all time"),
];
/// The time range without one in the address.
const DEFAULT_FROM: &str = "now-1d";

/// What a page is about.
#[derive(Clone, Debug)]
pub(in crate::http::pages) struct Filter {
    /// The query as it was entered.
    pub(in crate::http::pages) query: String,
    pub(in crate::http::pages) level: Level,
    pub(in crate::http::pages) from: String,
    pub(in crate::http::pages) to: String,
}

impl Filter {
    /// Reads the filter of an address.
    pub(in crate::http::pages) fn new(address: &Address, level: Level) -> Self {
        let value = |name: &str, default: &str| address.get(name).unwrap_or(default).to_owned();
        let level = address.get("level").and_then(Level::from_name).unwrap_or(level);
        let (from, to) = (value("from", DEFAULT_FROM), value("to", "now"));
        Self { query: value("query", ""), level, from, to }
    }

    /// Returns the filter of a request to the API.
    pub(in crate::http::pages) fn to_api(&self) -> QueryFilter {
        self.to_api_with("")
    }

    /// Returns the filter of a request to the API, with another condition.
    pub(in crate::http::pages) fn to_api_with(&self, condition: &str) -> QueryFilter {
        let mut query = format!("ci_level:{}", self.level.name());
        for part in [trimmed(&self.query), condition] {
            if !part.is_empty() {
                query.push_str(&format!(" ({part})"));
            }
        }
        let mut filter = QueryFilter::default();
        filter.query = Some(query);
        filter.from = Some(self.from.clone());
        filter.to = Some(self.to.clone());
        filter
    }

    /// Returns the syntax error of the query: the part of the query before it, the rest, and the reason.
    pub(in crate::http::pages) fn syntax_error(&self) -> Option<(String, String, String)> {
        let query = trimmed(&self.query);
        if query.is_empty() {
            return None;
        }
        let error = query.parse::<Query>().err()?;
        let before: String = query.chars().take(error.position.saturating_sub(1)).collect();
        let rest = query.get(before.len()..).unwrap_or_default().to_owned();
        Some((before, rest, error.message))
    }

    /// Returns whether the time range is one to choose from.
    pub(in crate::http::pages) fn is_custom(&self) -> bool {
        self.to != "now" || RANGES.iter().all(|(from, _)| *from != self.from)
    }
}
