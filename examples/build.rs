//! Generates the client when this package is built, and the server over its models.

fn main() -> Result<(), specwright::Failure> {
    specwright::Generator::new("spec/openapi.yaml")
        .config("spec/specwright.toml")
        .module("crate::built")
        .generate()?;
    specwright::Generator::new("spec/openapi.yaml")
        .config("spec/specwright.toml")
        .module("crate::served")
        .server("crate::built::models")
        .generate()?;
    Ok(())
}
