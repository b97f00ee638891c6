//! Encoding of request bodies.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;
#[cfg(feature = "streams")]
use specwright_model::stream::Framing;
#[cfg(feature = "forms")]
use specwright_model::style::form::{self, Fields, Part};
#[cfg(feature = "streams")]
use specwright_model::style::sequence;
use specwright_model::style::{not_json, plain};

use crate::call::request::Request;
use crate::encode::body::Body;
use crate::outcome::error::CallError;
use specwright_model::blob::{Blob, Content};
use specwright_model::validate::{ValidationError, encoded};

/// The initial capacity for the JSON of a body, in bytes: most bodies never grow beyond it.
const USUAL_SIZE: usize = 1 << 10;

impl Request {
    /// Sets a JSON body.
    pub fn json(&mut self, body: &impl Serialize) -> Result<(), CallError> {
        self.json_as("application/json", body)
    }

    /// Sets a JSON body with a specific media type.
    pub fn json_as(
        &mut self,
        media_type: &'static str,
        body: &impl Serialize,
    ) -> Result<(), CallError> {
        let json = encoded("", || {
            let mut json = Vec::with_capacity(USUAL_SIZE);
            serde_json::to_writer(&mut json, body).map(|()| json)
        })?;
        let json = json.map_err(|error| not_json("", &error))?;
        self.body = Some(Body::new(media_type, Content::Whole(json.into())));
        Ok(())
    }

    /// Sets a JSON body with one of several media types: the chosen one, or else the first.
    pub fn json_among(
        &mut self,
        chosen: Option<&'static str>,
        media_types: &[&'static str],
        body: &impl Serialize,
    ) -> Result<(), CallError> {
        let chosen = chosen.filter(|chosen| media_types.contains(chosen));
        let media_type = chosen.or(media_types.first().copied()).unwrap_or("application/json");
        self.json_as(media_type, body)
    }

    /// Sets a plain body: the contents of a string, or the JSON encoding of any other value.
    pub fn text(
        &mut self,
        media_type: &'static str,
        body: &impl Serialize,
    ) -> Result<(), CallError> {
        let json = encoded("", || serde_json::to_string(body))?;
        let body = json.and_then(|json| plain(&RawValue::from_string(json)?));
        let body = body.map_err(|error| not_json("", &error))?;
        self.body = Some(Body::new(media_type, Content::Whole(body.into())));
        Ok(())
    }

    /// Sets a binary body. Its own media type takes precedence over that of the OpenAPI document,
    /// which may be a range such as `image/*`.
    pub fn blob(&mut self, media_type: &'static str, body: &Blob) -> Result<(), CallError> {
        let media_type: Cow<'static, str> = match (body.media_type(), media_type) {
            (Some(own), _) => own.to_owned().into(),
            (None, "*/*" | "application/*") => "application/octet-stream".into(),
            (None, range) if range.contains('*') => {
                let message = format!("needs a media type that matches `{range}`");
                return Err(CallError::Validation(ValidationError::new("", message)));
            }
            (None, media_type) => media_type.into(),
        };
        self.body = Some(Body::new(media_type, body.content().clone()));
        Ok(())
    }
}

#[cfg(feature = "forms")]
impl Request {
    /// Sets a urlencoded form as the body.
    pub fn form(&mut self, parts: &[Part], body: &impl Serialize) -> Result<(), CallError> {
        let encoded = form::urlencoded(&Fields::of(body)?, parts)?;
        let media_type = "application/x-www-form-urlencoded";
        self.body = Some(Body::new(media_type, Content::Whole(encoded.into())));
        Ok(())
    }

    /// Sets a multipart form as the body.
    pub fn multipart(
        &mut self,
        media_type: &str,
        parts: &[Part],
        body: &impl Serialize,
    ) -> Result<(), CallError> {
        let (media_type, content) = form::multipart(media_type, &Fields::of(body)?, parts)?;
        self.body = Some(Body::from_parts(media_type, content));
        Ok(())
    }
}

#[cfg(feature = "streams")]
impl Request {
    /// Sets a sequence of JSON values as the body: the elements of a list.
    pub fn values(
        &mut self,
        media_type: &'static str,
        framing: Framing,
        body: &impl Serialize,
    ) -> Result<(), CallError> {
        let encoded = sequence::encode_values(framing, body)?;
        self.body = Some(Body::new(media_type, Content::Whole(encoded.into())));
        Ok(())
    }

    /// Sets server-sent events as the body: the elements of a list.
    pub fn events(&mut self, body: &impl Serialize) -> Result<(), CallError> {
        let encoded = sequence::encode_events(body)?;
        self.body = Some(Body::new("text/event-stream", Content::Whole(encoded.into())));
        Ok(())
    }

    /// Sets parts without names as the body: the elements of a list. `prefix` has the encodings of
    /// the first ones.
    pub fn parts(
        &mut self,
        media_type: &str,
        prefix: &[Part],
        item: &[Part],
        body: &impl Serialize,
    ) -> Result<(), CallError> {
        let (media_type, content) = sequence::encode_parts(media_type, prefix, item, body)?;
        self.body = Some(Body::from_parts(media_type, content));
        Ok(())
    }
}
