//! A running generated server.

use specwright_server::axum::Router;
use specwright_server::{Limits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// A server that runs until it is dropped.
pub(crate) struct Served {
    pub(crate) url: String,
    pub(crate) address: std::net::SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Served {
    pub(crate) async fn start(router: Router, limits: Limits) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(serve(listener, router, limits, async move {
            let _ = stopped.await;
        }));
        Ok(Self { url: format!("http://{address}"), address, _stop: stop })
    }

    /// Sends a request, and returns the raw response without the date.
    pub(crate) async fn send(&self, head: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(self.address).await?;
        let length = body.len();
        let head = head.replace('\n', "\r\n");
        let request = format!(
            "{head}\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut response = String::new();
        stream.read_to_string(&mut response).await?;
        let lines = response.lines().filter(|line| !line.starts_with("date:"));
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }
}

/// Returns the body of a raw response: its last line.
pub(crate) fn body(response: &str) -> &str {
    response.rsplit_once('\n').map_or("", |(_, body)| body)
}
