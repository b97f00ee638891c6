//! The Rust types of components and of the members of their unions. They are found as those of
//! examples: each schema gets an example with its location.

use std::collections::BTreeMap;

use serde_json::Value;
use specwright::{Input, Source};

use crate::corpus::pointer::escape;

/// The beginning of the examples.
const LOCATED: &str = "schema at ";

/// Returns the types by the JSON pointers of their schemas in the document.
pub(super) fn find(input: &Input, root: &Value) -> Result<BTreeMap<String, String>, String> {
    let mut changed = root.clone();
    let schemas = changed.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let pointer = format!("/components/schemas/{}", escape(name));
        for keyword in ["oneOf", "anyOf"] {
            let members = schema.get_mut(keyword).and_then(Value::as_array_mut);
            for (i, member) in members.into_iter().flatten().enumerate() {
                locate(member, &format!("{pointer}/{keyword}/{i}"));
            }
        }
        locate(schema, &pointer);
    }
    let spec = Source::new("document.json", changed.to_string());
    let input = Input::new(spec, input.config.clone());
    let examples = specwright::examples(&input).map_err(|found| found.render(false))?;
    let mut types = BTreeMap::new();
    for example in examples.found {
        if let Some(pointer) =
            example.value.as_str().and_then(|locate| locate.strip_prefix(LOCATED))
        {
            types.insert(pointer.to_owned(), example.ty);
        }
    }
    Ok(types)
}

fn locate(schema: &mut Value, pointer: &str) {
    if let Value::Object(schema) = schema {
        schema.remove("examples");
        schema.insert("example".to_owned(), format!("{LOCATED}{pointer}").into());
    }
}
