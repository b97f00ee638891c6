//! Passes over the whole API, after all schemas and operations are lowered.
//!
//! | module | responsibility |
//! |---|---|
//! | `alias_cycles` | breaks cycles of aliases |
//! | `boxes` | boxes large and recursive fields and variants |
//! | `constants` | finds properties with only one value |
//! | `constrained` | finds the types that have constraints |
//! | `directions` | presence of `readOnly` and `writeOnly` properties |
//! | `generated_names` | names of items without a counterpart in the document |
//! | `nullability` | presence of properties whose type allows `null` |
//! | `paging` | paging hints and stream flags |
//! | `setter_names` | names of the setters of the client builder |
//! | `tags` | splits operations and types by tags |
//! | `unions` | decides the variants of unions |

mod alias_cycles;
mod boxes;
mod constants;
mod constrained;
mod directions;
mod generated_names;
mod nullability;
mod paging;
mod setter_names;
mod tags;
mod unions;

use super::context::state::Context;
use crate::ir::Api;

/// A pass over the whole API.
type Pass = fn(&mut Api, &mut Context<'_>);

/// The passes in the order in which they run. Each comment lists what a pass needs from earlier
/// steps and what it provides to later ones.
const PASSES: [Pass; 12] = [
    // Needs all servers and security schemes. Provides the names of their setters.
    setter_names::name_setters,
    // Needs all types. Provides aliases that end, so that later passes can follow them.
    alias_cycles::break_alias_cycles,
    // Needs aliases that end. Provides properties that are nullable or three-state, and defaults
    // that properties inherit from their types.
    nullability::apply_nullability,
    // Needs nullability, since only nullable properties become three-state, and the types that
    // each operation sends and receives. Provides the final presence of every property.
    directions::apply_directions,
    // Needs the final presence: variants are distinguished by required properties, and a
    // `readOnly` property that requests omit is not required. Provides the decision of each
    // union, without variants that are the union itself.
    unions::decide::decide_unions,
    // Needs decisions: the property that selects a variant has one value in it. Provides
    // constants, which callers do not set.
    constants::find_constants,
    // Needs the final variants and presence, which determine size and recursion. Provides boxed
    // fields and variants.
    boxes::add_boxes,
    // Needs the final types, without broken aliases and removed variants. Provides the types
    // that have constraints.
    constrained::find_constrained,
    // Needs presence and boxes of all fields on the paths. Provides paging.
    paging::find_pages,
    // Needs presence and boxes of all fields on the paths. Provides stream flags.
    paging::find_stream_flags,
    // Needs all other names, none of which it changes. Provides names of the server side, of
    // test doubles and of blocking calls.
    generated_names::name_generated_items,
    // Needs paging, because the entry type of a page belongs to its operation. Provides tags and
    // the types that each tag needs.
    tags::split_by_tags,
];

/// Runs all passes.
pub(crate) fn run(api: &mut Api, context: &mut Context<'_>) {
    for pass in PASSES {
        pass(api, context);
    }
}
