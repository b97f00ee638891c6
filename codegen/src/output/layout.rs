//! Names that the configuration gives to modules and crates, which must be valid in Rust and Cargo.

use crate::config::{Layout, Package, Target};
use crate::names::is_keyword;

/// Crates of every Rust program, and the dependency of a generated crate.
const RESERVED: [&str; 6] = ["alloc", "core", "proc_macro", "specwright_runtime", "std", "test"];

impl Layout {
    /// Checks that all names are valid.
    ///
    /// # Errors
    /// Returns an error that describes the first invalid name.
    pub fn check(&self) -> Result<(), String> {
        let module = &self.module;
        let is_relative = module == "self" && self.package.is_none();
        if !is_relative && module.split("::").next() != Some("crate") {
            return Err(format!(
                "module path `{module}` is not absolute; it must start with `crate`, such as \
                 `crate::api`"
            ));
        }
        if !is_relative {
            check_path(module)?;
        }
        if let Target::Server { models } = &self.target {
            let mut path = models.as_str();
            while is_relative && let Some(rest) = path.strip_prefix("super::") {
                path = rest;
            }
            check_path(path)?;
        }
        self.package.as_ref().map_or(Ok(()), Package::check)
    }
}

impl Package {
    fn check(&self) -> Result<(), String> {
        let name = &self.name;
        let as_rust = name.replace('-', "_");
        let is_valid = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !as_rust.starts_with(|c: char| c.is_ascii_alphabetic()) || !as_rust.chars().all(is_valid)
        {
            let rule = "letters, digits, `-` and `_`, starting with a letter";
            return Err(format!("invalid crate name `{name}`; use {rule}"));
        }
        if RESERVED.contains(&as_rust.as_str()) || is_keyword(&as_rust) {
            return Err(format!("crate name `{name}` is reserved"));
        }
        Ok(())
    }
}

/// Checks that a path is valid in a `use` declaration.
fn check_path(path: &str) -> Result<(), String> {
    for (i, part) in path.split("::").enumerate() {
        let is_root = i == 0 && part == "crate";
        // The parser accepts spaces around an identifier, so compare the result.
        let is_name = syn::parse_str::<syn::Ident>(part).is_ok_and(|ident| ident == part);
        if !is_root && !is_name {
            let reason = match is_keyword(part) && part != "crate" {
                true => "is a Rust keyword",
                false => "is not a Rust identifier",
            };
            return Err(format!("invalid module path `{path}`; `{part}` {reason}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(module: &str, models: Option<&str>, name: Option<&str>) -> String {
        let layout = Layout {
            module: module.to_owned(),
            target: models
                .map_or(Target::Client, |models| Target::Server { models: models.to_owned() }),
            package: name.map(|name| Package { name: name.to_owned(), ..Package::default() }),
            ..Layout::default()
        };
        layout.check().err().unwrap_or_default()
    }

    #[test]
    fn module_paths_follow_rust() {
        for module in ["crate", "crate::api", "crate::a::_b2", "crate::r#fn", "crate::é"] {
            assert_eq!(error(module, Some("other_crate::models"), None), "", "{module}");
        }
        for (module, expected) in [
            ("api", "must start with `crate`"),
            ("", "must start with `crate`"),
            ("crate::a b", "`a b` is not a Rust identifier"),
            ("crate::", "`` is not a Rust identifier"),
            ("crate:: a", "` a` is not a Rust identifier"),
            ("crate::fn", "`fn` is a Rust keyword"),
            ("crate::crate", "`crate` is not a Rust identifier"),
            ("crate::super", "`super` is a Rust keyword"),
            ("crate::r#crate", "`r#crate` is not a Rust identifier"),
            ("crate::a/**/", "is not a Rust identifier"),
            ("crate::_", "`_` is a Rust keyword"),
            ("crate::2", "is not a Rust identifier"),
        ] {
            assert!(error(module, None, None).contains(expected), "{module}");
        }
        for models in ["", "::a", "a-b::models", "super::models"] {
            assert!(error("crate", Some(models), None).contains("invalid module path"), "{models}");
        }
        for models in ["super::models", "super::super::client::models", "crate::models"] {
            assert_eq!(error("self", Some(models), None), "", "{models}");
        }
        for models in ["super::", "super::super", "a::super::models"] {
            assert!(error("self", Some(models), None).contains("invalid module path"), "{models}");
        }
        assert!(error("self", None, Some("pets")).contains("must start with `crate`"));
    }

    #[test]
    fn crate_names_follow_cargo() {
        for name in ["pets", "pets-client", "a_1"] {
            assert_eq!(error("crate", None, Some(name)), "");
        }
        for name in ["test", "std", "core", "proc-macro", "fn", "self", "specwright-runtime"] {
            assert!(error("crate", None, Some(name)).contains("is reserved"), "{name}");
        }
        for name in ["", "1a", "a b", "-a", "é"] {
            assert!(error("crate", None, Some(name)).contains("use letters"), "{name}");
        }
    }
}
