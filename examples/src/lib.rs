//! One description, generated in both ways that need no command: by a build script, and by a
//! macro.
#![deny(warnings)]

// What `build.rs` has written: the module `built`.
include!(concat!(env!("OUT_DIR"), "/built.rs"));

/// The same, where a macro stands.
pub mod expanded {
    specwright_macro::generate_api!("spec/openapi.yaml", config = "spec/specwright.toml");
}
