//! The code that the generator makes of each case in `codegen/tests/fixtures/generate`, compiled.
//!
//! Each case is a module with the client; the module of the same name in `servers` has the server.
//! The build script generates them, so the tests use what the generator emits now.
#![deny(warnings)]

include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));

/// The type that replaces a schema of the fixture `user-types`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct UserOwner {
    /// Its name.
    pub name: String,
}

/// A number of cents, which has neither the traits of serde nor a floating-point number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserDecimal(pub i64);

impl std::fmt::Display for UserDecimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minus = if self.0 < 0 { "-" } else { "" };
        write!(f, "{minus}{}.{:02}", self.0.abs() / 100, self.0.abs() % 100)
    }
}

impl std::str::FromStr for UserDecimal {
    type Err = String;

    fn from_str(number: &str) -> Result<Self, String> {
        let (whole, cents) = number.split_once('.').unwrap_or((number, "0"));
        let parsed = format!("{whole}{cents:0<2}").parse();
        parsed.map(Self).map_err(|_| format!("`{number}` is not a number of cents"))
    }
}
