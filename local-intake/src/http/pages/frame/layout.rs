//! Rendering a page within the layout.

use std::sync::Arc;

use askama::Template;
use specwright_server::axum::response::{Html, IntoResponse, Response};
use specwright_server::http::StatusCode;
use specwright_server::http::header::{CACHE_CONTROL, ETAG};

use super::Address;
use super::assets::tag;
use crate::http::State;
use crate::http::pages::source::Source;

/// The pages of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http::pages) enum Section {
    Pipelines,
    Executions,
    Jobs,
    Requests,
}

/// The parts of an address that other pages understand, too.
const SHARED: [&str; 2] = ["from", "to"];

impl Section {
    const ALL: [Self; 4] = [Self::Pipelines, Self::Executions, Self::Jobs, Self::Requests];

    fn path_and_title(self) -> (&'static str, &'static str) {
        match self {
            Self::Pipelines => ("/", "Pipelines"),
            Self::Executions => ("/executions", "Executions"),
            Self::Jobs => ("/jobs", "Jobs"),
            Self::Requests => ("/requests", "Requests"),
        }
    }
}

/// What surrounds a page.
#[derive(Clone, Debug)]
pub(in crate::http::pages) struct Frame {
    pub(in crate::http::pages) title: String,
    /// The pages of the navigation: link, title, and whether it is the current one.
    pub(in crate::http::pages) navigation: Vec<(String, &'static str, bool)>,
    /// Whether the page shows something that is running, and so changes by itself.
    pub(in crate::http::pages) is_running: bool,
}

impl Frame {
    pub(in crate::http::pages) fn new(
        title: impl Into<String>,
        section: Section,
        address: &Address,
    ) -> Self {
        let link = |other: Section| {
            let (path, title) = other.path_and_title();
            (address.at(path, &SHARED).link(), title, other == section)
        };
        Self { title: title.into(), navigation: Section::ALL.map(link).into(), is_running: false }
    }
}

/// A page with the problems of a request.
#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    frame: Frame,
    problems: Vec<String>,
    /// Links to the same page without what may be the reason.
    alternatives: Vec<(String, &'static str)>,
}

impl ProblemsPage {
    fn new(section: Section, address: &Address, problems: Vec<String>) -> Self {
        let first = address.with("cursor", "");
        let day = first.with("from", "").with("to", "");
        let mut alternatives = Vec::new();
        if first != *address {
            alternatives.push((first.link(), "First page"));
        }
        if day != first {
            alternatives.push((day.link(), "The same for the last day"));
        }
        Self { frame: Frame::new("Problem", section, address), problems, alternatives }
    }
}

/// Creates a page with the results of requests to the API, without delaying other requests. If a
/// request is rejected, the page shows why.
pub(in crate::http::pages) async fn render<P: Template>(
    state: &Arc<State>,
    section: Section,
    address: Address,
    page: impl FnOnce(&Source<'_>, &Address) -> Result<P, Vec<String>> + Send + 'static,
) -> Response {
    let page =
        |source: &Source<'_>, address: &Address| Ok((StatusCode::OK, page(source, address)?));
    render_with_status(state, section, address, page).await
}

/// Creates a page like [`render`]. The page decides on the status of the response.
pub(in crate::http::pages) async fn render_with_status<P: Template>(
    state: &Arc<State>,
    section: Section,
    address: Address,
    page: impl FnOnce(&Source<'_>, &Address) -> Result<(StatusCode, P), Vec<String>> + Send + 'static,
) -> Response {
    let rendered = state.intake.process(move |intake, work| {
        let source = Source::new(intake, work);
        let rendered = match page(&source, &address) {
            Ok((status, page)) => (status, page.render()),
            Err(problems) => {
                let page = ProblemsPage::new(section, &address, problems);
                (StatusCode::BAD_REQUEST, page.render())
            }
        };
        (rendered, source.into_memory())
    });
    let (status, html) = match rendered.await {
        Ok(((status, Ok(html)), _memory)) => (status, html),
        Ok(((_, Err(error)), _)) => {
            tracing::error!(%error, "cannot render a page");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        Err(error) => {
            tracing::error!(error = error.chain(), "cannot process the request of a page");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let tag = tag(&html);
    (status, [(CACHE_CONTROL, "no-store".to_owned()), (ETAG, tag)], Html(html)).into_response()
}
