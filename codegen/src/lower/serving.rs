//! The names of the server side. They come after all others, so that they change none.

use super::naming::{Scope, snake_name};
use crate::ir::{Api, Name, Output, Serving, TypeName};

/// Gives the server side names that nothing else has.
pub(super) fn names(api: &mut Api) {
    let usual = Serving::default();
    let mut types = Scope::of_types();
    api.types.iter().for_each(|def| _ = types.take(&def.name.0));
    let mut methods = Scope::new();
    for operation in &api.operations {
        types.take(&operation.request.0);
        if let Output::PerStatus { name, .. } = &operation.output {
            types.take(&name.0);
        }
        methods.take(&operation.name.0);
    }
    let mut method = |name: &Name| methods.free_name(name);
    let serving = Serving {
        api: types.free_type(&usual.api),
        any: types.free_type(&TypeName(usual.any.0)),
        authorize: method(&usual.authorize),
        refusals: api.error_bodies.iter().map(|body| method(&snake_name(&body.name.0))).collect(),
    };
    for operation in &mut api.operations {
        let check = format!("check_{}", operation.name.0.trim_start_matches("r#"));
        if let Some(body) = &mut operation.body {
            body.check = method(&Name(check));
        }
    }
    api.serving = serving;
}
