//! The start of the body of a request, kept while the body is read.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use http_body::{Frame, SizeHint};
use specwright_server::axum::Error;
use specwright_server::axum::body::{Body, Bytes, HttpBody};
use specwright_server::axum::extract::Request;

use crate::common::lock;

/// The number of bytes that are kept of a body.
const MAX_START: usize = 16 * 1024;

/// The start of a body.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct BodyStart {
    bytes: Vec<u8>,
    /// The length of the whole body, as far as it was read.
    pub(in crate::http) length: u64,
}

impl BodyStart {
    /// Returns the bytes, without a character at the end of which only a part was kept.
    pub(in crate::http) fn valid(&self) -> &[u8] {
        match std::str::from_utf8(&self.bytes) {
            Err(error) if error.error_len().is_none() && self.bytes.len() == MAX_START => {
                self.bytes.get(..error.valid_up_to()).unwrap_or_default()
            }
            _ => &self.bytes,
        }
    }

    fn add(&mut self, data: &[u8]) {
        let rest = MAX_START - self.bytes.len();
        self.bytes.extend_from_slice(data.get(..rest).unwrap_or(data));
        self.length += data.len() as u64;
    }
}

/// The start of the body of a request, which is complete when the body has been read.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct Recorder(Arc<Mutex<BodyStart>>);

impl Recorder {
    /// Keeps the start of the body of a request from now on.
    pub(in crate::http) fn record(&self, request: Request) -> Request {
        let start = Arc::clone(&self.0);
        request.map(|body| Body::new(Recording { body, start }))
    }

    /// Returns what was read so far.
    pub(super) fn take(&self) -> BodyStart {
        std::mem::take(&mut lock(&self.0))
    }
}

struct Recording {
    body: Body,
    start: Arc<Mutex<BodyStart>>,
}

impl HttpBody for Recording {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            lock(&self.start).add(data);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::{BodyStart, MAX_START};

    #[test]
    fn the_start_has_whole_characters() {
        let mut start = BodyStart::default();
        start.add(&vec![b'x'; MAX_START - 1]);
        start.add("é and more".as_bytes());
        assert_eq!(start.valid().len(), MAX_START - 1);
        assert_eq!(start.length, MAX_START as u64 + 10);
        let mut broken = BodyStart::default();
        broken.add(b"x\xc3");
        assert_eq!(broken.valid(), b"x\xc3");
    }
}
