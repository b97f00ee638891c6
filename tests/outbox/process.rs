//! A process of its own with an outbox: this very program, run again. It enqueues jobs until it
//! is killed, and says which are on disk.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::{env, io};

use datadog_ci_pipelines::outbox::Outbox;

use super::{builder, client, job};

const DIRECTORY: &str = "OUTBOX_TEST_DIRECTORY";
const URL: &str = "OUTBOX_TEST_URL";
const NAME: &str = "OUTBOX_TEST_NAME";
/// How many jobs it enqueues; as many as it can, if this is not set.
const COUNT: &str = "OUTBOX_TEST_COUNT";
/// What every line begins with that it says; the test harness says other things.
const MARK: &str = "#";
/// How many tasks enqueue at once.
const TASKS: usize = 16;

#[test]
#[ignore = "other tests run it, as a process of its own"]
fn run() {
    // Without what it is to do, it was run with all ignored tests.
    let Ok(directory) = env::var(DIRECTORY) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = client(&env::var(URL).unwrap());
        let outbox = match builder(client).open(directory).await {
            Ok(outbox) => outbox,
            Err(error) => return say(&format!("error: {error}")),
        };
        say("open");
        let name = env::var(NAME).unwrap();
        let count = env::var(COUNT).map_or(usize::MAX, |count| count.parse().unwrap());
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| tokio::spawn(enqueue(outbox.clone(), format!("{name}-{task}"), count)))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        say("done");
        // It goes on to deliver until it is killed, or is told to end.
        let end = || io::stdin().read(&mut [0]);
        let _ = tokio::task::spawn_blocking(end).await;
        outbox.close().await.unwrap();
    });
}

async fn enqueue(outbox: Outbox, name: String, count: usize) {
    for number in 0..count {
        let id = format!("{name}-{number}");
        match outbox.enqueue(job(&id)).await {
            Ok(()) => say(&id),
            Err(error) => say(&format!("error: {error}")),
        }
    }
}

fn say(text: &str) {
    let mut stdout = io::stdout().lock();
    // Whoever listened may be gone.
    let _ = writeln!(stdout, "\n{MARK}{text}").and_then(|()| stdout.flush());
}

/// A running process. It ends with this value.
pub(crate) struct Process {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Process {
    /// Starts one that enqueues a number of jobs in each of sixteen tasks, or as many as it can.
    pub(crate) fn start(directory: &Path, url: &str, name: &str, count: Option<usize>) -> Self {
        Self::run(Command::new(env::current_exe().unwrap()), directory, url, name, count)
    }

    /// The same with files of no more than some KiB. A shell can set this limit without code
    /// that is unsafe, and lets writes fail instead of ending the process.
    #[cfg(target_os = "linux")]
    pub(crate) fn limited(
        directory: &Path,
        url: &str,
        name: &str,
        count: usize,
        kibibytes: usize,
    ) -> Self {
        let mut command = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", kibibytes * 2);
        command.args(["-c", &script]).arg(env::current_exe().unwrap());
        Self::run(command, directory, url, name, Some(count))
    }

    fn run(
        mut command: Command,
        directory: &Path,
        url: &str,
        name: &str,
        count: Option<usize>,
    ) -> Self {
        command.args(["process::run", "--exact", "--ignored", "--nocapture"]);
        command.env(DIRECTORY, directory).env(URL, url).env(NAME, name);
        if let Some(count) = count {
            command.env(COUNT, count.to_string());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            let lines = stdout.split(b'\n').map_while(Result::ok);
            for line in lines.filter_map(|line| String::from_utf8(line).ok()) {
                // Whoever listened may be gone.
                let _ = line.strip_prefix(MARK).map(|line| sender.send(line.to_owned()));
            }
        });
        Self { child, lines, said: Vec::new() }
    }

    /// Waits until it has said so many things.
    pub(crate) fn wait(&mut self, count: usize) {
        let missing = count.saturating_sub(self.said.len());
        self.said.extend(self.lines.iter().take(missing));
    }

    /// Ends it without a word, at once. Returns what it has said, one by one.
    pub(crate) fn kill(mut self) -> Vec<String> {
        // On Unix this is SIGKILL.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.wait(usize::MAX);
        std::mem::take(&mut self.said)
    }

    /// Lets it end by itself. Returns what it has said.
    pub(crate) fn end(mut self) -> Vec<String> {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
        self.wait(usize::MAX);
        std::mem::take(&mut self.said)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
