//! A server of the description: the example of docs/server.md, as it stands there.

use std::future::Future;
use std::io;
use std::sync::Arc;

use specwright_server::{Answer, Call, Keys, Limits, Operation, Refusal, serve};
use tokio::net::TcpListener;

use crate::built::models::Reading;
use crate::served::operations::GetReading;
use crate::served::{Api, router};

struct Weather;

impl Api for Weather {
    /// Asked before the body of a request is read. This API has no keys.
    fn authorize(&self, _: &'static Operation, _: &Keys) -> Result<(), Refusal> {
        Ok(())
    }

    /// What comes here is what the description allows: all else is refused already.
    async fn get_reading(&self, request: GetReading, _: Call) -> Result<Answer<Reading>, Refusal> {
        match request.id.as_str() {
            "roof" => {
                let reading = Reading::builder().celsius(21.5).build();
                reading.map(Answer::new).map_err(|error| Refusal::new(500, error.to_string()))
            }
            other => Err(Refusal::new(404, format!("there is no station {other}"))),
        }
    }
}

/// Serves until `shutdown` is done, and then what is under way.
pub async fn run(listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let limits = Limits { body: 64 * 1024, ..Limits::default() };
    let router = router(Arc::new(Weather), limits.clone());
    serve(listener, router, limits, shutdown).await
}
