//! A terminal stays a terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::Command;
use std::sync::{Arc, Mutex};

use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::{World, is_ignored, until, wait};

#[test]
fn an_interrupt_of_the_terminal_reaches_the_command_once() {
    if Command::new("setsid").arg("--version").output().is_err() {
        // Part of util-linux. Without it a test cannot have a terminal of its own.
        return;
    }
    if is_ignored(Signal::INT) {
        return;
    }
    let world = World::new();
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let path = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let terminal = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let script = "test -t 0 && test -t 1 && test -t 2 && echo is-terminal
        trap 'echo interrupted' INT; echo ready
        n=0; while [ $n -lt 100 ] && [ ! -e stop ]; do sleep 0.1; n=$((n+1)); done; exit 3";
    let mut child = world
        .command("setsid")
        .args([
            "-c",
            "-w",
            crate::support::PROGRAM,
            "run",
            "--pipeline",
            "p",
            "--",
            "sh",
            "-c",
            script,
        ])
        .stdin(terminal.try_clone().unwrap())
        .stdout(terminal.try_clone().unwrap())
        .stderr(terminal)
        .spawn()
        .unwrap();
    let mut master = File::from(master);
    let output = Arc::new(Mutex::new(String::new()));
    let (mut reader, read) = (master.try_clone().unwrap(), Arc::clone(&output));
    std::thread::spawn(move || {
        let mut buffer = [0; 1024];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            read.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    });
    let has = |content: &str| output.lock().unwrap().contains(content);
    until("the script runs", || has("ready"));
    assert!(has("is-terminal"));
    master.write_all(b"\x03").unwrap();
    until("the script is interrupted", || has("interrupted"));
    // Twice the time after which a signal is forwarded.
    std::thread::sleep(std::time::Duration::from_millis(120));
    std::fs::write(world.directory.join("stop"), "").unwrap();
    assert_eq!(wait(&mut child).code(), Some(3));
    assert_eq!(output.lock().unwrap().matches("interrupted").count(), 1);
    assert_eq!(world.event("pipeline", "p").status(), "canceled");
}
