//! What a listing asks for.

use datadog_ci_pipelines::models::{QueryOptions, SearchRequest, Sort};

use crate::time::Zone;

/// The path of the list operation. The link to the next page always refers to it.
const LIST_PATH: &str = "/api/v2/ci/pipelines/events";

/// The parameters of a listing, from either of the two operations.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListRequest {
    pub(crate) query: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) sort: Option<Sort>,
    pub(crate) cursor: Option<String>,
    pub(crate) limit: Option<i32>,
    /// The name of the limit in error messages.
    pub(crate) limit_name: &'static str,
    pub(crate) options: Option<QueryOptions>,
}

impl From<SearchRequest> for ListRequest {
    fn from(request: SearchRequest) -> Self {
        let filter = request.filter.unwrap_or_default();
        let page = request.page.unwrap_or_default();
        Self {
            query: filter.query,
            from: filter.from,
            to: filter.to,
            sort: request.sort,
            cursor: page.cursor,
            limit: page.limit,
            limit_name: "/page/limit",
            options: request.options,
        }
    }
}

impl ListRequest {
    /// Returns the request with times in UTC, because the link to the next page has no time zone.
    pub(super) fn in_utc(&self, zone: &Zone) -> Self {
        let mut request = self.clone();
        for time in [&mut request.from, &mut request.to].into_iter().flatten() {
            if let Some(utc) = zone.to_utc(time) {
                *time = utc;
            }
        }
        request
    }

    /// Returns the key of the listing whose last event is `last`. It distinguishes listings that
    /// share a last event.
    pub(super) fn key(&self, last: &str) -> String {
        let Self { query, from, to, sort, .. } = self;
        let filter = [query, from, to].map(|value| value.as_deref().unwrap_or_default());
        let sort = sort.as_ref().map_or("", |sort| sort.as_str());
        format!("{last}\n{sort}\n{}", filter.join("\n"))
    }

    /// Returns the URL of the next page. Times are as in the request, parameters in alphabetical
    /// order.
    pub(super) fn next_url(&self, base: &str, cursor: &str) -> String {
        let limit = self.limit.map(|limit| limit.to_string());
        let parameters = [
            ("filter[from]", self.from.as_deref()),
            ("filter[query]", self.query.as_deref()),
            ("filter[to]", self.to.as_deref()),
            ("page[cursor]", Some(cursor)),
            ("page[limit]", limit.as_deref()),
            ("sort", self.sort.as_ref().map(Sort::as_str)),
        ];
        let present = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let query: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(present).finish();
        format!("{base}{LIST_PATH}?{query}")
    }
}
