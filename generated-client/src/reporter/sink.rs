//! Where a reporter's events go.

use crate::{Client, Error, PipelineEvent};

/// Where a [`Reporter`](super::Reporter) sends its events; made of a client by itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Sink {
    /// To the service, with the client's own keys, time limit and retries.
    Client(Client),
}

impl From<Client> for Sink {
    fn from(client: Client) -> Self {
        Self::Client(client)
    }
}

/// Why events were not taken, and what that says of them.
pub(super) enum Unsent {
    /// Nothing: the service was not there, or had no time. Later it may be otherwise.
    Yet(String),
    /// At least one of them is at fault.
    ForOne(String),
    /// None of them will ever be taken.
    ForAll(String),
}

impl Sink {
    /// Sends a few events, at most [`MAX_BATCH`](crate::MAX_BATCH), as one.
    pub(super) async fn send(&self, events: &[PipelineEvent]) -> Result<(), Unsent> {
        let Self::Client(client) = self;
        match client.send_all(events.iter().cloned()).await {
            Ok(_) => Ok(()),
            Err(error) => judge(&error.error),
        }
    }
}

fn judge(error: &Error) -> Result<(), Unsent> {
    let text = error.to_string();
    Err(match (error, error.status()) {
        // The answer cannot be read, but says that the events were taken.
        (_, Some(200..=299)) => return Ok(()),
        (Error::Transport(_) | Error::Timeout(_), _) => Unsent::Yet(text),
        (_, Some(408 | 429 | 500..)) => Unsent::Yet(text),
        (_, Some(400 | 413 | 422)) => Unsent::ForOne(text),
        _ => Unsent::ForAll(text),
    })
}
