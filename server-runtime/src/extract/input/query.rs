//! Parameters that are the whole query.

use serde::de::DeserializeOwned;
use specwright_model::style::decode::{
    Entries, Entry, Kind, ParameterError, Value, percent_decoded,
};
use specwright_model::style::form::Part;
use specwright_model::style::{Ordered, Style};

use super::{Input, Parameter};
use crate::extract::content::decode_form;
use crate::reject::Problem;

impl Input {
    /// Decodes the whole query as a form. An empty query is a form without fields if the parameter
    /// is required.
    pub fn query_form<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        kind: Kind,
        parts: &[Part],
        is_required: bool,
    ) -> Parameter<'_, T> {
        let count = self.problems.len();
        let is_own = |entry: &&Entry| !self.query.claimed.contains(&entry.name.as_str());
        let all: Vec<Entry> = self.query.all.iter().filter(is_own).cloned().collect();
        let entries = Entries { all, claimed: Vec::new() };
        let mut value = None;
        if is_required || !entries.all.is_empty() {
            let decoded = kind.interpretations();
            let decoded: Result<Vec<Ordered>, Vec<Problem>> =
                decoded.map(|as_string| decode_form(kind, parts, &entries, as_string)).collect();
            match decoded {
                Ok(decoded) => value = self.typed(name, decoded.into_iter()),
                Err(problems) => self.problems.extend(problems),
            }
        }
        let is_invalid = self.problems.len() > count;
        Parameter { input: self, name, value, is_invalid }
    }

    /// Decodes the whole query as JSON or a string.
    pub fn query_string<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        kind: Kind,
    ) -> Parameter<'_, T> {
        let claimed = &self.query.claimed;
        let is_own = |entry: &&str| {
            let key = entry.split('=').next().unwrap_or_default();
            !claimed.contains(&percent_decoded(key).as_str())
        };
        let query = self.parts.uri.query().unwrap_or_default();
        let query = query.split('&').filter(is_own).collect::<Vec<_>>().join("&");
        let value = match query.is_empty() {
            true => Ok(None),
            false => value(&percent_decoded(&query), style),
        };
        self.parameter(name, kind, value)
    }
}

fn value(query: &str, style: Style) -> Result<Option<Value>, ParameterError> {
    match style {
        Style::Json => match Ordered::from_json(query) {
            Some(json) => Ok(Some(Value::Json(json))),
            None => Err(ParameterError::NotJson),
        },
        _ => Ok(Some(Value::One(query.to_owned()))),
    }
}
