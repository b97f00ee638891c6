//! Removing from the file what was removed from the store.

use redb::{Database, ReadableTable as _};
use serde_json::value::RawValue;

use super::file::{FIRST_EVENT, REQUESTS};

/// Removes updates, which are in the order of their requests. The first event that is kept has
/// this number.
pub(super) fn remove(
    database: &Database,
    removed: &[(u64, u32)],
    first_event: u32,
) -> Result<(), redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_quick_repair(true);
    {
        let mut requests = transaction.open_table(REQUESTS)?;
        for items in removed.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((number, _)) = items.first() else { continue };
            let Some(request) = requests.get(number)? else { continue };
            let (received, events) = request.value();
            let events = without(events, items.iter().map(|(_, item)| *item as usize));
            drop(request);
            requests.insert(number, (received, events.as_slice()))?;
        }
        // Requests must be consecutive, so empty ones are only removed from the start.
        while requests.first()?.is_some_and(|(_, request)| request.value().1 == EMPTY) {
            requests.pop_first()?;
        }
        transaction.open_table(FIRST_EVENT)?.insert((), first_event)?;
    }
    transaction.commit()?;
    Ok(())
}

/// A request of which all events were removed.
const EMPTY: &[u8] = b"[]";

/// Replaces items of a JSON array by `null`. The positions of the others stay the same.
fn without(events: &[u8], removed: impl Iterator<Item = usize>) -> Vec<u8> {
    let mut items: Vec<Option<&RawValue>> = serde_json::from_slice(events).unwrap_or_default();
    for item in removed {
        if let Some(item) = items.get_mut(item) {
            *item = None;
        }
    }
    if items.iter().all(Option::is_none) {
        return EMPTY.to_vec();
    }
    // Serializing raw JSON cannot fail.
    serde_json::to_vec(&items).unwrap_or_else(|_| events.to_vec())
}

#[cfg(test)]
mod tests {
    use super::{EMPTY, without};

    #[test]
    fn the_positions_of_events_that_are_kept_do_not_change() {
        let events = br#"[{"a": 1},{"b":[2]},{"c":"3"}]"#;
        let once = without(events, [1].into_iter());
        assert_eq!(once, br#"[{"a": 1},null,{"c":"3"}]"#);
        assert_eq!(without(&once, [0].into_iter()), br#"[null,null,{"c":"3"}]"#);
        assert_eq!(without(&once, [0, 2].into_iter()), EMPTY);
    }
}
