//! The facets with the numbers of their values.

use serde_json::Value;

use crate::event::Level;
use crate::http::pages::frame::{Address, Filter, with_clause, without_clause};
use crate::http::pages::pipelines::quoted;
use crate::http::pages::show::count;
use crate::operations::Facet;

/// The number of values of a facet.
pub(super) const VALUES: usize = 10;

/// A facet as it is shown.
pub(super) struct FacetView {
    pub(super) title: &'static str,
    pub(super) name: String,
    pub(super) values: Vec<ValueView>,
}

/// A value of a facet. Its link adds it to the query, or removes it.
pub(super) struct ValueView {
    pub(super) value: String,
    pub(super) count: String,
    pub(super) link: String,
    pub(super) is_chosen: bool,
    /// The width of the bar, of 100.
    pub(super) share: String,
}

/// Returns the facets of a level: title and name.
fn of_level(level: Level) -> Vec<(&'static str, &'static str)> {
    let mut facets = vec![("Status", "@ci.status"), ("Pipeline", "@ci.pipeline.name")];
    match level {
        Level::Pipeline => facets.push(("Partial retry", "@ci.partial_pipeline")),
        Level::Stage => facets.push(("Stage", "@ci.stage.name")),
        Level::Job => facets.extend([
            ("Job", "@ci.job.name"),
            ("Stage", "@ci.stage.name"),
            ("On critical path", "@ci.on_critical_path"),
        ]),
        Level::Step => facets.extend([("Step", "@ci.step.name"), ("Job", "@ci.job.name")]),
    }
    facets.extend([
        ("Branch", "@git.branch"),
        ("Repository", "@git.repository.name"),
        ("Author", "@git.commit.author.email"),
        ("Error type", "@error.type"),
        ("Error domain", "@error.domain"),
        ("Node", "@ci.node.name"),
        ("Provider", "@ci.provider.name"),
        ("Environment", "env"),
    ]);
    facets
}

/// Returns the names of the facets of a level.
pub(super) fn names(level: Level) -> Vec<String> {
    of_level(level).iter().map(|(_, name)| (*name).to_owned()).collect()
}

/// Returns the facets that have values.
pub(super) fn views(facets: Vec<Facet>, address: &Address, filter: &Filter) -> Vec<FacetView> {
    let all = of_level(filter.level);
    let views = all.iter().zip(facets).filter(|(_, facet)| !facet.values.is_empty());
    let views = views.map(|((title, _), facet)| {
        let most = facet.values.first().map_or(1, |(_, count)| *count).max(1);
        let values = facet.values.iter().map(|(value, number)| {
            let (link, is_chosen) = toggled(address, filter, &facet.name, value);
            ValueView {
                value: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
                count: count(*number as f64),
                link,
                is_chosen,
                share: format!("{:.1}", *number as f64 / most as f64 * 100.0),
            }
        });
        FacetView { title, values: values.collect(), name: facet.name }
    });
    views.collect()
}

/// Returns a link to the page with a value added to the query, or removed from it.
fn toggled(address: &Address, filter: &Filter, name: &str, value: &Value) -> (String, bool) {
    let value = match value {
        Value::String(string) => quoted(string),
        other => other.to_string(),
    };
    let clause = format!("{name}:{value}");
    let rest = without_clause(&filter.query, &clause);
    let is_chosen = rest.is_some();
    let query = rest.unwrap_or_else(|| with_clause(&filter.query, &clause));
    (address.with("query", &query).with("cursor", "").link(), is_chosen)
}
