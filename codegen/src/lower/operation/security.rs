//! Security schemes and requirements.

use crate::diagnostics::{Location, messages};
use crate::ir::{Api, Credential, Name, SecurityScheme};
use crate::lower::context::state::Context;
use crate::text::child;
use crate::text::pointer::unescape;
use openapiv3::SecurityScheme as SchemeSpec;
use openapiv3::{APIKeyLocation, ReferenceOr, SecurityRequirement};
use serde_json::Value;

const SCHEMES: &str = "/components/securitySchemes";

/// For each alternative and each of its schemes, the scopes.
type Scopes = Vec<Vec<Vec<String>>>;

/// Returns the alternative security requirements of an operation as indexes of schemes, with their scopes.
pub(crate) fn security_requirements(
    context: &mut Context<'_>,
    own: Option<&Vec<SecurityRequirement>>,
    pointer: &str,
    api: &mut Api,
) -> (Vec<Vec<usize>>, Scopes) {
    let (requirements, pointer) = match own {
        Some(own) => (own.clone(), child(pointer, "security")),
        None => {
            let default = context.document.get("/security").map(|_| context.typed("/security"));
            (default.flatten().unwrap_or_default(), "/security".to_owned())
        }
    };
    let (mut alternatives, mut all_scopes) = (Vec::new(), Scopes::new());
    for (i, requirement) in requirements.iter().enumerate() {
        let location = child(&pointer, i);
        let (schemes, scopes): (Vec<usize>, Vec<Vec<String>>) = requirement
            .iter()
            .filter_map(|(id, scopes)| {
                Some((security_scheme(context, id, &location, api)?, scopes.clone()))
            })
            .unzip();
        // Schemes that are not generated are left to the caller; the other credentials are still
        // required.
        if !schemes.is_empty() || requirement.is_empty() {
            alternatives.push(schemes);
            all_scopes.push(scopes);
        }
    }
    (alternatives, all_scopes)
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
    // A scheme that is only a reference to another one is that one.
    let target = at.strip_prefix(SCHEMES).and_then(|rest| rest.strip_prefix('/')).map(unescape);
    if let Some(target) = target.filter(|target| target != id && !target.contains('/')) {
        return security_scheme(context, &target, requirement, api);
    }
    let deprecated = scheme.get("deprecated").and_then(Value::as_bool).unwrap_or(false);
    let flows = flows(&scheme);
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
    let docs: Vec<String> = docs.into_iter().chain(flows).collect();
    let docs = (!docs.is_empty()).then(|| docs.join("\n\n"));
    // The pass over setters names it. The rename counts as used even if the operation fails.
    context.options.security.get(id);
    let env = env_name(&extensions);
    api.security_schemes.push(SecurityScheme {
        id: id.to_owned(),
        name: Name(String::new()),
        docs,
        deprecated,
        credential,
        env,
    });
    Some(api.security_schemes.len() - 1)
}

/// Returns how the token of an OAuth scheme is obtained, which is left to the caller.
fn flows(scheme: &Value) -> Option<String> {
    const FLOWS: [(&str, &str); 5] = [
        ("implicit", "implicit"),
        ("password", "password"),
        ("clientCredentials", "client credentials"),
        ("authorizationCode", "authorization code"),
        ("deviceAuthorization", "device authorization"),
    ];
    const URLS: [(&str, &str); 4] = [
        ("deviceAuthorizationUrl", "device authorization"),
        ("authorizationUrl", "authorization"),
        ("tokenUrl", "token"),
        ("refreshUrl", "refresh"),
    ];
    let url = |of: &Value, key: &str| {
        let url = of.get(key)?.as_str()?.trim();
        let is_shown = !url.is_empty() && !url.contains(|c: char| c.is_whitespace() || c == '`');
        is_shown.then(|| format!("`{url}`"))
    };
    let mut lines = Vec::new();
    for (key, name) in FLOWS {
        let Some(flow) = scheme.get(crate::spec::FLOWS).and_then(|flows| flows.get(key)) else {
            continue;
        };
        let urls =
            URLS.iter().filter_map(|(key, name)| Some(format!("{name} {}", url(flow, key)?)));
        let scopes = flow.get("scopes").and_then(Value::as_object).into_iter().flatten();
        let is_shown = |name: &&String| !name.contains(|c: char| c.is_whitespace() || c == '`');
        let scopes = scopes.map(|(name, _)| name).filter(is_shown);
        let scopes: Vec<String> = scopes.map(|name| format!("`{name}`")).collect();
        let scopes = (!scopes.is_empty()).then(|| format!("scopes {}", scopes.join(" ")));
        let urls: Vec<String> = urls.chain(scopes).collect();
        lines.push(match urls.is_empty() {
            true => format!("- {name} flow"),
            false => format!("- {name} flow: {}", urls.join(", ")),
        });
    }
    let more = [("oauth2MetadataUrl", "metadata"), ("openIdConnectUrl", "OpenID Connect metadata")];
    let more =
        more.iter().filter_map(|(key, name)| Some(format!("- {name}: {}", url(scheme, key)?)));
    lines.extend(more);
    (!lines.is_empty()).then(|| format!("A token is obtained by:\n\n{}", lines.join("\n")))
}

/// Returns the environment variable from `x-env-name`.
pub(crate) fn env_name<'a>(
    extensions: impl IntoIterator<Item = (&'a String, &'a Value)>,
) -> Option<String> {
    let (_, name) = extensions.into_iter().find(|(key, _)| *key == "x-env-name")?;
    name.as_str().map(str::to_owned)
}
