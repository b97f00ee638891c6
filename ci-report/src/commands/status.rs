//! What is open, what waits, and what was rejected.

use std::io::Write as _;

use serde_json::{Value, json};

use crate::report::{Session, State, unreadable};
use crate::settings::Settings;
use crate::spool::Store;
use crate::status::{ExitCode, Failure};

/// Show what is open in this run, what waits for delivery, and what was rejected and why.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ci-report status\n  ci-report status --json")]
pub(crate) struct StatusOptions {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Delete rejected events and damaged files
    #[arg(long)]
    discard: bool,
    /// Identify the run, instead of by the CI system
    #[arg(long, value_name = "ID")]
    run_id: Option<String>,
}

/// Prints the status.
pub(crate) fn status(arguments: &StatusOptions) -> Result<ExitCode, Failure> {
    let settings = Settings::from_env();
    let session = Session::new(settings, &[], arguments.run_id.as_deref());
    let stores = session.spool.all_stores();
    if arguments.discard {
        stores.iter().for_each(Store::discard);
    }
    let status = collect(&session, &stores);
    let string = if arguments.json { format!("{status:#}\n") } else { lines(&status) };
    let written = std::io::stdout().write_all(string.as_bytes());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write the status: {error}")))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn collect(session: &Session, stores: &[Store]) -> Value {
    let store = |store: &Store| {
        let rejected = store.rejected().into_iter();
        let rejected =
            rejected.map(|event| json!({"reasons": event.reasons, "event": event.event}));
        let failure = store.failure().map(|(time, reason)| json!({"time": time, "reason": reason}));
        json!({
            "directory": store.path().display().to_string(),
            "waiting": store.waiting().len(),
            "failure": failure,
            "rejected": rejected.collect::<Vec<_>>(),
            "damaged": store.damaged(),
        })
    };
    let content = session.state.as_ref().map(State::read).unwrap_or_default();
    let open = content.scopes.iter().map(|record| {
        json!({
            "level": record.level,
            "name": record.name,
            "id": record.id,
            "start": record.start.to_string(),
        })
    });
    let unreadable = unreadable(&session.settings).into_iter();
    let unreadable = unreadable
        .map(|(path, reason)| json!({"file": path.display().to_string(), "reason": reason}));
    json!({
        "key": session.settings.api_key.is_some(),
        "state": session.state.as_ref().map(|state| state.path().display().to_string()),
        "open": open.collect::<Vec<_>>(),
        "unreadable": unreadable.collect::<Vec<_>>(),
        "outbox": stores.iter().map(store).collect::<Vec<_>>(),
    })
}

/// Returns the status for people.
fn lines(status: &Value) -> String {
    let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut lines = Vec::new();
    if status["key"] == false {
        lines.push("DD_API_KEY is not set: nothing is reported".to_owned());
    }
    lines.push(format!("state    {}", string(&status["state"])));
    if list(&status["open"]).is_empty() {
        lines.push("open     nothing".to_owned());
    }
    for scope in list(&status["open"]) {
        let [level, name, id, start] =
            ["level", "name", "id", "start"].map(|key| string(&scope[key]));
        lines.push(format!("open     {level} `{name}` since {start} ({id})"));
    }
    for file in list(&status["unreadable"]) {
        lines.push(format!("ignored  {}: {}", string(&file["file"]), string(&file["reason"])));
    }
    for store in list(&status["outbox"]) {
        lines.push(format!(
            "outbox   {}: {} events wait",
            string(&store["directory"]),
            store["waiting"]
        ));
        if let Some(failure) = store["failure"].as_object() {
            let (time, reason) = (string(&failure["time"]), string(&failure["reason"]));
            lines.push(format!("failure  {time}: {reason}"));
        }
        for event in list(&store["rejected"]) {
            let resource = &event["event"]["attributes"]["resource"];
            let reasons: Vec<String> = list(&event["reasons"]).iter().map(string).collect();
            let (level, name) = (string(&resource["level"]), string(&resource["name"]));
            lines.push(format!("rejected {level} `{name}`: {}", reasons.join("; ")));
        }
        if store["damaged"] != 0 {
            lines.push(format!("damaged  {} files", store["damaged"]));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}
