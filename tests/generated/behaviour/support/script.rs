//! A server that sends scripted bytes on each connection.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A step of a script.
#[derive(Clone)]
pub(crate) enum Step {
    Send(Vec<u8>),
    Wait(Duration),
}

/// A server that plays one script per connection, in order.
pub(crate) struct Script {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<String>>>,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Script {
    pub(crate) async fn start(
        scripts: impl IntoIterator<Item = Vec<Step>>,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let (scripts, log): (Vec<_>, _) =
            (scripts.into_iter().collect(), [seen.clone(), bodies.clone()]);
        tokio::spawn(async move {
            for script in scripts {
                let Ok((stream, _)) = listener.accept().await else { return };
                // Some tests close the connection.
                let _ = play(stream, script, &log).await;
            }
        });
        Ok(Self { url, seen, bodies })
    }

    /// Returns the head of each request in lower case.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the body of each request with a length.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn play(
    mut stream: TcpStream,
    script: Vec<Step>,
    log: &[Arc<Mutex<Vec<String>>>; 2],
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    for (log, part) in log.iter().zip([head, String::from_utf8_lossy(&body).into_owned()]) {
        log.lock().unwrap_or_else(PoisonError::into_inner).push(part);
    }
    for step in script {
        match step {
            Step::Send(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
            }
            Step::Wait(time) => tokio::time::sleep(time).await,
        }
    }
    stream.shutdown().await
}

fn send(bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(bytes.as_ref().to_vec())
}

/// Pauses for some milliseconds.
pub(crate) fn wait(milliseconds: u64) -> Step {
    Step::Wait(Duration::from_millis(milliseconds))
}

/// Sends a part of a body.
pub(crate) fn more(body: &str) -> Step {
    send(body)
}

/// Sends the head of a response whose body ends with the connection.
pub(crate) fn head(status: u16, headers: &str) -> Step {
    let headers: String = headers.lines().map(|line| format!("{}\r\n", line.trim())).collect();
    send(format!("HTTP/1.1 {status} x\r\nconnection: close\r\n{headers}\r\n"))
}

/// Sends a complete response.
pub(crate) fn whole(status: u16, media: &str, body: impl AsRef<[u8]>) -> Vec<Step> {
    vec![head(status, &format!("content-type: {media}")), send(body)]
}

/// Sends a truncated response.
pub(crate) fn cut(media: &str, body: &str) -> Vec<Step> {
    let headers = format!("content-type: {media}\ncontent-length: 99999");
    vec![head(200, &headers), send(body)]
}
