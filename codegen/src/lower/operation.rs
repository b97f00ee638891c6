//! Operations: their parameters, bodies and answers.

use openapiv3::{MediaType, ReferenceOr, RequestBody, Response, StatusCode};
use serde_json::Value;

use super::Lower;
use super::naming::{Scope, module_name, snake_name, type_name, usable};
use super::schema::At;
use crate::diagnostic::{Place, code};
use crate::ir::{
    Api, Body, ErrorBody, Name, Operation, Output, Shape, Status, SuccessAnswer, Type, TypeName,
};
use crate::resolve::{SelectedOperation, resolve};
use crate::source::child;

impl Lower<'_> {
    pub(super) fn operations(&mut self, selected: Vec<SelectedOperation>, api: &mut Api) {
        // Methods of the client that are there whatever the description has.
        let own = ["block_on", "builder", "clone", "from_double", "from_env", "new"];
        let mut methods = Scope::with(&own);
        let mut modules = Scope::with(&["mod", "operations"]);
        let mut bodies = Vec::new();
        for operation in selected {
            let mark = (self.diagnostics.mark(), self.types.len(), api.schemes.len(), bodies.len());
            let lowered = self.operation(&operation, &mut methods, &mut modules, &mut bodies, api);
            self.read_types();
            if self.config.skip_unsupported && self.diagnostics.has_error_since(mark.0) {
                self.diagnostics.take_back(mark.0);
                self.types.truncate(mark.1);
                self.undecided.retain(|union| union.id.0 < mark.1);
                api.schemes.truncate(mark.2);
                bodies.truncate(mark.3);
            } else {
                api.operations.extend(lowered);
            }
        }
        api.error_bodies = bodies;
    }

    fn operation(
        &mut self,
        selected: &SelectedOperation,
        methods: &mut Scope,
        modules: &mut Scope,
        bodies: &mut Vec<ErrorBody>,
        api: &mut Api,
    ) -> Option<Operation> {
        let spec = &selected.operation;
        let name = self.operation_name(selected, methods)?;
        let module = modules.free_name(&module_name(name.0.trim_start_matches("r#")));
        let request = self.types.reserve(&type_name(&name.0));
        let parameters = self.parameters(selected, &request);
        let body = self.body(selected, &request);
        let (output, successes, errors) = self.answers(selected, &request, bodies);
        let security = self.security(spec.security.as_ref(), &selected.pointer, api);
        let unstable = spec.extensions.get("x-unstable").and_then(|value| match value {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Bool(true) => Some("It may still change.".to_owned()),
            _ => None,
        });
        Some(Operation {
            id: selected.id.clone(),
            tag: spec.tags.first().cloned(),
            name,
            module,
            request,
            summary: spec.summary.clone(),
            docs: spec.description.clone(),
            deprecated: spec.deprecated,
            unstable,
            method: selected.method.to_uppercase(),
            path: selected.path.clone(),
            repeatable: self.is_repeatable(selected),
            parameters,
            body,
            output,
            successes,
            errors,
            security,
            paging_hint: spec
                .extensions
                .get("x-pagination")
                .cloned()
                .map(|hint| (hint, child(&selected.pointer, "x-pagination"))),
            paging: None,
        })
    }

    /// By its method (RFC 9110: safe or idempotent), or by the configuration.
    fn is_repeatable(&self, selected: &SelectedOperation) -> bool {
        let chosen = &self.config.client.repeatable;
        matches!(selected.method, "get" | "head" | "options" | "put" | "delete" | "trace")
            || chosen.iter().any(|id| *id.get_ref() == selected.id)
    }

    fn operation_name(
        &mut self,
        selected: &SelectedOperation,
        methods: &mut Scope,
    ) -> Option<Name> {
        match self.names.operations.get(&selected.id) {
            Some(chosen) => {
                let name = Name(usable(chosen));
                if !methods.take(&name.0) {
                    let message = format!(
                        "`{}` cannot be `{chosen}`: another operation has that name",
                        selected.id
                    );
                    let place = self.names.operations.place(&selected.id);
                    self.diagnostics.error(&code::NAME_COLLISION, place, message);
                    return None;
                }
                Some(name)
            }
            None => Some(methods.free_name(&snake_name(&selected.id))),
        }
    }

    fn body(&mut self, selected: &SelectedOperation, request: &TypeName) -> Option<Body> {
        let pointer = child(&selected.pointer, "requestBody");
        let item: ReferenceOr<RequestBody> = selected.operation.request_body.clone()?;
        let (body, pointer) = resolve(self.document, item, &pointer, self.diagnostics)?;
        if body.content.is_empty() {
            return None;
        }
        let content = child(&pointer, "content");
        let Some((media, schema)) = json(&body.content) else {
            let kinds: Vec<_> = body.content.keys().map(String::as_str).collect();
            let kinds = kinds.join(" or ");
            let message =
                format!("the body of `{}` is {kinds}, which is not generated", selected.id);
            self.diagnostics.error(&code::UNSUPPORTED_BODY, Place::Pointer(content), message);
            return None;
        };
        let suggested = format!("{} body", request.0);
        let ty = self.media_type(schema, &child(&content, media), &suggested);
        // Named when all other names are known.
        let check = Name(String::new());
        Some(Body { ty, required: body.required, docs: body.description, check })
    }

    fn media_type(&mut self, media: &MediaType, pointer: &str, suggested: &str) -> Type {
        match &media.schema {
            Some(schema) => {
                self.type_of(schema, At { pointer: &child(pointer, "schema"), suggested })
            }
            None => Type::plain(Shape::Json),
        }
    }

    fn answers(
        &mut self,
        selected: &SelectedOperation,
        request: &TypeName,
        bodies: &mut Vec<ErrorBody>,
    ) -> (Output, Vec<Status>, Vec<(Status, usize)>) {
        let responses = &selected.operation.responses;
        let pointer = child(&selected.pointer, "responses");
        let coded = responses.responses.iter().map(|(status, item)| {
            (
                match status {
                    StatusCode::Code(code) => Status::Code(*code),
                    StatusCode::Range(range) => Status::Range(*range),
                },
                status.to_string(),
                item,
            )
        });
        let default =
            responses.default.iter().map(|item| (Status::Default, "default".to_owned(), item));
        self.check_statuses(&pointer);
        let mut successes = Vec::new();
        let mut errors = Vec::new();
        for (status, key, item) in coded.chain(default) {
            let at = child(&pointer, &key);
            let Some((response, at)) = resolve(self.document, item.clone(), &at, self.diagnostics)
            else {
                continue;
            };
            match status {
                Status::Code(200..300) | Status::Range(2) => {
                    let suggested = format!("{} response", request.0);
                    let ty = self.success(selected, &response, &at, &suggested);
                    successes.push((status, ty, response.description));
                }
                // Redirects are not followed, and interim answers never seen.
                Status::Code(100..200 | 300..400) | Status::Range(1 | 3) => {}
                _ => errors
                    .extend(self.error(&response, &at, request, bodies).map(|body| (status, body))),
            }
        }
        // The more precise a status, the earlier it is looked for.
        successes.sort_by_key(|(status, ..)| *status);
        let statuses = successes.iter().map(|(status, ..)| *status).collect();
        (self.output(successes, request), statuses, errors)
    }

    /// What is no status would go unseen.
    fn check_statuses(&mut self, pointer: &str) {
        let document = self.document;
        for key in document.keys(pointer) {
            let is_status = serde_json::from_value::<StatusCode>(key.into()).is_ok();
            if !is_status && key != "default" && !key.starts_with("x-") {
                let message = format!("`{key}` is no status; `200`, `2XX` or `default` would be");
                let place = Place::Pointer(child(pointer, key));
                self.diagnostics.error(&code::BAD_SHAPE, place, message);
            }
        }
    }

    /// The type of a successful answer; none if it has no body.
    fn success(
        &mut self,
        selected: &SelectedOperation,
        response: &Response,
        pointer: &str,
        suggested: &str,
    ) -> Option<Type> {
        if response.content.is_empty() {
            return None;
        }
        let content = child(pointer, "content");
        match json(&response.content) {
            Some((media, schema)) => {
                Some(self.media_type(schema, &child(&content, media), suggested))
            }
            None => {
                let kinds: Vec<_> = response.content.keys().map(String::as_str).collect();
                let kinds = kinds.join(" or ");
                let message =
                    format!("an answer to `{}` is {kinds}, which is not generated", selected.id);
                self.diagnostics.error(&code::UNSUPPORTED_ANSWER, Place::Pointer(content), message);
                None
            }
        }
    }

    /// The type of an error answer, among those of all operations. One that is not JSON is
    /// kept as its text, as any error answer is that the description does not have.
    fn error(
        &mut self,
        response: &Response,
        pointer: &str,
        request: &TypeName,
        bodies: &mut Vec<ErrorBody>,
    ) -> Option<usize> {
        let (media, schema) = json(&response.content)?;
        let suggested = format!("{} error", request.0);
        let ty = self.media_type(schema, &child(&child(pointer, "content"), media), &suggested);
        if let Some(known) = bodies.iter().position(|body| body.ty == ty) {
            return Some(known);
        }
        let mut scope = Scope::with(&["Other"]);
        bodies.iter().for_each(|body| _ = scope.take(&body.name.0));
        let name = match &ty.shape {
            Shape::Named(id) => self.types.def(*id).name.clone(),
            _ => type_name(&suggested),
        };
        bodies.push(ErrorBody { name: scope.free_type(&name), ty });
        Some(bodies.len() - 1)
    }

    fn output(
        &mut self,
        successes: Vec<(Status, Option<Type>, String)>,
        request: &TypeName,
    ) -> Output {
        let mut types: Vec<&Option<Type>> = Vec::new();
        for (_, ty, _) in &successes {
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        match types.as_slice() {
            [] | [None] => Output::Empty,
            [Some(ty)] => Output::One((*ty).clone()),
            _ => {
                let mut scope = Scope::new();
                let answers = successes.into_iter().map(|(status, ty, docs)| {
                    let name = scope.free_type(&status_name(status));
                    SuccessAnswer { status, name, ty, docs: Some(docs) }
                });
                let answers = answers.collect();
                let name = self.types.reserve(&TypeName(format!("{}Output", request.0)));
                Output::PerStatus { name, answers }
            }
        }
    }
}

/// The content that is JSON.
fn json<'a>(
    content: impl IntoIterator<Item = (&'a String, &'a MediaType)>,
) -> Option<(&'a str, &'a MediaType)> {
    content.into_iter().find_map(|(media, schema)| {
        let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_json =
            essence == "application/json" || essence.ends_with("+json") || essence == "*/*";
        is_json.then_some((media.as_str(), schema))
    })
}

/// What a success is called among several.
fn status_name(status: Status) -> TypeName {
    TypeName(match status {
        Status::Code(200) => "Ok".to_owned(),
        Status::Code(201) => "Created".to_owned(),
        Status::Code(202) => "Accepted".to_owned(),
        Status::Code(203) => "NonAuthoritative".to_owned(),
        Status::Code(204) => "NoContent".to_owned(),
        Status::Code(205) => "ResetContent".to_owned(),
        Status::Code(206) => "PartialContent".to_owned(),
        Status::Code(207) => "MultiStatus".to_owned(),
        Status::Code(code) => format!("Status{code}"),
        Status::Range(_) | Status::Default => "Success".to_owned(),
    })
}
