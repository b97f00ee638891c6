//! Calls of `accounts.yaml`.

use accounts::Client;

use crate::{Failure, checked, once};

pub(super) async fn run(url: &str) -> Result<(), Failure> {
    let builder = Client::builder().base_url(url).retry(once());
    let builder = builder.bearer("token").cookie("a session");
    let client = builder.header("key").query("a key").build()?;
    checked("accounts.cookie", client.with_cookie().send().await);
    checked("accounts.bearer", client.with_bearer().send().await);
    checked("accounts.header", client.with_header().send().await);
    checked("accounts.query", client.with_query().send().await);
    checked("accounts.both", client.with_both().send().await);
    Ok(())
}
