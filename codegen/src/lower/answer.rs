//! Answers: what a success brings, and the bodies that errors have.

use openapiv3::{Response, StatusCode};

use super::Lower;
use super::naming::{Scope, type_name};
use super::operation::json;
use crate::diagnostic::{Place, code};
use crate::ir::{ErrorBody, Output, Shape, Status, SuccessAnswer, Type, TypeName};
use crate::resolve::{SelectedOperation, resolve};
use crate::source::child;

impl Lower<'_> {
    pub(super) fn answers(
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
