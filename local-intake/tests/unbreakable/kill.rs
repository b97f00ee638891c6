//! Killed again and again: what was answered is there, all of it and once.

use std::collections::HashMap;
use std::thread;
use std::time::Duration;

use datadog_ci_intake::LocalIntake;
use serde_json::{Value, json};

use crate::http::{SEND, get, post};
use crate::program::Program;
use crate::random::Random;

const KILLS: usize = 20;
const SENDERS: usize = 3;

/// A client that remembers what it sent.
struct Sender {
    number: usize,
    random: Random,
    requests: Vec<Request>,
    /// Of each run, whether it is over, as far as this client has said.
    runs: Vec<bool>,
}

struct Request {
    runs: Vec<usize>,
    is_answered: bool,
}

impl Sender {
    /// Sends until there is nobody to send to.
    fn send(&mut self, address: &str) {
        loop {
            let body = self.request();
            match post(address, SEND, body.to_string().as_bytes()) {
                Ok(answer) => {
                    assert_eq!(answer.status, 202, "{}", answer.text());
                    self.requests.last_mut().unwrap().is_answered = true;
                }
                Err(_) => return,
            }
        }
    }

    /// A request with some new runs and some that go on.
    fn request(&mut self) -> Value {
        // Most are small, so that there are many.
        let most = self.random.of(&[3, 12, 12, 200]);
        let size = 1 + self.random.below(most);
        let mut runs: Vec<usize> = Vec::new();
        let mut events = Vec::new();
        while runs.len() < size {
            let recent = self.runs.len().saturating_sub(50);
            let run = match self.random.percent(30) {
                true => recent + self.random.below(50),
                false => self.runs.len(),
            };
            let run = run.min(self.runs.len());
            if run == self.runs.len() {
                self.runs.push(false);
            } else if self.runs[run] || runs.contains(&run) {
                continue;
            }
            self.runs[run] = self.random.percent(60);
            runs.push(run);
            events.push(self.event(run));
        }
        self.requests.push(Request { runs, is_answered: false });
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

/// The names of all events, in their order.
fn ids(address: &str) -> Vec<String> {
    let events = get(address, "/_intake/events").unwrap().json();
    let id = |event: &Value| event["id"].as_str().unwrap().to_owned();
    events["data"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_every_kill() {
    let directory = tempfile::tempdir().unwrap();
    let mut random = Random(1);
    let mut senders: Vec<Sender> = (0..SENDERS)
        .map(|number| Sender {
            number,
            random: Random(number as u64 + 2),
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
            assert_eq!(now[..seen.len()], seen, "names or their order have changed");
            seen = now;
        }
        thread::scope(|scope| {
            for sender in &mut senders {
                scope.spawn(|| sender.send(&address));
            }
            // The moment is what is tested: at first before anything, then anywhere.
            thread::sleep(Duration::from_micros(random.below(20_000 * (kill + 1)) as u64));
            program.kill();
        });
    }
    let open = || LocalIntake::builder().data_dir(directory.path()).start();
    let intake = open().await.unwrap();
    let events = intake.events();
    let names = || events.iter().map(|found| found.id.as_str());
    assert_eq!(names().take(seen.len()).collect::<Vec<_>>(), seen);

    // What is there of each run: the requests that it came with.
    let mut there: HashMap<String, Vec<String>> = HashMap::new();
    for found in &events {
        let job = &found.attributes["ci"]["job"]["id"];
        let requests = intake.history(&found.id).iter().map(|update| tag(&update.sent)).collect();
        let requests: Vec<String> = requests;
        assert_eq!(found.tags.first(), requests.last(), "the last request holds");
        let before = there.insert(job.as_str().unwrap().to_owned(), requests);
        assert_eq!(before, None, "{job} is there twice");
    }
    let mut expected: HashMap<String, Vec<String>> = HashMap::new();
    let mut lost = 0;
    for sender in &senders {
        for (number, request) in sender.requests.iter().enumerate() {
            let tag = format!("request:{}-{number}", sender.number);
            let name = |run: &usize| format!("{}-{run}", sender.number);
            let is_there =
                |run: &usize| there.get(&name(run)).is_some_and(|tags| tags.contains(&tag));
            let count = request.runs.iter().filter(|run| is_there(run)).count();
            let is_whole = count == request.runs.len();
            assert!(is_whole || count == 0, "{tag}: {count} of {} runs", request.runs.len());
            assert!(is_whole || !request.is_answered, "{tag} was answered and is gone");
            lost += usize::from(!is_whole);
            for run in request.runs.iter().filter(|_| is_whole) {
                expected.entry(name(run)).or_default().push(tag.clone());
            }
        }
    }
    assert_eq!(there, expected);
    assert!(lost <= KILLS * SENDERS && seen.len() > 100, "{lost} lost, {} seen", seen.len());

    intake.stop().await.unwrap();
    assert_eq!(open().await.unwrap().events(), events, "another start changes nothing");
}

fn tag(sent: &str) -> String {
    let sent: Value = serde_json::from_str(sent).unwrap();
    sent["resource"]["tags"][0].as_str().unwrap().to_owned()
}
