//! Names of generated items that have no counterpart in the document: the server side,
//! test doubles, blocking calls.

use crate::ir::{
    Api, BlockingNames, Body, Headers, Name, Operation, Output, ServerNames, Status,
    TestDoubleNames, TypeName,
};
use crate::lower::context::state::Context;
use crate::names::{Scope, snake_name};

/// Names the generated items. They get free names, so they change no other name.
pub(crate) fn name_generated_items(api: &mut Api, context: &mut Context<'_>) {
    let config = context.config;
    let mut types = Scope::for_types();
    api.types.iter().for_each(|def| _ = types.take(&def.name.0));
    let mut methods = Scope::new();
    for operation in &api.operations {
        types.take(&operation.request.0);
        if let Some(name) = operation.body.as_ref().and_then(Body::name) {
            types.take(&name.0);
        }
        let streams = operation.stream.iter().map(|stream| &stream.output);
        let outputs = streams.chain(&operation.server_output).chain([&operation.output]);
        let names = outputs.filter_map(Output::name).filter(|name| !name.0.is_empty());
        names.for_each(|name| _ = types.take(&name.0));
        operation.headers.iter().for_each(|headers| _ = types.take(&headers.name.0));
        methods.take(&operation.name.0);
        for former in &operation.former {
            methods.take(&former.name.0);
            former.types.iter().for_each(|(name, _)| _ = types.take(&name.0));
        }
    }
    api.error_headers.iter().for_each(|headers| _ = types.take(&headers.name.0));
    for operation in &mut api.operations {
        let name = |of: &Name| Name(format!("{}_stream", of.0.trim_start_matches("r#")));
        if let Some(stream) = &mut operation.stream {
            stream.test_double_method = methods.free_name(&name(&operation.name));
            for former in &mut operation.former {
                former.stream = Some(methods.free_name(&name(&former.name)));
            }
        }
    }
    api.operations.iter_mut().for_each(|operation| name_choices(operation, &mut types));
    let mut name = |default: &str| types.free_type(&TypeName(default.to_owned()));
    api.webhook_enum = name("Webhook");
    name_server_items(api, &mut name, methods);
    api.has_features = config.has_features();
    let has_operations = !api.operations.is_empty();
    api.test_doubles = (config.client.test_doubles && has_operations).then(|| TestDoubleNames {
        operations: name("Operations"),
        boxed_operations: name("BoxedOperations"),
        implementation: name("D"),
    });
    api.blocking =
        (config.client.blocking && has_operations).then(|| BlockingNames { client: name("C") });
}

/// Names the types that only the server of an operation has.
fn name_choices(operation: &mut Operation, types: &mut Scope) {
    let named = |suffix: &str| TypeName(format!("{}{suffix}", operation.request.0));
    if let Some(Output::Several { name, .. }) = &mut operation.server_output
        && name.0.is_empty()
    {
        *name = types.free_type(&named("Output"));
    }
    let Some(errors) = &mut operation.error_output else { return };
    // The model of an error body may have the first name.
    errors.name = match types.take(&named("Error").0) {
        true => named("Error"),
        false => types.free_type(&named("ErrorResponse")),
    };
    let mut known: Vec<(Option<Status>, Headers)> = Vec::new();
    let all: Vec<&Headers> =
        errors.responses.iter().filter_map(|response| response.headers.as_ref()).collect();
    let is_one = all.windows(2).all(|pair| pair[0].all == pair[1].all);
    for response in &mut errors.responses {
        let Some(headers) = &mut response.headers else { continue };
        let status = (!is_one).then_some(response.status);
        if let Some((_, same)) = known.iter().find(|(other, _)| *other == status) {
            headers.name = same.name.clone();
            continue;
        }
        let variant = if is_one { "Error" } else { response.name.0.as_str() };
        headers.name = types.free_type(&named(&format!("{variant}Headers")));
        known.push((status, headers.clone()));
    }
}

fn name_server_items(api: &mut Api, name: &mut impl FnMut(&str) -> TypeName, mut methods: Scope) {
    let default = ServerNames::default();
    let mut method = |name: &Name| methods.free_name(name);
    let serving = ServerNames {
        api_trait: name(&default.api_trait.0),
        implementation: name(&default.implementation.0),
        authorize: method(&default.authorize),
        describe_rejection: method(&default.describe_rejection),
        rejections: api.error_bodies.iter().map(|body| method(&snake_name(&body.name.0))).collect(),
    };
    for operation in &mut api.operations {
        let check = format!("check_{}", operation.name.0.trim_start_matches("r#"));
        if let Some(body) = &mut operation.body {
            body.check_method = method(&Name(check));
        }
    }
    api.server_names = serving;
}
