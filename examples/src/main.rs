//! `cargo run -p specwright-examples -- NAME` runs one of the programs. They are in one binary only
//! because it links faster than many.

mod programs;

use std::env;
use std::error::Error;

use programs::{blocking, list, outbox, report, serve, time_series};

fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1).as_deref() {
        Some("report") => report::main(),
        Some("outbox") => outbox::main(),
        Some("list") => list::main(),
        Some("time-series") => time_series::main(),
        Some("blocking") => blocking::main(),
        Some("serve") => serve::main(),
        _ => Err("name one of: report, outbox, list, time-series, blocking, serve".into()),
    }
}
