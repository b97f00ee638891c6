//! The presence of properties that are sent in one direction only (`readOnly`, `writeOnly`), and of
//! nullable properties in `PATCH` requests, where `null` deletes.

use crate::ir::{Api, Presence, TypeId, TypeKind};
use crate::lower::context::pending::Direction;
use crate::lower::context::state::Context;
use std::collections::BTreeMap;

/// Makes properties optional where they can be missing: a `readOnly` property in a request, a
/// `writeOnly` property in a response. Nullable optional properties in `PATCH` requests become
/// three-state.
pub(crate) fn apply_directions(api: &mut Api, context: &mut Context<'_>) {
    let directions = std::mem::take(&mut context.pending.directions).into_iter();
    let directions: BTreeMap<(TypeId, usize), Direction> =
        directions.rev().map(|field| ((field.ty, field.field), field.direction)).collect();
    let sent =
        api.reachable_types(api.operations.iter().flat_map(|operation| operation.sent_types()));
    let bodies = api.webhooks.iter().filter_map(|webhook| webhook.body.as_ref());
    let errors = api.error_bodies.iter().map(|body| &body.ty);
    let responses = api.operations.iter().flat_map(|operation| operation.received_types());
    let chosen = api.operations.iter().flat_map(|operation| operation.error_types());
    let received = api.reachable_types(responses.chain(bodies).chain(errors).chain(chosen));
    let changes = api.operations.iter().filter(|operation| operation.method == "PATCH");
    let changed = api.reachable_types(changes.flat_map(|operation| operation.body_types()));
    for i in 0..api.types.len() {
        let id = TypeId(i);
        let TypeKind::Struct(structure) = &api.types[i].kind else { continue };
        let presences: Vec<Presence> = structure
            .fields
            .iter()
            .enumerate()
            .map(|(f, field)| {
                let is_missing =
                    directions.get(&(id, f)).is_some_and(|direction| match direction {
                        Direction::Response => sent.contains(&id),
                        Direction::Request => received.contains(&id),
                    });
                let presence = match field.presence {
                    Presence::Required if is_missing => Presence::Optional,
                    Presence::RequiredNullable if is_missing => Presence::ThreeState,
                    other => other,
                };
                match presence {
                    Presence::Optional if changed.contains(&id) && api.is_nullable(&field.ty) => {
                        Presence::ThreeState
                    }
                    other => other,
                }
            })
            .collect();
        if let TypeKind::Struct(structure) = &mut api.types[i].kind {
            let fields = structure.fields.iter_mut().zip(presences);
            fields.for_each(|(field, presence)| field.presence = presence);
        }
    }
}
