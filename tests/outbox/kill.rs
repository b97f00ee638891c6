//! Processes that are killed: every event that was on disk arrives.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use datadog_ci_intake::Fault;

use super::child::Process;
use super::{LONG, arrived, builder, client, intake};

const ROUNDS: u64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn events_on_disk_survive_kills_and_arrive_once() {
    let directory = tempfile::tempdir().unwrap();
    let intake = intake().await;
    let mut random = fastrand::Rng::with_seed(20);
    let mut on_disk: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let url = match random.u8(0..3) {
            // No process listens on this port: the service is down.
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
                intake.queue_faults((0..10).map(|_| fault(random.u8(0..6))).collect::<Vec<_>>());
                intake.url()
            }
        };
        let processes = random.u8(1..3);
        let start =
            |number| Process::start(directory.path(), url, &format!("r{round}-{number}"), None);
        let mut processes: Vec<Process> = (0..processes).map(start).collect();
        // Kills at different times: some time after the start, or after some events. Events are
        // written in groups, so this is within a group or between two.
        match round % 4 {
            0 => thread::sleep(Duration::from_millis(random.u64(0..100))),
            _ => {
                processes[0].wait(random.usize(0..150));
                thread::sleep(Duration::from_micros(random.u64(0..10_000)));
            }
        }
        for process in processes {
            let lines = process.kill();
            assert!(!lines.iter().any(|line| line.starts_with("error")), "{lines:?}");
            on_disk.extend(lines.into_iter().filter(|line| line.starts_with('r')));
        }
    }
    assert!(on_disk.len() > 500, "only {} events were on disk", on_disk.len());

    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    let report = outbox.flush(LONG).await;
    assert_eq!((report.left, report.rejected), (0, 0), "{report}");
    outbox.close().await.unwrap();
    let arrived = arrived(&intake);
    let once: BTreeSet<&String> = arrived.iter().collect();
    assert_eq!(once.len(), arrived.len());
    let lost: Vec<&String> = on_disk.iter().filter(|id| !once.contains(id)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), on_disk.len());
    assert_eq!(super::files(directory.path(), ".redb"), [""; 0], "all files are removed");
}
