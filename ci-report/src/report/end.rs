//! Ends scopes, so that a process that is killed at any step loses no end.
//!
//! The events are complete on disk before the state is locked. Under the lock they are published, which
//! renames files, and then the scopes are removed. A process that is killed before the removal leaves the
//! scopes open. A later one ends them again, with events of the same ids.

use std::io;

use super::emit::Emitter;
use super::state::{Content, State};
use crate::settings::kill_for_tests;

/// How often events are prepared again without the lock, if other processes change the scopes meanwhile.
const ATTEMPTS: u32 = 5;

/// Removes from the state what `select` removes, and records the events that `prepare` prepares for it.
/// Returns the emitters, which have recorded the events even if the state cannot be changed, and why it
/// could not be changed.
pub(crate) fn end<T: PartialEq>(
    state: &State,
    select: impl Fn(&mut Content) -> T,
    prepare: impl Fn(&T) -> Vec<Emitter>,
) -> (Vec<Emitter>, io::Result<()>) {
    let mut selected = select(&mut state.read());
    let mut attempt = 1;
    loop {
        kill_for_tests("selected");
        let mut emitters = prepare(&selected);
        kill_for_tests("prepared");
        let ended = state.attempt(|content| {
            let found = select(content);
            if found != selected {
                if attempt < ATTEMPTS {
                    return Err(found);
                }
                emitters.iter().for_each(|emitter| drop(emitter.discard()));
                emitters = prepare(&found);
            }
            kill_for_tests("locked");
            emitters.iter().for_each(Emitter::publish);
            kill_for_tests("published");
            Ok(())
        });
        kill_for_tests("removed");
        match ended {
            Ok(Ok(())) => return (emitters, Ok(())),
            Ok(Err(found)) => {
                emitters.iter().for_each(|emitter| drop(emitter.discard()));
                selected = found;
                attempt += 1;
            }
            Err(error) => {
                emitters.iter().for_each(Emitter::publish);
                return (emitters, Err(error));
            }
        }
    }
}
