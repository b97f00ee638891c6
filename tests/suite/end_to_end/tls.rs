//! HTTPS: private certificates and the negotiated HTTP version.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;

use datadog_ci_pipelines::{Client, Error, HttpOptions, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;

use crate::end_to_end::support::{Outcome, job};

/// Sends a request to a server with both HTTP versions and a private certificate. Returns the
/// negotiated protocol and the result.
async fn negotiated(
    options: impl Fn(&str) -> HttpOptions,
) -> Result<(Option<String>, Result<u16, Error>), Box<dyn StdError>> {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    let pem = certified.cert.pem();
    let key = certified.signing_key.serialize_der();
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key.try_into()?)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("https://localhost:{}", listener.local_addr()?.port());
    let server: JoinHandle<io::Result<Option<String>>> = tokio::spawn(async move {
        let (stream, _) = listener.accept().await?;
        let mut stream = TlsAcceptor::from(Arc::new(config)).accept(stream).await?;
        let protocol = stream.get_ref().1.alpn_protocol().map(String::from_utf8_lossy);
        let protocol = protocol.map(|protocol| protocol.into_owned());
        if protocol.as_deref() == Some("http/1.1") {
            // The request is small and arrives in one piece.
            let _ = stream.read(&mut [0; 4096]).await?;
            let response = "HTTP/1.1 202 Accepted\r\ncontent-length: 13\r\n\r\n{\"data\":null}";
            stream.write_all(response.as_bytes()).await?;
            stream.shutdown().await?;
        }
        Ok(protocol)
    });
    let builder = Client::builder().base_url(url).api_key("k").retry(RetryPolicy::none());
    let sent = builder.http(options(&pem).no_proxy()).build()?.send(job("j-1")?).await;
    // A rejected handshake has negotiated nothing.
    Ok((server.await?.unwrap_or(None), sent.map(|response| response.status())))
}

#[tokio::test]
async fn a_private_certificate_is_trusted_if_it_is_configured() -> Outcome {
    let (protocol, sent) =
        negotiated(|pem| HttpOptions::new().root_certificates(pem).http1_only()).await?;
    assert_eq!((protocol.as_deref(), sent?), (Some("http/1.1"), 202));
    let (protocol, sent) = negotiated(|_| HttpOptions::new()).await?;
    let error = sent.err().ok_or("an unknown certificate was trusted")?;
    assert!(matches!(&error, Error::Transport(error) if error.is_connect()), "{error:?}");
    let causes = std::iter::successors(error.source(), |&error| error.source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    assert!(causes.join(": ").contains("certificate"), "{causes:?}");
    assert_eq!(protocol, None);
    Ok(())
}

#[tokio::test]
async fn http_2_is_used_if_it_is_offered() -> Outcome {
    // The server only negotiates it and sends nothing.
    let (protocol, _) = negotiated(|pem| HttpOptions::new().root_certificates(pem)).await?;
    assert_eq!(protocol.as_deref(), Some("h2"));
    Ok(())
}
