//! Generates the client, and the server that uses its models, when this package is built.

fn main() -> Result<(), specwright::GeneratorError> {
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
