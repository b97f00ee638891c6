//! The page.

use std::sync::Arc;

use askama::Template;
use datadog_ci_pipelines::models::{QueryPageOptions, SearchRequest, Sort};
use specwright_server::axum::extract;
use specwright_server::axum::response::Response;
use specwright_server::http::Uri;

use super::facets::{FacetView, VALUES, names, views};
use super::graphs::Graphs;
use super::table::Table;
use crate::event::Level;
use crate::http::State;
use crate::http::pages::frame::{Address, Filter, Frame, RANGES, Section, render};
use crate::http::pages::show::{Chart, count};
use crate::http::pages::source::Source;
use crate::operations::FacetRequest;

/// The number of events of a page.
const PAGE: i32 = 50;

#[derive(Template)]
#[template(path = "executions.html")]
struct ExecutionsPage {
    frame: Frame,
    filter: Filter,
    ranges: &'static [(&'static str, &'static str)],
    /// The levels to choose from: link, name, and whether it is chosen.
    levels: Vec<(String, &'static str, bool)>,
    error: Option<(String, String, String)>,
    found: Option<FoundView>,
    all_time: String,
    /// What the forms keep of the address.
    kept: Vec<(String, String)>,
}

/// What is found.
struct FoundView {
    total: String,
    facets: Vec<FacetView>,
    graphs: Vec<String>,
    table: Table,
    next: Option<String>,
    newest: Option<String>,
    oldest_first: bool,
    sort_link: String,
}

/// `GET /executions`
pub(in crate::http::pages) async fn page(
    extract::State(state): extract::State<Arc<State>>,
    uri: Uri,
) -> Response {
    let address = Address::new("/executions", uri.query());
    render(&state, Section::Executions, address, build).await
}

fn build(source: &Source<'_>, address: &Address) -> Result<ExecutionsPage, Vec<String>> {
    let filter = Filter::new(address, Level::Pipeline);
    let mut frame = Frame::new("Executions", Section::Executions, address);
    let error = filter.syntax_error();
    let found = match error {
        None => Some(find(source, address, &filter)?),
        Some(_) => None,
    };
    frame.is_running = found.as_ref().is_some_and(|found| found.table.is_running);
    let level = |level: Level| {
        let other = address.with("level", level.name()).with("cursor", "").with("column", "");
        (other.link(), level.name(), level == filter.level)
    };
    let set_by_form = ["query", "from", "to", "cursor"];
    let kept = address.without(&set_by_form).map(|(a, b)| (a.to_owned(), b.to_owned()));
    Ok(ExecutionsPage {
        frame,
        ranges: &RANGES,
        levels: [Level::Pipeline, Level::Stage, Level::Job, Level::Step].map(level).into(),
        error,
        found,
        all_time: address.with("from", "0").with("to", "").with("cursor", "").link(),
        kept: kept.collect(),
        filter,
    })
}

fn find(source: &Source<'_>, address: &Address, filter: &Filter) -> Result<FoundView, Vec<String>> {
    let oldest_first = address.get("sort") == Some("timestamp");
    let sort = if oldest_first { Sort::TimestampAscending } else { Sort::TimestampDescending };
    let cursor = address.get("cursor").map(str::to_owned);
    let is_first = cursor.is_none();
    let mut page = QueryPageOptions::default();
    (page.cursor, page.limit) = (cursor, Some(PAGE));
    let mut request = SearchRequest::default();
    request.filter = Some(filter.to_api());
    request.page = Some(page);
    request.sort = Some(sort);
    let found = source.search(request)?;
    let is_more = found.events.len() == usize::try_from(PAGE).unwrap_or_default();
    let next = found.next.filter(|_| is_more);
    let names = names(filter.level);
    let api = filter.to_api();
    let requested = FacetRequest { filter: &api, names: &names, limit: VALUES };
    let (facets, total, graphs) = match Graphs::new(source, filter)? {
        Some(graphs) => {
            let requests = graphs.requests(filter);
            let counted = source.aggregate_with(requests, Some(&requested))?;
            let charts = graphs.charts(&counted.buckets);
            (counted.facets, counted.events, charts.iter().map(Chart::html).collect())
        }
        None => (Vec::new(), 0, Vec::new()),
    };
    Ok(FoundView {
        total: count(total as f64),
        facets: views(facets, address, filter),
        graphs,
        table: Table::new(&found.events, address, filter, source.now()),
        next: next.map(|cursor| address.with("cursor", &cursor).link()),
        newest: (!is_first).then(|| address.with("cursor", "").link()),
        oldest_first,
        sort_link: address
            .with("sort", if oldest_first { "" } else { "timestamp" })
            .with("cursor", "")
            .link(),
    })
}
