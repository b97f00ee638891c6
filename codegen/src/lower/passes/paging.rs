//! `x-pagination` and stream flags: from property paths to fields of requests and responses.

use crate::diagnostics::{Location, messages};
use crate::ir::{
    Api, Content, Name, NextPage, Operation, Output, Paging, Presence, Shape, Step, Type, TypeKind,
};
use crate::lower::context::pending::PagingHint;
use crate::lower::context::state::Context;
use crate::names::suggestion;
use crate::text::child;
use serde_json::Value;

/// The keys of a hint. Callers set the page size themselves.
const KEYS: [&str; 8] = [
    "cursorParam",
    "cursorPath",
    "emptyPageIsLast",
    "limitParam",
    "pageOffsetParam",
    "pageParam",
    "pageStart",
    "resultsPath",
];

/// Resolves the paging hint of each operation.
pub(crate) fn find_pages(api: &mut Api, context: &mut Context<'_>) {
    for PagingHint { operation: i, hint, pointer } in
        std::mem::take(&mut context.pending.paging_hints)
    {
        let id = &api.operations[i].id;
        for key in hint.as_object().into_iter().flat_map(|hint| hint.keys()) {
            if !KEYS.contains(&key.as_str()) && !key.starts_with("x-") {
                let suggestion = suggestion(key, KEYS);
                let message = messages::unknown_pagination_key(id, key, suggestion);
                context.diagnostics.report(Location::Pointer(child(&pointer, key)), message);
            }
        }
        match paging(&hint, &api.operations[i], api) {
            Ok(paging) => api.operations[i].paging = Some(paging),
            Err(reason) => {
                let message = messages::invalid_pagination(&api.operations[i].id, reason);
                context.diagnostics.report(Location::Pointer(pointer), message);
            }
        }
    }
}

/// Finds the boolean `stream` in request bodies of operations that can stream.
pub(crate) fn find_stream_flags(api: &mut Api, _: &mut Context<'_>) {
    for i in 0..api.operations.len() {
        if api.operations[i].stream.is_none() {
            continue;
        }
        let found = path_into_request(&api.operations[i], "body.stream", api).ok();
        let steps = found.filter(|(_, ty)| ty.shape == Shape::Boolean).map(|(steps, _)| steps);
        if let Some(stream) = &mut api.operations[i].stream {
            stream.body_flag = steps;
        }
    }
}

fn paging(hint: &Value, operation: &Operation, api: &Api) -> Result<Paging, String> {
    let string = |key: &str| hint.get(key).and_then(Value::as_str);
    let Output::One { content: Content::Json(page), .. } = &operation.output else {
        return Err("the response has no single page type".to_owned());
    };
    let results = string("resultsPath").unwrap_or_default();
    let (results, list) = path_to(page, results, api)?;
    let Shape::List(item) = &list.shape else {
        return Err("`resultsPath` is not the path of a list".to_owned());
    };
    let next = if let Some(cursor) = string("cursorParam") {
        let path = string("cursorPath").ok_or("`cursorPath` is missing")?;
        let (from, cursor_type) = path_to(page, path, api)?;
        let (to, parameter_type) = path_into_request(operation, cursor, api)?;
        if cursor_type.shape != Shape::String || parameter_type.shape != Shape::String {
            return Err("the cursor is not a string".to_owned());
        }
        NextPage::Cursor { from, to }
    } else if let Some(offset) = string("pageOffsetParam") {
        let (to, ty) = number(operation, offset, api)?;
        NextPage::Offset { to, ty }
    } else if let Some(page_number) = string("pageParam") {
        let (to, ty) = number(operation, page_number, api)?;
        let first = hint.get("pageStart").and_then(Value::as_i64).unwrap_or(0);
        if first < 0 && matches!(ty.shape, Shape::Integer(integer) if !integer.is_signed) {
            return Err(format!("`{page_number}` cannot be {first}, the value of `pageStart`"));
        }
        NextPage::Page { to, first }
    } else {
        return Err("`cursorParam`, `pageOffsetParam` and `pageParam` are all missing".to_owned());
    };
    let ends_empty = match hint.get("emptyPageIsLast") {
        None => false,
        Some(Value::Bool(ends)) => *ends,
        Some(_) => return Err("`emptyPageIsLast` is not a boolean".to_owned()),
    };
    Ok(Paging { results, item: (**item).clone(), next, ends_empty })
}

fn number(operation: &Operation, path: &str, api: &Api) -> Result<(Vec<Step>, Type), String> {
    let (to, ty) = path_into_request(operation, path, api)?;
    match &ty.shape {
        Shape::Integer(_) => Ok((to, ty.clone())),
        _ => Err(format!("`{path}` is not an integer")),
    }
}

/// Returns the fields on a path of property names, starting from a type.
fn path_to<'a>(from: &'a Type, path: &str, api: &'a Api) -> Result<(Vec<Step>, &'a Type), String> {
    if api.is_hidden(from) {
        return Err(format!("`{path}` is inside of a secret"));
    }
    let mut steps = Vec::new();
    let mut ty = api.resolve(from);
    for property in path.split('.').filter(|part| !part.is_empty()) {
        let (_, Some(TypeKind::Struct(structure))) = ty else {
            return Err(format!("`{path}` passes through a value that is not an object"));
        };
        let field = structure.fields.iter().find(|field| field.wire == property);
        let field =
            field.ok_or_else(|| format!("property `{property}` of `{path}` does not exist"))?;
        if api.is_hidden(&field.ty) {
            return Err(format!("property `{property}` is secret"));
        }
        if field.presence == Presence::ThreeState {
            return Err(format!("property `{property}` distinguishes absent and `null`"));
        }
        steps.push(Step {
            name: field.name.clone(),
            optional: field.presence != Presence::Required,
            boxed: field.boxed,
        });
        ty = api.resolve(&field.ty);
    }
    Ok((steps, ty.0))
}

/// Returns the fields on a path into a request: a parameter, or `body.` and a path in the body. All
/// objects on the path must have a default, because a request may start without them.
fn path_into_request<'a>(
    operation: &'a Operation,
    path: &str,
    api: &'a Api,
) -> Result<(Vec<Step>, &'a Type), String> {
    let Some(path) = path.strip_prefix("body.") else {
        let parameter = operation.parameters.iter().find(|parameter| parameter.wire == path);
        let parameter = parameter.ok_or_else(|| format!("parameter `{path}` does not exist"))?;
        if api.is_hidden(&parameter.ty) {
            return Err(format!("parameter `{path}` is secret"));
        }
        let step =
            Step { name: parameter.name.clone(), optional: !parameter.required, boxed: false };
        return Ok((vec![step], api.resolve(&parameter.ty).0));
    };
    let body = operation.body.as_ref().ok_or("the operation has no request body")?;
    let body_step = Step { name: Name("body".to_owned()), optional: !body.required, boxed: false };
    let body = body.only().ok_or("the request body has several types")?;
    let (inner, ty) = path_to(&body.ty, path, api)?;
    let mut passed = &body.ty;
    for step in &inner {
        let (_, Some(TypeKind::Struct(structure))) = api.resolve(passed) else {
            break;
        };
        if !structure.has_default() {
            return Err(format!("an object in `body.{path}` has required properties"));
        }
        let field = structure.fields.iter().find(|field| field.name == step.name);
        passed = field.map_or(passed, |field| &field.ty);
    }
    Ok(([vec![body_step], inner].concat(), ty))
}
