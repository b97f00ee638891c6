//! The mock server that `tests/mock/package.json` names, installed with npm.

use std::fs::File;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::super::tools::{Obstacle, npm};
use crate::workspace::root;

/// How long a server may take to start.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The installed program.
pub(super) struct Prism {
    script: PathBuf,
}

impl Prism {
    /// Returns the program, which is installed if it is not there.
    pub(super) fn installed() -> Result<Self, Obstacle> {
        let folder = npm::install("tests/mock/package.json", "target/mock/node")?;
        Ok(Self { script: folder.join("node_modules/@stoplight/prism-cli/dist/index.js") })
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
