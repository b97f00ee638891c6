//! Parameters of operations.

use crate::diagnostics::{Location, alternatives, messages};
use crate::ir::{Name, Parameter, ParameterLocation, Shape, Style, Type, TypeName};
use crate::lower::context::files::follow;
use crate::lower::context::state::Context;
use crate::lower::media::{essence, is_json_or_any};
use crate::lower::operation::delimiters::delimited_at;
use crate::lower::operation::form_parts::form_parts;
use crate::lower::operation::path::{Path, Slot};
use crate::lower::schema::at::At;
use crate::lower::schema::type_of::secrets::{hide_along, hide_at};
use crate::lower::schema::type_of::type_of;
use crate::names::{Scope, snake_name};
use crate::select::SelectedOperation;
use crate::spec::{LOCATION, PLAIN_COOKIE};
use crate::text::child;
use openapiv3::Parameter as SpecParameter;
use openapiv3::{ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle};

/// Methods of every request.
pub(crate) const REQUEST_METHODS: &[&str] = &[
    "body",
    "client",
    "clone",
    "execute",
    "into_async",
    "iter",
    "new",
    "pages",
    "request",
    "send",
    "stream",
    "timeout",
];

/// Headers that OpenAPI defines elsewhere, so that parameters with these names are ignored.
const OTHER_HEADERS: &[&str] = &["accept", "authorization", "content-type"];

/// The scope for the name of a parameter.
struct ScopedNames<'s> {
    scope: &'s mut Scope,
    /// Whether another parameter has the same name in a different location.
    has_namesake: bool,
}

pub(crate) fn operation_parameters(
    context: &mut Context<'_>,
    selected: &SelectedOperation,
    path: &Path,
    request: &TypeName,
) -> Vec<Parameter> {
    let mut scope = Scope::with(REQUEST_METHODS);
    let mut parameters = Vec::new();
    let sites = if context.index.has_secrets { sites(context, selected) } else { Vec::new() };
    let is_whole = |pointer: &str| context.document.get(&child(pointer, LOCATION)).is_some();
    let whole_query = selected.parameters.iter().find(|(_, pointer)| is_whole(pointer));
    let whole_query =
        whole_query.map(|(whole, pointer)| (whole.parameter_data_ref().name.clone(), pointer));
    for (i, (parameter, pointer)) in selected.parameters.iter().enumerate() {
        let slot = path.slots.iter().find(|slot| slot.parameter == Some(i));
        // A path parameter without a slot has been reported. A query parameter in the query of the
        // path is one parameter, even if it is declared twice.
        let is_ignored = match parameter {
            SpecParameter::Path { .. } => slot.is_none(),
            SpecParameter::Query { parameter_data, .. } => {
                let is_slot = |slot: &Slot| slot.is_query && slot.wire == parameter_data.name;
                slot.is_none() && path.slots.iter().any(is_slot)
            }
            _ => false,
        };
        let is_entry = matches!(parameter, SpecParameter::Query { .. })
            && context.document.get(&child(pointer, LOCATION)).is_none();
        if let Some((name, _)) = whole_query.as_ref().filter(|_| is_entry) {
            let message = messages::query_string_and_query(name);
            context.diagnostics.report(Location::pointer(pointer), message);
        } else if !is_ignored {
            let name = &parameter.parameter_data_ref().name;
            let has_namesake = parameters.iter().any(|before: &Parameter| before.wire == *name);
            let names = ScopedNames { scope: &mut scope, has_namesake };
            let parameter = parameter_of(context, parameter, slot, pointer, request, names);
            parameters.extend(parameter.map(|parameter| {
                let sites = sites.iter().filter(|(_, target)| target == pointer);
                hidden_along(context, parameter, sites.map(|(site, _)| site.as_str()))
            }));
        }
    }
    for slot in path.slots.iter().filter(|slot| slot.parameter.is_none()) {
        let has_namesake = parameters.iter().any(|before| before.wire == slot.wire);
        let names = ScopedNames { scope: &mut scope, has_namesake };
        parameters.push(undeclared(context, slot, &selected.pointer, names));
    }
    parameters
}

/// Returns the pointers of the references to parameters, each with that of the parameter.
fn sites(context: &Context<'_>, selected: &SelectedOperation) -> Vec<(String, String)> {
    let lists = [selected.item(), &selected.pointer];
    let lists = lists.map(|at| child(at, "parameters"));
    let all = lists.iter().flat_map(|list| {
        let count = context.document.get(list).and_then(|list| list.as_array()).map_or(0, Vec::len);
        (0..count).map(move |i| child(list, i))
    });
    all.filter_map(|site| Some((site.clone(), follow(context.document, &site)?))).collect()
}

/// Makes a parameter secret if a reference to it requires it.
fn hidden_along<'s>(
    context: &mut Context<'_>,
    mut parameter: Parameter,
    sites: impl Iterator<Item = &'s str>,
) -> Parameter {
    sites.for_each(|site| hide_along(context, site, &mut parameter.ty));
    parameter
}

fn parameter_of(
    context: &mut Context<'_>,
    spec: &SpecParameter,
    slot: Option<&Slot>,
    pointer: &str,
    request: &TypeName,
    names: ScopedNames<'_>,
) -> Option<Parameter> {
    let data = spec.parameter_data_ref();
    let (mut location, mut style) = location_and_style(spec);
    if let Some(delimited) = delimited_at(context, pointer) {
        style = delimited;
    }
    if slot.is_some_and(|slot| slot.is_query) && location == ParameterLocation::Path {
        (location, style) = (ParameterLocation::Query, Style::Form);
    }
    let is_defined_elsewhere = || OTHER_HEADERS.contains(&data.name.to_ascii_lowercase().as_str());
    if location == ParameterLocation::Header && is_defined_elsewhere() {
        return None;
    }
    let is_whole_query = context.document.get(&child(pointer, LOCATION)).is_some();
    if is_whole_query {
        (location, style) = (ParameterLocation::QueryString, Style::Simple);
    }
    let mut parts = Vec::new();
    let suggested = context.types.base(pointer, || format!("{} {}", request.0, data.name));
    let (schema, at) = match &data.format {
        ParameterSchemaOrContent::Schema(schema) => (Some(schema), child(pointer, "schema")),
        ParameterSchemaOrContent::Content(content) => {
            let found = content_of_parameter(context, data, pointer);
            let (media, is_json) = found.unwrap_or_default();
            if is_json {
                style = Style::Json;
            }
            let at = child(&child(pointer, "content"), media);
            if is_form(media) {
                style = Style::Urlencoded;
                parts
                    .extend(content.get(media).map(|media| form_parts(context, &at, media, false)));
            }
            let at = child(&at, "schema");
            (content.get(media).and_then(|media| media.schema.as_ref()), at)
        }
    };
    let mut ty = match schema {
        Some(schema) => type_of(context, schema, At { pointer: &at, suggested: &suggested }),
        None if style == Style::Urlencoded => Type::plain(Shape::JsonObject),
        None if style == Style::Json => {
            let ty = Type::plain(Shape::Json);
            context.types.uses.note(pointer, &ty);
            ty
        }
        None => Type::plain(Shape::String),
    };
    hide_at(context, pointer, &mut ty);
    if slot.is_some_and(|slot| slot.is_segments) {
        style = Style::Segments;
    }
    let (is_reserved, takes_empty) = match spec {
        SpecParameter::Query { allow_reserved, allow_empty_value, .. } => {
            (*allow_reserved, allow_empty_value.unwrap_or(false))
        }
        SpecParameter::Path { .. } => (has_flag(context, pointer, "allowReserved"), false),
        SpecParameter::Cookie { .. } => (has_flag(context, pointer, PLAIN_COOKIE), false),
        SpecParameter::Header { .. } => (false, false),
    };
    if takes_empty && !matches!(ty.shape, Shape::String | Shape::Named(_) | Shape::Json) {
        let message = messages::parameter_without_empty_value(&data.name);
        let location = Location::Pointer(child(pointer, "allowEmptyValue"));
        context.diagnostics.report(location, message);
    }
    // The suffix that allows several segments is not part of the name.
    let short_name = match style {
        Style::Segments => data.name.trim_end_matches('+'),
        _ => &data.name,
    };
    let name = parameter_name(context, (&data.name, short_name), location, pointer, names);
    let default = schema.and_then(|schema| schema.as_item()?.schema_data.default.as_ref());
    let schema_docs = || schema?.as_item()?.schema_data.description.clone();
    Some(Parameter {
        name: Name(name),
        wire: slot.map_or(&data.name, |slot| &slot.wire).clone(),
        docs: data.description.clone().or_else(schema_docs),
        deprecated: data.deprecated.unwrap_or(false),
        location,
        style,
        is_reserved,
        parts: parts.into_iter().flatten().collect(),
        ty,
        required: data.required || matches!(spec, SpecParameter::Path { .. }),
        default: default.map(ToString::to_string),
        is_string_for_servers: is_string_for_servers(context, &data.name),
    })
}

/// Returns the name of a parameter. If another parameter has the same name, the location is
/// appended.
fn parameter_name(
    context: &mut Context<'_>,
    (wire, short_name): (&str, &str),
    location: ParameterLocation,
    pointer: &str,
    ScopedNames { scope, has_namesake }: ScopedNames<'_>,
) -> String {
    let wanted = snake_name(short_name).0;
    let derived = match has_namesake {
        true => snake_name(&format!("{short_name} {}", location_name(location))).0,
        false => wanted.clone(),
    };
    let is_chosen = context.options.parameters.get(wire).is_some();
    let name = context.options.parameters.name(wire, scope, &derived, context.diagnostics);
    if name != wanted && !is_chosen {
        let message = messages::renamed_parameter(wire, &name, wanted);
        context.diagnostics.report(Location::pointer(pointer), message);
    }
    name
}

fn is_string_for_servers(context: &mut Context<'_>, name: &str) -> bool {
    let options = &context.config.server.string_parameters;
    let is_listed = options.iter().any(|option| *option.get_ref() == name);
    if is_listed {
        context.options.string_parameters.push(name.to_owned());
    }
    is_listed
}

/// Returns the parameter for braces in the path that no parameter declares.
fn undeclared(
    context: &mut Context<'_>,
    slot: &Slot,
    pointer: &str,
    names: ScopedNames<'_>,
) -> Parameter {
    let wire = slot.wire.clone();
    let (location, style) = match slot {
        Slot { is_query: true, .. } => (ParameterLocation::Query, Style::FormExploded),
        Slot { is_segments: true, .. } => (ParameterLocation::Path, Style::Segments),
        _ => (ParameterLocation::Path, Style::Simple),
    };
    let short_name = wire.trim_end_matches('+');
    let name = parameter_name(context, (&wire, short_name), location, pointer, names);
    Parameter {
        name: Name(name),
        docs: None,
        deprecated: false,
        location,
        style,
        is_reserved: false,
        parts: Vec::new(),
        ty: Type::plain(Shape::String),
        required: true,
        default: None,
        is_string_for_servers: is_string_for_servers(context, &wire),
        wire,
    }
}

/// Returns the media type of a parameter with `content`, and whether it is JSON. With an unknown
/// media type, the parameter is a string that the caller formats.
fn content_of_parameter<'d>(
    context: &mut Context<'_>,
    data: &'d ParameterData,
    pointer: &str,
) -> Option<(&'d str, bool)> {
    let ParameterSchemaOrContent::Content(content) = &data.format else { return None };
    let is_whole_query = context.document.get(&child(pointer, LOCATION)).is_some();
    let found = content.keys().find_map(|name| match content_is_json(name) {
        None if is_whole_query && is_form(name) => Some((name.as_str(), false)),
        is_json => Some((name.as_str(), is_json?)),
    });
    // A string is sent as it is, whatever it means.
    let own = content.keys().next().filter(|_| is_whole_query && found.is_none());
    if let Some(own) = own.filter(|own| is_string(context, &child(&child(pointer, "content"), own)))
    {
        return Some((own, false));
    }
    if found.is_none() {
        let media_types = alternatives(content.keys().map(String::as_str));
        let message = messages::parameter_content(&data.name, media_types);
        context.diagnostics.report(Location::Pointer(child(pointer, "content")), message);
    }
    found
}

fn is_form(media_type: &str) -> bool {
    essence(media_type) == "application/x-www-form-urlencoded"
}

/// Returns whether the schema of a media type is that of a string.
fn is_string(context: &Context<'_>, media_type: &str) -> bool {
    follow(context.document, &child(media_type, "schema")).is_some_and(|at| {
        context.document.get(&child(&at, "type")).is_some_and(|ty| *ty == "string")
    })
}

fn has_flag(context: &Context<'_>, pointer: &str, key: &str) -> bool {
    context.document.get(&child(pointer, key)).is_some_and(|flag| *flag == true)
}

/// Returns whether the content of a parameter is JSON (`true`) or plain text (`false`); `None` for
/// others.
fn content_is_json(media_type: &str) -> Option<bool> {
    match essence(media_type) {
        _ if is_json_or_any(media_type) => Some(true),
        essence if essence.starts_with("text/") => Some(false),
        _ => None,
    }
}

/// Returns the OpenAPI name of a location.
fn location_name(location: ParameterLocation) -> &'static str {
    match location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query | ParameterLocation::QueryString => "query",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => "cookie",
    }
}

/// Returns the location and the style of a parameter.
fn location_and_style(spec: &SpecParameter) -> (ParameterLocation, Style) {
    let explode = spec.parameter_data_ref().explode;
    let exploded = explode == Some(true);
    match spec {
        SpecParameter::Path { style, .. } => {
            let style = match (style, exploded) {
                (PathStyle::Simple, false) => Style::Simple,
                (PathStyle::Simple, true) => Style::SimpleExploded,
                (PathStyle::Label, false) => Style::Label,
                (PathStyle::Label, true) => Style::LabelExploded,
                (PathStyle::Matrix, false) => Style::Matrix,
                (PathStyle::Matrix, true) => Style::MatrixExploded,
            };
            (ParameterLocation::Path, style)
        }
        SpecParameter::Query { style, .. } => {
            let style = match style {
                QueryStyle::Form if explode == Some(false) => Style::Form,
                QueryStyle::DeepObject => Style::DeepObject,
                QueryStyle::SpaceDelimited if !exploded => Style::SpaceDelimited,
                QueryStyle::PipeDelimited if !exploded => Style::PipeDelimited,
                // Without a separator, exploded styles are the same.
                QueryStyle::Form | QueryStyle::SpaceDelimited | QueryStyle::PipeDelimited => {
                    Style::FormExploded
                }
            };
            (ParameterLocation::Query, style)
        }
        SpecParameter::Header { .. } if exploded => {
            (ParameterLocation::Header, Style::SimpleExploded)
        }
        SpecParameter::Header { .. } => (ParameterLocation::Header, Style::Simple),
        SpecParameter::Cookie { .. } if explode == Some(false) => {
            (ParameterLocation::Cookie, Style::Form)
        }
        SpecParameter::Cookie { .. } => (ParameterLocation::Cookie, Style::FormExploded),
    }
}
