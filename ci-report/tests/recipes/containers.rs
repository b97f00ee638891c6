//! Systems that run each step in a container of its own.

use serde_yaml::{Deserializer, Value};

use serde::Deserialize as _;

use crate::documentation::block;
use crate::system::{System, borrowed, each, list, now, script, variables, yaml};

/// Runs the steps of Woodpecker and Drone.
fn containers(system: &mut System, file: &str, name: &str, status: &str) {
    for step in list(&yaml(file)["steps"]) {
        let filters = &step["when"];
        let filters = if filters.is_sequence() { &filters[0] } else { filters };
        let runs_on_failure = list(&filters["status"]).iter().any(|status| status == "failure");
        if system.has_failed && !runs_on_failure {
            continue;
        }
        system.next_machine();
        let mut variables = variables(&step["environment"]);
        let result = system.word("success", "failure");
        variables.push((status.to_owned(), result.to_owned()));
        variables.push((name.to_owned(), step["name"].as_str().unwrap().to_owned()));
        system.run(&script(&step["commands"]), &borrowed(&variables));
    }
}

const EXPECTED: &[&str] = &["pipeline team/app RESULT", "job test RESULT < team/app"];

#[test]
fn woodpecker() {
    let started = now();
    let environment = [
        ("CI", "woodpecker"),
        ("CI_SYSTEM_URL", "https://woodpecker.example"),
        ("CI_REPO", "team/app"),
        ("CI_PIPELINE_NUMBER", "7"),
        ("CI_PIPELINE_URL", "https://woodpecker.example/repos/1/pipeline/7"),
        ("CI_PIPELINE_EVENT", "push"),
        ("CI_PIPELINE_CREATED", &started),
        ("CI_PIPELINE_STARTED", &started),
        ("CI_WORKFLOW_NAME", "ci"),
        ("CI_MACHINE", "agent-1"),
    ];
    each(&environment, |system| {
        containers(system, &block("woodpecker"), "CI_STEP_NAME", "CI_PIPELINE_STATUS");
        system.expect(EXPECTED);
        let pipeline = system.world.event("pipeline", "team/app");
        assert_eq!(pipeline.attribute("ci.pipeline.url"), environment[4].1);
        assert_eq!(pipeline.attribute("ci.provider.name"), "woodpecker");
    });
}

#[test]
fn drone() {
    let started = now();
    let environment = [
        ("CI", "true"),
        ("DRONE", "true"),
        ("DRONE_SYSTEM_HOST", "drone.example"),
        ("DRONE_REPO", "team/app"),
        ("DRONE_BUILD_NUMBER", "7"),
        ("DRONE_BUILD_LINK", "https://drone.example/team/app/7"),
        ("DRONE_BUILD_EVENT", "push"),
        ("DRONE_BUILD_CREATED", &started),
        ("DRONE_BUILD_STARTED", &started),
        ("DRONE_STAGE_NAME", "default"),
        ("DRONE_STAGE_MACHINE", "agent-1"),
    ];
    each(&environment, |system| {
        containers(system, &block("drone"), "DRONE_STEP_NAME", "DRONE_BUILD_STATUS");
        system.expect(EXPECTED);
        let pipeline = system.world.event("pipeline", "team/app");
        assert_eq!(pipeline.attribute("ci.provider.name"), "drone");
    });
}

#[test]
fn concourse() {
    // A task has no variables but its parameters.
    each(&[], |system| {
        let file = yaml(&block("concourse"));
        let config = &file["jobs"][0]["plan"][1]["config"];
        let (run, parameters) = (&config["run"], variables(&config["params"]));
        let directory = system.world.directory.join(run["dir"].as_str().unwrap());
        std::fs::create_dir_all(&directory).unwrap();
        let arguments = list(&run["args"]).iter().map(|argument| argument.as_str().unwrap());
        let arguments: Vec<_> = arguments
            .map(|argument| if argument == "sh" { &system.shell } else { argument })
            .collect();
        let mut command = system.command(run["path"].as_str().unwrap(), &parameters);
        let output = command.args(&arguments).current_dir(directory).output().unwrap();
        system.check(&arguments.join(" "), &output);
        system.expect(&[
            "pipeline test RESULT",
            "job build success < test",
            "job test RESULT < test",
        ]);
    });
}

#[test]
fn tekton() {
    each(&[], |system| {
        let file = block("tekton");
        let documents = Deserializer::from_str(&file).map(Value::deserialize);
        let documents: Vec<Value> = documents.map(Result::unwrap).collect();
        let [task, pipeline] = &documents[..] else { panic!("{documents:?}") };
        let step = &task["spec"]["steps"][0];
        let result = system.world.directory.join("time");
        let mut started = String::new();
        for kind in ["tasks", "finally"] {
            for run in list(&pipeline["spec"][kind]) {
                assert_eq!(run["taskRef"]["name"], task["metadata"]["name"]);
                system.next_machine();
                let fill = |string: &str| {
                    let filled = string
                        .replace(
                            "$(context.pipelineRun.uid)",
                            "2b1c7e6e-0000-4000-8000-1f2e3d4c5b6a",
                        )
                        .replace(
                            "$(context.pipeline.name)",
                            pipeline["metadata"]["name"].as_str().unwrap(),
                        )
                        .replace("$(tasks.start.results.time)", &started)
                        .replace("$(tasks.status)", system.word("Succeeded", "Failed"))
                        .replace("$(results.time.path)", result.to_str().unwrap());
                    let parameters = variables(&run["params"]).into_iter();
                    parameters.fold(filled, |filled, (name, value)| {
                        filled.replace(&format!("$(params.{name})"), &value)
                    })
                };
                // Parameters contain variables of the pipeline.
                let fill = |string: &str| fill(&fill(string));
                let variables = variables(&step["env"]).into_iter();
                let variables: Vec<_> =
                    variables.map(|(name, value)| (name, fill(&value))).collect();
                let script = fill(step["script"].as_str().unwrap());
                assert!(!script.contains("$(tasks") && !script.contains("$(params"), "{script}");
                system.run(&script, &borrowed(&variables));
                if run["name"] == "start" {
                    started = std::fs::read_to_string(&result).unwrap();
                }
            }
        }
        system.expect(&["pipeline build RESULT", "job test RESULT < build"]);
        let pipeline = system.world.event("pipeline", "build");
        assert_eq!(pipeline.attribute("ci.provider.name"), "tekton");
    });
}

#[test]
fn argo() {
    each(&[], |system| {
        let workflow = yaml(&block("argo"));
        let template = |name: &Value| {
            let templates = list(&workflow["spec"]["templates"]).iter();
            templates.clone().find(|template| template["name"] == *name).unwrap()
        };
        for phase in ["entrypoint", "onExit"] {
            for steps in list(&template(&workflow["spec"][phase])["steps"]) {
                let step = &steps[0];
                if system.has_failed && phase == "entrypoint" {
                    continue;
                }
                system.next_machine();
                let container = &template(&step["template"])["container"];
                let command = &step["arguments"]["parameters"][0]["value"];
                let fill = |string: &str| {
                    string
                        .replace("{{inputs.parameters.command}}", command.as_str().unwrap())
                        .replace("{{workflow.uid}}", "2b1c7e6e-0000-4000-8000-1f2e3d4c5b6a")
                        .replace("{{workflow.creationTimestamp.RFC3339}}", &system.started())
                        .replace("{{workflow.status}}", system.word("Succeeded", "Failed"))
                };
                let variables = variables(&container["env"]).into_iter();
                let variables: Vec<_> =
                    variables.map(|(name, value)| (name, fill(&value))).collect();
                let script = fill(container["command"][2].as_str().unwrap());
                assert!(!script.contains("{{"), "{script}");
                system.run(&script, &borrowed(&variables));
            }
        }
        system.expect(&["pipeline build RESULT", "job test RESULT < build"]);
        let pipeline = system.world.event("pipeline", "build");
        assert_eq!(pipeline.attribute("ci.provider.name"), "argo");
    });
}
