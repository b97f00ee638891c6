//! The bytes of a body: chunk by chunk, within the limits, decoded as `Content-Encoding` says.

mod encoding;
mod media;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, EXPECT, HeaderMap};
use http_body_util::BodyExt;
use hyper::body::Frame;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

pub(crate) use media::require_json;

use self::encoding::Decoder;
use crate::limits::Limits;
use crate::refusal::Rejection;

/// How long a body waits until others have made room for it.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the rest of a body that was refused is still read, so that the client gets to
/// read the answer.
const DRAIN: Duration = Duration::from_secs(1);
/// What is decoded at a time, so that little is decoded that there is no room for.
const PIECE: usize = 4096;

/// A body on its way.
#[derive(Debug)]
pub struct IncomingBody {
    body: Body,
    /// Whether the client waits to be told to send it. Asking for the first part tells it so.
    is_held_back: bool,
}

impl IncomingBody {
    /// Of a request with these headers.
    #[must_use]
    pub fn new(headers: &HeaderMap, body: Body) -> Self {
        let expected = headers.get(EXPECT).map(|value| value.as_bytes());
        let is_held_back =
            expected.is_some_and(|value| value.eq_ignore_ascii_case(b"100-continue"));
        Self { body, is_held_back }
    }

    async fn frame(&mut self) -> Option<Result<Frame<Bytes>, axum::Error>> {
        self.is_held_back = false;
        self.body.frame().await
    }
}

/// What all bodies of a server share: the limits, and the room that is left. Generated routes
/// have one of their own; this is for routes and layers around them.
///
/// ```
/// use specwright_server::axum::body::Body;
/// use specwright_server::http::Request;
/// use specwright_server::{BodyLimiter, Limits, Rejection, IncomingBody, decode};
///
/// async fn sum(gate: &BodyLimiter, request: Request<Body>) -> Result<i64, Rejection> {
///     let (parts, body) = request.into_parts();
///     let mut body = IncomingBody::new(&parts.headers, body);
///     match gate.read(&parts.headers, &mut body).await {
///         Ok(whole) => decode(&whole.bytes, |_, _| {})
///             .map(|numbers: Vec<i64>| numbers.iter().sum())
///             .map_err(|problems| Rejection::of(400, problems)),
///         Err(refusal) => {
///             gate.drain(&mut body).await;
///             Err(refusal)
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let gate = BodyLimiter::new(Limits { body: 10, ..Limits::default() });
/// assert_eq!(sum(&gate, Request::new(Body::from("[1, 2]"))).await, Ok(3));
/// let refusal = sum(&gate, Request::new(Body::from("[1, 2, 3, 4]"))).await.unwrap_err();
/// assert_eq!(refusal.to_string(), "413: the body is larger than 10 bytes");
/// # }
/// ```
#[derive(Debug)]
pub struct BodyLimiter {
    limits: Limits,
    room: Arc<Semaphore>,
}

/// A body that has come whole. It takes up room until it is dropped.
#[derive(Debug)]
pub struct FullBody {
    /// What was sent, decoded.
    pub bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

impl BodyLimiter {
    /// A gate with all of its room left.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let room = limits.in_flight.min(Semaphore::MAX_PERMITS);
        Self { limits, room: Arc::new(Semaphore::new(room)) }
    }

    /// Reads a whole body, and takes off its encodings.
    ///
    /// # Errors
    /// Fails where it is too large, too slow or not what its encoding says, or where others
    /// take up the room. What is left of it should be drained then.
    pub async fn read(
        &self,
        headers: &HeaderMap,
        body: &mut IncomingBody,
    ) -> Result<FullBody, Rejection> {
        // All of it: a body of which something is always there may still wait for room.
        let whole = timeout(self.limits.body_timeout, self.read_chunks(headers, body)).await;
        whole.unwrap_or_else(|_| Err(Rejection::new(408, "the body took too long to arrive")))
    }

    async fn read_chunks(
        &self,
        headers: &HeaderMap,
        body: &mut IncomingBody,
    ) -> Result<FullBody, Rejection> {
        let limit = self.limits.body;
        if declared_length(headers).is_some_and(|length| length > limit as u64) {
            return Err(too_large(limit));
        }
        let mut decoder = Decoder::new(headers, limit)?;
        let mut room: Option<OwnedSemaphorePermit> = None;
        let mut received = 0_usize;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Rejection::new(400, "the body did not come whole"))?;
            let Ok(chunk) = frame.into_data() else { continue };
            received = received.saturating_add(chunk.len());
            if received > limit {
                return Err(too_large(limit));
            }
            for piece in chunk.chunks(PIECE) {
                decoder.write(piece)?;
                self.grow(&mut room, decoder.len()).await?;
            }
        }
        // Nothing at all is no body, whatever its encoding would have been.
        let bytes = if received == 0 { Vec::new() } else { decoder.finish()? };
        Ok(FullBody { bytes, _room: room })
    }

    /// Takes up as much room as a body needs by now.
    async fn grow(
        &self,
        room: &mut Option<OwnedSemaphorePermit>,
        needed: usize,
    ) -> Result<(), Rejection> {
        let held = room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(needed.saturating_sub(held)).unwrap_or(u32::MAX);
        if more == 0 {
            return Ok(());
        }
        match timeout(PATIENCE, self.room.clone().acquire_many_owned(more)).await {
            Ok(Ok(permit)) => {
                match room {
                    Some(room) => room.merge(permit),
                    None => *room = Some(permit),
                }
                Ok(())
            }
            _ => Err(Rejection::new(503, "too many requests are being read; try again soon")
                .header("Retry-After", "1")),
        }
    }

    /// Reads over what is left of a body, for a while: a client that is still sending when the
    /// connection is closed may never see the answer. One that waits to be told to send is not
    /// told.
    pub async fn drain(&self, body: &mut IncomingBody) {
        if body.is_held_back {
            return;
        }
        let deadline = Instant::now() + DRAIN;
        let mut left = self.limits.body.saturating_mul(4);
        while let Ok(Some(Ok(frame))) = timeout_at(deadline, body.frame()).await {
            let length = frame.data_ref().map_or(0, Bytes::len);
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

pub(crate) fn too_large(limit: usize) -> Rejection {
    Rejection::new(413, format!("the body is larger than {limit} bytes"))
}

#[cfg(test)]
mod tests;
