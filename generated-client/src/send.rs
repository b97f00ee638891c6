//! Sending events, one or many.

use std::fmt;

use specwright_runtime::{Check, Checks, Response};

use crate::event::PipelineEvent;
use crate::models::{SendData, SendDataSingleOrArray, SendRequest};
use crate::{Client, Error};

/// How many events one request may carry.
pub const MAX_BATCH: usize = 1000;

impl Client {
    /// Sends one event.
    ///
    /// Sending an event again is harmless: the service knows a run by its level, unique id
    /// and start, and keeps what came last.
    ///
    /// # Errors
    /// Fails where the event is not valid, does not get through, or is refused.
    pub async fn send(&self, event: impl Into<PipelineEvent>) -> Result<Response<()>, Error> {
        let event = event.into();
        event.validate()?;
        self.post(SendDataSingleOrArray::from(SendData::from(event))).await
    }

    /// Sends any number of events, in requests of at most [`MAX_BATCH`], one after the other.
    ///
    /// All events are validated before the first is sent. Returns how many were sent.
    ///
    /// # Errors
    /// Fails where one of the events is not valid, and then sends none of them; or with the
    /// first request that does not get through or is refused, and then says how many events
    /// were accepted before.
    pub async fn send_all<E: Into<PipelineEvent>>(
        &self,
        events: impl IntoIterator<Item = E>,
    ) -> Result<usize, SendAllError> {
        let events: Vec<PipelineEvent> = events.into_iter().map(Into::into).collect();
        let total = events.len();
        let mut checks = Checks::new();
        checks.items(&events, |checks, event| event.check(checks));
        let stopped = |accepted, error| SendAllError { accepted, total, error };
        checks.finish().map_err(|error| stopped(0, error.into()))?;
        let mut events = events.into_iter().map(SendData::from);
        let mut accepted = 0;
        while accepted < total {
            let batch: Vec<SendData> = events.by_ref().take(MAX_BATCH).collect();
            let size = batch.len();
            self.post(batch.into()).await.map_err(|error| stopped(accepted, error))?;
            accepted += size;
        }
        Ok(total)
    }

    async fn post(&self, data: SendDataSingleOrArray) -> Result<Response<()>, Error> {
        let body = SendRequest { data: Some(data), additional_properties: Default::default() };
        Ok(self.create_pipeline_event(body).send().await?.map(drop))
    }
}

/// Why not all events were sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct SendAllError {
    /// How many events were accepted; they are the first of those given.
    pub accepted: usize,
    /// How many events were given.
    pub total: usize,
    /// Why the next request failed. If it timed out, its events may have been accepted too.
    pub error: Error,
}

impl fmt::Display for SendAllError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} events were sent: {}", self.accepted, self.total, self.error)
    }
}

impl std::error::Error for SendAllError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
