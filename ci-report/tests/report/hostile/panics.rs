//! A fault of the program does not change what the command does.

use crate::support::{World, code, run};

#[test]
fn a_panic_of_the_program_stops_only_the_report() {
    for location in ["before", "during", "after", "thread"] {
        let world = World::new();
        for script in ["cat; echo err >&2; sleep 0.05; exit 3", "kill -9 $$"] {
            let plain = run(world.command("sh").args(["-c", script]), b"input");
            let mut wrapped = world.program(&["run", "--", "sh", "-c", script]);
            let wrapped = run(wrapped.env("CI_REPORT_FAULT", location), b"input");
            assert_eq!(wrapped.stdout, plain.stdout, "{location}");
            assert_eq!(wrapped.stderr, plain.stderr, "{location}");
            assert_eq!(code(&wrapped), code(&plain), "{location}");
        }
    }
}

#[test]
fn a_panic_is_printed_on_request() {
    let world = World::new();
    let mut wrapped = world.program(&["--verbose", "run", "--", "true"]);
    let wrapped = run(wrapped.env("CI_REPORT_FAULT", "after"), b"");
    let stderr = String::from_utf8_lossy(&wrapped.stderr);
    assert!(stderr.contains("a fault after the command"), "{stderr}");
}
