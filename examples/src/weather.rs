//! The server of docs/server.md.

use std::future::Future;
use std::io;
use std::sync::Arc;

use specwright_server::{
    Call, Credentials, EventStream, Limits, Operation, Rejection, Response, ServerSentEvent,
    ValidationError, serve,
};
use tokio::net::TcpListener;

use crate::built::models::{Problem, Reading, UnknownStation};
use crate::served::operations::{
    AddCalibration, AddCalibrationError, AddCalibrationErrorHeaders, AddCalibrationHeaders,
    AddCalibrationOutput, GetReading, GetReadingError, WatchReadings,
};
use crate::served::{Api, router};

struct Weather;

impl Api for Weather {
    /// Runs before the request body is read. Other operations require no credentials.
    fn authorize(
        &self,
        operation: &'static Operation,
        sent: &Credentials,
    ) -> Result<(), Rejection> {
        match operation.is_satisfied_by(|scheme| sent.get(scheme) == Some("sesame")) {
            true => Ok(()),
            false => Err(Rejection::new(401, format!("send {}", operation.schemes().join(", ")))),
        }
    }

    /// The body of rejections: invalid requests, missing credentials, and those of handlers.
    fn problem(&self, rejection: &Rejection) -> Result<Problem, ValidationError> {
        Problem::builder().title(rejection.to_string()).build()
    }

    fn unknown_station(&self, _: &Rejection) -> Result<UnknownStation, ValidationError> {
        UnknownStation::builder().station("").build()
    }

    /// Receives only valid requests; others were rejected before.
    async fn get_reading(
        &self,
        request: GetReading,
        _: Call,
    ) -> Result<Response<Reading>, GetReadingError> {
        match request.id.as_str() {
            "roof" => Ok(Reading::builder().celsius(21.5).build()?.into()),
            // A described response, with all of its properties.
            "rooof" => {
                let body = UnknownStation::builder().station(request.id).similar(["roof"]);
                Err(GetReadingError::NotFound(body.build()?))
            }
            // The response `default`: any status that has no response of its own.
            "moon" => {
                let body = Problem::builder().title("it is too far away").build()?;
                Err(GetReadingError::other(418, body)?)
            }
            // Written as `problem` returns it. `?` converts rejections, too.
            other => Err(Rejection::new(500, format!("cannot reach `{other}`")).into()),
        }
    }

    /// Sends each reading as an event. An error in the stream closes the connection.
    async fn watch_readings(
        &self,
        _: WatchReadings,
        _: Call,
    ) -> Result<Response<EventStream<Reading>>, Rejection> {
        let first = Reading::builder().celsius(21.5).build()?;
        let second = Reading::builder().celsius(22).build()?;
        let readings = [first, second].map(|reading| Ok(ServerSentEvent::new(reading)));
        Ok(EventStream::new(futures_util::stream::iter(readings)).into())
    }

    /// A form is a struct. Its files are `Blob`s.
    async fn add_calibration(
        &self,
        request: AddCalibration,
        _: Call,
    ) -> Result<Response<AddCalibrationOutput>, AddCalibrationError> {
        match request.body.report.len() {
            Some(0) => {
                let body = Problem::builder().title("the report is empty").build()?;
                let headers = AddCalibrationErrorHeaders { retry_after: Some(60) };
                Err(AddCalibrationError::client_error(422, body, headers)?)
            }
            Some(length) if length < 1_000_000 => {
                let location = Some(format!("/stations/{}/calibrations/1", request.id));
                let headers = AddCalibrationHeaders { location };
                Ok(Response::new(AddCalibrationOutput::Created).with_headers(headers))
            }
            _ => Ok(AddCalibrationOutput::Accepted.into()),
        }
    }
}

/// Serves until `shutdown` completes, then waits at most 10 s for requests in flight.
pub async fn run(listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let limits = Limits { body: 64 * 1024, ..Limits::default() };
    let router = router(Arc::new(Weather), limits.clone());
    serve(listener, router, limits, shutdown).await
}
