//! `ci-report`: report any CI run from any shell.
//!
//! The runtime of Rust opens `/dev/null` in the position of a closed stream before `main`, so that a
//! wrapped command would find it open. Where the arguments are known without the runtime, the program
//! therefore has the entry point of C.

#![cfg_attr(any(all(target_os = "linux", target_env = "gnu"), target_vendor = "apple"), no_main)]

/// The entry point. The arguments are read by the standard library.
#[cfg(any(all(target_os = "linux", target_env = "gnu"), target_vendor = "apple"))]
#[expect(unsafe_code, reason = "the C library calls this name; no other function has it")]
#[unsafe(no_mangle)]
extern "C" fn main(_count: i32, _arguments: *const *const u8) -> i32 {
    ci_report::main_without_runtime()
}

#[cfg(not(any(all(target_os = "linux", target_env = "gnu"), target_vendor = "apple")))]
fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(ci_report::main())
}
