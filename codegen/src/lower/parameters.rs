//! Parameters of operations.

use std::collections::BTreeSet;

use openapiv3::{Parameter as SpecParameter, ParameterSchemaOrContent, PathStyle, QueryStyle};

use super::Lower;
use super::naming::{Scope, snake_name};
use super::schema::At;
use crate::diagnostic::{Place, code};
use crate::ir::{Name, Parameter, ParameterPlace, Style, TypeName};
use crate::resolve::SelectedOperation;
use crate::source::child;

/// Methods of a request beside those of its parameters.
pub(super) const REQUEST_METHODS: &[&str] = &[
    "apart", "body", "client", "clone", "execute", "iter", "new", "pages", "request", "send",
    "stream", "timeout",
];

impl Lower<'_> {
    pub(super) fn parameters(
        &mut self,
        selected: &SelectedOperation,
        request: &TypeName,
    ) -> Vec<Parameter> {
        let mut scope = Scope::with(REQUEST_METHODS);
        let mut parameters = Vec::new();
        for (parameter, pointer) in &selected.parameters {
            parameters.extend(self.parameter(parameter, pointer, request, &mut scope));
        }
        self.check_path(selected);
        parameters
    }

    fn parameter(
        &mut self,
        spec: &SpecParameter,
        pointer: &str,
        request: &TypeName,
        scope: &mut Scope,
    ) -> Option<Parameter> {
        let data = spec.parameter_data_ref();
        let (place, style) = match spec {
            SpecParameter::Path { style: PathStyle::Simple, .. } if data.explode == Some(true) => {
                (ParameterPlace::Path, Style::SimpleExploded)
            }
            SpecParameter::Path { style: PathStyle::Simple, .. } => {
                (ParameterPlace::Path, Style::Simple)
            }
            SpecParameter::Query { style, .. } => (
                ParameterPlace::Query,
                match style {
                    QueryStyle::Form if data.explode == Some(false) => Style::Form,
                    QueryStyle::Form => Style::FormExploded,
                    QueryStyle::SpaceDelimited => Style::SpaceDelimited,
                    QueryStyle::PipeDelimited => Style::PipeDelimited,
                    QueryStyle::DeepObject => Style::DeepObject,
                },
            ),
            // OpenAPI has these sent in another way, whatever a parameter says.
            SpecParameter::Header { .. }
                if ["accept", "content-type", "authorization"]
                    .contains(&data.name.to_ascii_lowercase().as_str()) =>
            {
                return None;
            }
            SpecParameter::Header { .. } if data.explode == Some(true) => {
                (ParameterPlace::Header, Style::SimpleExploded)
            }
            SpecParameter::Header { .. } => (ParameterPlace::Header, Style::Simple),
            SpecParameter::Path { .. } => {
                return self.unsupported_parameter(
                    &data.name,
                    "has the style `label` or `matrix`",
                    pointer,
                );
            }
            SpecParameter::Cookie { .. } => {
                return self.unsupported_parameter(&data.name, "is a cookie", pointer);
            }
        };
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return self.unsupported_parameter(&data.name, "has `content`", pointer);
        };
        let suggested = format!("{} {}", request.0, data.name);
        let ty =
            self.type_of(schema, At { pointer: &child(pointer, "schema"), suggested: &suggested });
        let derived = snake_name(&data.name);
        let name = self.names.parameters.name(&data.name, scope, &derived.0, self.diagnostics);
        let default = schema.as_item().and_then(|schema| schema.schema_data.default.as_ref());
        let texts = &self.config.server.text_parameters;
        let is_text_for_servers = texts.iter().any(|option| *option.get_ref() == data.name);
        if is_text_for_servers {
            self.text_parameters.push(data.name.clone());
        }
        Some(Parameter {
            name: Name(name),
            wire: data.name.clone(),
            docs: data
                .description
                .clone()
                .or_else(|| schema.as_item()?.schema_data.description.clone()),
            deprecated: data.deprecated.unwrap_or(false),
            place,
            style,
            ty,
            required: data.required || place == ParameterPlace::Path,
            default: default.map(ToString::to_string),
            is_text_for_servers,
        })
    }

    fn unsupported_parameter(
        &mut self,
        name: &str,
        what: &str,
        pointer: &str,
    ) -> Option<Parameter> {
        let message = format!("the parameter `{name}` {what}, which is not generated");
        self.diagnostics.error(&code::UNSUPPORTED_PARAMETER, Place::pointer(pointer), message);
        None
    }

    /// Every name in braces has its parameter, and the other way round.
    fn check_path(&mut self, selected: &SelectedOperation) {
        let in_braces = selected.path.split('{').skip(1).filter_map(|part| part.split_once('}'));
        let mut wanted: BTreeSet<&str> = in_braces.map(|(name, _)| name).collect();
        for (parameter, pointer) in &selected.parameters {
            let name = parameter.parameter_data_ref().name.as_str();
            if matches!(parameter, SpecParameter::Path { .. }) && !wanted.remove(name) {
                let message = format!("the path `{}` has no `{{{name}}}`", selected.path);
                self.diagnostics.error(&code::PATH_PARAMETER, Place::pointer(pointer), message);
            }
        }
        for name in wanted {
            let message = format!("no parameter `in: path` fills in `{{{name}}}`");
            let place = Place::pointer(&selected.pointer);
            self.diagnostics.error(&code::PATH_PARAMETER, place, message);
        }
    }
}
