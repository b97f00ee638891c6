//! Options of the configuration that refer to items of the document, and which of them matched.

use crate::config::{Config, FormerNames, Renames, report_unmatched};
use crate::diagnostics::{Diagnostics, messages};
use crate::ir::{Api, TypeKind};
use crate::names::{is_snake_name, is_type_name};

/// The options that refer to items of the document.
pub(crate) struct Options<'a> {
    pub(crate) operations: Renames<'a>,
    pub(crate) parameters: Renames<'a>,
    pub(crate) properties: Renames<'a>,
    pub(crate) values: Renames<'a>,
    pub(crate) variants: Renames<'a>,
    pub(crate) security: Renames<'a>,
    pub(crate) former_operations: FormerNames<'a>,
    pub(crate) former_properties: FormerNames<'a>,
    pub(crate) former_values: FormerNames<'a>,
    /// The options of `three-state` that matched.
    pub(crate) three_state: Vec<&'a str>,
    /// The options of `server.string-parameters` that matched.
    pub(crate) string_parameters: Vec<String>,
}

impl<'a> Options<'a> {
    pub(crate) fn new(config: &'a Config, diagnostics: &mut Diagnostics) -> Self {
        let (names, former) = (&config.names, &config.compatibility);
        Self {
            operations: Renames::new(&names.operations, is_snake_name, diagnostics),
            parameters: Renames::new(&names.parameters, is_snake_name, diagnostics),
            properties: Renames::new(&names.properties, is_snake_name, diagnostics),
            values: Renames::new(&names.values, is_type_name, diagnostics),
            variants: Renames::new(&names.variants, is_type_name, diagnostics),
            security: Renames::new(&names.security, is_snake_name, diagnostics),
            former_operations: FormerNames::new(&former.operations, is_snake_name, diagnostics),
            former_properties: FormerNames::new(&former.properties, is_snake_name, diagnostics),
            former_values: FormerNames::new(&former.values, is_type_name, diagnostics),
            three_state: Vec::new(),
            string_parameters: Vec::new(),
        }
    }

    /// Reports the options that matched nothing.
    pub(crate) fn report_unused(
        &self,
        api: &Api,
        config: &Config,
        is_explained: impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) {
        self.operations.report_unused("selected operation", |_| false, diagnostics);
        self.parameters.report_unused("parameter", |_| false, diagnostics);
        self.properties.report_unused("property", &is_explained, diagnostics);
        self.values.report_unused("enum value", &is_explained, diagnostics);
        self.variants.report_unused("union variant", &is_explained, diagnostics);
        self.security.report_unused("security scheme", |_| false, diagnostics);
        self.former_operations.report_unused("selected operation", |_| false, diagnostics);
        self.former_properties.report_unused("property", &is_explained, diagnostics);
        self.former_values.report_unused("enum value", &is_explained, diagnostics);
        self.report_constants(api, config, diagnostics);
        let properties = match config.three_state.is_empty() {
            true => Vec::new(),
            false => nullable_properties(api),
        };
        for option in &config.three_state {
            let key = option.get_ref().as_str();
            if !self.three_state.contains(&key) && !is_explained(key) {
                let names = properties.iter().map(String::as_str);
                report_unmatched("nullable optional property", option, names, diagnostics);
            }
        }
        for option in &config.client.repeatable {
            if !api.operations.iter().any(|operation| operation.id == *option.get_ref()) {
                let ids = api.operations.iter().map(|operation| operation.id.as_str());
                report_unmatched("selected operation", option, ids, diagnostics);
            }
        }
        for option in &config.server.string_parameters {
            if !self.string_parameters.contains(option.get_ref()) {
                let all = api.operations.iter().flat_map(|operation| &operation.parameters);
                let names = all.map(|parameter| parameter.wire.as_str());
                report_unmatched("parameter", option, names, diagnostics);
            }
        }
    }
}

impl Options<'_> {
    /// Reports former names of properties with one value, which builders set by themselves.
    fn report_constants(&self, api: &Api, config: &Config, diagnostics: &mut Diagnostics) {
        if config.compatibility.properties.is_empty() {
            return;
        }
        for def in &api.types {
            let TypeKind::Struct(structure) = &def.kind else { continue };
            let owner = def.schema_name.as_ref().unwrap_or(&def.name.0);
            for field in structure.fields.iter().filter(|field| field.constant.is_some()) {
                for former in &field.former {
                    let key = format!("{owner}.{}", former.0.trim_start_matches("r#"));
                    let item = "property with a setter";
                    let message =
                        messages::unmatched_option(item, format!("{owner}.{}", field.wire), "");
                    diagnostics.report(self.former_properties.location(&key), message);
                }
            }
        }
    }
}

/// The properties (`Schema.property`) that may be `null`.
fn nullable_properties(api: &Api) -> Vec<String> {
    let mut keys = Vec::new();
    for def in &api.types {
        let TypeKind::Struct(structure) = &def.kind else { continue };
        let owner = def.schema_name.as_ref().unwrap_or(&def.name.0);
        let fields = structure.fields.iter().filter(|field| api.is_nullable(&field.ty));
        keys.extend(fields.map(|field| format!("{owner}.{}", field.wire)));
    }
    keys
}
