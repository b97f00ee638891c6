//! Options and configuration keys with unknown names: the diagnostics suggest similar names.

use std::process::Command;

use crate::workspace::{Workspace, string};

const SPEC: &str = "openapi: 3.0.3
info: { title: Music, version: '1' }
paths:
  /albums:
    get: { tags: [Albums], operationId: list-albums, responses: { '204': { description: All. } } }
  /albums/{id}:
    get:
      tags: [Albums]
      operationId: get-an-album
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: market, in: query, schema: { type: string } }
      responses:
        '200': { description: One., content: { application/json: { schema: { $ref: '#/components/schemas/Album' } } } }
  /files/{id}/content:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    put: { tags: [Files], responses: { '204': { description: Done. } } }
components:
  schemas:
    Album:
      type: object
      properties:
        label: { type: string, nullable: true }
        kind: { type: string, enum: [single, compilation] }
";

/// Returns the errors of a run with these arguments and an optional configuration.
fn errors_of(arguments: &[&str], config: Option<&str>) -> String {
    let work = Workspace::new(&[("api.yaml", SPEC)]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
    command.current_dir(&work.0).args(["inspect", "--spec", "api.yaml"]).args(arguments);
    if let Some(config) = config {
        work.write("music.toml", config);
        command.args(["--config", "music.toml"]);
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    string(&output.stderr)
}

#[test]
fn misspelled_options_get_suggestions() {
    for (option, written, expected) in [
        ("--tag", "Albms", "operation with the tag `Albms` not found; did you mean `Albums`?"),
        ("--tag", "albums", "operation with the tag `albums` not found; did you mean `Albums`?"),
        ("--tag", "Weather", "operation with the tag `Weather` not found\n"),
        (
            "--operation",
            "get-an-albm",
            "with the id `get-an-albm` not found; did you mean `get-an-album`?",
        ),
        (
            "--operation",
            "GET /albms",
            "operation `GET /albms` not found; did you mean `GET /albums`?",
        ),
        (
            "--path",
            "/albums/{i}",
            "under the path `/albums/{i}` not found; did you mean `/albums/{id}`?",
        ),
        ("--path", "files", "under the path `files` not found; did you mean `/files`?"),
        ("--method", "GETT", "method `GETT` not found; did you mean `GET`?"),
        ("--method", "POST", "selected operation with the method `POST` not found\n"),
        (
            "--except-tag",
            "Album",
            "operation with the tag `Album` not found; did you mean `Albums`?",
        ),
        ("--except-operation", "list-album", "did you mean `list-albums`?"),
        ("--except-path", "/file", "did you mean `/files`?"),
    ] {
        let errors = errors_of(&[option, written], None);
        assert!(errors.contains(expected), "{option} {written}: {errors}");
        assert!(errors.contains("--> the options\n"), "{errors}");
        // The option is located as such even if there is a configuration.
        let errors = errors_of(&[option, written], Some("skip-unsupported = true"));
        assert!(errors.contains("--> the options\n"), "{errors}");
    }
}

#[test]
fn misspelled_names_in_the_configuration_get_suggestions() {
    for (config, expected) in [
        ("names.schemas.Albun = 'Record'", "schema `Albun` not found; did you mean `Album`?"),
        ("names.operations.list-album = 'all'", "did you mean `list-albums`?"),
        (
            "names.parameters.markt = 'country'",
            "parameter `markt` not found; did you mean `market`?",
        ),
        ("names.properties.'Album.lable' = 'x'", "did you mean `Album.label`?"),
        ("names.values.'Album.kind.singel' = 'One'", "did you mean `"),
        ("three-state = ['Album.labl']", "did you mean `Album.label`?"),
        ("client.repeatable = ['get-albums']", "did you mean `list-albums`?"),
        ("select.tags = ['Albms']", "did you mean `Albums`?"),
        ("names.schemas.Weather = 'Sky'", "selected schema `Weather` not found\n"),
    ] {
        let errors = errors_of(&[], Some(config));
        assert!(errors.contains(expected), "{config}: {errors}");
        assert!(errors.contains("--> music.toml:1:"), "{errors}");
    }
}
