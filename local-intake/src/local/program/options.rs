//! The options of the program.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::units::{parse_bytes, parse_duration};
use crate::local::builder::reachable;

/// The options of the program `datadog-ci-intake`, for programs that serve the intake as one of
/// their commands.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeOptions {
    /// Listen on this address; port 0 selects a free port.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8127")]
    pub listen: SocketAddr,
    /// Keep the events in this directory; by default they are in memory only.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Require this API key; any key is accepted by default.
    #[arg(long, value_name = "KEY", env = "INTAKE_API_KEY", hide_env_values = true)]
    pub api_key: Option<String>,
    /// Require this application key for requests that read; any key is accepted by default.
    #[arg(long, value_name = "KEY", env = "INTAKE_APP_KEY", hide_env_values = true)]
    pub app_key: Option<String>,
    /// Serve requests to this host name, too. By default only IP addresses and localhost are served.
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// Accept events of any age, not only those of the last 18 hours.
    #[arg(long)]
    pub any_age: bool,
    /// Keep at most this many events; the oldest ones are removed. No limit by default.
    #[arg(long, value_name = "NUMBER")]
    pub max_events: Option<u64>,
    /// Keep at most this many bytes of JSON (K, M and G are 1024, 1024² and 1024³ bytes); the oldest
    /// events are removed. No limit by default.
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes)]
    pub max_bytes: Option<u64>,
    /// Keep events for this long after they were first received (s, m, h, d, w). No limit by
    /// default.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub max_age: Option<Duration>,
    /// Keep at most this many updates of one event, at least 10.
    #[arg(long, value_name = "NUMBER", default_value_t = 1000)]
    pub max_history: usize,
    /// Reject searches and aggregations that take longer (ms, s, m).
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "5s")]
    pub query_timeout: Duration,
    /// Log this level and above; `info` logs each request. RUST_LOG takes precedence. Defaults to
    /// info; `ci-report intake` to warn.
    #[arg(long, value_name = "LEVEL", value_parser = ["error", "warn", "info", "debug", "trace"])]
    pub log: Option<String>,
    /// Log as JSON.
    #[arg(long)]
    pub log_json: bool,
}

impl ServeOptions {
    /// Returns the address to connect to: the loopback address if the intake listens on all.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        reachable(self.listen)
    }
}
