//! Generates the client, and the server that uses its models, when this package is built.

fn main() -> Result<(), specwright::GeneratorError> {
    let weather = || specwright::Generator::new("spec/openapi.yaml").config("spec/specwright.toml");
    weather().generate()?;
    weather().server("super::built::models").generate()?;
    Ok(())
}
