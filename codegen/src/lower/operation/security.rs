//! Security schemes and requirements.

use crate::diagnostics::{Location, messages};
use crate::ir::{Api, Credential, Name, SecurityScheme};
use crate::lower::context::state::Context;
use crate::text::child;
use openapiv3::SecurityScheme as SchemeSpec;
use openapiv3::{APIKeyLocation, ReferenceOr, SecurityRequirement};
use serde_json::Value;

const SCHEMES: &str = "/components/securitySchemes";

/// Returns the alternative security requirements of an operation as indexes of schemes.
pub(crate) fn security_requirements(
    context: &mut Context<'_>,
    own: Option<&Vec<SecurityRequirement>>,
    pointer: &str,
    api: &mut Api,
) -> Vec<Vec<usize>> {
    let (requirements, pointer) = match own {
        Some(own) => (own.clone(), child(pointer, "security")),
        None => {
            let default = context.document.get("/security").map(|_| context.typed("/security"));
            (default.flatten().unwrap_or_default(), "/security".to_owned())
        }
    };
    let mut alternatives = Vec::new();
    for (i, requirement) in requirements.iter().enumerate() {
        let location = child(&pointer, i);
        let schemes: Vec<usize> = requirement
            .keys()
            .filter_map(|id| security_scheme(context, id, &location, api))
            .collect();
        // Schemes that are not generated are left to the caller; the other credentials are still
        // required.
        if !schemes.is_empty() || requirement.is_empty() {
            alternatives.push(schemes);
        }
    }
    alternatives
}

/// Returns the index of a scheme, which is added if necessary.
fn security_scheme(
    context: &mut Context<'_>,
    id: &str,
    requirement: &str,
    api: &mut Api,
) -> Option<usize> {
    if let Some(known) = api.security_schemes.iter().position(|scheme| scheme.id == id) {
        return Some(known);
    }
    let pointer = child(SCHEMES, id);
    if context.document.get(&pointer).is_none() {
        let location = Location::Pointer(child(requirement, id));
        context.diagnostics.report(location, messages::unknown_security_scheme(id));
        return None;
    }
    let item: ReferenceOr<Value> = context.typed(&pointer)?;
    let (scheme, at) = context.resolve(item, &pointer)?;
    let kind = scheme.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let scheme = match serde_json::from_value::<SchemeSpec>(scheme) {
        Ok(scheme) => scheme,
        Err(error) => {
            let message = match kind.as_str() {
                "mutualTLS" => messages::mutual_tls(),
                _ => messages::unsupported_security_scheme(id, error),
            };
            context.diagnostics.report(Location::Pointer(at), message);
            return None;
        }
    };
    let (credential, docs, extensions) = match scheme {
        SchemeSpec::APIKey { location, name, description, extensions } => {
            let credential = match location {
                APIKeyLocation::Header => Credential::Header(name),
                APIKeyLocation::Query => Credential::Query(name),
                APIKeyLocation::Cookie => Credential::Cookie(name),
            };
            (credential, description, extensions)
        }
        SchemeSpec::HTTP { scheme, description, extensions, .. } => {
            let credential = match scheme.to_ascii_lowercase().as_str() {
                "bearer" => Credential::Bearer,
                "basic" => Credential::Basic,
                other => {
                    let location = Location::Pointer(child(&at, "scheme"));
                    context.diagnostics.report(location, messages::unsupported_http_scheme(other));
                    Credential::Header("Authorization".to_owned())
                }
            };
            (credential, description, extensions)
        }
        SchemeSpec::OAuth2 { description, extensions, .. }
        | SchemeSpec::OpenIDConnect { description, extensions, .. } => {
            (Credential::Bearer, description, extensions)
        }
    };
    // The pass over setters names it. The rename counts as used even if the operation fails.
    context.options.security.get(id);
    let env = env_name(&extensions);
    api.security_schemes.push(SecurityScheme {
        id: id.to_owned(),
        name: Name(String::new()),
        docs,
        credential,
        env,
    });
    Some(api.security_schemes.len() - 1)
}

/// Returns the environment variable from `x-env-name`.
pub(crate) fn env_name<'a>(
    extensions: impl IntoIterator<Item = (&'a String, &'a Value)>,
) -> Option<String> {
    let (_, name) = extensions.into_iter().find(|(key, _)| *key == "x-env-name")?;
    name.as_str().map(str::to_owned)
}
