//! Servers: hosts with schemes and a base path.

use serde_json::{Map, Value, json};

use super::moves::At;
use super::state::Upgrade;
use crate::diagnostics::messages;
use crate::text::value_at;

/// Returns the servers of the document for some schemes. Without a host, they are relative to the
/// location of the document.
pub(super) fn servers_of(upgrade: &mut Upgrade<'_>, schemes: &[String], at: &At) -> Vec<Value> {
    let Some(root) = upgrade.at(&(0, String::new())) else { return Vec::new() };
    let string = |key: &str| root.get(key).and_then(Value::as_str).map(str::trim);
    let base = string("basePath").unwrap_or_default().trim_end_matches('/');
    let base = match base.is_empty() || base.starts_with('/') {
        true => base.to_owned(),
        false => format!("/{base}"),
    };
    let (is_http, others): (Vec<&String>, Vec<&String>) = schemes.iter().partition(|scheme| {
        ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    });
    for other in others {
        upgrade.note(at, messages::unsupported_scheme(other));
    }
    let (host, variables, has_scheme) = match root.get("x-ms-parameterized-host") {
        Some(template) if string("host").is_none() => host_of_template(upgrade, template),
        _ => {
            (string("host").unwrap_or_default().trim_end_matches('/').to_owned(), Map::new(), true)
        }
    };
    if host.is_empty() {
        return if base.is_empty() { Vec::new() } else { vec![json!({ "url": base })] };
    }
    let server = |url: String| match variables.is_empty() {
        true => json!({ "url": url }),
        false => json!({ "url": url, "variables": variables }),
    };
    // Some documents have the scheme in the host.
    if host.contains("://") || !has_scheme {
        return vec![server(format!("{host}{base}"))];
    }
    if is_http.is_empty() {
        return vec![server(format!("//{host}{base}"))];
    }
    let urls =
        is_http.iter().map(|scheme| format!("{}://{host}{base}", scheme.to_ascii_lowercase()));
    urls.map(server).collect()
}

/// Returns the host of Microsoft's extension, its variables, and whether a scheme precedes it.
fn host_of_template(upgrade: &Upgrade<'_>, template: &Value) -> (String, Map<String, Value>, bool) {
    let host = template.get("hostTemplate").and_then(Value::as_str).unwrap_or_default();
    let has_scheme = template.get("useSchemePrefix") != Some(&Value::Bool(false));
    let mut variables = Map::new();
    let parameters = template.get("parameters").and_then(Value::as_array);
    for parameter in parameters.into_iter().flatten() {
        let reference = parameter.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| upgrade.follow(upgrade.resolve(0, reference)?));
        let parameter = target.map_or(parameter, |(_, value)| value);
        let Some(name) = parameter.get("name").and_then(Value::as_str) else { continue };
        let values = parameter.get("enum").cloned();
        // A default in braces makes the URL invalid, so a missing value is reported.
        let default = parameter.get("default").cloned();
        let default = default.or_else(|| value_at(values.as_ref()?, "/0").cloned());
        let default = default.unwrap_or_else(|| format!("{{{name}}}").into());
        let mut variable = json!({ "default": default });
        if let Some(values) = values {
            variable["enum"] = values;
        }
        let docs = parameter.get("description").cloned();
        if let (Some(docs), Some(variable)) = (docs, variable.as_object_mut()) {
            variable.insert("description".to_owned(), docs);
        }
        variables.insert(name.to_owned(), variable);
    }
    (host.trim_end_matches('/').to_owned(), variables, has_scheme)
}
