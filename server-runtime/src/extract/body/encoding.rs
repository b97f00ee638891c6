//! `Content-Encoding`: a chain of decoders, none of which produces more than the limit.

use std::io::{self, Write};

use flate2::write::{MultiGzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, HeaderMap};
use zstd::stream::raw::{self, Operation as _};

use crate::reject::Rejection;

/// The maximum number of encodings of one body.
const MAX_ENCODINGS: usize = 4;
const SUPPORTED: &str = "gzip, deflate, zstd";

/// Removes the encodings of a body.
pub(super) struct Decoder {
    first: Stage,
    limit: usize,
}

impl Decoder {
    /// Creates the decoder for the headers of a request.
    pub(super) fn new(headers: &HeaderMap, limit: usize) -> Result<Self, Rejection> {
        let mut names = Vec::new();
        for value in headers.get_all(CONTENT_ENCODING) {
            let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
            names.extend(value.split(',').map(|name| name.trim().to_owned()));
        }
        names.retain(|name| !name.is_empty() && name != "identity");
        if names.len() > MAX_ENCODINGS {
            return Err(unsupported(&names.join(", ")));
        }
        // The encoding that was applied last is listed last, and removed first.
        let mut stage = Stage::Sink(Vec::new());
        for name in &names {
            let inner = Box::new(Limited { inner: stage, left: limit });
            stage = match name.as_str() {
                "gzip" | "x-gzip" => Stage::Gzip(MultiGzDecoder::new(inner)),
                "deflate" => Stage::Deflate(ZlibDecoder::new(inner)),
                "zstd" | "zstd1" => Stage::Zstd(Zstd::new(inner, limit)?),
                other => return Err(unsupported(other)),
            };
        }
        Ok(Self { first: stage, limit })
    }

    /// Decodes the next bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        self.first.write_all(bytes).map_err(|error| rejection(&error, self.limit))
    }

    /// Returns the number of bytes that were decoded so far.
    pub(super) fn len(&self) -> usize {
        self.first.decoded().len()
    }

    /// Returns the decoded body, after all bytes were written.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Rejection> {
        self.first.end().map_err(|error| rejection(&error, self.limit))?;
        Ok(self.first.into_decoded())
    }
}

pub(super) fn too_large(limit: usize) -> Rejection {
    Rejection::new(413, format!("the body is larger than {limit} bytes"))
}

fn unsupported(name: &str) -> Rejection {
    let message = format!("the content encoding `{name}` is not supported, only {SUPPORTED}");
    Rejection::new(415, message).header("Accept-Encoding", SUPPORTED)
}

fn rejection(error: &io::Error, limit: usize) -> Rejection {
    match error.kind() {
        io::ErrorKind::FileTooLarge => too_large(limit),
        _ => Rejection::new(400, "the body is not in its content encoding, or is truncated"),
    }
}

/// One encoding and the ones after it.
enum Stage {
    Sink(Vec<u8>),
    Gzip(MultiGzDecoder<Box<Limited>>),
    Deflate(ZlibDecoder<Box<Limited>>),
    Zstd(Zstd),
}

impl Stage {
    fn decoded(&self) -> &Vec<u8> {
        match self {
            Self::Sink(decoded) => decoded,
            Self::Gzip(decoder) => decoder.get_ref().inner.decoded(),
            Self::Deflate(decoder) => decoder.get_ref().inner.decoded(),
            Self::Zstd(decoder) => decoder.inner.inner.decoded(),
        }
    }

    fn into_decoded(mut self) -> Vec<u8> {
        std::mem::take(self.sink())
    }

    fn sink(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Sink(decoded) => decoded,
            Self::Gzip(decoder) => decoder.get_mut().inner.sink(),
            Self::Deflate(decoder) => decoder.get_mut().inner.sink(),
            Self::Zstd(decoder) => decoder.inner.inner.sink(),
        }
    }

    /// Ends the input. An encoding that is incomplete was truncated.
    fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Sink(_) => Ok(()),
            Self::Gzip(decoder) => {
                decoder.try_finish()?;
                decoder.get_mut().inner.end()
            }
            Self::Deflate(decoder) => {
                decoder.try_finish()?;
                decoder.get_mut().inner.end()
            }
            Self::Zstd(decoder) => decoder.end(),
        }
    }
}

impl Write for Stage {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Sink(decoded) => decoded.write(bytes),
            Self::Gzip(decoder) => decoder.write(bytes),
            Self::Deflate(decoder) => decoder.write(bytes),
            Self::Zstd(decoder) => decoder.write_all(bytes).map(|()| bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The output of a decoder: no more than the limit, which stops decompression bombs.
struct Limited {
    inner: Stage,
    left: usize,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.left.checked_sub(bytes.len()) {
            Some(left) => self.left = left,
            None => return Err(io::ErrorKind::FileTooLarge.into()),
        }
        self.inner.write_all(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A zstd decoder without buffers of its own: the writer of the crate does not report whether
/// the data was truncated.
struct Zstd {
    decoder: raw::Decoder<'static>,
    inner: Box<Limited>,
    /// Whether a frame has ended.
    is_complete: bool,
}

impl Zstd {
    fn new(inner: Box<Limited>, limit: usize) -> Result<Self, Rejection> {
        let failed = |_| Rejection::new(500, "the zstd decoder cannot be created");
        let mut decoder = raw::Decoder::new().map_err(failed)?;
        // The sender chooses the window size, and so how much is allocated. Decoders should
        // support at least 8 MiB (RFC 8878).
        let bits = limit.max(1 << 23).next_power_of_two().trailing_zeros().min(27);
        decoder.set_parameter(raw::DParameter::WindowLogMax(bits)).map_err(failed)?;
        Ok(Self { decoder, inner, is_complete: false })
    }

    fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let mut buffer = [0_u8; 16 * 1024];
        loop {
            let status = self.decoder.run_on_buffers(bytes, &mut buffer)?;
            let (read, written) = (status.bytes_read, status.bytes_written);
            bytes = bytes.get(read..).unwrap_or_default();
            self.inner.write_all(buffer.get(..written).unwrap_or_default())?;
            self.is_complete = status.remaining == 0;
            let is_full = written == buffer.len();
            if bytes.is_empty() && !is_full {
                return Ok(());
            }
            if read == 0 && written == 0 {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        if !self.is_complete {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.inner.inner.end()
    }
}
