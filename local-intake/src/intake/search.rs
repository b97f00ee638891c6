//! Listing, searching and aggregating: from what is asked to what is answered.

use std::time::Instant;

use datadog_ci_pipelines::JsonObject;
use datadog_ci_pipelines::models::{
    AggregateBuckets, AggregateRequest, AggregateResponse, Event, EventAttributes, EventsPage,
    QueryFilter, QueryOptions, ResponseLinks, ResponseMetadata, ResponseMetadataWithPagination,
    ResponsePage, ResponseStatus, SearchRequest, Sort,
};

use super::Intake;
use super::listings::Begun;
use crate::aggregate::{Plan, Window};
use crate::problem::Problems;
use crate::query::Query;
use crate::store::{Found, Range, Store, after, cursor};
use crate::sync::lock;
use crate::time::{self, Zone, moment};

/// The path of the operation that lists events: the next page is always there.
const LIST: &str = "/api/v2/ci/pipelines/events";
/// How many events a page has if nothing is said. How many it has at most, the description says.
const DEFAULT_LIMIT: i32 = 10;

/// What a listing asks for, whichever operation it came by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    pub(crate) query: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) sort: Option<Sort>,
    pub(crate) cursor: Option<String>,
    pub(crate) limit: Option<i32>,
    /// What the limit is called where it was given.
    pub(crate) limit_name: &'static str,
    pub(crate) options: Option<QueryOptions>,
}

impl From<SearchRequest> for Ask {
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

impl Intake {
    /// A page of the events that are asked for. `base` is the address of this server.
    pub(crate) fn list(&self, ask: &Ask, base: &str) -> Result<EventsPage, Vec<String>> {
        let started = Instant::now();
        let mut problems = Problems::default();
        let now = self.clock.nanoseconds();
        let zone = zone(ask.options.as_ref(), &mut problems);
        let ask = &ask.at_home(&zone);
        let store = self.store();
        let begun = match ask.cursor.as_deref() {
            None | Some("") => None,
            Some(cursor) => {
                problems.ok("page", self.begun(ask, cursor, &store).ok_or("invalid cursor"))
            }
        };
        let begun = begun.unwrap_or(Begun { progress: store.beginning(), from: None });
        let (query, range) = self.filter(
            [ask.query.as_deref(), ask.from.as_deref(), ask.to.as_deref()],
            &zone,
            begun.from,
            now,
            &mut problems,
        );
        let limit = ask.limit.unwrap_or(DEFAULT_LIMIT);
        if limit < 1 {
            problems.0.push(format!("{} must be at least 1, is {limit}", ask.limit_name));
        }
        let newest_first = match &ask.sort {
            None | Some(Sort::TimestampDescending) => true,
            Some(Sort::TimestampAscending) => false,
            Some(Sort::Unknown(sort)) => {
                let known = Sort::VALUES.join(" or ");
                problems.invalid("sort", format!("must be {known}, is {sort}"));
                true
            }
        };
        if !problems.0.is_empty() {
            return Err(problems.0);
        }
        let limit = usize::try_from(limit).unwrap_or_default();
        let page = store.list(&query, range, newest_first, begun.progress, limit);
        drop(store);
        let begun = Begun { progress: page.progress, from: Some(range.from) };
        let next = page.events.last().map(|last| {
            lock(&self.listings).remember(ask.key(&last.id), begun);
            cursor(&last.id)
        });
        let meta = ResponseMetadataWithPagination {
            elapsed: Some(elapsed(started)),
            request_id: Some(request_id()),
            status: Some(ResponseStatus::Done),
            page: next
                .clone()
                .map(|after| ResponsePage { after: Some(after), ..ResponsePage::default() }),
            ..ResponseMetadataWithPagination::default()
        };
        Ok(EventsPage {
            data: Some(page.events.into_iter().map(event).collect()),
            links: next.map(|next| ResponseLinks {
                next: Some(ask.address(base, &next)),
                ..ResponseLinks::default()
            }),
            meta: Some(Box::new(meta)),
            ..EventsPage::default()
        })
    }

    /// The listing that a cursor goes on with; none if it is of no event.
    fn begun(&self, ask: &Ask, cursor: &str, store: &Store) -> Option<Begun> {
        let id = after(cursor)?;
        let remembered = lock(&self.listings).begun(&ask.key(&id));
        // Of a listing that is forgotten, the cursor itself says where it was.
        remembered.or_else(|| Some(Begun { progress: store.behind(&id)?, from: None }))
    }

    /// The buckets that are asked for.
    pub(crate) fn aggregate(
        &self,
        request: &AggregateRequest,
    ) -> Result<AggregateResponse, Vec<String>> {
        let started = Instant::now();
        let mut problems = Problems::default();
        let now = self.clock.nanoseconds();
        let empty = QueryFilter::default();
        let filter = request.filter.as_ref().unwrap_or(&empty);
        let zone = zone(request.options.as_ref(), &mut problems);
        let (query, range) = self.filter(
            [filter.query.as_deref(), filter.from.as_deref(), filter.to.as_deref()],
            &zone,
            None,
            now,
            &mut problems,
        );
        let window = Window { from: range.from, to: range.to };
        let plan = match Plan::of(request, window, &zone) {
            Ok(plan) if problems.0.is_empty() => plan,
            plan => {
                problems.0.extend(plan.err().into_iter().flatten());
                return Err(problems.0);
            }
        };
        let store = self.store();
        let buckets = plan.run(store.rows(&query, range), store.vocabulary());
        drop(store);
        let meta = ResponseMetadata {
            elapsed: Some(elapsed(started)),
            request_id: Some(request_id()),
            status: Some(ResponseStatus::Done),
            ..ResponseMetadata::default()
        };
        Ok(AggregateResponse {
            data: Some(AggregateBuckets { buckets: Some(buckets), ..AggregateBuckets::default() }),
            meta: Some(Box::new(meta)),
            ..AggregateResponse::default()
        })
    }

    /// What a filter says, of a listing that may have begun at a moment. What it says wrongly is
    /// noted, and stands for something else.
    fn filter(
        &self,
        [query, from, to]: [Option<&str>; 3],
        zone: &Zone,
        begun: Option<i64>,
        now: i64,
        problems: &mut Problems,
    ) -> (Query, Range) {
        let query = problems.ok("filter.query", query.unwrap_or("*").parse());
        let mut time = |field, text: Option<&str>, default| {
            problems.ok(field, moment(text.unwrap_or(default), now, zone))
        };
        let from = time("filter.from", from, time::DEFAULT_FROM).map(|from| begun.unwrap_or(from));
        let to = time("filter.to", to, time::DEFAULT_TO);
        // A range that is not known is an empty one, in which nothing else goes wrong.
        let (from, to) = from.zip(to).unwrap_or((1, 0));
        if from > to && problems.0.is_empty() {
            problems.invalid("filter", "`from` must not be after `to`");
        }
        (query.unwrap_or(Query::All), Range { from, to, now })
    }
}

impl Ask {
    /// The same, with times that need no zone: the address of the next page has none.
    fn at_home(&self, zone: &Zone) -> Self {
        let mut ask = self.clone();
        for text in [&mut ask.from, &mut ask.to].into_iter().flatten() {
            if let Some(moment) = zone.moment_of(text) {
                *text = moment;
            }
        }
        ask
    }

    /// What tells this listing from others behind the same event.
    fn key(&self, last: &str) -> String {
        let Self { query, from, to, sort, .. } = self;
        let text = [query, from, to].map(|text| text.as_deref().unwrap_or_default());
        let sort = sort.as_ref().map_or("", |sort| sort.as_str());
        format!("{last}\n{sort}\n{}", text.join("\n"))
    }

    /// The address of the next page: times are as they were given, parameters in order of
    /// their names.
    fn address(&self, base: &str, cursor: &str) -> String {
        let limit = self.limit.map(|limit| limit.to_string());
        let parameters = [
            ("filter[from]", self.from.as_deref()),
            ("filter[query]", self.query.as_deref()),
            ("filter[to]", self.to.as_deref()),
            ("page[cursor]", Some(cursor)),
            ("page[limit]", limit.as_deref()),
            ("sort", self.sort.as_ref().map(Sort::as_str)),
        ];
        let given = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let query: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        format!("{base}{LIST}?{query}")
    }
}

/// The zone that the options name. Where they are wrong, that is noted, and it is another.
fn zone(options: Option<&QueryOptions>, problems: &mut Problems) -> Zone {
    Zone::of(options).unwrap_or_else(|problem| {
        problems.0.push(problem);
        Zone::default()
    })
}

fn event(found: Found) -> Event {
    let attributes = EventAttributes {
        // Made of JSON values, it has a JSON form.
        attributes: JsonObject::from_value(&found.attributes).ok(),
        ci_level: Some(found.level.name().into()),
        tags: Some(found.tags),
        ..EventAttributes::default()
    };
    Event {
        attributes: Some(attributes),
        id: Some(found.id),
        r#type: Some("cipipeline".into()),
        additional_properties: Default::default(),
    }
}

fn elapsed(since: Instant) -> i64 {
    i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// A name for a request: different for each of this process.
fn request_id() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("intake-{:08}", NEXT.fetch_add(1, Ordering::Relaxed))
}
