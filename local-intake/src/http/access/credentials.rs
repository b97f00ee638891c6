//! Which credentials are accepted.

use std::fmt;

use subtle::ConstantTimeEq as _;

/// The credentials that requests must have. `None` accepts any that is not empty.
#[derive(Clone, Default)]
pub(crate) struct RequiredCredentials {
    api_key: Option<String>,
    app_key: Option<String>,
}

impl RequiredCredentials {
    /// Requires an API key. An empty one accepts any.
    pub(crate) fn set_api_key(&mut self, key: &str) {
        self.api_key = non_empty(key);
    }

    /// Requires an application key. An empty one accepts any.
    pub(crate) fn set_app_key(&mut self, key: &str) {
        self.app_key = non_empty(key);
    }

    /// Returns whether both keys are required.
    pub(crate) fn are_required(&self) -> bool {
        self.api_key.is_some() && self.app_key.is_some()
    }

    /// Checks the keys of a control request: each that is required. Returns the header of one that
    /// is missing or wrong.
    pub(super) fn accept_control(
        &self,
        api_key: Option<&str>,
        app_key: Option<&str>,
    ) -> Result<(), &'static str> {
        let sent = [
            (&self.api_key, "apiKeyAuth", api_key, "DD-API-KEY"),
            (&self.app_key, "appKeyAuth", app_key, "DD-APPLICATION-KEY"),
        ];
        let rejected = |(required, scheme, key, _): &(&Option<String>, &str, Option<&str>, _)| {
            required.is_some() && !self.accept(scheme, *key)
        };
        sent.into_iter().find(rejected).map_or(Ok(()), |(.., header)| Err(header))
    }

    /// Returns whether a password is accepted: the application key, or the API key if only that is
    /// required.
    #[cfg(feature = "pages")]
    pub(in crate::http) fn accept_password(&self, password: Option<&str>) -> bool {
        let scheme = if self.app_key.is_some() { "appKeyAuth" } else { "apiKeyAuth" };
        let is_required = self.app_key.is_some() || self.api_key.is_some();
        !is_required || self.accept(scheme, password)
    }

    /// Returns whether the credential for a security scheme is accepted.
    pub(in crate::http) fn accept(&self, scheme: &str, credential: Option<&str>) -> bool {
        let Some(credential) = credential.and_then(non_empty) else { return false };
        let required = match scheme {
            "apiKeyAuth" => &self.api_key,
            "appKeyAuth" => &self.app_key,
            // An access token replaces both keys, so it cannot be checked against either.
            _ => return self.api_key.is_none() && self.app_key.is_none(),
        };
        // The comparison takes constant time, so that its duration does not reveal the key.
        required.as_ref().is_none_or(|key| key.as_bytes().ct_eq(credential.as_bytes()).into())
    }
}

fn non_empty(key: &str) -> Option<String> {
    let key = key.trim();
    (!key.is_empty()).then(|| key.to_owned())
}

impl fmt::Debug for RequiredCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redacted = |key: &Option<String>| key.as_ref().map(|_| "<redacted>");
        f.debug_struct("RequiredCredentials")
            .field("api_key", &redacted(&self.api_key))
            .field("app_key", &redacted(&self.app_key))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::RequiredCredentials;

    #[cfg(feature = "pages")]
    #[test]
    fn the_password_is_a_key_that_is_required() {
        let mut required = RequiredCredentials::default();
        assert!(required.accept_password(None));
        required.set_api_key("api");
        assert!(!required.accept_password(None) && !required.accept_password(Some("")));
        assert!(required.accept_password(Some("api")));
        required.set_app_key("app");
        assert!(required.accept_password(Some("app")) && !required.accept_password(Some("api")));
    }

    #[test]
    fn any_credential_is_accepted_unless_one_is_required() {
        let any = RequiredCredentials::default();
        assert!(any.accept("apiKeyAuth", Some("x")) && any.accept("AuthZ", Some("token")));
        assert!(!any.accept("apiKeyAuth", Some(" ")) && !any.accept("appKeyAuth", None));
        let mut required = RequiredCredentials::default();
        required.set_api_key("secret-1");
        required.set_app_key(" ");
        assert!(required.accept("apiKeyAuth", Some("secret-1")));
        assert!(!required.accept("apiKeyAuth", Some("secret-2")));
        assert!(!required.accept("apiKeyAuth", Some("secret")));
        assert!(required.accept("appKeyAuth", Some("any")) && !required.accept("AuthZ", Some("x")));
        assert!(!format!("{required:?}").contains("secret"));
    }
}
