//! The bodies of requests, made smaller.

use std::fmt;
use std::io;

use bytes::Bytes;

use crate::encode::body::Body;

/// What has no more bytes than this is sent as it is.
#[cfg(any(feature = "gzip", feature = "zstd"))]
const OVER: usize = 1024;

/// How the bodies of requests are compressed, with the feature `gzip` or `zstd`.
///
/// What is not larger than a kilobyte, what does not become smaller, and what is sent in several
/// pieces or as a stream, is sent as it is.
/// Answers need none of this: with the feature of a format, servers are told that it may be
/// used, and what comes in it is read.
#[derive(Clone, Copy)]
#[must_use = "it does nothing until a client has it"]
pub struct Compression {
    /// Its name in `Content-Encoding`.
    name: &'static str,
    compress: fn(&[u8]) -> io::Result<Vec<u8>>,
    min_size: usize,
}

impl Compression {
    /// As gzip, which servers know best.
    #[cfg(feature = "gzip")]
    pub fn gzip() -> Self {
        let compress = |body: &[u8]| {
            let level = flate2::Compression::default();
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
            io::Write::write_all(&mut encoder, body)?;
            encoder.finish()
        };
        Self { name: "gzip", compress, min_size: OVER }
    }

    /// As zstd, which is quicker and makes it smaller.
    #[cfg(feature = "zstd")]
    pub fn zstd() -> Self {
        let compress = |body: &[u8]| zstd::bulk::compress(body, zstd::DEFAULT_COMPRESSION_LEVEL);
        Self { name: "zstd", compress, min_size: OVER }
    }

    /// Compresses what has more bytes than this; 1024 unless this says otherwise.
    pub fn min_size(mut self, bytes: usize) -> Self {
        self.min_size = bytes;
        self
    }

    /// Compresses the body of a request, once for all tries.
    pub(crate) fn apply(self, body: &Body) -> Option<(&'static str, Bytes)> {
        let body = body.whole().filter(|body| body.len() > self.min_size)?;
        // Writing to memory does not fail; if it did, the body would go as it is.
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
