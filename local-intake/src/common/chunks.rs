//! A list that grows in chunks: appending never moves what it already contains.

use std::collections::VecDeque;

/// The number of values in a chunk.
const SIZE: usize = 4096;

/// A list that grows at its end and is removed from its start. A value keeps its position.
#[derive(Debug)]
pub(crate) struct Chunks<T> {
    chunks: VecDeque<Vec<T>>,
    /// The position of the first value of the first chunk.
    offset: usize,
    /// The position of the first value that was not removed.
    start: usize,
    end: usize,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self::starting_at(0)
    }
}

impl<T> Chunks<T> {
    /// Creates an empty list whose first value will have this position.
    pub(crate) fn starting_at(position: usize) -> Self {
        Self { chunks: VecDeque::new(), offset: position, start: position, end: position }
    }

    /// Returns the position of the first value.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Returns the position after the last value.
    pub(crate) fn end(&self) -> usize {
        self.end
    }

    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    pub(crate) fn get(&self, position: usize) -> Option<&T> {
        let index = position.checked_sub(self.offset).filter(|_| position >= self.start)?;
        self.chunks.get(index / SIZE)?.get(index % SIZE)
    }

    pub(crate) fn get_mut(&mut self, position: usize) -> Option<&mut T> {
        let index = position.checked_sub(self.offset).filter(|_| position >= self.start)?;
        self.chunks.get_mut(index / SIZE)?.get_mut(index % SIZE)
    }

    pub(crate) fn push(&mut self, value: T) {
        match self.chunks.back_mut().filter(|chunk| chunk.len() < SIZE) {
            Some(chunk) => chunk.push(value),
            None => {
                let mut chunk = Vec::with_capacity(SIZE.min(64 + self.len()));
                chunk.push(value);
                self.chunks.push_back(chunk);
            }
        }
        self.end += 1;
    }

    /// Removes the first value. Its memory is freed with that of its chunk.
    pub(crate) fn remove_first(&mut self) {
        if self.start == self.end {
            return;
        }
        self.start += 1;
        if self.start - self.offset == SIZE {
            self.chunks.pop_front();
            self.offset = self.start;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Chunks, SIZE};

    #[test]
    fn values_keep_their_positions_when_the_first_ones_are_removed() {
        let mut chunks = Chunks::starting_at(7);
        for value in 7..7 + 3 * SIZE {
            chunks.push(value);
        }
        for _ in 0..SIZE + 5 {
            chunks.remove_first();
        }
        assert_eq!((chunks.start(), chunks.len()), (7 + SIZE + 5, 2 * SIZE - 5));
        assert_eq!(chunks.chunks.len(), 2);
        for position in chunks.start()..chunks.end() {
            assert_eq!(chunks.get(position), Some(&position));
        }
        assert_eq!(chunks.get(chunks.start() - 1), None);
        assert_eq!(chunks.get(chunks.end()), None);
        for _ in 0..3 * SIZE {
            chunks.remove_first();
        }
        assert_eq!(chunks.len(), 0);
        chunks.push(1);
        assert_eq!(chunks.get_mut(7 + 3 * SIZE), Some(&mut 1));
    }
}
