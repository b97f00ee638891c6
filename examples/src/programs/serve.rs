//! Serves the API of docs/server.md until Ctrl-C, and calls it once with the client of the build
//! script and once with that of the macro: `cargo run -p specwright-examples -- serve`.

use std::error::Error;

use specwright_examples::{built, expanded, weather};
use tokio::net::TcpListener;

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    println!("The API is available at {address}");
    let server = tokio::spawn(weather::run(listener, async {
        let _ = tokio::signal::ctrl_c().await;
    }));

    let client = built::Client::builder().base_url(&address).build()?;
    println!("{} °C", client.get_reading("roof").send().await?.celsius);
    let client = expanded::Client::builder().base_url(&address).build()?;
    println!("{} °C", client.get_reading("roof").send().await?.celsius);
    server.await??;
    Ok(())
}
