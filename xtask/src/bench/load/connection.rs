//! Requests over one connection of HTTP/1.1, which is kept open.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// How long to wait for a response.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Connection {
    pub(super) fn open(address: &str) -> Result<Self, String> {
        let failed = |error| format!("error: cannot connect to {address}: {error}");
        let stream = TcpStream::connect(address).map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        stream.set_read_timeout(Some(TIMEOUT)).map_err(failed)?;
        Ok(Self { stream: BufReader::new(stream), address: address.to_owned() })
    }

    /// Sends a request, whose response must have this status.
    pub(super) fn expect(
        &mut self,
        status: u16,
        method: &str,
        path: &str,
        body: &str,
    ) -> Result<(), String> {
        match self.send(method, path, body)? {
            actual if actual == status => Ok(()),
            actual => Err(format!("error: {method} {path} returned {actual}")),
        }
    }

    /// Sends a request. Returns the status after the whole response was read.
    pub(super) fn send(&mut self, method: &str, path: &str, body: &str) -> Result<u16, String> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
             dd-api-key: bench\r\ndd-application-key: bench\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        let failed = |error: std::io::Error| format!("error: {method} {path}: {error}");
        let stream = self.stream.get_mut();
        stream.write_all(head.as_bytes()).map_err(failed)?;
        stream.write_all(body.as_bytes()).map_err(failed)?;
        let status = self.line().map_err(failed)?;
        let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| format!("error: {method} {path}: not HTTP"))?;
        let mut length = 0;
        loop {
            let line = self.line().map_err(failed)?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or_default();
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).map_err(failed)?;
        Ok(status)
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}
