//! Crashes: every accepted event survives repeated kills, exactly once.

use std::collections::HashMap;
use std::thread;
use std::time::Duration;

use datadog_ci_intake::LocalIntake;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::http::{SEND, get, post};
use crate::program::Program;

const KILLS: usize = 20;
const SENDERS: usize = 3;

/// A client that records what it sent.
struct Sender {
    number: usize,
    random: Rng,
    requests: Vec<Request>,
    /// For each run, whether its final update was sent.
    runs: Vec<bool>,
}

struct Request {
    runs: Vec<usize>,
    is_accepted: bool,
}

impl Sender {
    /// Sends requests until the program is killed.
    fn send(&mut self, address: &str) {
        loop {
            let body = self.request();
            match post(address, SEND, body.to_string().as_bytes()) {
                Ok(response) => {
                    assert_eq!(response.status, 202, "{}", response.body_str());
                    self.requests.last_mut().unwrap().is_accepted = true;
                }
                Err(_) => return,
            }
        }
    }

    /// Creates a request with new runs and updates of recent ones.
    fn request(&mut self) -> Value {
        // Most requests are small, so that there are many.
        let max = *self.random.choice(&[3, 12, 12, 200]).unwrap();
        let size = 1 + self.random.usize(..max);
        let mut runs: Vec<usize> = Vec::new();
        let mut events = Vec::new();
        while runs.len() < size {
            let recent = self.runs.len().saturating_sub(50);
            let run = match self.random.usize(..100) < 30 {
                true => recent + self.random.usize(..50),
                false => self.runs.len(),
            };
            let run = run.min(self.runs.len());
            if run == self.runs.len() {
                self.runs.push(false);
            } else if self.runs[run] || runs.contains(&run) {
                continue;
            }
            self.runs[run] = self.random.usize(..100) < 60;
            runs.push(run);
            events.push(self.event(run));
        }
        self.requests.push(Request { runs, is_accepted: false });
        json!({ "data": events })
    }

    fn event(&mut self, run: usize) -> Value {
        let Self { number, requests, .. } = self;
        let mut resource = json!({
            "level": "job", "id": format!("{number}-{run}"), "name": "build", "url": "http://ci/1",
            "pipeline_unique_id": format!("p{number}-{}", run / 10), "pipeline_name": "deploy",
            "start": format!("2026-07-14T10:{:02}:{:02}Z", run / 60 % 60, run % 60),
            "status": "running", "tags": [format!("request:{number}-{}", requests.len())],
        });
        if self.runs[run] {
            resource["status"] = "success".into();
            resource["end"] = "2026-07-14T11:30:00Z".into();
        }
        json!({ "type": "cipipeline_resource_request", "attributes": { "resource": resource } })
    }
}

/// Returns the ids of all events in order.
fn ids(address: &str) -> Vec<String> {
    let events = get(address, "/_intake/events").unwrap().json();
    let id = |event: &Value| event["id"].as_str().unwrap().to_owned();
    events["data"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn accepted_events_survive_every_kill() {
    let directory = tempfile::tempdir().unwrap();
    let mut random = Rng::with_seed(1);
    let mut senders: Vec<Sender> = (0..SENDERS)
        .map(|number| Sender {
            number,
            random: Rng::with_seed(number as u64 + 2),
            requests: Vec::new(),
            runs: Vec::new(),
        })
        .collect();
    let mut seen: Vec<String> = Vec::new();
    for kill in 0..KILLS {
        let mut program = Program::durable(directory.path());
        let address = program.address.clone();
        if kill % 7 == 6 {
            let now = ids(&address);
            assert_eq!(now[..seen.len()], seen, "ids or their order have changed");
            seen = now;
        }
        thread::scope(|scope| {
            for sender in &mut senders {
                scope.spawn(|| sender.send(&address));
            }
            // The time of the kill varies: at first during startup, later at any time.
            thread::sleep(Duration::from_micros(random.usize(..20_000 * (kill + 1)) as u64));
            program.kill();
        });
    }
    let open = || LocalIntake::builder().data_dir(directory.path()).start();
    let intake = open().await.unwrap();
    let events = intake.events();
    let ids = || events.iter().map(|event| event.id.as_str());
    assert_eq!(ids().take(seen.len()).collect::<Vec<_>>(), seen);

    // The requests that updated each run.
    let mut stored: HashMap<String, Vec<String>> = HashMap::new();
    for event in &events {
        let job = &event.attributes["ci"]["job"]["id"];
        let requests = intake.history(&event.id).iter().map(|update| tag(&update.sent)).collect();
        let requests: Vec<String> = requests;
        assert_eq!(event.tags.first(), requests.last(), "the last request wins");
        let before = stored.insert(job.as_str().unwrap().to_owned(), requests);
        assert_eq!(before, None, "{job} is stored twice");
    }
    let mut expected: HashMap<String, Vec<String>> = HashMap::new();
    let mut lost = 0;
    for sender in &senders {
        for (number, request) in sender.requests.iter().enumerate() {
            let tag = format!("request:{}-{number}", sender.number);
            let name = |run: &usize| format!("{}-{run}", sender.number);
            let is_stored =
                |run: &usize| stored.get(&name(run)).is_some_and(|tags| tags.contains(&tag));
            let count = request.runs.iter().filter(|run| is_stored(run)).count();
            let is_complete = count == request.runs.len();
            assert!(is_complete || count == 0, "{tag}: {count} of {} runs", request.runs.len());
            assert!(is_complete || !request.is_accepted, "{tag} was accepted and is lost");
            lost += usize::from(!is_complete);
            for run in request.runs.iter().filter(|_| is_complete) {
                expected.entry(name(run)).or_default().push(tag.clone());
            }
        }
    }
    assert_eq!(stored, expected);
    // How many events there are depends on the speed of the machine.
    assert!(lost <= KILLS * SENDERS && !seen.is_empty(), "{lost} lost, {} seen", seen.len());

    intake.stop().await.unwrap();
    assert_eq!(open().await.unwrap().events(), events, "another start does not change the events");
}

fn tag(sent: &str) -> String {
    let sent: Value = serde_json::from_str(sent).unwrap();
    sent["resource"]["tags"][0].as_str().unwrap().to_owned()
}
