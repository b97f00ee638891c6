//! Generates the client and the server of `spec.yaml`.

fn main() -> Result<(), specwright::GeneratorError> {
    specwright::Generator::new("spec.yaml").module("crate::api").generate()?;
    let server = specwright::Generator::new("spec.yaml").module("crate::server");
    server.server("crate::api::models").generate()?;
    Ok(())
}
