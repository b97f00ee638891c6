//! What is generated of a description: the options that every command has.

use std::path::PathBuf;

use specwright::Config;

/// What is generated of a description, and with which changes to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub struct Choice {
    /// The configuration: a file of TOML.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Apply this overlay to the description; may be given several times, in order.
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// Only operations with this tag; may be given several times.
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Only the operation with this id, or that is "METHOD /path"; may be given several times.
    #[arg(long, value_name = "ID")]
    pub operation: Vec<String>,
    /// Only what lies under this path, or fits one with * and **; may be given several times.
    #[arg(long, value_name = "PATH")]
    pub path: Vec<String>,
    /// Of what is selected, only operations with this method; may be given several times.
    #[arg(long, value_name = "METHOD")]
    pub method: Vec<String>,
    /// No operations with this tag; may be given several times.
    #[arg(long, value_name = "TAG")]
    pub except_tag: Vec<String>,
    /// Not the operation with this id, or that is "METHOD /path"; may be given several times.
    #[arg(long, value_name = "ID")]
    pub except_operation: Vec<String>,
    /// Nothing under this path, or that fits one with * and **; may be given several times.
    #[arg(long, value_name = "PATH")]
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
