//! Generates the client when this package is built.

fn main() -> Result<(), specwright::Failure> {
    specwright::Generator::new("spec/openapi.yaml")
        .config("spec/specwright.toml")
        .module("crate::built")
        .generate()?;
    Ok(())
}
