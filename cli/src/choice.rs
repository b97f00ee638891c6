//! The options that all commands have: which parts of a document to generate, and how.

use std::path::PathBuf;

use specwright::Config;

/// The heading of the selection options.
const SELECTION: &str = "Selection (each can be repeated; without any, all operations are used)";

/// Which parts of a document to generate, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub struct Choice {
    /// Configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Apply this overlay to the document; can be repeated, applied in order.
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// Allow references to files of this folder, in addition to that of the document; can be repeated.
    #[arg(long, value_name = "DIR")]
    pub allow_files: Vec<PathBuf>,
    /// Keep operations with this tag; others are excluded unless --operation or --path keeps them.
    #[arg(long, help_heading = SELECTION, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Keep the operation with this id or `METHOD /path`.
    #[arg(long, help_heading = SELECTION, value_name = "ID")]
    pub operation: Vec<String>,
    /// Keep operations below this path; with * or **, the whole path must match.
    #[arg(long, help_heading = SELECTION, value_name = "PATH")]
    pub path: Vec<String>,
    /// Keep only operations with this HTTP method.
    #[arg(long, help_heading = SELECTION, value_name = "METHOD")]
    pub method: Vec<String>,
    /// Exclude operations with this tag.
    #[arg(long, help_heading = SELECTION, value_name = "TAG")]
    pub except_tag: Vec<String>,
    /// Exclude the operation with this id or `METHOD /path`.
    #[arg(long, help_heading = SELECTION, value_name = "ID")]
    pub except_operation: Vec<String>,
    /// Exclude operations below this path; with * or **, the whole path must match.
    #[arg(long, help_heading = SELECTION, value_name = "PATH")]
    pub except_path: Vec<String>,
    /// Skip operations that cannot be generated, with a warning for each.
    #[arg(long)]
    pub skip_unsupported: bool,
    /// Treat warnings as errors.
    #[arg(long)]
    pub deny_warnings: bool,
}

impl Choice {
    /// Adds the options to a configuration.
    pub fn apply(&self, config: &mut Config) {
        self.tag.iter().for_each(|tag| config.select_tag(tag));
        self.operation.iter().for_each(|id| config.select_operation(id));
        self.path.iter().for_each(|path| config.select_path(path));
        self.method.iter().for_each(|method| config.select_method(method));
        self.except_tag.iter().for_each(|tag| config.except_tag(tag));
        self.except_operation.iter().for_each(|id| config.except_operation(id));
        self.except_path.iter().for_each(|path| config.except_path(path));
        config.skip_unsupported |= self.skip_unsupported;
        config.deny_warnings |= self.deny_warnings;
    }

    /// Appends the options to a command line.
    pub fn write(&self, command: &mut String) {
        if let Some(config) = &self.config {
            option(command, "config", &config.display().to_string());
        }
        for overlay in &self.overlay {
            option(command, "overlay", &overlay.display().to_string());
        }
        for folder in &self.allow_files {
            option(command, "allow-files", &folder.display().to_string());
        }
        let lists = [
            ("tag", &self.tag),
            ("operation", &self.operation),
            ("path", &self.path),
            ("method", &self.method),
            ("except-tag", &self.except_tag),
            ("except-operation", &self.except_operation),
            ("except-path", &self.except_path),
        ];
        for (name, values) in lists {
            values.iter().for_each(|value| option(command, name, value));
        }
        if self.skip_unsupported {
            command.push_str(" --skip-unsupported");
        }
        if self.deny_warnings {
            command.push_str(" --deny-warnings");
        }
    }
}

/// Appends an option to a command line.
pub fn option(command: &mut String, name: &str, value: &str) {
    command.extend([" --", name, " ", &quoted(value)]);
}

fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "'\\''"))
    }
}
