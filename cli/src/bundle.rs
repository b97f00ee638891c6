//! `specwright bundle`: writes a document in one file.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use specwright::files::load_allowing;

use crate::output::print_error;
use crate::plan::shown;

/// What to bundle, and where to write it.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// OpenAPI document (YAML or JSON).
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// Configuration file (TOML), for its overlays.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Apply this overlay to the document; can be repeated, applied in order.
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// Allow references to files of this folder, in addition to that of the document; can be repeated.
    #[arg(long, value_name = "DIR")]
    pub allow_files: Vec<PathBuf>,
    /// Format; by default that of the extension of the output, or else YAML.
    #[arg(long)]
    pub format: Option<Format>,
    /// File to write instead of the standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Treat warnings as errors.
    #[arg(long)]
    pub deny_warnings: bool,
}

/// A format of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

/// Writes a document with its files and overlays, after problems were recovered.
///
/// # Errors
/// Returns an error with the diagnostics, or the file that cannot be read or written.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let Arguments { spec, config, overlay, allow_files, output, .. } = arguments;
    let loaded = load_allowing(Path::new(""), spec, config.as_deref(), overlay, allow_files);
    let loaded = loaded.map_err(|failure| shown(&failure))?;
    if let Some(output) = output {
        check_is_other(output, &loaded.paths)?;
    }
    let mut input = loaded.input;
    input.config.deny_warnings |= arguments.deny_warnings;
    let bundle = specwright::bundle(&input).map_err(|found| shown(&found.into()))?;
    let content = match arguments.format() {
        Format::Json => bundle.to_json(),
        Format::Yaml => bundle.to_yaml().map_err(|error| format!("error: {error}"))?,
    };
    for warning in &bundle.warnings {
        print_error(&format!("warning: {warning}"));
    }
    match output {
        Some(path) => fs::write(path, content)
            .map_err(|error| format!("error: cannot write {}: {error}", path.display())),
        // A reader such as `head` may close the pipe early.
        None => match std::io::stdout().write_all(content.as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(format!("error: cannot write: {error}"))
            }
            _ => Ok(()),
        },
    }
}

impl Arguments {
    fn format(&self) -> Format {
        let extension = self.output.as_ref().and_then(|path| path.extension());
        let is_json = extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        self.format.unwrap_or(if is_json { Format::Json } else { Format::Yaml })
    }
}

/// Checks that an output is not one of the files that were read.
fn check_is_other(output: &Path, read: &[PathBuf]) -> Result<(), String> {
    let output_file = output.canonicalize().ok();
    let is_read = |path: &PathBuf| output_file.is_some() && path.canonicalize().ok() == output_file;
    match read.iter().any(is_read) {
        true => Err(format!(
            "error: {} is a part of the input\nhelp: write to another file",
            output.display()
        )),
        false => Ok(()),
    }
}
