//! How a request gets its parameters.

use serde::Serialize;
use specwright_model::style::{self, Style};

use crate::call::request::Request;
use crate::outcome::error::CallError;

impl Request {
    /// Fills in a parameter of the path.
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

    /// Adds a parameter to the query.
    pub fn query(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.query.extend(style::query(name, style, value)?);
        Ok(())
    }

    /// Adds a parameter to the query whose reserved characters are not encoded (`allowReserved`).
    pub fn query_reserved(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.query.extend(style::query_reserved(name, style, value)?);
        Ok(())
    }

    /// Adds a parameter as a header.
    pub fn header(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), CallError> {
        self.headers.push((name, style::header(name, style, value)?));
        Ok(())
    }

    /// Adds a parameter as a cookie, or as several.
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
