//! The presence of properties whose type allows `null`.

use crate::ir::{Api, Field, Presence, Shape, TypeKind};
use crate::lower::context::state::Context;

/// Sets the presence of properties whose type allows `null`, and inherits defaults from types.
pub(crate) fn apply_nullability(api: &mut Api, context: &mut Context<'_>) {
    let not_nullable = resolve_presence(api);
    let three_state = &mut context.options.three_state;
    three_state.retain(|option| !not_nullable.iter().any(|key| key == option));
}

/// Sets the presence of properties. Returns those (`Schema.property`) that were configured as
/// three-state but do not allow `null`.
fn resolve_presence(api: &mut Api) -> Vec<String> {
    let before = three_state_properties(api);
    each_field(
        api,
        |api, rules, field| {
            let Field { presence, default, ty, .. } = field;
            let (presence, default) = (*presence, default.clone());
            let nullable = api.is_nullable(ty);
            let inherited = match ty.shape {
                Shape::Named(id) => api.def(id).default.clone(),
                _ => None,
            };
            (
                match presence {
                    Presence::Required if nullable => Presence::RequiredNullable,
                    Presence::ThreeState if !nullable => Presence::Optional,
                    // To the rules, `null` is not the same as absent.
                    Presence::Optional if nullable && mentions(rules, &field.wire) => {
                        Presence::ThreeState
                    }
                    other => other,
                },
                default.or(inherited),
            )
        },
        |field, (presence, default)| {
            field.presence = presence;
            field.default = default;
        },
    );
    let after = three_state_properties(api);
    before.into_iter().filter(|key| !after.contains(key)).collect()
}

/// Returns whether rules depend on the presence of a property.
fn mentions(rules: Option<&str>, property: &str) -> bool {
    rules.is_some_and(|rules| {
        rules.contains(&serde_json::Value::from(property).to_string())
            || rules.contains("\"minProperties\"")
    })
}

/// Returns the three-state properties.
fn three_state_properties(api: &Api) -> Vec<String> {
    let mut keys = Vec::new();
    for def in &api.types {
        if let TypeKind::Struct(structure) = &def.kind {
            let owner = def.schema_name.as_ref().unwrap_or(&def.name.0);
            let fields =
                structure.fields.iter().filter(|field| field.presence == Presence::ThreeState);
            keys.extend(fields.map(|field| format!("{owner}.{}", field.wire)));
        }
    }
    keys
}

fn each_field<T>(
    api: &mut Api,
    find: impl Fn(&Api, Option<&str>, &Field) -> T,
    mut set: impl FnMut(&mut Field, T),
) {
    for i in 0..api.types.len() {
        let found: Vec<T> = match &api.types[i].kind {
            TypeKind::Struct(structure) => {
                let rules = structure.rules.as_deref();
                structure.fields.iter().map(|field| find(api, rules, field)).collect()
            }
            _ => continue,
        };
        if let TypeKind::Struct(structure) = &mut api.types[i].kind {
            structure.fields.iter_mut().zip(found).for_each(|(field, found)| set(field, found));
        }
    }
}
