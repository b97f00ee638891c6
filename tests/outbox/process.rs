//! A process with an outbox, which the tests start and kill. It enqueues jobs and prints a line for
//! each that is on disk.
//!
//! Its arguments are a directory, the address of the service, a prefix of the ids, and how many
//! jobs each task enqueues. Without the last, it enqueues until it is killed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of tests")]

mod jobs;

use std::io::{Read as _, Write as _};
use std::{env, io};

use datadog_ci_pipelines::outbox::Outbox;
use jobs::{builder, client, job};

/// How many tasks enqueue concurrently.
const TASKS: usize = 16;

fn main() {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().expect("arguments: DIRECTORY URL PREFIX [COUNT]");
    let (directory, url, prefix) = (next(), next(), next());
    let count = arguments.next().map_or(usize::MAX, |count| count.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let outbox = match builder(client(&url)).open(directory).await {
            Ok(outbox) => outbox,
            Err(error) => return print(&format!("error: {error}")),
        };
        print("open");
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| tokio::spawn(enqueue(outbox.clone(), format!("{prefix}-{task}"), count)))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        print("done");
        // Delivers until it is killed or its standard input is closed.
        let end = || io::stdin().read(&mut [0]);
        let _ = tokio::task::spawn_blocking(end).await;
        outbox.close().await.unwrap();
    });
}

async fn enqueue(outbox: Outbox, prefix: String, count: usize) {
    for number in 0..count {
        let id = format!("{prefix}-{number}");
        match outbox.enqueue(job(&id)).await {
            Ok(()) => print(&id),
            Err(error) => print(&format!("error: {error}")),
        }
    }
}

fn print(line: &str) {
    let mut stdout = io::stdout().lock();
    // The reader may be gone.
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}
