//! The arguments of the macro.

use proc_macro2::Span;
use specwright::Config;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

/// The arguments of one macro call.
pub(crate) struct Arguments {
    /// The path of the OpenAPI document.
    pub(crate) spec: String,
    /// The location of that path, for errors.
    pub(crate) span: Span,
    /// The path of the configuration.
    pub(crate) config: Option<String>,
    /// The paths of overlays.
    pub(crate) overlays: Vec<String>,
    /// The folders whose files the document may refer to.
    pub(crate) allow_files: Vec<String>,
    /// The selection arguments with their values.
    selections: Vec<(Select, String)>,
    /// Whether operations that cannot be generated are left out.
    skip_unsupported: bool,
    /// Whether warnings are errors.
    deny_warnings: bool,
}

/// Adds an argument to the selection.
type Select = fn(&mut Config, String);

impl Arguments {
    /// Adds the arguments to a configuration.
    pub(crate) fn apply(&self, config: &mut Config) {
        for (select, value) in &self.selections {
            select(config, value.clone());
        }
        config.skip_unsupported |= self.skip_unsupported;
        config.deny_warnings |= self.deny_warnings;
    }
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let spec: LitStr = input.parse()?;
        let mut arguments = Self {
            spec: spec.value(),
            span: spec.span(),
            config: None,
            overlays: Vec::new(),
            allow_files: Vec::new(),
            selections: Vec::new(),
            skip_unsupported: false,
            deny_warnings: false,
        };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let name: Ident = input.parse()?;
            if name == "skip_unsupported" {
                arguments.skip_unsupported = true;
                continue;
            }
            if name == "deny_warnings" {
                arguments.deny_warnings = true;
                continue;
            }
            let select: Option<Select> = match name.to_string().as_str() {
                "config" | "overlay" | "allow_files" => None,
                "tag" => Some(|config, value| config.select_tag(value)),
                "operation" => Some(|config, value| config.select_operation(value)),
                "path" => Some(|config, value| config.select_path(value)),
                "method" => Some(|config, value| config.select_method(value)),
                "except_tag" => Some(|config, value| config.except_tag(value)),
                "except_operation" => Some(|config, value| config.except_operation(value)),
                "except_path" => Some(|config, value| config.except_path(value)),
                other => {
                    let message = format!("unknown argument `{other}`");
                    return Err(syn::Error::new(name.span(), message));
                }
            };
            input.parse::<Token![=]>()?;
            let value = input.parse::<LitStr>()?.value();
            match select {
                Some(select) => arguments.selections.push((select, value)),
                None if name == "overlay" => arguments.overlays.push(value),
                None if name == "allow_files" => arguments.allow_files.push(value),
                None if arguments.config.is_some() => {
                    return Err(syn::Error::new(name.span(), "duplicate argument `config`"));
                }
                None => arguments.config = Some(value),
            }
        }
        Ok(arguments)
    }
}
