//! Reading events with few words.

use specwright_runtime::JsonView;

use crate::models::{Event, QueryFilter, QueryPageOptions, Sort};
use crate::operations::SearchPipelineEvents;

/// The parts of the body that most searches set; [`SearchPipelineEvents::body`] sets them all.
impl SearchPipelineEvents {
    /// What to look for, in the search syntax of the CI Visibility Explorer, for instance
    /// `@ci.status:error`.
    pub fn query(self, query: impl Into<String>) -> Self {
        self.filter(|filter| filter.query = Some(query.into()))
    }

    /// The earliest moment: relative to now (`now-1d`), milliseconds since 1970, or ISO 8601.
    pub fn from(self, from: impl Into<String>) -> Self {
        self.filter(|filter| filter.from = Some(from.into()))
    }

    /// The latest moment, written as in [`SearchPipelineEvents::from`].
    pub fn to(self, to: impl Into<String>) -> Self {
        self.filter(|filter| filter.to = Some(to.into()))
    }

    /// The order of the events; the newest come first unless this says otherwise.
    pub fn sort(mut self, sort: impl Into<Sort>) -> Self {
        self.body.get_or_insert_default().sort = Some(sort.into());
        self
    }

    /// How many events one page holds, at most 1000. A stream fetches as many pages as there are.
    pub fn limit(mut self, limit: i32) -> Self {
        self.page().limit = Some(limit);
        self
    }

    /// Goes on behind an earlier page, with its `meta.page.after`.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.page().cursor = Some(cursor.into());
        self
    }

    fn filter(mut self, set: impl FnOnce(&mut QueryFilter)) -> Self {
        set(self.body.get_or_insert_default().filter.get_or_insert_default());
        self
    }

    fn page(&mut self) -> &mut QueryPageOptions {
        self.body.get_or_insert_default().page.get_or_insert_default()
    }
}

impl Event {
    /// An attribute by its path, for instance `ci.pipeline.name`; `None` if there is none.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<JsonView<'_>> {
        self.attributes.as_ref()?.attributes.as_ref()?.get(path)
    }

    /// The tags, each as `key:value`; empty if there are none.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.tags.as_deref())
            .unwrap_or_default()
    }
}
