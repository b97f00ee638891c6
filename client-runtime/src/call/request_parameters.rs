//! Encoding of request parameters.

use serde::Serialize;
use specwright_model::credential::REDACTED;
#[cfg(feature = "forms")]
use specwright_model::style::form::{self, Fields, Part};
use specwright_model::style::{self, Style};

use crate::call::request::Request;
use crate::outcome::error::CallError;

impl Request {
    /// Sets a path parameter.
    pub fn path(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        let segment = style::path(name, style, value)?;
        self.replace_slot(name, style, segment);
        Ok(())
    }

    /// Sets a path parameter without encoding reserved characters (`allowReserved`).
    pub fn path_reserved(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        let segment = style::path_reserved(name, style, value)?;
        self.replace_slot(name, style, segment);
        Ok(())
    }

    fn replace_slot(&mut self, name: &str, style: Style, segment: String) {
        let slot = format!("{{{name}}}");
        let segment = match style {
            Style::Simple => separated(self.operation.path, &slot, segment),
            _ => segment,
        };
        self.path = self.path.replace(&slot, &segment);
        if let Some(shown) = &mut self.shown_path {
            *shown = shown.replace(&slot, &segment);
        }
    }

    /// Sets a path parameter that hooks and logs do not show.
    pub fn secret_path(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        let shown = self.shown_path.get_or_insert_with(|| self.path.clone());
        *shown = shown.replace(&format!("{{{name}}}"), REDACTED);
        self.path(name, style, value)
    }

    /// Adds a query parameter.
    pub fn query(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.query.extend(style::query(name, style, value)?);
        Ok(())
    }

    /// Adds a query parameter without encoding reserved characters (`allowReserved`).
    pub fn query_reserved(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.query.extend(style::query_reserved(name, style, value)?);
        Ok(())
    }

    /// Sets the whole query from a form.
    #[cfg(feature = "forms")]
    pub fn query_form(
        &mut self,
        _name: &'static str,
        parts: &[Part],
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        let query = form::urlencoded(&Fields::of(value)?, parts)?;
        self.query.extend((!query.is_empty()).then_some(query));
        Ok(())
    }

    /// Sets the whole query from JSON or a string.
    pub fn query_string(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.query.push(style::query_string(name, style, value)?);
        Ok(())
    }

    /// Adds a header parameter.
    pub fn header(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.headers.push((name, style::header(name, style, value)?));
        Ok(())
    }

    /// Adds a header parameter that logs of the HTTP client do not show.
    pub fn secret_header(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.header(name, style, value)?;
        self.secret_headers.push(name);
        Ok(())
    }

    /// Adds a cookie parameter, which may be several cookies.
    pub fn cookie(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.cookies.extend(style::cookie(name, style, value)?);
        Ok(())
    }

    /// Adds a cookie parameter whose values are sent as they are (`style: cookie`).
    pub fn plain_cookie(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.cookies.extend(style::plain_cookie(name, style, value)?);
        Ok(())
    }
}

/// Encodes the separator of two parameters in one segment (`{from}-{to}`) where the value of the
/// first has it, too: a server would end the value there.
fn separated(path: &str, slot: &str, segment: String) -> String {
    let after = path.split_once(slot).and_then(|(_, after)| after.split_once('{'));
    let Some((separator, first)) =
        after.and_then(|(before, _)| Some((before, before.chars().next()?)))
    else {
        return segment;
    };
    // Commas and equals signs may be those between the values of a list or an object.
    if separator.contains(['/', '?', '#', '%', ',', '=']) || !first.is_ascii() {
        return segment;
    }
    let whole = format!("{segment}{separator}");
    let end = whole.char_indices().skip(1).find(|(at, _)| whole[*at..].starts_with(separator));
    match end {
        Some((at, _)) if at < segment.len() => {
            segment.replace(first, &format!("%{:02X}", u32::from(first)))
        }
        _ => segment,
    }
}
