//! The content of a blob: bytes in memory, or a stream.

use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;

/// Why a stream failed.
pub type StreamError = Box<dyn StdError + Send + Sync>;

/// The chunks of a stream.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, StreamError>> + Send>>;

/// The content of a blob.
#[derive(Clone)]
pub enum Content {
    /// All bytes, in memory.
    Whole(Bytes),
    /// A stream, and its length in bytes if that is known.
    Streamed(Streamed, Option<u64>),
}

/// A stream that is not taken yet. Clones share it.
#[derive(Clone)]
pub struct Streamed(pub(super) Arc<Mutex<Option<Chunks>>>);

impl Streamed {
    /// Takes the stream. Returns nothing if it was taken before.
    pub fn take(&self) -> Option<Chunks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Returns a stream from which nothing was read.
    pub fn give_back(&self, chunks: Chunks) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(chunks);
    }

    /// Returns whether the stream can still be taken.
    pub fn is_there(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}
