//! Kills the process at a step, for tests.

/// Kills this process if a test asks for it, in builds with debug assertions.
pub(crate) fn kill_for_tests(step: &str) {
    #[cfg(all(debug_assertions, unix))]
    if std::env::var("CI_REPORT_KILL").is_ok_and(|wanted| wanted == step) {
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
    #[cfg(not(all(debug_assertions, unix)))]
    let _ = step;
}
