//! Request bodies that are sent in chunks.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use specwright_model::blob::{Chunks, Content, StreamError, Streamed};

/// The body of one attempt. A stream is taken when it is reached; until then, another attempt
/// can take it.
pub(crate) struct Sending {
    /// Streams are not `Sync`, but `reqwest` requires bodies that are.
    state: Mutex<State>,
    left: Option<u64>,
}

struct State {
    parts: VecDeque<Content>,
    open: Option<Open>,
}

/// The stream that is being sent.
struct Open {
    source: Streamed,
    /// `None` at the end of the stream.
    chunks: Option<Chunks>,
    /// The number of bytes left, if known.
    left: Option<u64>,
    has_begun: bool,
    /// The last chunk, held back until the stream has ended: the HTTP client stops polling once it
    /// has the declared length, and would miss excess bytes.
    last: Option<Bytes>,
}

impl Sending {
    pub(crate) fn new(parts: Vec<Content>, length: Option<u64>) -> Self {
        Self { state: Mutex::new(State { parts: parts.into(), open: None }), left: length }
    }
}

impl State {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StreamError>>> {
        loop {
            if let Some(open) = &mut self.open {
                match open.poll(context) {
                    Poll::Ready(None) => self.open = None,
                    other => return other,
                }
            }
            match self.parts.pop_front() {
                None => return Poll::Ready(None),
                // Some protocols end the body at an empty chunk.
                Some(Content::Whole(bytes)) if bytes.is_empty() => {}
                Some(Content::Whole(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Some(Content::Streamed(source, left)) => match source.take() {
                    Some(chunks) => {
                        let chunks = Some(chunks);
                        self.open =
                            Some(Open { source, chunks, left, has_begun: false, last: None });
                    }
                    None => {
                        let error = "stream body was already consumed";
                        return Poll::Ready(Some(Err(error.into())));
                    }
                },
            }
        }
    }
}

impl Open {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StreamError>>> {
        loop {
            let Some(chunks) = &mut self.chunks else { return Poll::Ready(None) };
            let Poll::Ready(next) = chunks.as_mut().poll_next(context) else {
                return Poll::Pending;
            };
            self.has_begun = true;
            let mismatch = |difference: &str| {
                let message = format!("stream has {difference} bytes than declared");
                Poll::Ready(Some(Err(message.into())))
            };
            match next {
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) => match self.left.map(|left| left.checked_sub(chunk.len() as u64))
                {
                    None => return Poll::Ready(Some(Ok(chunk))),
                    Some(None) => return mismatch("more"),
                    Some(Some(0)) => {
                        self.left = Some(0);
                        self.last = Some(chunk);
                    }
                    Some(left) => {
                        self.left = left;
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.chunks = None;
                    return match self.left {
                        Some(1..) => mismatch("fewer"),
                        _ => Poll::Ready(self.last.take().map(Ok)),
                    };
                }
            }
        }
    }
}

/// Returns an unread stream to the body, for the next attempt.
impl Drop for Open {
    fn drop(&mut self) {
        if let Some(chunks) = self.chunks.take().filter(|_| !self.has_begun) {
            self.source.give_back(chunks);
        }
    }
}

impl http_body::Body for Sending {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let next = state.poll(context);
        if let (Poll::Ready(Some(Ok(chunk))), Some(left)) = (&next, &mut self.left) {
            *left = left.saturating_sub(chunk.len() as u64);
        }
        next.map(|next| next.map(|chunk| chunk.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use futures_core::Stream;
    use http_body::Body as _;

    use super::*;
    use specwright_model::blob::Blob;

    /// A stream that returns a chunk at every second poll.
    struct Slow(bool);

    impl Stream for Slow {
        type Item = Result<&'static str, StreamError>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.0 = !self.0;
            if self.0 { Poll::Pending } else { Poll::Ready(Some(Ok("chunk"))) }
        }
    }

    #[test]
    fn unread_stream_is_available_to_the_next_attempt() {
        let content = Blob::from_stream(Slow(false)).content().clone();
        let Content::Streamed(streamed, _) = &content else { panic!("not a stream") };
        let mut context = Context::from_waker(Waker::noop());
        let mut send = |polls: usize| {
            let mut sending = Sending::new(vec![content.clone()], None);
            for _ in 0..polls {
                let _ = Pin::new(&mut sending).poll_frame(&mut context);
            }
        };
        send(0);
        assert!(streamed.is_there());
        send(1);
        assert!(streamed.is_there());
        // The stream resumes, and this poll returns a chunk.
        send(1);
        assert!(!streamed.is_there());
    }
}
