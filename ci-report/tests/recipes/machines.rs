//! Jenkins, GitLab and Buildkite.

use std::fs;

use crate::documentation::block;
use crate::system::{borrowed, each, list, script, variables, yaml};

#[test]
fn jenkins() {
    let environment = [
        ("JENKINS_URL", "https://jenkins.example/"),
        ("BUILD_URL", "https://jenkins.example/job/app/7/"),
        ("BUILD_TAG", "jenkins-app-7"),
        ("BUILD_NUMBER", "7"),
        ("JOB_NAME", "app"),
        ("NODE_NAME", "agent-1"),
        ("WORKSPACE", "/home/jenkins/workspace/app"),
    ];
    each(&environment, |system| {
        let mut is_always = false;
        let mut scripts = 0;
        for line in block("jenkins").lines() {
            is_always |= line.trim() == "always {";
            let quoted = |quote: char| {
                let start = format!("sh {quote}");
                let rest = &line[line.find(&start)? + start.len()..];
                rest.split(quote).next().map(str::to_owned)
            };
            let Some(script) = quoted('\'').or_else(|| quoted('"')) else { continue };
            scripts += 1;
            if system.has_failed && !is_always {
                continue;
            }
            let stage = line.split("stage('").nth(1).and_then(|rest| rest.split('\'').next());
            let result = system.word("SUCCESS", "FAILURE");
            let script = script.replace("${currentBuild.currentResult}", result);
            system.run(&script, &[("STAGE_NAME", stage.unwrap_or_default())]);
        }
        assert_eq!(scripts, 5);
        system.expect(&["pipeline app RESULT", "job Build success < app", "job Test RESULT < app"]);
        let pipeline = system.world.event("pipeline", "app");
        assert_eq!(pipeline.attribute("ci.pipeline.url"), environment[1].1);
    });
}

#[test]
fn gitlab() {
    each(&[], |system| {
        let started = system.started();
        for (name, value) in [
            ("GITLAB_CI", "true"),
            ("CI_SERVER_URL", "https://gitlab.example"),
            ("CI_PIPELINE_ID", "42"),
            ("CI_PIPELINE_URL", "https://gitlab.example/team/app/-/pipelines/42"),
            ("CI_PIPELINE_SOURCE", "push"),
            ("CI_PIPELINE_CREATED_AT", &started),
            ("CI_PROJECT_PATH", "team/app"),
        ] {
            system.variables.push((name.to_owned(), value.to_owned()));
        }
        let file = yaml(&block("gitlab"));
        let defaults = &file["default"];
        let mut jobs = 0;
        for (name, job) in file.as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            let runs = if system.has_failed { "on_failure" } else { "on_success" };
            let when = job["when"].as_str().unwrap_or("on_success");
            if name == "default" || name.starts_with('.') || when != runs {
                continue;
            }
            jobs += 1;
            system.next_machine();
            let (number, url) = (jobs.to_string(), format!("https://gitlab.example/j/{jobs}"));
            let mut known = variables(&job["variables"]);
            for (name, value) in [
                ("CI_JOB_ID", number.as_str()),
                ("CI_JOB_NAME", name),
                ("CI_JOB_STAGE", job["stage"].as_str().unwrap()),
                ("CI_JOB_URL", &url),
            ] {
                known.push((name.to_owned(), value.to_owned()));
            }
            let of = |key: &str| script(job.get(key).unwrap_or(&defaults[key]));
            let main = format!("{}\n{}", of("before_script"), of("script"));
            let has_passed = system.run(&main, &borrowed(&known));
            let status = if has_passed { "success" } else { "failed" };
            known.push(("CI_JOB_STATUS".to_owned(), status.to_owned()));
            system.run(&of("after_script"), &borrowed(&known));
        }
        assert_eq!(jobs, 3);
        system.expect(&[
            "pipeline team/app RESULT",
            "job test RESULT < team/app",
            "step build success < test",
            "step test RESULT < test",
        ]);
        let job = system.world.event("job", "test");
        assert_eq!(job.attribute("ci.job.url"), "https://gitlab.example/j/2");
    });
}

#[test]
fn buildkite() {
    let environment = [
        ("BUILDKITE", "true"),
        ("BUILDKITE_BUILD_ID", "4735ba57-80d0-46e2-8fa0-b28223a86586"),
        ("BUILDKITE_BUILD_URL", "https://buildkite.com/team/app/builds/7"),
        ("BUILDKITE_PIPELINE_SLUG", "app"),
        ("BUILDKITE_SOURCE", "webhook"),
        ("BUILDKITE_AGENT_NAME", "agent-1"),
    ];
    each(&environment, |system| {
        let data = system.world.directory.join("meta-data");
        fs::create_dir_all(&data).unwrap();
        let agent = format!(
            "case \"$1 $2\" in
            'meta-data set') printf %s \"$4\" > {0}/\"$3\";;
            'meta-data get') cat {0}/\"$3\";;
            'step get') cat {0}/outcome-\"$5\";;
            *) exit 9;;
            esac",
            data.display()
        );
        system.program("buildkite-agent", &agent);
        for (index, step) in list(&yaml(&block("buildkite"))["steps"]).iter().enumerate() {
            system.next_machine();
            let label = step["label"].as_str().unwrap();
            let job = format!("job-{index}");
            let known = [("BUILDKITE_JOB_ID", job.as_str()), ("BUILDKITE_LABEL", label)];
            system.run(&block("buildkite-pre-command"), &known);
            let has_passed = system.run(&script(&step["command"]), &known);
            let (code, outcome) = if has_passed { ("0", "passed") } else { ("2", "hard_failed") };
            let after = [&known[..], &[("BUILDKITE_COMMAND_EXIT_STATUS", code)]].concat();
            system.run(&block("buildkite-pre-exit"), &after);
            fs::write(data.join(format!("outcome-{label}")), outcome).unwrap();
        }
        system.expect(&[
            "pipeline app RESULT",
            "job start success < app",
            "job test RESULT < app",
            "job finish success < app",
        ]);
        let job = system.world.event("job", "test");
        assert_eq!(job.attribute("ci.job.url"), format!("{}#job-1", environment[2].1));
    });
}
