//! Workflows of GitHub, Gitea and Forgejo, and the composite action.

use std::fs;

use serde_yaml::Value;

use crate::documentation::block;
use crate::system::{System, borrowed, each, has, list, variables, yaml};

const ACTION: &str = include_str!("../../../.github/actions/ci-report/action.yml");

/// The variables of a runner.
const RUNNER: [(&str, &str); 8] = [
    ("CI", "true"),
    ("GITHUB_SERVER_URL", "https://git.example"),
    ("GITHUB_REPOSITORY", "team/app"),
    ("GITHUB_RUN_ID", "42"),
    ("GITHUB_RUN_NUMBER", "7"),
    ("GITHUB_RUN_ATTEMPT", "1"),
    ("GITHUB_WORKFLOW", "ci"),
    ("GITHUB_EVENT_NAME", "push"),
];

/// Replaces `${{ EXPRESSION }}`.
fn fill(input: &str, values: &[(&str, &str)]) -> String {
    let mut filled = input.replace("${{ secrets.DATADOG_API_KEY }}", "an-api-key");
    for (name, value) in values {
        filled = filled.replace(&format!("${{{{ {name} }}}}"), value);
    }
    assert!(!filled.contains("${{"), "{filled}");
    filled
}

/// Runs the composite action with the inputs of a step.
fn action(system: &mut System, step: &Value, known: &[(&str, &str)]) {
    let action = yaml(ACTION);
    let mut inputs = Vec::new();
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        let given = step["with"].get(name).unwrap_or(&input["default"]).as_str().unwrap();
        let job = known.iter().find(|(name, _)| *name == "GITHUB_JOB").unwrap().1;
        inputs.push((format!("inputs.{name}"), fill(given, &[("github.job", job)])));
    }
    for given in step["with"].as_mapping().into_iter().flatten() {
        assert!(action["inputs"].get(given.0).is_some(), "{given:?}");
    }
    let inputs = borrowed(&inputs);
    let has_script = inputs.iter().any(|(name, value)| *name == "inputs.run" && !value.is_empty());
    for step in list(&action["runs"]["steps"]) {
        assert_eq!(step["shell"], "bash");
        if step.get("if").is_some_and(|condition| condition == "inputs.run != ''") && !has_script {
            continue;
        }
        let mut environment: Vec<_> =
            known.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for (name, value) in step["env"].as_mapping().into_iter().flatten() {
            let value = fill(value.as_str().unwrap(), &inputs);
            environment.push((name.as_str().unwrap().to_owned(), value));
        }
        let mut command = system.command("bash", &environment);
        let script = step["run"].as_str().unwrap();
        let arguments = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
        let output = command.args(arguments).output().unwrap();
        // The script of the step is in a variable.
        let shown = format!("{script} {environment:?}");
        system.check(&shown, &output);
    }
}

#[test]
fn github() {
    if !has("bash") {
        return;
    }
    each(&RUNNER, |system| {
        system.variables.push(("GITHUB_ACTIONS".to_owned(), "true".to_owned()));
        let directory = system.world.directory.clone();
        let file = yaml(&block("github"));
        let mut started = String::new();
        for (name, job) in file["jobs"].as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            system.next_machine();
            let output = directory.join(format!("output-{name}"));
            fs::write(&output, "").unwrap();
            let mut known = variables(&job["env"]);
            known.push(("GITHUB_JOB".to_owned(), name.to_owned()));
            known.push(("GITHUB_OUTPUT".to_owned(), output.display().to_string()));
            let known = borrowed(&known);
            let result = system.word("success", "failure");
            let values =
                [("needs.start.outputs.started", started.as_str()), ("needs.test.result", result)];
            for step in list(&job["steps"]) {
                let uses = step["uses"].as_str().unwrap_or_default();
                match step["run"].as_str() {
                    Some(script) => {
                        system.run(&fill(script, &values), &known);
                    }
                    None if uses.contains("/.github/actions/ci-report@") => {
                        action(system, step, &known);
                    }
                    None => assert_eq!(uses, "actions/checkout@v4"),
                }
            }
            if name == "start" {
                let output = fs::read_to_string(&output).unwrap();
                started = output.trim().strip_prefix("started=").unwrap().to_owned();
            }
        }
        system.expect(&["pipeline ci RESULT", "job test RESULT < ci"]);
        let pipeline = system.world.event("pipeline", "ci");
        let url = "https://git.example/team/app/actions/runs/42/attempts/1";
        assert_eq!(pipeline.attribute("ci.pipeline.url"), url);
    });
}

#[test]
fn gitea_and_forgejo() {
    for provider in ["gitea", "forgejo"] {
        each(&RUNNER, |system| {
            // Forgejo and Gitea set the variables of GitHub, too.
            for name in ["GITHUB_ACTIONS", &format!("{}_ACTIONS", provider.to_uppercase())] {
                system.variables.push((name.to_owned(), "true".to_owned()));
            }
            system.variables.push(("GITHUB_JOB".to_owned(), "test".to_owned()));
            let file = yaml(&block("gitea"));
            let job = &file["jobs"]["test"];
            let known = variables(&job["env"]);
            for step in list(&job["steps"]) {
                let is_always = step.get("if").is_some_and(|condition| condition == "always()");
                let Some(script) = step["run"].as_str() else { continue };
                if system.has_failed && !is_always {
                    continue;
                }
                let result = system.word("success", "failure");
                let script = fill(script, &[("job.status", result)]);
                system.run(&script, &borrowed(&known));
            }
            system.expect(&[
                "pipeline ci RESULT",
                "job test RESULT < ci",
                "step build success < test",
                "step test RESULT < test",
            ]);
            let pipeline = system.world.event("pipeline", "ci");
            assert_eq!(pipeline.attribute("ci.provider.name"), provider);
        });
    }
}
