//! From the description to the [`ir`](crate::ir): the selected operations first, then the
//! types that they reach, each once, then what can only be known when all types are there.

mod all_of;
mod answer;
mod beside;
mod body;
mod combine;
mod components;
mod decide;
mod encoding;
mod enums;
mod facts;
mod files;
mod finish;
mod form;
mod inherit;
mod media;

mod operation;
mod paging;
mod parameters;
mod path;
mod pending;
mod rules;
mod schema;
mod security;
mod servers;
mod structs;
mod tags;
mod types;
mod union;
mod uses;
mod ways;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Renames, report_no_match};
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::ir::{Api, TypeKind};
use crate::select::Selection;
use crate::spec::Document;
use types::Types;

pub(crate) use media::is_stream;

use crate::names::{is_snake_name, is_type_name};
pub(crate) use uses::Uses;

/// Everything that lowering one description shares.
pub(crate) struct Lower<'a> {
    document: &'a Document,
    config: &'a Config,
    diagnostics: &'a mut Diagnostics,
    types: Types<'a>,
    names: NameTables<'a>,
    pending: pending::Pending,
    /// The types that several schemas have together, by where the first of their kind stands.
    combined_parts: BTreeMap<String, Vec<all_of::Part>>,
    /// Where that is, by the schemas.
    combined_at: BTreeMap<Vec<String>, String>,
    inheritance: inherit::Inheritance,
    /// Where schemas stand of which values are files in forms.
    files: BTreeSet<String>,
    /// The options of `three-state` that were met.
    three_state: Vec<&'a str>,
    /// The options of `server.text-parameters` that were met.
    text_parameters: Vec<String>,
    /// The types of schemas where they stand, if somebody asks for them.
    uses: Uses,
}

/// The names that the configuration gives, except those of types.
struct NameTables<'a> {
    operations: Renames<'a>,
    parameters: Renames<'a>,
    properties: Renames<'a>,
    values: Renames<'a>,
    variants: Renames<'a>,
    security: Renames<'a>,
}

/// Lowers the selected operations and all that they reach.
pub(crate) fn lower(
    document: &Document,
    selection: Selection,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Api {
    lower_with(document, selection, config, diagnostics, Uses::unasked()).0
}

/// As [`lower`], and notes the types of schemas where they stand.
pub(crate) fn lower_with(
    document: &Document,
    selection: Selection,
    config: &Config,
    diagnostics: &mut Diagnostics,
    uses: Uses,
) -> (Api, Uses) {
    let types = Types::new(document, config, diagnostics);
    let names = NameTables {
        operations: Renames::new(&config.names.operations, is_snake_name, diagnostics),
        parameters: Renames::new(&config.names.parameters, is_snake_name, diagnostics),
        properties: Renames::new(&config.names.properties, is_snake_name, diagnostics),
        values: Renames::new(&config.names.values, is_type_name, diagnostics),
        variants: Renames::new(&config.names.variants, is_type_name, diagnostics),
        security: Renames::new(&config.names.security, is_snake_name, diagnostics),
    };
    let mut lower = Lower {
        document,
        config,
        diagnostics,
        types,
        names,
        pending: pending::Pending::default(),
        combined_parts: BTreeMap::new(),
        inheritance: inherit::Inheritance::new(document),
        combined_at: BTreeMap::new(),
        files: BTreeSet::new(),
        three_state: Vec::new(),
        text_parameters: Vec::new(),
        uses,
    };
    let api = lower.api(selection);
    lower.report_unused(&api);
    (api, lower.uses)
}

impl Lower<'_> {
    fn api(&mut self, selection: Selection) -> Api {
        let (server, more_servers) = self.servers();
        let mut api = Api {
            title: self.title(),
            version: self.version(),
            docs: self.text("/info/description"),
            server,
            more_servers,
            ..Api::default()
        };
        api.counts.operations_defined = selection.defined;
        api.counts.operations_selected = selection.selected;
        servers::name_variables(&mut api);
        self.report_shadowed(&selection.operations);
        self.operations(selection.operations, &mut api);
        servers::name_variables(&mut api);
        self.webhooks(selection.webhooks, &mut api);
        api.types = self.types.take();
        self.break_circles(&mut api);
        let not_nullable = finish::presences(&mut api);
        self.three_state.retain(|option| !not_nullable.iter().any(|key| key == option));
        ways::settle(&mut api, &self.pending.directions);
        self.decide_unions(&mut api);
        finish::constants(&mut api);
        finish::boxes(&mut api);
        finish::constraints(&mut api);
        self.find_pages(&mut api);
        paging::find_switches(&mut api);
        beside::names(&mut api, self.config);
        if self.config.has_features() {
            tags::split(&mut api, self.document);
        }
        api.counts.schemas = api.types.len();
        api.counts.operations = api.operations.len();
        api.counts.webhooks = api.webhooks.len();
        api
    }

    fn break_circles(&mut self, api: &mut Api) {
        for (id, straight) in finish::break_alias_circles(api) {
            let message = match straight {
                true => messages::circular_alias(),
                false => messages::circular_collection(),
            };
            self.diagnostics.report(Location::pointer(&api.def(id).pointer), message);
        }
    }

    /// The title, on one line.
    fn title(&self) -> String {
        let title = self.text("/info/title").unwrap_or_default();
        title.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The version of the API, which some write as a number.
    fn version(&self) -> String {
        let value = self.document.get("/info/version");
        let text =
            value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn text(&self, pointer: &str) -> Option<String> {
        self.document.get(pointer)?.as_str().map(str::to_owned)
    }

    fn report_unused(&mut self, api: &Api) {
        self.types.report_unused(self.diagnostics);
        self.names.operations.report_unused("selected operation", self.diagnostics);
        self.names.parameters.report_unused("parameter", self.diagnostics);
        self.names.properties.report_unused("property", self.diagnostics);
        self.names.values.report_unused("enum value", self.diagnostics);
        self.names.variants.report_unused("union variant", self.diagnostics);
        self.names.security.report_unused("security scheme", self.diagnostics);
        let properties = match self.config.three_state.is_empty() {
            true => Vec::new(),
            false => nullable_properties(api),
        };
        for option in &self.config.three_state {
            if !self.three_state.contains(&option.get_ref().as_str()) {
                let names = properties.iter().map(String::as_str);
                report_no_match("nullable optional property", option, names, self.diagnostics);
            }
        }
        for option in &self.config.client.repeatable {
            if !api.operations.iter().any(|operation| operation.id == *option.get_ref()) {
                let ids = api.operations.iter().map(|operation| operation.id.as_str());
                report_no_match("selected operation", option, ids, self.diagnostics);
            }
        }
        for option in &self.config.server.text_parameters {
            if !self.text_parameters.contains(option.get_ref()) {
                let of_all = api.operations.iter().flat_map(|operation| &operation.parameters);
                let names = of_all.map(|parameter| parameter.wire.as_str());
                report_no_match("parameter", option, names, self.diagnostics);
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
