//! The content of a blob: bytes in memory, or a stream.

use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;

/// Why a stream could not go on.
pub type StreamError = Box<dyn StdError + Send + Sync>;

/// The chunks of a stream.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, StreamError>> + Send>>;

/// What is sent.
#[derive(Clone)]
pub enum Content {
    /// All of it.
    Whole(Bytes),
    /// What comes out of a stream, and how many bytes that will be, where that is known.
    Streamed(Streamed, Option<u64>),
}

/// A stream, until somebody takes it. Clones share it.
#[derive(Clone)]
pub struct Streamed(pub(super) Arc<Mutex<Option<Chunks>>>);

impl Streamed {
    /// Takes the stream; nothing if it was taken before.
    pub fn take(&self) -> Option<Chunks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Gives a stream back of which nothing was taken.
    pub fn give_back(&self, chunks: Chunks) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(chunks);
    }

    /// Whether it can still be taken.
    pub fn is_there(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}
