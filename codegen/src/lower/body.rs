//! Bodies of requests.

use openapiv3::{MediaType, ReferenceOr, RequestBody};

use super::Lower;
use super::operation::json;
use super::schema::At;
use crate::diagnostic::{Place, code};
use crate::ir::{Body, Name, Shape, Type, TypeName};
use crate::resolve::{SelectedOperation, resolve};
use crate::source::child;

impl Lower<'_> {
    pub(super) fn body(
        &mut self,
        selected: &SelectedOperation,
        request: &TypeName,
    ) -> Option<Body> {
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

    pub(super) fn media_type(&mut self, media: &MediaType, pointer: &str, suggested: &str) -> Type {
        match &media.schema {
            Some(schema) => {
                self.type_of(schema, At { pointer: &child(pointer, "schema"), suggested })
            }
            None => Type::plain(Shape::Json),
        }
    }
}
