//! Compression of request bodies.

use std::fmt;
use std::io;

use bytes::Bytes;

use crate::encode::body::Body;

/// The default minimum size; smaller bodies are not compressed.
#[cfg(any(feature = "gzip", feature = "zstd"))]
const DEFAULT_MIN_SIZE: usize = 1024;

/// The compression of request bodies. Requires the feature `gzip` or `zstd`.
///
/// Bodies of up to 1 KiB, bodies that do not shrink, multipart bodies and streams are sent
/// uncompressed. Responses need no setting: each enabled format is sent in `Accept-Encoding`, and
/// compressed responses are decompressed.
#[derive(Clone, Copy)]
#[must_use = "compression has no effect until it is passed to a client"]
pub struct Compression {
    /// The name in `Content-Encoding`.
    name: &'static str,
    compress: fn(&[u8]) -> io::Result<Vec<u8>>,
    min_size: usize,
}

impl Compression {
    /// Creates a compression with gzip, which most servers support.
    #[cfg(feature = "gzip")]
    pub fn gzip() -> Self {
        let compress = |body: &[u8]| {
            let level = flate2::Compression::default();
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
            io::Write::write_all(&mut encoder, body)?;
            encoder.finish()
        };
        Self { name: "gzip", compress, min_size: DEFAULT_MIN_SIZE }
    }

    /// Creates a compression with zstd, which is faster and compresses better.
    #[cfg(feature = "zstd")]
    pub fn zstd() -> Self {
        let compress = |body: &[u8]| zstd::bulk::compress(body, zstd::DEFAULT_COMPRESSION_LEVEL);
        Self { name: "zstd", compress, min_size: DEFAULT_MIN_SIZE }
    }

    /// Sets the size in bytes above which bodies are compressed. Defaults to 1024.
    pub fn min_size(mut self, bytes: usize) -> Self {
        self.min_size = bytes;
        self
    }

    /// Compresses a request body, once for all attempts.
    pub(crate) fn apply(self, body: &Body) -> Option<(&'static str, Bytes)> {
        let body = body.whole().filter(|body| body.len() > self.min_size)?;
        // Writing to memory does not fail; otherwise, the body is sent uncompressed.
        let compressed = (self.compress)(body).ok()?;
        (compressed.len() < body.len()).then(|| (self.name, Bytes::from(compressed)))
    }
}

impl fmt::Debug for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compression")
            .field("name", &self.name)
            .field("min_size", &self.min_size)
            .finish()
    }
}
