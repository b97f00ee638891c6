//! Request bodies: the types of their media types, and the format of each.

use crate::diagnostics::{Location, messages};
use crate::ir::{
    Body, BodyContent, BodyEncoding, BodyFormat, ContentType, Media, Name, Shape, Type, TypeName,
};
use crate::lower::context::files::follow;
use crate::lower::context::state::Context;
use crate::lower::media::{essence, is_json, is_yaml, variant};
use crate::lower::operation::form_parts::form_parts;
use crate::lower::operation::response::facts::is_structured;
use crate::lower::operation::response::item::has_item_schema;
use crate::lower::operation::response::responses::media_type_setters;
use crate::lower::operation::sequence::{sequence_encoding, sequence_type};
use crate::lower::schema::type_of::type_of_media_type;
use crate::names::{Scope, snake_name, type_name};
use crate::select::SelectedOperation;
use crate::spec::Document;
use crate::text::child;
use openapiv3::{MediaType, ReferenceOr, RequestBody};

/// One media type of a body, with its pointer.
struct Candidate<'a> {
    media_type: String,
    schema: &'a MediaType,
    pointer: String,
    format: BodyFormat,
}

impl Candidate<'_> {
    /// Returns whether its type derives from its schema.
    fn is_typed(&self) -> bool {
        !matches!(self.format.encoding, BodyEncoding::Blob)
    }

    /// Returns whether the media type is only one of several formats of the same value. Strings of
    /// different media types are different strings.
    fn is_structured(&self) -> bool {
        matches!(
            self.format.encoding,
            BodyEncoding::Json
                | BodyEncoding::Form(_)
                | BodyEncoding::Multipart(_)
                | BodyEncoding::Values(_)
        )
    }
}

pub(crate) fn request_body(
    context: &mut Context<'_>,
    selected: &SelectedOperation,
    request: &TypeName,
    methods: &mut Scope,
) -> Option<Body> {
    let pointer = child(&selected.pointer, "requestBody");
    let item: ReferenceOr<RequestBody> = selected.operation.request_body.clone()?;
    let (body, pointer) = context.resolve(item, &pointer)?;
    let suggested = context.types.base(&pointer, || format!("{} body", request.0));
    let pointer = child(&pointer, "content");
    let mut candidates = Vec::new();
    for (media_type, schema) in &body.content {
        let pointer = child(&pointer, media_type);
        let format = body_format(context, media_type, &pointer, schema);
        let media_type = media_type.clone();
        candidates.push(Candidate { media_type, schema, pointer, format });
    }
    write_yaml_as_json(context, &mut candidates);
    let content = body_content(context, candidates, request, &suggested)?;
    let mut body = Body {
        content,
        required: body.required,
        docs: body.description,
        content_type: None,
        // Set by the pass over generated names.
        check_method: Name(String::new()),
    };
    let choices = body.media().filter(|media| media.has_choice());
    let choices = choices.flat_map(|media| &media.formats);
    let choices: Vec<_> = choices.map(|format| format.media_type.clone()).collect();
    if !choices.is_empty() {
        let field = methods.free_name(&snake_name("content type"));
        let setters = media_type_setters("content type", choices, methods);
        body.content_type = Some(ContentType { field, setters });
    }
    Some(body)
}

/// Makes YAML another media type of JSON, if the same schema is described as JSON, too. JSON is valid
/// YAML. Without JSON, callers provide bytes, which may be any YAML.
fn write_yaml_as_json(context: &Context<'_>, candidates: &mut [Candidate<'_>]) {
    let is_json = |candidate: &&Candidate<'_>| {
        matches!(candidate.format.encoding, BodyEncoding::Json) && candidate.schema.schema.is_some()
    };
    let json = candidates.iter().filter(is_json);
    let schemas: Vec<_> = json.map(|candidate| candidate.schema.schema.clone()).collect();
    for candidate in candidates {
        if is_yaml(&candidate.media_type)
            && is_structured(context, &child(&candidate.pointer, "schema"))
            && schemas.contains(&candidate.schema.schema)
        {
            let media_type = candidate.media_type.clone();
            candidate.format = BodyFormat { media_type, encoding: BodyEncoding::Json };
        }
    }
}

/// Groups the media types of a body by type; each type appears once, with all of its formats.
fn body_content(
    context: &mut Context<'_>,
    candidates: Vec<Candidate<'_>>,
    request: &TypeName,
    suggested: &str,
) -> Option<BodyContent> {
    let mut groups: Vec<Vec<Candidate<'_>>> = Vec::new();
    for candidate in candidates {
        let fits = |group: &&mut Vec<Candidate<'_>>| match group.first() {
            // Bytes differ only in their media type, which the caller supplies with them.
            Some(first) if !candidate.is_typed() => !first.is_typed(),
            Some(first) => {
                let has_schema = candidate.schema.schema.is_some();
                let is_same = has_schema && first.schema.schema == candidate.schema.schema;
                is_same && first.is_structured() && candidate.is_structured()
            }
            None => false,
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(candidate),
            None => groups.push(vec![candidate]),
        }
    }
    drop_raw_structures(context, &mut groups);
    let several = groups.len() > 1;
    let mut scope = Scope::new();
    let mut alternatives = Vec::new();
    for mut group in groups {
        group.sort_by_cached_key(|candidate| preference(context, candidate));
        let best = group.first()?;
        let name = variant(&best.format.media_type);
        // With several types, each body gets a name of its own.
        let suggested = match several {
            true => format!("{} {name} body", suggested.trim_end_matches(" body")),
            false => suggested.to_owned(),
        };
        let ty = body_type(context, best, &suggested);
        let mut formats: Vec<BodyFormat> = Vec::new();
        for Candidate { format, .. } in group {
            // A range and a media type in it may be sent as the same.
            if !formats.iter().any(|known| known.media_type == format.media_type) {
                formats.push(format);
            }
        }
        alternatives.push((scope.free_type(&type_name(&name)), Media { ty, formats }));
    }
    if !several {
        return alternatives.pop().map(|(_, media)| BodyContent::One(media));
    }
    let name = context.types.reserve(&TypeName(format!("{}Body", request.0)));
    Some(BodyContent::Several { name, alternatives })
}

/// Drops media types that would be raw bytes although their schema is structured (XML), if the same
/// schema is also available as JSON or as a form. Otherwise a warning reports them.
fn drop_raw_structures(context: &mut Context<'_>, groups: &mut Vec<Vec<Candidate<'_>>>) {
    let has_other_format: Vec<_> = groups
        .iter()
        .flatten()
        .filter(|candidate| candidate.is_typed() && candidate.schema.schema.is_some())
        .map(|candidate| candidate.schema.schema.clone())
        .collect();
    for group in groups.iter_mut() {
        group.retain(|candidate| {
            let has_structure = is_structured(context, &child(&candidate.pointer, "schema"))
                || has_item_schema(context, &candidate.pointer);
            if candidate.is_typed() || !has_structure {
                return true;
            }
            let has_other_format = has_other_format.contains(&candidate.schema.schema);
            if !has_other_format {
                let media_type = &candidate.format.media_type;
                let location = Location::pointer(candidate.pointer.as_str());
                context.diagnostics.report(location, messages::untyped_body(media_type));
            }
            !has_other_format
        });
    }
    groups.retain(|group| !group.is_empty());
}

/// Returns the rank of a format. Of several formats of one type, clients write the lowest.
fn preference(context: &Context<'_>, candidate: &Candidate<'_>) -> u8 {
    let media_type = essence(&candidate.format.media_type);
    let json_type = json_type(context.document, &candidate.pointer);
    match &candidate.format.encoding {
        BodyEncoding::Multipart(_)
            if context.index.has_files(context.document, &candidate.pointer) =>
        {
            0
        }
        BodyEncoding::Json if media_type == "application/json" => 1,
        // A patch of RFC 6902 is a list, and one of RFC 7396 resembles the object that it changes.
        BodyEncoding::Json if media_type.starts_with("application/json-patch") => match json_type {
            Some("array") => 2,
            _ => 8,
        },
        BodyEncoding::Json
            if media_type == "application/merge-patch+json" && json_type == Some("array") =>
        {
            8
        }
        BodyEncoding::Json if is_yaml(&media_type) => 4,
        BodyEncoding::Json => 3,
        BodyEncoding::Multipart(_) => 5,
        BodyEncoding::Form(_) => 6,
        BodyEncoding::Values(_) | BodyEncoding::Events | BodyEncoding::Parts { .. } => 7,
        BodyEncoding::PlainText => 9,
        BodyEncoding::Blob => 10,
    }
}

/// Returns the format of a body for a media type.
fn body_format(
    context: &mut Context<'_>,
    media_type: &str,
    pointer: &str,
    schema: &MediaType,
) -> BodyFormat {
    if let Some(encoding) = sequence_encoding(context, media_type, pointer) {
        let media_type = media_type.to_owned();
        return BodyFormat { media_type, encoding };
    }
    let essence = essence(media_type);
    let (family, _) = essence.split_once('/').unwrap_or_default();
    let format =
        |media_type: &str, encoding| BodyFormat { media_type: media_type.to_owned(), encoding };
    match family {
        _ if is_json(&essence) && !essence.contains('*') => format(media_type, BodyEncoding::Json),
        // Any media type: JSON, if the schema is structured.
        _ if is_json(&essence)
            || matches!(essence.as_str(), "*/*" | "application/*")
                && is_structured(context, &child(pointer, "schema")) =>
        {
            format("application/json", BodyEncoding::Json)
        }
        "multipart" if may_be_object(context, pointer) => {
            let parts = form_parts(context, pointer, schema, true);
            format(
                if essence.ends_with("/*") { "multipart/form-data" } else { media_type },
                BodyEncoding::Multipart(parts),
            )
        }
        "text" => match essence.as_str() {
            "text/*" => format("text/plain; charset=utf-8", BodyEncoding::PlainText),
            _ if media_type.contains("charset") => format(media_type, BodyEncoding::PlainText),
            _ => format(&format!("{media_type}; charset=utf-8"), BodyEncoding::PlainText),
        },
        _ if essence == "application/x-www-form-urlencoded" && may_be_object(context, pointer) => {
            let parts = form_parts(context, pointer, schema, false);
            format(&essence, BodyEncoding::Form(parts))
        }
        _ => format(media_type, BodyEncoding::Blob),
    }
}

fn body_type(context: &mut Context<'_>, candidate: &Candidate<'_>, suggested: &str) -> Type {
    let Candidate { schema, pointer, .. } = candidate;
    match candidate.format.encoding {
        BodyEncoding::Blob => Type::plain(Shape::Blob),
        BodyEncoding::PlainText => match json_type(context.document, &candidate.pointer) {
            Some("string" | "integer" | "number" | "boolean") => {
                type_of_media_type(context, schema, pointer, suggested)
            }
            _ => Type::plain(Shape::String),
        },
        BodyEncoding::Form(_) | BodyEncoding::Multipart(_) if candidate.schema.schema.is_none() => {
            Type::plain(Shape::JsonObject)
        }
        BodyEncoding::Json | BodyEncoding::Form(_) | BodyEncoding::Multipart(_) => {
            type_of_media_type(context, schema, pointer, suggested)
        }
        BodyEncoding::Values(_) | BodyEncoding::Events | BodyEncoding::Parts { .. } => {
            sequence_type(context, schema, pointer, suggested)
        }
    }
}

/// Returns the JSON type in the schema of a media type.
fn json_type<'d>(document: &'d Document, media_type: &str) -> Option<&'d str> {
    let at = follow(document, &child(media_type, "schema"))?;
    document.get(&child(&at, "type"))?.as_str()
}

/// Returns whether the schema of a media type may describe objects.
fn may_be_object(context: &Context<'_>, media_type: &str) -> bool {
    json_type(context.document, media_type).is_none_or(|ty| ty == "object")
}
