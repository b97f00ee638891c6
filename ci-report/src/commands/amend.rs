//! Adds facts to an open scope.

use clap::ValueEnum;

use crate::report::{Changes, Content, Fault, Level, Session};
use crate::settings::{Settings, optional_number, optional_pair};
use crate::status::{ExitCode, Failure};

/// Which scope is meant, and what masks its new facts.
#[derive(Debug, clap::Args)]
pub(crate) struct Target {
    /// Choose the open scope of this level; the innermost one by default
    #[arg(long, value_enum, value_name = "LEVEL")]
    on: Option<Level>,
    /// Identify the run, instead of by the CI system
    #[arg(long, value_name = "ID")]
    run_id: Option<String>,
    /// Mask the value of a variable
    #[arg(long, value_name = "VARIABLE", value_delimiter = ',')]
    mask: Vec<String>,
}

/// What is added to a scope.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Amend {
    /// Add tags to what is open
    #[command(after_help = "Example:\n  ci-report tag team:docs --on pipeline")]
    Tag {
        /// The tags
        #[arg(required = true, value_name = "KEY:VALUE", value_parser = optional_pair)]
        tags: Vec<Option<(String, String)>>,
        #[command(flatten)]
        target: Target,
    },
    /// Add measures to what is open
    #[command(after_help = "Example:\n  ci-report measure tests:412 coverage:0.93")]
    Measure {
        /// The measures
        #[arg(required = true, value_name = "KEY:NUMBER", value_parser = optional_number)]
        measures: Vec<Option<(String, f64)>>,
        #[command(flatten)]
        target: Target,
    },
    /// Set the error of what is open
    #[command(
        after_help = "Example:\n  ci-report error 'no space left' --type disk --domain provider"
    )]
    Error {
        /// What has happened
        message: String,
        /// Set the type of the error
        #[arg(long = "type")]
        kind: Option<String>,
        /// Set the stack trace
        #[arg(long)]
        stack: Option<String>,
        /// Set who can fix it
        #[arg(long, value_enum)]
        domain: Option<Domain>,
        #[command(flatten)]
        target: Target,
    },
    /// Add parameters that what is open was started with
    #[command(after_help = "Example:\n  ci-report parameters target:x86_64 profile:release")]
    Parameters {
        /// The parameters
        #[arg(required = true, value_name = "KEY:VALUE", value_parser = optional_pair)]
        parameters: Vec<Option<(String, String)>>,
        #[command(flatten)]
        target: Target,
    },
    /// Add stages or jobs that had to end before what is open could start
    #[command(after_help = "Example:\n  ci-report dependencies build lint --on job")]
    Dependencies {
        /// Their ids
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        target: Target,
    },
}

/// Who can fix an error.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Domain {
    /// The author of the change.
    User,
    /// The operator of the CI system.
    Provider,
    /// It is unknown.
    Unknown,
}

impl Domain {
    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Provider => "provider",
            Self::Unknown => "unknown",
        }
    }
}

/// Adds facts to a scope. Problems never fail the caller.
pub(crate) fn amend(amend: &Amend) -> Result<ExitCode, Failure> {
    let settings = Settings::from_env();
    if settings.api_key.is_none() {
        return Ok(ExitCode::SUCCESS);
    }
    let mut changes = Changes::default();
    let target = match amend {
        Amend::Tag { tags, target } => {
            changes.tags = tags.iter().flatten().cloned().collect();
            target
        }
        Amend::Measure { measures, target } => {
            changes.measures = measures.iter().flatten().cloned().collect();
            target
        }
        Amend::Error { message, kind, stack, domain, target } => {
            changes.error = Some(Fault {
                message: Some(message.clone()),
                kind: kind.clone(),
                stack: stack.clone(),
                domain: domain.map(|domain| domain.name().to_owned()),
            });
            target
        }
        Amend::Parameters { parameters, target } => {
            changes.parameters = parameters.iter().flatten().cloned().collect();
            target
        }
        Amend::Dependencies { ids, target } => {
            changes.dependencies.clone_from(ids);
            target
        }
    };
    let session = Session::new(settings, &target.mask, target.run_id.as_deref());
    let (Some(state), Some(key)) = (&session.state, session.open_scope(target.on)) else {
        session.note("nothing is open that could be changed");
        return Ok(ExitCode::SUCCESS);
    };
    if let Err(error) = state.update(|content| add(content, key, changes)) {
        session.note(&format!("the change cannot be stored: {error}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Adds changes to a scope that `start` has opened, or keeps them for the process that holds it.
fn add(content: &mut Content, key: String, changes: Changes) {
    match content.scopes.iter_mut().find(|record| record.key() == key) {
        Some(record) => record.changes.merge(changes),
        None => content.changes.entry(key).or_default().merge(changes),
    }
}
