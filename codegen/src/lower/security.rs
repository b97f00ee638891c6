//! Keys.

use openapiv3::{APIKeyLocation, ReferenceOr, SecurityRequirement, SecurityScheme};
use serde_json::Value;

use super::Lower;
use crate::diagnostics::{Location, messages};
use crate::ir::{self, Api, Credential, Name};
use crate::names::{Scope, snake_name};
use crate::select::{resolve, typed};
use crate::text::child;

/// Methods that every builder of a client has.
const BUILDER_METHODS: &[&str] = &[
    "base_url",
    "build",
    "env_from",
    "from_env",
    "http",
    "new",
    "on_answer",
    "on_request",
    "rate_limiter",
    "retry",
    "server",
    "timeout",
];

const SCHEMES: &str = "/components/securitySchemes";

/// The security schemes and server variables share the builder of the client.
pub(super) fn builder_scope() -> Scope {
    Scope::with(BUILDER_METHODS)
}

impl Lower<'_> {
    /// The alternatives of keys that an operation needs, and the schemes that they name.
    pub(super) fn security(
        &mut self,
        own: Option<&Vec<SecurityRequirement>>,
        pointer: &str,
        api: &mut Api,
    ) -> Vec<Vec<usize>> {
        let (requirements, pointer) = match own {
            Some(own) => (own.clone(), child(pointer, "security")),
            None => {
                let general = self
                    .document
                    .get("/security")
                    .map(|_| typed(self.document, "/security", self.diagnostics));
                (general.flatten().unwrap_or_default(), "/security".to_owned())
            }
        };
        let mut alternatives = Vec::new();
        for (i, requirement) in requirements.iter().enumerate() {
            let place = child(&pointer, i);
            let keys: Vec<usize> =
                requirement.keys().filter_map(|id| self.scheme(id, &place, api)).collect();
            // What is not generated is for the caller to send: the other keys are still needed.
            if !keys.is_empty() || requirement.is_empty() {
                alternatives.push(keys);
            }
        }
        alternatives
    }

    /// The place of a scheme in the list, to which it is added if need be.
    fn scheme(&mut self, id: &str, place: &str, api: &mut Api) -> Option<usize> {
        if let Some(known) = api.security_schemes.iter().position(|scheme| scheme.id == id) {
            return Some(known);
        }
        let pointer = child(SCHEMES, id);
        if self.document.get(&pointer).is_none() {
            let location = Location::Pointer(child(place, id));
            self.diagnostics.report(location, messages::unknown_security_scheme(id));
            return None;
        }
        let item: ReferenceOr<Value> = typed(self.document, &pointer, self.diagnostics)?;
        let (scheme, at) = resolve(self.document, item, &pointer, self.diagnostics)?;
        let kind = scheme.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let scheme = match serde_json::from_value::<SecurityScheme>(scheme) {
            Ok(scheme) => scheme,
            Err(error) => {
                let message = match kind.as_str() {
                    "mutualTLS" => messages::mutual_tls(),
                    _ => messages::unsupported_security_scheme(id, error),
                };
                self.diagnostics.report(Location::Pointer(at), message);
                return None;
            }
        };
        let (credential, docs, extensions) = match scheme {
            SecurityScheme::APIKey { location, name, description, extensions } => {
                let credential = match location {
                    APIKeyLocation::Header => Credential::Header(name),
                    APIKeyLocation::Query => Credential::Query(name),
                    APIKeyLocation::Cookie => Credential::Cookie(name),
                };
                (credential, description, extensions)
            }
            SecurityScheme::HTTP { scheme, description, extensions, .. } => {
                let credential = match scheme.to_ascii_lowercase().as_str() {
                    "bearer" => Credential::Bearer,
                    "basic" => Credential::Basic,
                    other => {
                        let location = Location::Pointer(child(&at, "scheme"));
                        self.diagnostics.report(location, messages::unsupported_http_scheme(other));
                        Credential::Header("Authorization".to_owned())
                    }
                };
                (credential, description, extensions)
            }
            SecurityScheme::OAuth2 { description, extensions, .. }
            | SecurityScheme::OpenIDConnect { description, extensions, .. } => {
                (Credential::Bearer, description, extensions)
            }
        };
        let mut scope = builder_scope();
        api.variables.iter().for_each(|variable| _ = scope.take(&variable.name.0));
        api.security_schemes.iter().for_each(|scheme| _ = scope.take(&scheme.name.0));
        let derived = snake_name(id);
        let name = self.names.security.name(id, &mut scope, &derived.0, self.diagnostics);
        let env = env_name(&extensions);
        api.security_schemes.push(ir::SecurityScheme {
            id: id.to_owned(),
            name: Name(name),
            docs,
            credential,
            env,
        });
        Some(api.security_schemes.len() - 1)
    }
}

/// The environment variable of `x-env-name`.
pub(super) fn env_name<'a>(
    extensions: impl IntoIterator<Item = (&'a String, &'a Value)>,
) -> Option<String> {
    let (_, name) = extensions.into_iter().find(|(key, _)| *key == "x-env-name")?;
    name.as_str().map(str::to_owned)
}
