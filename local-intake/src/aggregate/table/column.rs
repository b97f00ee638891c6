//! Columns: the values of one name, by event.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::key::Key;

/// The values of one name, by event.
#[derive(Debug)]
pub(in crate::aggregate) struct Column<T> {
    values: Vec<T>,
    rows: usize,
    /// Where the values of each event end. `None` as long as each has one value.
    ends: Option<Vec<usize>>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { values: Vec::new(), rows: 0, ends: None }
    }
}

impl<T> Column<T> {
    /// Returns the values of an event.
    pub(in crate::aggregate) fn row(&self, row: u32) -> &[T] {
        let row = row as usize;
        let range = match &self.ends {
            None => row..row + 1,
            Some(ends) => {
                let start = row.checked_sub(1).and_then(|previous| ends.get(previous));
                let start = start.copied().unwrap_or_default();
                start..ends.get(row).copied().unwrap_or(start)
            }
        };
        self.values.get(range).unwrap_or_default()
    }

    /// Returns the values of all events.
    pub(super) fn all(&self) -> &[T] {
        &self.values
    }

    /// Adds a value to the next event.
    pub(super) fn push(&mut self, value: T) {
        self.values.push(value);
    }

    /// Returns the values of the next event so far.
    pub(super) fn next(&mut self) -> &mut [T] {
        let start = self.next_start();
        self.values.get_mut(start..).unwrap_or_default()
    }

    /// Keeps this number of the values of the next event.
    pub(super) fn truncate_next(&mut self, count: usize) {
        self.values.truncate(self.next_start() + count);
    }

    /// Ends the next event.
    pub(super) fn end_row(&mut self) {
        self.rows += 1;
        let end = self.values.len();
        match &mut self.ends {
            Some(ends) => ends.push(end),
            None if end == self.rows => {}
            None => self.ends = Some((1..self.rows).chain([end]).collect()),
        }
    }

    /// Returns where the values of the next event start.
    fn next_start(&self) -> usize {
        match &self.ends {
            None => self.rows,
            Some(ends) => ends.last().copied().unwrap_or_default(),
        }
    }
}

/// The groups that each event belongs to. A group is a number, so that splitting events needs no
/// table of hashes.
#[derive(Debug, Default)]
pub(in crate::aggregate) struct Groups {
    pub(in crate::aggregate) numbers: Column<u32>,
    /// The value of each group.
    pub(in crate::aggregate) keys: Vec<Key>,
    known: HashMap<Key, u32, RandomState>,
    last: Option<(Key, u32)>,
}

impl Groups {
    /// Adds a group to the next event.
    pub(super) fn push(&mut self, key: Key) {
        let number = match self.last {
            // Events that follow each other often belong to the same group.
            Some((last, number)) if last == key => number,
            _ => *self.known.entry(key).or_insert_with(|| {
                self.keys.push(key);
                // More values than a u32 can count do not fit into memory.
                u32::try_from(self.keys.len() - 1).unwrap_or(u32::MAX)
            }),
        };
        self.last = Some((key, number));
        self.numbers.push(number);
    }

    /// Removes duplicate groups of the next event. Returns whether it has any.
    pub(super) fn deduplicate(&mut self) -> bool {
        let next = self.numbers.next();
        match next.len() {
            0 => false,
            1 => true,
            _ => {
                next.sort_unstable();
                let mut kept = 1;
                for i in 1..next.len() {
                    if next.get(i) != next.get(kept - 1) {
                        next.swap(i, kept);
                        kept += 1;
                    }
                }
                self.numbers.truncate_next(kept);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Groups, Key};

    #[test]
    fn events_have_any_number_of_values() {
        for counts in [&[1, 1, 1][..], &[1, 1, 0, 3, 1], &[0, 0, 2], &[2, 1]] {
            let mut column = Column::default();
            for (row, count) in counts.iter().enumerate() {
                (0..*count).for_each(|i| column.push(10 * row + i));
                column.end_row();
            }
            for (row, count) in (0_u32..).zip(counts) {
                let expected: Vec<usize> = (0..*count).map(|i| 10 * row as usize + i).collect();
                assert_eq!(column.row(row), expected, "{counts:?}");
            }
            assert!(column.row(9).is_empty());
        }
    }

    #[test]
    fn a_group_has_an_event_once() {
        let mut groups = Groups::default();
        for row in [&[2.0, 1.0, 2.0, 1.0, 3.0][..], &[], &[3.0], &[1.0, 1.0]] {
            row.iter().for_each(|number| groups.push(Key::from_number(*number)));
            assert_eq!(groups.deduplicate(), !row.is_empty());
            groups.numbers.end_row();
        }
        let row = |row| {
            let keys =
                groups.numbers.row(row).iter().filter_map(|it| groups.keys.get(*it as usize));
            keys.filter_map(|key| key.as_number()).collect::<Vec<_>>()
        };
        assert_eq!([0, 1, 2, 3].map(row), [vec![2.0, 1.0, 3.0], vec![], vec![3.0], vec![1.0]]);
    }
}
