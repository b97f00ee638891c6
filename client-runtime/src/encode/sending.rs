//! A body on its way out, piece by piece.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use specwright_model::blob::{Chunks, Content, StreamError, Streamed};

/// What one try sends. A stream is taken when its turn has come; until then another try may
/// have it.
pub(crate) struct Sending {
    /// Streams are not shared between threads, but who sends a body wants to be able to.
    state: Mutex<State>,
    left: Option<u64>,
}

struct State {
    parts: VecDeque<Content>,
    open: Option<Open>,
}

/// The stream whose turn it is.
struct Open {
    of: Streamed,
    /// Always there until it is dropped.
    chunks: Option<Chunks>,
    /// How many bytes are still to come, where that is known.
    left: Option<u64>,
    has_begun: bool,
    /// The last chunk, until it is known that nothing follows it: who sends what was announced
    /// asks for no more.
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
                // An empty chunk would end the body, of some protocols.
                Some(Content::Whole(bytes)) if bytes.is_empty() => {}
                Some(Content::Whole(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Some(Content::Streamed(of, left)) => match of.take() {
                    Some(chunks) => {
                        let chunks = Some(chunks);
                        self.open = Some(Open { of, chunks, left, has_begun: false, last: None });
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
            let wrong = |what: &str| {
                let message = format!("a stream has {what} bytes than were announced");
                Poll::Ready(Some(Err(message.into())))
            };
            match next {
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) => match self.left.map(|left| left.checked_sub(chunk.len() as u64))
                {
                    None => return Poll::Ready(Some(Ok(chunk))),
                    Some(None) => return wrong("more"),
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
                        Some(1..) => wrong("fewer"),
                        _ => Poll::Ready(self.last.take().map(Ok)),
                    };
                }
            }
        }
    }
}

/// A try that ends before the stream has begun leaves it to the next one.
impl Drop for Open {
    fn drop(&mut self) {
        if let Some(chunks) = self.chunks.take().filter(|_| !self.has_begun) {
            self.of.give_back(chunks);
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

    /// A stream that has a chunk each second time that it is asked.
    struct Slow(bool);

    impl Stream for Slow {
        type Item = Result<&'static str, StreamError>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.0 = !self.0;
            if self.0 { Poll::Pending } else { Poll::Ready(Some(Ok("chunk"))) }
        }
    }

    #[test]
    fn a_stream_of_which_nothing_has_come_is_there_for_the_next_try() {
        let content = Blob::from_stream(Slow(false)).content().clone();
        let Content::Streamed(streamed, _) = &content else { panic!("it is a stream") };
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
        // It goes on where it was, and this time something comes.
        send(1);
        assert!(!streamed.is_there());
    }
}
