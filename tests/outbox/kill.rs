//! Killed again and again: whatever was said to be on disk arrives.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use datadog_ci_intake::Fault;

use super::process::Process;
use super::{LONG, Random, arrived, builder, client, intake};

const ROUNDS: u64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_disk_survives_every_kill_and_arrives_once() {
    let directory = tempfile::tempdir().unwrap();
    let intake = intake().await;
    let mut random = Random(20);
    let mut on_disk: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let url = match random.below(3) {
            // Nobody listens there: the service is down.
            0 => "http://127.0.0.1:9",
            1 => intake.url(),
            _ => {
                let fault = |number| match number {
                    0 => Fault::Drop,
                    1 => Fault::Lose,
                    2 => Fault::Truncate,
                    3 => Fault::Status { status: 503, retry_after: None },
                    _ => Fault::None,
                };
                intake.queue_faults((0..10).map(|_| fault(random.below(6))).collect::<Vec<_>>());
                intake.url()
            }
        };
        let processes = 1 + random.below(2);
        let start =
            |number| Process::start(directory.path(), url, &format!("r{round}-{number}"), None);
        let mut processes: Vec<Process> = (0..processes).map(start).collect();
        // The moment is what is tested: some time after the start, or after so many events. They
        // go to disk in groups, and it is in the midst of a group or between two.
        match round % 4 {
            0 => thread::sleep(Duration::from_millis(random.below(100))),
            _ => {
                processes[0].wait(random.below(150) as usize);
                thread::sleep(Duration::from_micros(random.below(10_000)));
            }
        }
        for process in processes {
            let said = process.kill();
            assert!(!said.iter().any(|line| line.starts_with("error")), "{said:?}");
            on_disk.extend(said.into_iter().filter(|line| line.starts_with('r')));
        }
    }
    assert!(on_disk.len() > 500, "{} events are too few to tell anything", on_disk.len());

    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    let report = outbox.flush(LONG).await;
    assert_eq!((report.left, report.refused), (0, 0), "{report}");
    outbox.close().await.unwrap();
    let arrived = arrived(&intake);
    let once: BTreeSet<&String> = arrived.iter().collect();
    assert_eq!(once.len(), arrived.len());
    let lost: Vec<&String> = on_disk.iter().filter(|id| !once.contains(id)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), on_disk.len());
    assert_eq!(super::files(directory.path(), ".redb"), [""; 0], "nothing is left behind");
}
