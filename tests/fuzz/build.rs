//! Generates the client and the server of `spec.yaml`.

fn main() -> Result<(), specwright::GeneratorError> {
    specwright::Generator::new("spec.yaml").generate()?;
    specwright::Generator::new("spec.yaml").server("crate::api::models").generate()?;
    Ok(())
}
