//! Which keys are accepted.

use std::fmt;

use subtle::ConstantTimeEq as _;

/// The keys that requests must have; any that is not empty where none is pinned.
#[derive(Clone, Default)]
pub(crate) struct Pinned {
    pub(crate) api_key: Option<String>,
    pub(crate) app_key: Option<String>,
}

/// The key that is pinned by a text; none by an empty one, which no request can have.
pub(crate) fn pinned(key: &str) -> Option<String> {
    let key = key.trim();
    (!key.is_empty()).then(|| key.to_owned())
}

impl Pinned {
    /// Whether what came for a security scheme is accepted.
    pub(crate) fn accept(&self, scheme: &str, key: Option<&str>) -> bool {
        let Some(key) = key.map(str::trim).filter(|key| !key.is_empty()) else { return false };
        let pinned = match scheme {
            "apiKeyAuth" => &self.api_key,
            "appKeyAuth" => &self.app_key,
            // Access tokens stand for both keys, so they are none where one is pinned.
            _ => return self.api_key.is_none() && self.app_key.is_none(),
        };
        // The time says nothing of where two keys differ.
        pinned.as_ref().is_none_or(|pinned| pinned.as_bytes().ct_eq(key.as_bytes()).into())
    }
}

impl fmt::Debug for Pinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |key: &Option<String>| key.as_ref().map(|_| "<redacted>");
        f.debug_struct("Pinned")
            .field("api_key", &shown(&self.api_key))
            .field("app_key", &shown(&self.app_key))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Pinned;

    #[test]
    fn any_key_that_is_not_empty_or_the_pinned_one() {
        let any = Pinned::default();
        assert!(any.accept("apiKeyAuth", Some("x")) && any.accept("AuthZ", Some("token")));
        assert!(!any.accept("apiKeyAuth", Some(" ")) && !any.accept("appKeyAuth", None));
        let pinned = Pinned { api_key: Some("secret-1".to_owned()), app_key: None };
        assert!(pinned.accept("apiKeyAuth", Some("secret-1")));
        assert!(!pinned.accept("apiKeyAuth", Some("secret-2")));
        assert!(!pinned.accept("apiKeyAuth", Some("secret")));
        assert!(pinned.accept("appKeyAuth", Some("any")) && !pinned.accept("AuthZ", Some("x")));
        assert!(!format!("{pinned:?}").contains("secret"));
    }
}
