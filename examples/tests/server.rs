//! The server of docs/server.md serves the client that is generated from the same document.

use std::error::Error;

use specwright_examples::{built, weather};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::test]
async fn the_server_of_the_guide_serves_the_client() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(weather::run(listener, async move {
        let _ = stopped.await;
    }));
    let client = built::Client::builder().base_url(address).build()?;
    let reading = client.get_reading("roof").send().await?;
    assert_eq!(reading.celsius.to_string(), "21.5");
    let rejected = client.get_reading("cellar").send().await;
    let shown = rejected.err().map(|error| format!("{error:?} {error}")).unwrap_or_default();
    assert!(shown.contains("404"), "{shown}");
    let _ = stop.send(());
    served.await??;
    Ok(())
}

#[test]
fn the_guide_shows_the_compiled_code() {
    let shown = include_str!("../../docs/server.md");
    let source = include_str!("../src/weather.rs");
    // Without the documentation of the file.
    let code = source.split_once("\n\n").map_or("", |(_, code)| code);
    assert!(
        shown.contains(&format!("```rust\n{code}```\n")),
        "docs/server.md differs from src/weather.rs"
    );
}
