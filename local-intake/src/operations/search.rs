//! Listing events.

use std::sync::atomic::{AtomicU64, Ordering};

use datadog_ci_pipelines::JsonObject;
use datadog_ci_pipelines::models::{
    Event, EventAttributes, EventsPage, QueryOptions, ResponseLinks,
    ResponseMetadataWithPagination, ResponsePage, ResponseStatus, Sort,
};

use super::intake::Intake;
use super::list_request::ListRequest;
use super::listings::Listing;
use crate::common::{Granted, Problems, Stopped, Work, lock};
use crate::query::Query;
use crate::store::{Range, Selected, StoredEvent, cursor, last_event, position_after};
use crate::time::{DEFAULT_FROM, DEFAULT_TO, Zone, parse_timestamp};

/// The default page size. The maximum is in the OpenAPI document.
const DEFAULT_LIMIT: i32 = 10;

/// A page of a listing.
pub(crate) struct Found {
    pub(crate) events: Vec<Selected>,
    /// The cursor of the next page.
    pub(crate) next: Option<String>,
    /// The memory of the response.
    pub(crate) memory: Granted,
}

/// Pipelines by id.
#[cfg(feature = "pages")]
pub(crate) struct Pipelines {
    pub(crate) found: Vec<(String, Selected)>,
    /// The memory of the response.
    pub(crate) memory: Granted,
}

impl Intake {
    /// Returns a page of events. `base` is the URL of this server.
    ///
    /// # Errors
    /// Returns all problems of the request.
    pub(crate) fn list(
        &self,
        request: &ListRequest,
        base: &str,
        work: &Work,
    ) -> Result<(EventsPage, Granted), Vec<String>> {
        let (request, page) = self.find(request, work)?;
        let Found { events, next, memory } = page;
        let mut meta = ResponseMetadataWithPagination::default();
        meta.elapsed = Some(elapsed(work));
        meta.request_id = Some(request_id());
        meta.status = Some(ResponseStatus::Done);
        meta.page = next.clone().map(|after| {
            let mut page = ResponsePage::default();
            page.after = Some(after);
            page
        });
        let mut data = Vec::with_capacity(events.len());
        for event in events {
            data.push(to_model(event.to_event()));
            work.check().map_err(stopped)?;
        }
        let mut page = EventsPage::default();
        page.data = Some(data);
        page.links = next.map(|next| {
            let mut links = ResponseLinks::default();
            links.next = Some(request.next_url(base, &next));
            links
        });
        page.meta = Some(Box::new(meta));
        Ok((page, memory))
    }

    /// Finds a page of events. Returns it with the request in UTC.
    ///
    /// # Errors
    /// Returns all problems of the request.
    pub(crate) fn find(
        &self,
        request: &ListRequest,
        work: &Work,
    ) -> Result<(ListRequest, Found), Vec<String>> {
        let mut problems = Problems::default();
        let now = self.clock.nanoseconds();
        let zone = zone(request.options.as_ref(), &mut problems);
        let request = request.in_utc(&zone);
        let store = self.store();
        let listing = match request.cursor.as_deref() {
            None | Some("") => None,
            Some(cursor) => {
                let listing = self.resume(&request, cursor);
                problems.ok("page", listing.ok_or("invalid cursor"))
            }
        };
        let listing = listing.unwrap_or(Listing { progress: store.start_listing(), from: None });
        let (query, range) = filter(
            [request.query.as_deref(), request.from.as_deref(), request.to.as_deref()],
            &zone,
            listing.from,
            now,
            &mut problems,
        );
        let limit = request.limit.unwrap_or(DEFAULT_LIMIT);
        if limit < 1 {
            problems.0.push(format!("{} must be at least 1, is {limit}", request.limit_name));
        }
        let newest_first = match &request.sort {
            None | Some(Sort::TimestampDescending) => true,
            Some(Sort::TimestampAscending) => false,
            Some(sort) => {
                let known = Sort::VALUES.join(" or ");
                problems.invalid("sort", format!("must be {known}, is {}", sort.as_str()));
                true
            }
        };
        if !problems.0.is_empty() {
            return Err(problems.0);
        }
        let limit = usize::try_from(limit).unwrap_or_default();
        let page = store
            .list(&query, range, newest_first, listing.progress, limit, work)
            .map_err(stopped)?;
        let memory = page.events.iter().map(memory).sum();
        let memory = self.memory.grant(memory, work).map_err(stopped)?;
        let listing = Listing { progress: page.progress, from: Some(range.from) };
        let last = page.events.last().map(|last| last.id.clone());
        // After an empty page, a listing has another position.
        let position = last.or_else(|| position_after(&last_event(request.cursor.as_deref()?)?));
        let next = position.map(|position| {
            lock(&self.listings).insert(request.key(&position), listing);
            cursor(&position)
        });
        Ok((request, Found { events: page.events, next, memory }))
    }

    /// Returns the newest event of each pipeline with one of these ids.
    ///
    /// # Errors
    /// Returns why it was stopped.
    #[cfg(feature = "pages")]
    pub(crate) fn pipelines(&self, ids: &[&str], work: &Work) -> Result<Pipelines, Vec<String>> {
        let mut found = Vec::new();
        for id in ids {
            found.extend(self.store().pipeline(id).map(|event| ((*id).to_owned(), event)));
            work.check().map_err(stopped)?;
        }
        let memory = found.iter().map(|(_, event)| memory(event)).sum();
        let memory = self.memory.grant(memory, work).map_err(stopped)?;
        Ok(Pipelines { found, memory })
    }

    /// Returns the listing of a cursor. Returns `None` if the cursor does not contain an event.
    fn resume(&self, request: &ListRequest, cursor: &str) -> Option<Listing> {
        let last = last_event(cursor)?;
        let known = lock(&self.listings).get(&request.key(&last));
        // The position of an evicted listing follows from the cursor alone.
        known
            .or_else(|| Some(Listing { progress: self.store().resume_listing(&last)?, from: None }))
    }
}

/// Returns the size in bytes of an event in a response while it is created.
fn memory(event: &Selected) -> usize {
    1000 + 3 * event.sent.len()
}

/// Returns the problem of a query that has ended without a result.
pub(super) fn stopped(stopped: Stopped) -> Vec<String> {
    vec![stopped.to_string()]
}

/// Parses a filter. A listing in progress keeps its start. Problems are reported, and a placeholder
/// is returned instead of the invalid part.
pub(super) fn filter(
    [query, from, to]: [Option<&str>; 3],
    zone: &Zone,
    listing_from: Option<i64>,
    now: i64,
    problems: &mut Problems,
) -> (Query, Range) {
    let query = problems.ok("filter.query", query.unwrap_or("*").parse());
    let mut time = |field, value: Option<&str>, default| {
        problems.ok(field, parse_timestamp(value.unwrap_or(default), now, zone))
    };
    let from = time("filter.from", from, DEFAULT_FROM).map(|from| listing_from.unwrap_or(from));
    let to = time("filter.to", to, DEFAULT_TO);
    // An empty range avoids errors that follow from an invalid timestamp.
    let (from, to) = from.zip(to).unwrap_or((1, 0));
    if from > to && problems.0.is_empty() {
        problems.invalid("filter", "`from` must not be after `to`");
    }
    (query.unwrap_or(Query::All), Range { from, to, now })
}

/// Returns the time zone of a request. If it is invalid, reports the problem and returns UTC.
pub(super) fn zone(options: Option<&QueryOptions>, problems: &mut Problems) -> Zone {
    Zone::from_options(options).unwrap_or_else(|problem| {
        problems.0.push(problem);
        Zone::default()
    })
}

/// The tags that every recorded event of the service has, before its own.
const SOURCE: [&str; 2] = ["source:apm", "source:apm"];

fn to_model(event: StoredEvent) -> Event {
    let mut attributes = EventAttributes::default();
    // Serializing JSON values cannot fail.
    attributes.attributes = JsonObject::from_value(&event.attributes).ok();
    attributes.ci_level = Some(event.level.name().into());
    attributes.tags = Some(SOURCE.map(str::to_owned).into_iter().chain(event.tags).collect());
    let mut model = Event::default();
    model.attributes = Some(attributes);
    model.id = Some(event.id);
    model.r#type = Some("cipipeline".into());
    model
}

pub(super) fn elapsed(work: &Work) -> i64 {
    i64::try_from(work.started().elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// Returns an id that is unique within this process.
pub(super) fn request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("intake-{:08}", NEXT.fetch_add(1, Ordering::Relaxed))
}
