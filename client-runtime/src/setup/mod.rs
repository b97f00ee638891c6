pub(crate) mod config;
pub(crate) mod connection;
pub(crate) mod credentials;
pub(crate) mod hooks;
pub(crate) mod redaction;
pub(crate) mod server;
pub(crate) mod settings;
