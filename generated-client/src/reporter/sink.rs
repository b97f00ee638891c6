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

/// What became of an event.
#[derive(Clone)]
pub(super) enum Fate {
    Accepted,
    /// It will never be taken, and this is why.
    Refused(String),
    /// The service was not there, or had no time. Later it may be otherwise.
    Postponed(String),
}

impl Sink {
    /// Sends a few events, at most [`MAX_BATCH`](crate::MAX_BATCH), and says what became of each,
    /// in their order. Behind one that is postponed none is sent, and nothing said.
    pub(super) async fn send(&self, events: Vec<PipelineEvent>) -> Vec<Fate> {
        let Self::Client(client) = self;
        let mut fates = Vec::with_capacity(events.len());
        // What is yet to be sent, the next part last.
        let mut parts = vec![events];
        while let Some(mut part) = parts.pop() {
            let fate = match client.send_all(part.iter().cloned()).await {
                Ok(_) => Fate::Accepted,
                Err(error) if part.len() > 1 && blames_one(&error.error) => {
                    // Who is to blame is found by sending fewer and fewer.
                    let second = part.split_off(part.len() / 2);
                    parts.extend([second, part]);
                    continue;
                }
                Err(error) => fate(&error.error),
            };
            if matches!(fate, Fate::Postponed(_)) {
                fates.push(fate);
                break;
            }
            fates.resize(fates.len() + part.len(), fate);
        }
        fates
    }
}

/// Whether the events were refused because of one of them.
fn blames_one(error: &Error) -> bool {
    matches!(error.status(), Some(400 | 413 | 422))
}

fn fate(error: &Error) -> Fate {
    match (error, error.status()) {
        // The answer cannot be read, but says that the events were taken.
        (_, Some(200..=299)) => Fate::Accepted,
        (Error::Transport(_) | Error::Timeout(_), _) | (_, Some(408 | 429 | 500..)) => {
            Fate::Postponed(error.to_string())
        }
        _ => Fate::Refused(error.to_string()),
    }
}
