//! Accept loop and graceful shutdown.

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

/// The time that in-flight requests have after shutdown was requested.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after a failed accept, in which a scarce resource such as open files may be freed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// The maximum size of the head of a request, and how much of a body is read ahead. A connection
/// takes no more memory than this and the granted size of its body.
const BUFFER_SIZE: usize = 64 * 1024;

/// A response extension that closes the connection without a response, as if the server had
/// crashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disconnect;

/// Serves a router until `shutdown` completes, and then waits for in-flight requests, at most 10 s.
///
/// # Errors
/// Currently infallible: an error on a connection closes that connection, and a failed accept is
/// retried.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let connections = GracefulShutdown::new();
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.header_timeout);
    builder.max_buf_size(BUFFER_SIZE);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                if !is_connection_error(&error) {
                    sleep(ACCEPT_PAUSE).await;
                }
                continue;
            }
        };
        // Responses are written as a whole, so delaying them for more data gains nothing.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let service = service_fn(move |request| {
            let response = service.call(request);
            async move {
                let Ok(response) = response.await;
                match response.extensions().get::<Disconnect>() {
                    Some(Disconnect) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                    None => Ok(response),
                }
            }
        });
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // The client or `Disconnect` has closed the connection; there is nothing to do.
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = timeout(SHUTDOWN_TIMEOUT, connections.shutdown()).await;
    Ok(())
}

/// Whether only the connection that was to be accepted has failed.
fn is_connection_error(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
