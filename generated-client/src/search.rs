//! Shorthand API for searches.

use std::borrow::Cow;

use specwright_runtime::JsonView;

use crate::models::{Event, QueryFilter, QueryPageOptions, Sort};
use crate::operations::SearchPipelineEvents;

/// Setters for the most frequent parts of the body; [`SearchPipelineEvents::body`] sets all of it.
///
/// ```
/// use datadog_ci_pipelines::models::Sort;
/// # use datadog_ci_intake::LocalIntake;
/// # use datadog_ci_pipelines::models::Stage;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let intake = LocalIntake::start().await?;
/// # intake.clock().set("2026-07-14T10:00:00Z".parse()?);
/// # let client = intake.client();
/// # let mut stages = Vec::new();
/// # for (id, status) in [("s-1", "error"), ("s-2", "success"), ("s-3", "error"), ("s-4", "error")] {
/// #     let stage = Stage::builder()
/// #         .id(id)
/// #         .name("build")
/// #         .pipeline_unique_id("run-1")
/// #         .pipeline_name("deploy")
/// #         .start("2026-07-14T09:40:00Z".parse()?)
/// #         .end("2026-07-14T09:50:00Z".parse()?)
/// #         .status(status);
/// #     stages.push(stage.build()?);
/// # }
/// # client.send_all(stages).await.into_result()?;
/// let failed = client
///     .search_pipeline_events()
///     .query("ci_level:stage @ci.status:error")
///     .from("now-1d")
///     .to("now")
///     .sort(Sort::TimestampAscending)
///     .limit(2);
///
/// // Every event, whatever the number of pages.
/// let mut events = failed.clone().stream();
/// let mut ids = Vec::new();
/// while let Some(event) = events.try_next().await? {
///     ids.extend(event.str("ci.stage.id").map(String::from));
/// }
/// assert_eq!(ids, ["s-1", "s-3", "s-4"]);
///
/// // Page by page, with metadata.
/// let mut pages = failed.pages();
/// while let Some(page) = pages.try_next().await? {
///     let count = page.data.iter().flatten().count();
///     println!("{count} events, {:?} requests left", page.rate_limit().remaining);
/// #   assert!(count <= 2);
/// }
/// # Ok(())
/// # }
/// ```
impl<C> SearchPipelineEvents<C> {
    /// Sets the query, in the search syntax of the CI Visibility Explorer, for example
    /// `@ci.status:error`.
    pub fn query(self, query: impl Into<String>) -> Self {
        self.filter(|filter| filter.query = Some(query.into()))
    }

    /// Sets the earliest timestamp: relative to now (`now-1d`), milliseconds since 1970, or ISO 8601.
    /// Defaults to 15 minutes ago.
    pub fn from(self, from: impl Into<String>) -> Self {
        self.filter(|filter| filter.from = Some(from.into()))
    }

    /// Sets the latest timestamp, in the formats of [`SearchPipelineEvents::from`]. Defaults to now.
    pub fn to(self, to: impl Into<String>) -> Self {
        self.filter(|filter| filter.to = Some(to.into()))
    }

    /// Sets the order. Defaults to newest first.
    pub fn sort(mut self, sort: impl Into<Sort>) -> Self {
        self.body.get_or_insert_default().sort = Some(sort.into());
        self
    }

    /// Sets the page size, at most 1000. A stream fetches all pages.
    pub fn limit(mut self, limit: i32) -> Self {
        self.page().limit = Some(limit);
        self
    }

    /// Continues after an earlier page, with its `meta.page.after`.
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
    /// Returns an attribute by its path, for example `ci.pipeline.name`.
    ///
    /// ```
    /// # use datadog_ci_intake::LocalIntake;
    /// # use datadog_ci_pipelines::models::Stage;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let intake = LocalIntake::start().await?;
    /// # intake.clock().set("2026-07-14T10:00:00Z".parse()?);
    /// # let client = intake.client();
    /// # let stage = Stage::builder()
    /// #     .id("s-1")
    /// #     .name("build")
    /// #     .pipeline_unique_id("run-1")
    /// #     .pipeline_name("deploy")
    /// #     .start("2026-07-14T09:50:00Z".parse()?)
    /// #     .end("2026-07-14T09:52:00Z".parse()?)
    /// #     .status("success")
    /// #     .metrics(["tests.failed:3"])
    /// #     .tags(["team:docs"]);
    /// # client.send(stage.build()?).await?;
    /// let found = client.search_pipeline_events().query("team:docs").stream().try_next().await?;
    /// let event = found.ok_or("no event found")?;
    /// assert_eq!(event.str("ci.pipeline.name").as_deref(), Some("deploy"));
    /// // Durations are in nanoseconds.
    /// assert_eq!(event.get("duration").and_then(|n| n.as_i64()), Some(120_000_000_000));
    /// // Custom metrics are found by name, including dots.
    /// assert_eq!(event.get("tests.failed").and_then(|n| n.as_f64()), Some(3.0));
    /// assert!(event.get("ci.job.name").is_none());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    #[doc(alias = "attribute")]
    pub fn get(&self, path: &str) -> Option<JsonView<'_>> {
        self.attributes.as_ref()?.attributes.as_ref()?.get(path)
    }

    /// Returns an attribute that is a string, by its path.
    ///
    /// ```
    /// use datadog_ci_pipelines::models::Event;
    ///
    /// let event: Event = serde_json::from_str(
    ///     r#"{"attributes": {"attributes": {"ci": {"pipeline": {"name": "deploy"}}, "duration": 5}}}"#,
    /// )?;
    /// assert_eq!(event.str("ci.pipeline.name").as_deref(), Some("deploy"));
    /// assert!(event.str("ci.job.name").is_none() && event.str("duration").is_none());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "string")]
    pub fn str(&self, path: &str) -> Option<Cow<'_, str>> {
        self.get(path)?.as_str()
    }

    /// Returns the tags, each as `key:value`.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.tags.as_deref())
            .unwrap_or_default()
    }
}
