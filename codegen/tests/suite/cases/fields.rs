//! Every field of OpenAPI 3.2 has an effect: without it, other code is generated, or other diagnostics
//! are reported. So no field vanishes without a word.

use serde_json::Value;
use specwright::{Config, Input, Layout, Package, Source, Target};

use crate::case::cases;

/// Fields whose contents are counted as a whole, and those of JSON Schema, which have their own tests.
const WHOLE: [&str; 12] = [
    "contact",
    "license",
    "externalDocs",
    "links",
    "example",
    "examples",
    "xml",
    "schema",
    "itemSchema",
    "schemas",
    "headers",
    "scopes",
];

/// Ends of the pointers of fields that have no effect alone, or that have the value of their default.
const NEUTRAL: [(&str, &str); 17] = [
    ("/$self", "references by this URI are those by `#`"),
    ("/components", "its parts are removed one by one"),
    ("/operationId", "removed together with its operation"),
    ("/enum", "the values of a variable are only documented at its default"),
    ("/name", "a name in a list of unused parts"),
    ("/style", "some are the default"),
    ("/explode", "some are the default"),
    ("/required", "headers are always optional"),
    ("/mapping", "has an effect on unions only"),
    ("/callbacks", "a component that is not used"),
    ("/oidc", "a scheme that is not used"),
    ("/oidc/type", "a scheme that is not used"),
    ("/oidc/openIdConnectUrl", "a scheme that is not used"),
    ("/key/in", "an API key is in a header by default"),
    ("/responses", "an operation without responses has a warning"),
    ("/responses/204", "no content, as without it"),
    ("/meta/encoding/a", "counted with the nested encoding"),
];

/// Returns what is generated from a document: all files, and all messages.
fn generated(document: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let package = Package { name: "fields".to_owned(), ..Package::default() };
    let crate_layout = Layout { package: Some(package), ..Layout::default() };
    let target = Target::Server { models: "crate::models".to_owned() };
    let server_layout = Layout { target, ..Layout::default() };
    for layout in [crate_layout, server_layout] {
        let config = Config { layout, ..Config::default() };
        let source = Source::new("spec.json", document.to_string());
        match specwright::generate(&Input::new(source, config)) {
            Ok(output) => {
                all.extend(output.files.iter().map(|(path, file)| format!("{path}\n{file}")));
                all.extend(output.warnings.entries().iter().map(|entry| entry.message.clone()));
            }
            Err(found) => all.extend(found.entries().iter().map(|entry| entry.message.clone())),
        }
    }
    all
}

/// Returns the pointers of all fields.
fn fields(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let at = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                if !WHOLE.contains(&key.as_str()) {
                    fields(value, &at, found);
                }
                found.push(at);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                fields(item, &format!("{pointer}/{i}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn no_field_of_openapi_3_2_vanishes() {
    let case = cases("generate").unwrap();
    let case = case.iter().find(|case| case.name().ends_with("openapi-3-2-fields")).unwrap();
    let content = std::fs::read_to_string(case.folder.join("spec.yaml")).unwrap();
    let document = Source::new("spec.yaml", content).tree().unwrap();
    let all = generated(&document);
    let mut pointers = Vec::new();
    fields(&document, "", &mut pointers);
    let mut without_effect = Vec::new();
    for pointer in &pointers {
        let mut document = document.clone();
        let (holder, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/").replace("~0", "~");
        let holder = document.pointer_mut(holder).and_then(Value::as_object_mut).unwrap();
        holder.shift_remove(&key);
        // The only success is documented by its operation.
        let is_response = ["/200/", "/204/"].iter().any(|at| pointer.contains(at))
            && ["summary", "description"].contains(&&*key);
        let is_neutral =
            is_response || NEUTRAL.iter().any(|(neutral, _)| pointer.ends_with(neutral));
        if !is_neutral && generated(&document) == all {
            without_effect.push(pointer);
        }
    }
    assert!(pointers.len() > 200, "{}", pointers.len());
    assert!(without_effect.is_empty(), "without effect: {without_effect:#?}");
}
