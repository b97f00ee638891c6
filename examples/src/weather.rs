//! The server of docs/server.md.

use std::future::Future;
use std::io;
use std::sync::Arc;

use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response, serve};
use tokio::net::TcpListener;

use crate::built::models::Reading;
use crate::served::operations::GetReading;
use crate::served::{Api, router};

struct Weather;

impl Api for Weather {
    /// Runs before the request body is read. This API requires no credentials.
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    /// Receives only valid requests; others were rejected before.
    async fn get_reading(
        &self,
        request: GetReading,
        _: Call,
    ) -> Result<Response<Reading>, Rejection> {
        match request.id.as_str() {
            "roof" => {
                let reading = Reading::builder().celsius(21.5).build();
                reading.map(Response::new).map_err(|error| Rejection::new(500, error.to_string()))
            }
            other => Err(Rejection::new(404, format!("unknown station `{other}`"))),
        }
    }
}

/// Serves until `shutdown` completes, then waits at most 10 s for requests in flight.
pub async fn run(listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let limits = Limits { body: 64 * 1024, ..Limits::default() };
    let router = router(Arc::new(Weather), limits.clone());
    serve(listener, router, limits, shutdown).await
}
