//! One description, generated in both ways that need no command: by a build script, and by a
//! macro; and its server.
#![deny(warnings)]

// What `build.rs` has written: the modules `built` and `served`.
include!(concat!(env!("OUT_DIR"), "/built.rs"));
include!(concat!(env!("OUT_DIR"), "/served.rs"));

pub mod weather;

/// The same, where a macro stands.
pub mod expanded {
    specwright_macro::generate_api!("spec/openapi.yaml", config = "spec/specwright.toml");
}
