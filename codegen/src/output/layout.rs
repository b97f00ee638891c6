//! Whether a layout can be generated: its names end up in Rust and in a manifest as they are.

use crate::config::{Layout, Package, Target};
use crate::names::is_keyword;

/// Crates that every Rust program has already, and the one that a generated crate depends on.
const TAKEN: [&str; 6] = ["alloc", "core", "proc_macro", "specwright_runtime", "std", "test"];

impl Layout {
    /// Whether all of its names can be used.
    ///
    /// # Errors
    /// Fails with what is wrong with the first that cannot.
    pub fn check(&self) -> Result<(), String> {
        let module = &self.module;
        if module.split("::").next() != Some("crate") {
            return Err(format!(
                "`{module}` does not say where the module is in its crate: it must begin with \
                 `crate`, as `crate::api` does"
            ));
        }
        check_path(module)?;
        if let Target::Server { models } = &self.target {
            check_path(models)?;
        }
        self.package.as_ref().map_or(Ok(()), Package::check)
    }
}

impl Package {
    fn check(&self) -> Result<(), String> {
        let name = &self.name;
        let as_rust = name.replace('-', "_");
        let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !as_rust.starts_with(|c: char| c.is_ascii_alphabetic()) || !as_rust.chars().all(is_sign)
        {
            let rule = "letters, digits, `-` and `_`, beginning with a letter";
            return Err(format!("a crate cannot be named `{name}`: names are {rule}"));
        }
        if TAKEN.contains(&as_rust.as_str()) || is_keyword(&as_rust) {
            return Err(format!("a crate cannot be named `{name}`: that name has another meaning"));
        }
        Ok(())
    }
}

/// Whether a text is a path that a `use` may begin with.
fn check_path(path: &str) -> Result<(), String> {
    for (i, part) in path.split("::").enumerate() {
        let is_root = i == 0 && part == "crate";
        // What is read as an identifier may have had space around it.
        let is_name = syn::parse_str::<syn::Ident>(part).is_ok_and(|ident| ident == part);
        if !is_root && !is_name {
            let hint = match is_keyword(part) && part != "crate" {
                true => format!(": `{part}` is a keyword of Rust"),
                false => format!(": `{part}` is no name in Rust"),
            };
            return Err(format!("`{path}` is no path of a module{hint}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(module: &str, models: Option<&str>, name: Option<&str>) -> String {
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
    fn paths_of_modules_are_those_of_rust() {
        for module in ["crate", "crate::api", "crate::a::_b2", "crate::r#fn", "crate::é"] {
            assert_eq!(said(module, Some("other_crate::models"), None), "", "{module}");
        }
        for (module, expected) in [
            ("api", "must begin with `crate`"),
            ("", "must begin with `crate`"),
            ("crate::a b", "`a b` is no name in Rust"),
            ("crate::", "`` is no name in Rust"),
            ("crate:: a", "` a` is no name in Rust"),
            ("crate::fn", "`fn` is a keyword"),
            ("crate::crate", "`crate` is no name"),
            ("crate::super", "`super` is a keyword"),
            ("crate::r#crate", "`r#crate` is no name"),
            ("crate::a/**/", "is no name"),
            ("crate::_", "`_` is a keyword"),
            ("crate::2", "is no name"),
        ] {
            assert!(said(module, None, None).contains(expected), "{module}");
        }
        for models in ["", "::a", "a-b::models", "super::models"] {
            assert!(said("crate", Some(models), None).contains("no path of a module"), "{models}");
        }
    }

    #[test]
    fn a_crate_has_a_name_that_nothing_else_has() {
        for name in ["pets", "pets-client", "a_1"] {
            assert_eq!(said("crate", None, Some(name)), "");
        }
        for name in ["test", "std", "core", "proc-macro", "fn", "self", "specwright-runtime"] {
            assert!(said("crate", None, Some(name)).contains("another meaning"), "{name}");
        }
        for name in ["", "1a", "a b", "-a", "é"] {
            assert!(said("crate", None, Some(name)).contains("names are letters"), "{name}");
        }
    }
}
