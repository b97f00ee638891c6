//! Generates the code of every fixture into modules of this crate: a client, and a server
//! with the models of that client. Takes the examples out of the README, to be run.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use specwright::files::load;
use specwright::{Input, Layout, Target};

fn main() -> Result<(), Box<dyn Error>> {
    let fixtures = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("fixtures/generate");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", fixtures.display());
    let (mut modules, mut servers) = (String::new(), String::new());
    let mut paths: Vec<PathBuf> = fs::read_dir(&fixtures)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "yaml")) {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .ok_or("a fixture has no name")?
            .replace('-', "_");
        let config = path.with_extension("toml");
        let config = config.exists().then_some(config.as_path());
        let mut input = load(&fixtures, path, config, &[])?.input;
        input.config.layout = Layout { module: format!("crate::{name}"), ..Layout::default() };
        modules += &write(&input, &out.join("clients"), &name)?;
        input.config.layout = Layout {
            module: format!("crate::servers::{name}"),
            target: Target::Server { models: format!("crate::{name}::models") },
            ..Layout::default()
        };
        servers += &write(&input, &out.join("servers"), &name)?;
    }
    writeln!(modules, "/// The servers.\npub mod servers {{\n{servers}}}")?;
    fs::write(out.join("fixtures.rs"), modules)?;
    readme(&out.join("readme"))
}

/// Writes each Rust example of the README as a block of its own, and how many there are.
fn readme(out: &Path) -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../README.md");
    println!("cargo::rerun-if-changed={}", path.display());
    let text = fs::read_to_string(path)?;
    fs::create_dir_all(out)?;
    let mut count = 0;
    for rest in text.split("```rust\n").skip(1) {
        let example = rest.split_once("```").ok_or("an example does not end")?.0;
        // What a reader fills in is filled in by the test: the account, and what is tested.
        let example = example
            .replace("Client::from_env()?", "account!(Client)")
            .replace("// … run what is to be tested …", "tested!(client);");
        fs::write(out.join(format!("{count}.rs")), format!("{{\n{example}\n}}"))?;
        count += 1;
    }
    fs::write(out.join("count"), count.to_string())?;
    Ok(())
}

/// Generates into a folder, and gives the declaration of the module that is there.
fn write(input: &Input, out: &Path, name: &str) -> Result<String, Box<dyn Error>> {
    let output = specwright::generate(input).map_err(|found| found.render(false))?;
    for (file, text) in output.files.iter() {
        let target = out.join(name).join(file);
        fs::create_dir_all(target.parent().ok_or("a file has no folder")?)?;
        fs::write(target, text)?;
    }
    let root = out.join(name).join("mod.rs");
    Ok(format!("#[path = {:?}]\npub mod {name};\n", root.display().to_string()))
}
