//! Generates the client and the server of each case in `codegen/tests/fixtures/generate` into
//! modules of this crate. The server uses the models of the client.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use specwright::files::load;
use specwright::{Input, Layout, Target};

fn main() -> Result<(), Box<dyn Error>> {
    let cases = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?)
        .join("../../codegen/tests/fixtures/generate");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let (mut clients, mut servers) = (String::new(), String::new());
    let mut folders: Vec<PathBuf> = fs::read_dir(&cases)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    folders.sort();
    println!("cargo::rerun-if-changed={}", cases.display());
    for folder in folders {
        let name = folder.file_name().and_then(|name| name.to_str()).ok_or("a case has no name")?;
        let module = name.replace('-', "_");
        let config = folder.join("config.toml");
        let config = config.exists().then_some(config.as_path());
        let mut input = load(&folder, &folder.join("spec.yaml"), config, &[])?.input;
        input.config.layout = Layout { module: format!("crate::{module}"), ..Layout::default() };
        clients += &write(&input, &out.join("clients"), &module)?;
        input.config.layout = Layout {
            module: format!("crate::servers::{module}"),
            target: Target::Server { models: format!("crate::{module}::models") },
            ..Layout::default()
        };
        servers += &write(&input, &out.join("servers"), &module)?;
    }
    writeln!(clients, "/// The servers.\npub mod servers {{\n{servers}}}")?;
    write_if_changed(&out.join("fixtures.rs"), &clients)
}

/// Generates into a folder, and returns the declaration of the module.
fn write(input: &Input, out: &Path, module: &str) -> Result<String, Box<dyn Error>> {
    let output = specwright::generate(input).map_err(|found| found.render(false))?;
    for (file, source) in output.files.iter() {
        let target = out.join(module).join(file);
        fs::create_dir_all(target.parent().ok_or("a file has no folder")?)?;
        write_if_changed(&target, source)?;
    }
    let root = out.join(module).join("mod.rs");
    Ok(format!("#[path = {:?}]\npub mod {module};\n", root.display().to_string()))
}

/// Keeps the modification time of files that do not change, so that a change to the generator
/// that changes no output does not compile them again.
fn write_if_changed(path: &Path, content: &str) -> Result<(), Box<dyn Error>> {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    Ok(fs::write(path, content)?)
}
