//! An answer of which only the head has come: its body is read bit by bit.

use serde::de::DeserializeOwned;

use crate::call::raw_response::{Origin, RawResponse};
use crate::outcome::error::CallError;
use crate::outcome::response::Response;
use crate::stream::download::Download;
use crate::stream::events::{EventStream, How};
use crate::stream::json_lines::JsonLines;
use specwright_model::media_type as media;
use specwright_model::stream::Framing;

impl RawResponse {
    /// The body as bytes.
    pub fn download(self) -> Response<Download> {
        let media_type = self.content_type().map(str::to_owned);
        let length = match &self.rest {
            Some(rest) => rest.length,
            None => u64::try_from(self.body.len()).ok(),
        };
        let (answer, chunks, _) = self.into_parts();
        Response::read(Download::met(chunks, length, media_type), answer.meta)
    }

    /// The body as events with JSON in them.
    pub fn events<T, E>(
        self,
        refused: fn(RawResponse) -> E,
    ) -> Result<Response<EventStream<T, E>>, CallError>
    where
        T: DeserializeOwned,
        E: From<CallError>,
    {
        let how = How { read: Origin::json, is_json: true, refused, fail: E::from };
        self.events_as(how)
    }

    /// The body as events with texts in them.
    pub fn text_events<E: From<CallError>>(
        self,
        refused: fn(RawResponse) -> E,
    ) -> Result<Response<EventStream<String, E>>, CallError> {
        let read = |_: &Origin, text: &str, _| Ok(text.to_owned());
        self.events_as(How { read, is_json: false, refused, fail: E::from })
    }

    fn events_as<T, E>(self, how: How<T, E>) -> Result<Response<EventStream<T, E>>, CallError> {
        self.is_stream("a stream of events")?;
        let origin = self.origin();
        let (answer, chunks, reconnect) = self.into_parts();
        let stream = EventStream::met(chunks, origin, reconnect, how);
        Ok(Response::read(stream, answer.meta))
    }

    /// The body as JSON values, one behind the other.
    pub fn lines<T, E>(self, framing: Framing) -> Result<Response<JsonLines<T, E>>, CallError>
    where
        T: DeserializeOwned,
        E: From<CallError>,
    {
        self.is_stream("a stream of JSON values")?;
        let origin = self.origin();
        let (answer, chunks, _) = self.into_parts();
        Ok(Response::read(JsonLines::met(chunks, origin, framing), answer.meta))
    }

    /// One JSON value is no stream of anything: an API that has no stream to give answers so.
    fn is_stream(&self, wanted: &str) -> Result<(), CallError> {
        match self.content_type() {
            Some(sent) if media::is_json(&media::essence(sent)) => {
                let message = format!("comes as `{}`, which is not {wanted}", sent.trim());
                Err(self.origin().unreadable("", 0, &message, String::new()))
            }
            _ => Ok(()),
        }
    }
}
