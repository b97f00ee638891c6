//! Encoding of request parameters.

use serde::Serialize;
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
        self.path = self.path.replace(&format!("{{{name}}}"), &segment);
        Ok(())
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
}
