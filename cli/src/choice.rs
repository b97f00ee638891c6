//! What is generated of a description: the options that every command has.

use std::path::PathBuf;

use specwright::Config;

/// The heading of the options that select.
const SELECTION: &str = "Selection (each may be given several times; without any, all is taken)";

/// What is generated of a description, and with which changes to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub struct Choice {
    /// The configuration: a file of TOML.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Apply this overlay to the description; may be given several times, in order.
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// Operations with this tag; what fits no --tag, --operation or --path is left out.
    #[arg(long, help_heading = SELECTION, value_name = "TAG")]
    pub tag: Vec<String>,
    /// The operation with this id, or that is "METHOD /path".
    #[arg(long, help_heading = SELECTION, value_name = "ID")]
    pub operation: Vec<String>,
    /// What lies under this path, or fits one with * and **.
    #[arg(long, help_heading = SELECTION, value_name = "PATH")]
    pub path: Vec<String>,
    /// Of what is selected so, nothing but operations with this method.
    #[arg(long, help_heading = SELECTION, value_name = "METHOD")]
    pub method: Vec<String>,
    /// Of what is left, no operations with this tag.
    #[arg(long, help_heading = SELECTION, value_name = "TAG")]
    pub except_tag: Vec<String>,
    /// Of what is left, not the operation with this id, or that is "METHOD /path".
    #[arg(long, help_heading = SELECTION, value_name = "ID")]
    pub except_operation: Vec<String>,
    /// Of what is left, nothing under this path, or that fits one with * and **.
    #[arg(long, help_heading = SELECTION, value_name = "PATH")]
    pub except_path: Vec<String>,
    /// Leave out operations that cannot be generated, and say which.
    #[arg(long)]
    pub skip_unsupported: bool,
    /// Fail where anything is warned of.
    #[arg(long)]
    pub deny_warnings: bool,
}

impl Choice {
    /// Adds what was chosen to a configuration.
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

    /// Adds the options to a command, as they would be typed.
    pub fn write(&self, command: &mut String) {
        if let Some(config) = &self.config {
            option(command, "config", &config.display().to_string());
        }
        for overlay in &self.overlay {
            option(command, "overlay", &overlay.display().to_string());
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

/// Adds an option to a command, as it would be typed.
pub fn option(command: &mut String, name: &str, value: &str) {
    command.extend([" --", name, " ", &quoted(value)]);
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
