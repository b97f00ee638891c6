//! The mock server that `tests/mock/package.json` names, installed with npm.

use std::fs::{self, File};
use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::workspace::root;

/// How long a server may take to start.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What npm prints if no registry can be reached.
const UNREACHABLE: [&str; 5] = ["ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT", "network"];

/// Why the calls cannot run.
pub(super) enum Obstacle {
    /// The machine has no Node.js or no network.
    Machine(String),
    /// Something else is wrong.
    Failure(String),
}

/// The installed program.
pub(super) struct Prism {
    script: PathBuf,
}

impl Prism {
    /// Returns the program in `target/mock/node`, which is installed if it is not the one that
    /// is wanted.
    pub(super) fn installed() -> Result<Self, Obstacle> {
        let root = root().map_err(Obstacle::Failure)?;
        let package = root.join("tests/mock/package.json");
        let wanted = fs::read_to_string(&package)
            .map_err(|error| failure(format!("cannot read {}: {error}", package.display())))?;
        for program in ["node", "npm"] {
            let runs = Command::new(program).arg("--version").output();
            if !runs.is_ok_and(|output| output.status.success()) {
                return Err(Obstacle::Machine(format!("`{program}` is not installed")));
            }
        }
        let folder = root.join("target/mock/node");
        let script = folder.join("node_modules/@stoplight/prism-cli/dist/index.js");
        // Written last, so that it is absent after an interrupted run.
        let stamp = folder.join("installed.json");
        let is_installed = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
        if !is_installed || !script.is_file() {
            install(&folder, &wanted)?;
            fs::write(&stamp, wanted)
                .map_err(|error| failure(format!("cannot write {}: {error}", stamp.display())))?;
        }
        Ok(Self { script })
    }

    /// Starts a server for a document on a free port of the loopback interface.
    ///
    /// Responses are random, but the same in every run.
    pub(super) fn start(&self, name: &str, spec: &Path) -> Result<Server, String> {
        let log = root()?.join(format!("target/mock/{name}.log"));
        let failed = |error: io::Error| format!("error: the mock server of {name}: {error}");
        let written = File::create(&log).map_err(failed)?;
        // The port is free when the listener is dropped.
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        drop(listener);
        let program = Command::new("node")
            .arg(&self.script)
            .args(["mock", "--errors", "--dynamic", "--seed", "1", "--host", "127.0.0.1"])
            .args(["--port", &port.to_string()])
            .arg(spec)
            .stdin(Stdio::null())
            .stdout(written.try_clone().map_err(failed)?)
            .stderr(written)
            .spawn()
            .map_err(failed)?;
        let mut server = Server { program, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let status = server.program.try_wait().map_err(failed)?;
            if status.is_some() || started.elapsed() > TIMEOUT {
                return Err(format!(
                    "error: the mock server of {name} did not start; see {}",
                    log.display()
                ));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

/// A running server. Dropping it kills the program.
pub(super) struct Server {
    program: Child,
    port: u16,
}

impl Server {
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Has no effect on a program that has exited.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn install(folder: &Path, package: &str) -> Result<(), Obstacle> {
    println!("installing the mock server in {}", folder.display());
    let written =
        fs::create_dir_all(folder).and_then(|()| fs::write(folder.join("package.json"), package));
    written.map_err(|error| failure(format!("cannot write to {}: {error}", folder.display())))?;
    let output = Command::new("npm")
        .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"])
        .args(["--fetch-retries=2", "--fetch-timeout=30000"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failure(format!("cannot run npm: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let printed = String::from_utf8_lossy(&output.stderr);
    if UNREACHABLE.iter().any(|message| printed.contains(message)) {
        return Err(Obstacle::Machine("npm cannot reach a registry".to_owned()));
    }
    Err(failure(format!("`npm install` exited with {}:\n{}", output.status, printed.trim())))
}

fn failure(message: String) -> Obstacle {
    Obstacle::Failure(format!("error: {message}"))
}
