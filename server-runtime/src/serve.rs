//! Connections: accepting them, serving requests on them, and ending in good order.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use crate::limits::Limits;

/// How long requests under way may take once the server is told to end.
const GRACE: Duration = Duration::from_secs(10);
/// How long nothing is accepted after that has failed, so that what is short (open files)
/// can become free.
const PAUSE: Duration = Duration::from_millis(100);

/// The size of the head of a request at most, and how much of a body is read ahead: a
/// connection takes up no more than that beside what its body has been granted.
const BUFFER: usize = 64 * 1024;

/// In the extensions of a response: the connection is closed without an answer, as if the
/// server had died.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disconnect;

/// Serves a router until `shutdown` is done, and then until the requests under way are.
///
/// # Errors
/// Does not fail today: what goes wrong on one connection ends that connection, and where
/// none can be accepted it tries again.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let connections = GracefulShutdown::new();
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.header_timeout);
    builder.max_buf_size(BUFFER);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                if !is_of_connection(&error) {
                    sleep(PAUSE).await;
                }
                continue;
            }
        };
        // Answers are short and complete: nothing is gained by waiting for more.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let service = service_fn(move |request| {
            let answer = service.call(request);
            async move {
                let Ok(response) = answer.await;
                match response.extensions().get::<Disconnect>() {
                    Some(Disconnect) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                    None => Ok(response),
                }
            }
        });
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // A connection that ends early is the business of whoever ended it.
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = timeout(GRACE, connections.shutdown()).await;
    Ok(())
}

/// Whether only the connection that was about to be accepted has failed.
fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
