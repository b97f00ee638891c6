//! The settings of an intake, and starting it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use specwright_server::{Limits, axum, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::intake::LocalIntake;
use crate::common::IntakeError;
use crate::generated;
#[cfg(not(feature = "pages"))]
use crate::http::index_router;
#[cfg(feature = "pages")]
use crate::http::pages_router;
use crate::http::{
    AllowedHosts, ApiService, RequiredCredentials, State, check_origin, control_router, inject,
};
use crate::operations::{Intake, IntakeLimits};

impl LocalIntake {
    /// Starts an intake that keeps events in memory and listens on a free port of the loopback
    /// interface.
    ///
    /// # Errors
    /// Returns an error if all ports are in use.
    pub async fn start() -> Result<Self, IntakeError> {
        LocalIntakeBuilder::default().start().await
    }

    /// Returns a builder, to change the default settings.
    pub fn builder() -> LocalIntakeBuilder {
        LocalIntakeBuilder::default()
    }
}

/// The settings of a [`LocalIntake`].
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `start`"]
pub struct LocalIntakeBuilder {
    listen: SocketAddr,
    data_dir: Option<PathBuf>,
    credentials: RequiredCredentials,
    hosts: AllowedHosts,
    accept_any_age: bool,
    limits: Limits,
    intake_limits: IntakeLimits,
}

impl Default for LocalIntakeBuilder {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data_dir: None,
            credentials: RequiredCredentials::default(),
            hosts: AllowedHosts::default(),
            accept_any_age: false,
            limits: Limits::default(),
            intake_limits: IntakeLimits::default(),
        }
    }
}

impl LocalIntakeBuilder {
    /// Sets the address to listen on. Defaults to a free port on the loopback interface.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Sets a directory to keep events in. Defaults to keeping them in memory only.
    ///
    /// The directory is created if it does not exist. One intake at a time can use it. Every accepted
    /// request is written to the database `events.redb` with `fsync` before its response is sent, so
    /// events survive a crash. Starting with a damaged file is an error and does not change the file.
    /// Cursors, recorded requests, faults and the clock are not kept.
    pub fn data_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(directory.into());
        self
    }

    /// Requires this API key. By default, or if the key is empty, any API key is accepted.
    pub fn api_key(mut self, key: impl AsRef<str>) -> Self {
        self.credentials.set_api_key(key.as_ref());
        self
    }

    /// Requires this application key for requests that read. By default, or if the key is empty,
    /// any application key is accepted.
    pub fn app_key(mut self, key: impl AsRef<str>) -> Self {
        self.credentials.set_app_key(key.as_ref());
        self
    }

    /// Serves requests to this host name, without a port, as well. By default only requests to IP
    /// addresses and to `localhost` are served, since a page of any site may have another name
    /// resolve to this machine.
    pub fn allow_host(mut self, name: impl AsRef<str>) -> Self {
        self.hosts.add(name.as_ref());
        self
    }

    /// Sets whether events of any age are accepted. Defaults to `false`: an event must have ended
    /// within the last 18 hours.
    pub fn accept_any_age(mut self, accept: bool) -> Self {
        self.accept_any_age = accept;
        self
    }

    /// Sets the limits on sizes and durations of requests. Defaults to [`Limits::default`].
    /// [`Limits::in_flight`] is also the size of all responses to queries that are created or sent
    /// at a time.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.intake_limits.responses = limits.in_flight;
        self.limits = limits;
        self
    }

    /// Sets the maximum number of events. If there are more, the oldest ones, in the order of their
    /// first update, are removed until a sixteenth is free. Defaults to no limit.
    ///
    /// An event that was removed and is sent again is a new event.
    pub fn max_events(mut self, events: u64) -> Self {
        self.intake_limits.retention.max_events = Some(events);
        self
    }

    /// Sets the maximum size in bytes of all updates and merged events, as JSON. The memory that
    /// they take is two to three times as large. If there is more, the oldest events are removed
    /// until a sixteenth is free. Defaults to no limit.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.intake_limits.retention.max_bytes = Some(bytes);
        self
    }

    /// Sets how long events are kept after their first update was received. They are removed
    /// within a sixteenth of this duration, or a minute. Defaults to no limit.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.intake_limits.retention.max_age = Some(age);
        self
    }

    /// Sets the maximum number of updates that are kept of one event, at least 10. They take at
    /// most 16 MiB, unless the last one is larger. Earlier updates stay merged into the event.
    /// Defaults to 1000.
    pub fn max_history(mut self, updates: usize) -> Self {
        self.intake_limits.retention.max_history = updates.max(10);
        self
    }

    /// Sets how long a search or aggregation may take. One that takes longer is rejected with
    /// status 400. Defaults to 5 s.
    pub fn query_timeout(mut self, timeout: Duration) -> Self {
        self.intake_limits.query_timeout = timeout;
        self
    }

    /// Starts the intake.
    ///
    /// # Errors
    /// Returns an error if the address or the directory cannot be used.
    pub async fn start(self) -> Result<LocalIntake, IntakeError> {
        let listen = self.listen;
        let unusable = |error: io::Error| {
            IntakeError::with_source(format!("cannot listen on {listen}"), error)
        };
        let listener = TcpListener::bind(listen).await.map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        let intake_limits = self.intake_limits;
        let max_age = intake_limits.retention.max_age;
        let intake = match self.data_dir {
            None => Intake::new(intake_limits),
            // Replaying the journal may take long.
            Some(directory) => {
                tokio::task::spawn_blocking(move || Intake::open(&directory, intake_limits))
                    .await
                    .map_err(|error| IntakeError::with_source("cannot read events", error))??
            }
        };
        let intake = Arc::new(intake);
        let state = Arc::new(State::new(
            Arc::clone(&intake),
            self.limits.clone(),
            self.credentials.clone(),
        ));
        if !address.ip().is_loopback() && !self.credentials.are_required() {
            tracing::warn!(
                %address,
                "anyone who can reach this address can read, change and delete all events: require an API key and an application key"
            );
        }
        let service = ApiService {
            intake,
            credentials: self.credentials,
            accept_any_age: self.accept_any_age,
            address,
        };
        let api = generated::router(Arc::new(service), self.limits.clone())
            .layer(axum::middleware::from_fn_with_state(Arc::clone(&state), inject));
        #[cfg(feature = "pages")]
        let pages = pages_router(Arc::clone(&state));
        #[cfg(not(feature = "pages"))]
        let pages = index_router();
        let router = control_router(Arc::clone(&state))
            .merge(pages)
            .fallback_service(api)
            .layer(axum::middleware::from_fn_with_state(Arc::new(self.hosts), check_origin));
        if let Some(max_age) = max_age {
            tokio::spawn(remove_old(Arc::downgrade(&state), max_age));
        }
        let (stop, stopped) = oneshot::channel::<()>();
        #[cfg(feature = "pages")]
        let stopping = state.stopping.clone();
        let stopped = async move {
            // Dropping the sender stops the intake, too.
            let _ = stopped.await;
            #[cfg(feature = "pages")]
            stopping.send_replace(true);
        };
        let task = tokio::spawn(serve(listener, router, self.limits, stopped));
        let url = format!("http://{}", reachable(address));
        Ok(LocalIntake::new(url, state, stop, task))
    }
}

/// Removes events that are too old from time to time, until the intake is dropped.
async fn remove_old(state: Weak<State>, max_age: Duration) {
    let period = (max_age / 16).clamp(Duration::from_millis(10), Duration::from_secs(60));
    loop {
        tokio::time::sleep(period).await;
        let Some(state) = state.upgrade() else { return };
        if let Err(error) = state.intake.trim().await {
            tracing::error!(error = error.chain(), "cannot remove old events");
        }
    }
}

/// Returns an address to connect to. An intake that listens on all addresses is reached at the
/// loopback one.
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
