//! Generates the client and the server of `spec.yaml`.

fn main() -> Result<(), specwright::GeneratorError> {
    specwright::Generator::new("spec.yaml").module("crate::client").generate()?;
    let server = specwright::Generator::new("spec.yaml").module("crate::server");
    server.server("crate::client::models").generate()?;
    Ok(())
}
