//! HTTPS: certificates that only this client trusts, and the version of HTTP that is agreed on.

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

use super::{Outcome, job};

/// What a client with these options agreed on with a server that speaks both versions, whose
/// certificate nobody knows, and what it was answered.
async fn agreed(
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
            // The whole request comes at once, being small.
            let _ = stream.read(&mut [0; 4096]).await?;
            let answer = "HTTP/1.1 202 Accepted\r\ncontent-length: 13\r\n\r\n{\"data\":null}";
            stream.write_all(answer.as_bytes()).await?;
            stream.shutdown().await?;
        }
        Ok(protocol)
    });
    let builder = Client::builder().base_url(url).api_key("k").retry(RetryPolicy::none());
    let sent = builder.http(options(&pem).no_proxy()).build()?.send(job("j-1")?).await;
    // A handshake that was refused has agreed on nothing.
    Ok((server.await?.unwrap_or(None), sent.map(|answer| answer.status())))
}

#[tokio::test]
async fn a_certificate_of_ones_own_is_trusted_if_it_is_given() -> Outcome {
    let (protocol, sent) =
        agreed(|pem| HttpOptions::new().root_certificates(pem).http1_only()).await?;
    assert_eq!((protocol.as_deref(), sent?), (Some("http/1.1"), 202));
    let (protocol, sent) = agreed(|_| HttpOptions::new()).await?;
    let error = sent.err().ok_or("a certificate that nobody knows was trusted")?;
    assert!(matches!(&error, Error::Transport(error) if error.is_connect()), "{error:?}");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert_eq!(protocol, None);
    Ok(())
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_offered() -> Outcome {
    // The server here only agrees to it, and then says no more.
    let (protocol, _) = agreed(|pem| HttpOptions::new().root_certificates(pem)).await?;
    assert_eq!(protocol.as_deref(), Some("h2"));
    Ok(())
}
