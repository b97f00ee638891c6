//! Conversion of raw responses to streams of events and values.

use serde::de::DeserializeOwned;
use specwright_model::media_type as media;
use specwright_model::stream::{Framing, MAX_SIZE, Splitter};

use crate::call::raw_response::{Origin, RawResponse};
use crate::outcome::error::CallError;
use crate::outcome::response::Response;
use crate::stream::events::{EventStream, Functions};
use crate::stream::json_lines::JsonLines;

impl RawResponse {
    /// Returns the body as events with JSON data.
    pub fn events<T, E>(
        self,
        to_error: fn(RawResponse) -> E,
    ) -> Result<Response<EventStream<T, E>>, CallError>
    where
        T: DeserializeOwned + 'static,
        E: From<CallError>,
    {
        let functions = Functions { read: Origin::json, is_json: true, to_error, fail: E::from };
        self.events_as(functions)
    }

    /// Returns the body as events with string data.
    pub fn text_events<E: From<CallError>>(
        self,
        to_error: fn(RawResponse) -> E,
    ) -> Result<Response<EventStream<String, E>>, CallError> {
        let read = |_: &Origin, data: &str, _| Ok(data.to_owned());
        self.events_as(Functions { read, is_json: false, to_error, fail: E::from })
    }

    fn events_as<T, E>(
        self,
        functions: Functions<T, E>,
    ) -> Result<Response<EventStream<T, E>>, CallError> {
        self.check_not_json("a stream of events")?;
        let origin = self.origin();
        let (response, chunks, reconnect) = self.into_parts();
        let stream = EventStream::received(chunks, origin, reconnect, functions);
        Ok(Response::read(stream, response.meta))
    }

    /// Returns the body as a sequence of JSON values.
    pub fn lines<T, E>(self, framing: Framing) -> Result<Response<JsonLines<T, E>>, CallError>
    where
        T: DeserializeOwned + 'static,
        E: From<CallError>,
    {
        if framing != Framing::JsonLines {
            self.check_not_json("a stream of JSON values")?;
        }
        let origin = self.origin();
        let splitter = match framing {
            Framing::Parts | Framing::StringParts => {
                let boundary = self.content_type().and_then(|it| media::parameter(it, "boundary"));
                let Some(boundary) = boundary.filter(|it| (1..=70).contains(&it.len())) else {
                    let message = "has no valid `boundary` in its media type";
                    return Err(origin.unreadable(b"", 0, message, "the body".to_owned()));
                };
                Splitter::of_parts(framing, &boundary, MAX_SIZE)
            }
            _ => Splitter::new(framing, MAX_SIZE),
        };
        let (response, chunks, _) = self.into_parts();
        Ok(Response::read(JsonLines::received(chunks, origin, splitter), response.meta))
    }

    /// Returns an error if the body is a single JSON value, as APIs send it instead of a stream.
    fn check_not_json(&self, expected: &str) -> Result<(), CallError> {
        match self.content_type() {
            Some(sent) if media::is_json(sent) => {
                let message =
                    format!("unexpected media type `{}`; expected {expected}", sent.trim());
                Err(self.origin().unreadable(b"", 0, &message, String::new()))
            }
            _ => Ok(()),
        }
    }
}
