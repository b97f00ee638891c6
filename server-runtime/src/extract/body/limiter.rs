//! Limits of size and time.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderMap};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::encoding::{Decoder, too_large};
use super::incoming::IncomingBody;
use crate::limits::Limits;
use crate::reject::Rejection;

/// The time that a body waits for memory that other bodies hold.
const MEMORY_TIMEOUT: Duration = Duration::from_secs(3);
/// The time in which the rest of a rejected body is read, so that the client can read the
/// response.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);
/// The number of bytes that are decoded at once, so that little is decoded without granted memory.
const CHUNK_SIZE: usize = 4096;

/// The limits that all bodies of a server share, and the memory that is left. Generated routes
/// have one of their own; create one for your own routes and middleware.
///
/// ```
/// use specwright_server::axum::body::Body;
/// use specwright_server::http::Request;
/// use specwright_server::{BodyLimiter, IncomingBody, Limits, Rejection, decode};
///
/// async fn sum(limiter: &BodyLimiter, request: Request<Body>) -> Result<i64, Rejection> {
///     let (parts, body) = request.into_parts();
///     let mut body = IncomingBody::new(&parts.headers, body);
///     match limiter.read(&parts.headers, &mut body).await {
///         Ok(body) => decode(&body.bytes, |_, _| {})
///             .map(|numbers: Vec<i64>| numbers.iter().sum())
///             .map_err(|problems| Rejection::with_problems(400, problems)),
///         Err(rejection) => {
///             limiter.drain(&mut body).await;
///             Err(rejection)
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let limiter = BodyLimiter::new(Limits { body: 10, ..Limits::default() });
/// assert_eq!(sum(&limiter, Request::new(Body::from("[1, 2]"))).await, Ok(3));
/// let rejection = sum(&limiter, Request::new(Body::from("[1, 2, 3, 4]"))).await.unwrap_err();
/// assert_eq!(rejection.to_string(), "413: the body is larger than 10 bytes");
/// # }
/// ```
#[derive(Debug)]
pub struct BodyLimiter {
    limits: Limits,
    memory: Arc<Semaphore>,
}

/// A body that was read to its end. Its memory is granted until it is dropped.
#[derive(Debug)]
pub struct FullBody {
    /// The decoded bytes.
    pub bytes: Vec<u8>,
    _memory: Option<OwnedSemaphorePermit>,
}

impl BodyLimiter {
    /// Creates a limiter with all of its memory left.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let memory = limits.in_flight.min(Semaphore::MAX_PERMITS);
        Self { limits, memory: Arc::new(Semaphore::new(memory)) }
    }

    /// Reads a body to its end, and removes its encodings.
    ///
    /// # Errors
    /// Returns an error if the body is too large, too slow or not in its encoding, or if other
    /// bodies hold the memory. The rest of it should be drained then.
    pub async fn read(
        &self,
        headers: &HeaderMap,
        body: &mut IncomingBody,
    ) -> Result<FullBody, Rejection> {
        // One timeout for the whole body: waiting for memory counts, too.
        let body = timeout(self.limits.body_timeout, self.read_chunks(headers, body)).await;
        body.unwrap_or_else(|_| Err(Rejection::new(408, "the body took too long to arrive")))
    }

    async fn read_chunks(
        &self,
        headers: &HeaderMap,
        body: &mut IncomingBody,
    ) -> Result<FullBody, Rejection> {
        let limit = self.limits.body;
        if content_length(headers).is_some_and(|length| length > limit as u64) {
            return Err(too_large(limit));
        }
        let mut decoder = Decoder::new(headers, limit)?;
        let mut memory: Option<OwnedSemaphorePermit> = None;
        let mut received = 0_usize;
        while let Some(frame) = body.frame().await {
            let frame =
                frame.map_err(|_| Rejection::new(400, "the request body ended prematurely"))?;
            let Ok(chunk) = frame.into_data() else { continue };
            received = received.saturating_add(chunk.len());
            if received > limit {
                return Err(too_large(limit));
            }
            for chunk in chunk.chunks(CHUNK_SIZE) {
                decoder.write(chunk)?;
                self.grant(&mut memory, decoder.len()).await?;
            }
        }
        // An empty body is absent, whatever its encoding is.
        let bytes = if received == 0 { Vec::new() } else { decoder.finish()? };
        Ok(FullBody { bytes, _memory: memory })
    }

    /// Grants the memory that a body needs by now.
    async fn grant(
        &self,
        memory: &mut Option<OwnedSemaphorePermit>,
        needed: usize,
    ) -> Result<(), Rejection> {
        let held = memory.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(needed.saturating_sub(held)).unwrap_or(u32::MAX);
        if more == 0 {
            return Ok(());
        }
        match timeout(MEMORY_TIMEOUT, self.memory.clone().acquire_many_owned(more)).await {
            Ok(Ok(permit)) => {
                match memory {
                    Some(memory) => memory.merge(permit),
                    None => *memory = Some(permit),
                }
                Ok(())
            }
            _ => Err(Rejection::new(503, "too many requests are being read; retry later")
                .header("Retry-After", "1")),
        }
    }

    /// Reads and discards the rest of a body for up to a second. A client that is still sending
    /// when the connection is closed may not see the response. Nothing is read if the client
    /// waits for `100 Continue`.
    pub async fn drain(&self, body: &mut IncomingBody) {
        if body.is_waiting() {
            return;
        }
        let deadline = Instant::now() + DRAIN_TIMEOUT;
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

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
