//! Calls a mock server for each document, and prints a line for each call.

mod accounts;
mod library;
mod parcels;
mod pipelines;
mod uploads;

use specwright_runtime::RetryPolicy;

type Failure = Box<dyn std::error::Error>;

/// A rejected request must not be sent again.
fn once() -> RetryPolicy {
    RetryPolicy::default().max_attempts(1)
}

/// Prints the result of a call.
fn checked<T: std::fmt::Debug>(name: &str, result: Result<T, impl std::fmt::Debug>) {
    match result {
        Ok(_) => println!("passed\t{name}\tthe request was accepted, the response decoded"),
        Err(error) => println!("failed\t{name}\t{}", format!("{error:?}").replace('\n', " ")),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    for argument in std::env::args().skip(1) {
        let (name, url) = argument.split_once('=').ok_or("an argument is `name=url`")?;
        let result = match name {
            "accounts" => accounts::run(url).await,
            "library" => library::run(url).await,
            "parcels" => parcels::run(url).await,
            "pipelines" => pipelines::run(url).await,
            "uploads" => uploads::run(url).await,
            _ => Err("an unknown document".into()),
        };
        if let Err(error) = result {
            println!("failed\t{name}\t{error}");
        }
    }
    Ok(())
}
