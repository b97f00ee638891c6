//! Responses whose memory is granted until they have been sent.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use http_body::{Frame, SizeHint};
use specwright_server::axum::Error;
use specwright_server::axum::body::{Body, Bytes, HttpBody};
use specwright_server::axum::response::Response;

use crate::common::{Granted, lock};

/// How much of a body is sent at once, so that it is not dropped long before it has been sent.
const CHUNK: usize = 64 * 1024;

/// The memory of a response, from the operation that creates it to the middleware that sends it.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory(Arc<Mutex<Option<Granted>>>);

impl Memory {
    /// Keeps the memory until the response has been sent.
    pub(super) fn keep(&self, granted: Granted) {
        *lock(&self.0) = Some(granted);
    }

    /// Attaches the memory to the response.
    pub(super) fn attach(&self, response: Response) -> Response {
        match lock(&self.0).take() {
            None => response,
            Some(granted) => {
                let body = |body| Body::new(Sending { body, rest: Bytes::new(), _memory: granted });
                response.map(body)
            }
        }
    }
}

/// A body that is sent in chunks.
struct Sending {
    body: Body,
    rest: Bytes,
    _memory: Granted,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let length = self.rest.len().min(CHUNK);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (inner, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::StreamExt as _;
    use specwright_server::axum::body::{Body, HttpBody as _};
    use specwright_server::axum::response::Response;

    use super::{CHUNK, Memory};
    use crate::common;

    #[tokio::test]
    async fn memory_is_granted_until_the_last_chunk_was_sent() {
        let all = Arc::new(common::Memory::new(10));
        let work = common::Work::unlimited();
        let memory = Memory::default();
        memory.keep(all.grant(10, &work).unwrap());
        let bytes = vec![7; 2 * CHUNK + 1];
        let body = memory.attach(Response::new(Body::from(bytes.clone()))).into_body();
        assert_eq!(body.size_hint().exact(), Some(bytes.len() as u64));
        let mut chunks = body.into_data_stream();
        let mut sent = Vec::new();
        for length in [CHUNK, CHUNK, 1] {
            assert_eq!(all.used(), 10);
            let chunk = chunks.next().await.unwrap().unwrap();
            assert_eq!(chunk.len(), length);
            sent.extend_from_slice(&chunk);
        }
        assert_eq!(sent, bytes);
        assert!(chunks.next().await.is_none());
        drop(chunks);
        assert_eq!(all.used(), 0);
    }
}
