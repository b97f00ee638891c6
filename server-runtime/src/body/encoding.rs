//! `Content-Encoding`: one decoder behind the other, none of which gives more than the limit.

use std::io::{self, Write};

use flate2::write::{MultiGzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, HeaderMap};
use zstd::stream::raw::{self, Operation as _};

use super::too_large;
use crate::refusal::Rejection;

/// More encodings than anybody has a use for.
const MANY: usize = 4;
const SUPPORTED: &str = "gzip, deflate, zstd";

/// Turns the bytes that are sent into those that are meant.
pub(super) struct Decoder {
    first: Stage,
    limit: usize,
}

impl Decoder {
    /// The decoder that a request asks for.
    pub(super) fn new(headers: &HeaderMap, limit: usize) -> Result<Self, Rejection> {
        let mut names = Vec::new();
        for value in headers.get_all(CONTENT_ENCODING) {
            let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
            names.extend(text.split(',').map(|name| name.trim().to_owned()));
        }
        names.retain(|name| !name.is_empty() && name != "identity");
        if names.len() > MANY {
            return Err(unsupported(&names.join(", ")));
        }
        // The encoding that was applied last is named last, and taken off first.
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

    /// Takes the next bytes that were sent.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        self.first.write_all(bytes).map_err(|error| refusal(&error, self.limit))
    }

    /// How many bytes have been decoded so far.
    pub(super) fn len(&self) -> usize {
        self.first.decoded().len()
    }

    /// All that was decoded, once everything has been sent.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Rejection> {
        self.first.end().map_err(|error| refusal(&error, self.limit))?;
        Ok(self.first.into_decoded())
    }
}

fn unsupported(name: &str) -> Rejection {
    let message = format!("the content encoding `{name}` is not supported, only {SUPPORTED}");
    Rejection::new(415, message).header("Accept-Encoding", SUPPORTED)
}

fn refusal(error: &io::Error, limit: usize) -> Rejection {
    match error.kind() {
        io::ErrorKind::FileTooLarge => too_large(limit),
        _ => Rejection::new(400, "the body is not what its content encoding says, or is cut off"),
    }
}

/// One encoding, with what stands behind it.
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

    /// There is no more: what is open now was cut off.
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

/// What a decoder writes to: no more than the limit, so that a bomb ends here.
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

/// The decoder of zstd, without its own buffers: the crate's writer does not say whether the
/// data was cut off.
struct Zstd {
    decoder: raw::Decoder<'static>,
    inner: Box<Limited>,
    /// Whether the data may end here.
    is_whole: bool,
}

impl Zstd {
    fn new(inner: Box<Limited>, limit: usize) -> Result<Self, Rejection> {
        let failed = |_| Rejection::new(500, "no decoder for zstd");
        let mut decoder = raw::Decoder::new().map_err(failed)?;
        // The sender says how far back the data may refer, and so how much is allocated. 8 MiB
        // is what every decoder is asked to take (RFC 8878).
        let bits = limit.max(1 << 23).next_power_of_two().trailing_zeros().min(27);
        decoder.set_parameter(raw::DParameter::WindowLogMax(bits)).map_err(failed)?;
        Ok(Self { decoder, inner, is_whole: false })
    }

    fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let mut buffer = [0_u8; 16 * 1024];
        loop {
            let status = self.decoder.run_on_buffers(bytes, &mut buffer)?;
            let (read, written) = (status.bytes_read, status.bytes_written);
            bytes = bytes.get(read..).unwrap_or_default();
            self.inner.write_all(buffer.get(..written).unwrap_or_default())?;
            self.is_whole = status.remaining == 0;
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
        if !self.is_whole {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.inner.inner.end()
    }
}
