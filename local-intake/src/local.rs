//! An intake that runs: in a test's own process, or as the program.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use datadog_ci_pipelines::models::{SendData, SendDataSingleOrArray, SendRequest};
use datadog_ci_pipelines::{Client, PipelineEvent, RetryPolicy};
use specwright_server::{Gate, Limits, axum, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::faults::{Fault, Faults, inject};
use crate::intake::Intake;
use crate::keys::{Pinned, pinned};
use crate::rate_limit::RateLimit;
use crate::requests::{Recorded, Requests};
use crate::service::Service;
use crate::shared::{IntakeError, Shared};
use crate::store::{Found, Update};
use crate::{Clock, control, generated};

/// The API on this machine, for as long as this value lives.
///
/// ```
/// use datadog_ci_intake::LocalIntake;
/// use datadog_ci_pipelines::PipelineEvent;
/// use datadog_ci_pipelines::models::{Step, StepStatus};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let intake = LocalIntake::start().await?;
/// intake.clock().set("2026-07-14T10:00:00Z".parse()?);
/// let client = intake.client();
///
/// let step = Step::builder()
///     .id("1")
///     .name("cargo test")
///     .pipeline_unique_id("run-1")
///     .pipeline_name("deploy")
///     .start("2026-07-14T09:58:00Z".parse()?)
///     .end("2026-07-14T09:59:00Z".parse()?)
///     .status(StepStatus::Success)
///     .build()?;
/// intake.fail_next(1, 503);
/// assert!(client.send(PipelineEvent::new(step.clone())).await.is_err());
/// client.send(PipelineEvent::new(step)).await?;
///
/// assert_eq!(intake.events().len(), 1);
/// let page = client.search_pipeline_events().query("@duration:60s").send().await?;
/// assert_eq!(page.data.iter().flatten().count(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LocalIntake {
    url: String,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<io::Result<()>>>,
}

/// How an intake is started.
#[derive(Clone, Debug)]
#[must_use = "nothing is started before `start`"]
pub struct Builder {
    listen: SocketAddr,
    data: Option<PathBuf>,
    keys: Pinned,
    any_age: bool,
    limits: Limits,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: None,
            keys: Pinned::default(),
            any_age: false,
            limits: Limits::default(),
        }
    }
}

impl Builder {
    /// The address to listen at, instead of a free port of this machine alone.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// The directory to keep events in, instead of in memory.
    pub fn data(mut self, directory: impl Into<PathBuf>) -> Self {
        self.data = Some(directory.into());
        self
    }

    /// The API key that requests must have, instead of any. An empty one is none.
    pub fn api_key(mut self, key: impl AsRef<str>) -> Self {
        self.keys.api_key = pinned(key.as_ref());
        self
    }

    /// The application key that requests which read must have, instead of any. An empty one is
    /// none.
    pub fn app_key(mut self, key: impl AsRef<str>) -> Self {
        self.keys.app_key = pinned(key.as_ref());
        self
    }

    /// Takes events however long ago they ended, not only those of the last 18 hours.
    pub fn any_age(mut self, any_age: bool) -> Self {
        self.any_age = any_age;
        self
    }

    /// How much is taken in, and for how long it is waited for.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Starts the intake.
    ///
    /// # Errors
    /// Fails where the address cannot be listened at, or the directory cannot be used.
    pub async fn start(self) -> Result<LocalIntake, IntakeError> {
        let listen = self.listen;
        let unusable =
            |error: io::Error| IntakeError(format!("cannot listen at {listen}: {error}"));
        let listener = TcpListener::bind(listen).await.map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        let intake = match self.data {
            None => Intake::default(),
            // Reading what is there may take a while.
            Some(directory) => tokio::task::spawn_blocking(move || Intake::durable(&directory))
                .await
                .map_err(|error| IntakeError(error.to_string()))?
                .map_err(|error| IntakeError(error.to_string()))?,
        };
        let intake = Arc::new(intake);
        let shared = Arc::new(Shared {
            intake: Arc::clone(&intake),
            faults: Faults::default(),
            requests: Requests::default(),
            gate: Gate::new(self.limits.clone()),
        });
        let service = Service { intake, keys: self.keys, any_age: self.any_age, address };
        let api = generated::router(Arc::new(service), self.limits.clone())
            .layer(axum::middleware::from_fn_with_state(Arc::clone(&shared), inject));
        let router = control::router(Arc::clone(&shared)).fallback_service(api);
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async {
            // Stopped is whoever lets go, too.
            let _ = stopped.await;
        };
        let task = tokio::spawn(serve(listener, router, self.limits, stopped));
        let url = format!("http://{address}");
        Ok(LocalIntake { url, shared, stop: Some(stop), task: Some(task) })
    }
}

impl LocalIntake {
    /// Starts an intake in memory, on a free port of this machine.
    ///
    /// # Errors
    /// Fails where there is no free port.
    pub async fn start() -> Result<Self, IntakeError> {
        Builder::default().start().await
    }

    /// To start one in another way.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client of it, with keys that it takes unless others are pinned. It tries nothing
    /// again, so that a fault is seen at once.
    ///
    /// # Panics
    /// Does not: the address and the keys are valid.
    #[must_use]
    pub fn client(&self) -> Client {
        let client = Client::builder().base_url(&self.url).retry(RetryPolicy::none());
        let client = client.api_key("local").app_key("local");
        #[expect(clippy::expect_used, reason = "the address and the keys are ours")]
        client.build().expect("a local address is an address")
    }

    /// The clock that it goes by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.intake.clock
    }

    /// Every event, in the order in which they first came.
    #[must_use]
    pub fn events(&self) -> Vec<Found> {
        self.shared.intake.store().iter().collect()
    }

    /// How many events there are.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.shared.intake.store().len()
    }

    /// Everything that was sent of an event, in the order in which it came.
    #[must_use]
    pub fn history(&self, id: &str) -> Vec<Update> {
        self.shared.intake.store().history(id).map(<[Update]>::to_vec).unwrap_or_default()
    }

    /// Every request to the API so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.requests.all()
    }

    /// Takes in events without a request; they may be of any age.
    ///
    /// # Errors
    /// Fails where an event is not valid, and takes in none of them.
    pub async fn seed<E: Into<PipelineEvent>>(
        &self,
        events: impl IntoIterator<Item = E>,
    ) -> Result<(), IntakeError> {
        let events = events.into_iter().map(|event| SendData::from(event.into())).collect();
        let data = Some(SendDataSingleOrArray::Array(events));
        let request = SendRequest { data, additional_properties: Default::default() };
        self.shared.seed(request).await
    }

    /// Forgets events, requests and faults, and frees the clock.
    ///
    /// # Errors
    /// Fails where the directory of the events cannot be written any more.
    pub async fn reset(&self) -> Result<(), IntakeError> {
        self.shared.reset().await
    }

    /// Refuses the next `n` requests with a status.
    pub fn fail_next(&self, n: usize, status: u16) {
        self.faults(vec![Fault::Status { status, retry_after: None }; n]);
    }

    /// Closes the connection of the next `n` requests before they are carried out.
    pub fn drop_next(&self, n: usize) {
        self.faults(vec![Fault::Drop; n]);
    }

    /// Lets faults happen, one with each of the requests to come.
    pub fn faults(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared.faults.queue(faults);
    }

    /// Delays every request.
    pub fn set_latency(&self, latency: Duration) {
        self.shared.faults.delay(latency);
    }

    /// Limits how many requests are taken in a time, and says so in headers of every answer.
    pub fn set_rate_limit(&self, limit: Option<RateLimit>) {
        self.shared.faults.limit(limit);
    }

    /// Stops it behind the requests that are under way.
    ///
    /// # Errors
    /// Fails where serving has failed.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stop = None;
        match self.task.take() {
            Some(task) => task.await.map_err(io::Error::other)?,
            None => Ok(()),
        }
    }
}
