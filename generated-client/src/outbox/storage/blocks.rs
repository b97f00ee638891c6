//! A file in which every block has a checksum. redb panics on some damaged files, which ends a program
//! that is built with `panic = "abort"`; here a damaged block is an error before redb uses it.
//!
//! The checksums are in a file next to it, two of each block: those of its latest two contents. The new
//! one is written first, so a process that is killed between the two writes leaves a valid file.

use std::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;

use super::guard::DatabaseError;

/// The size of a block, in bytes. The last one may be shorter, and counts as filled with zeros.
const BLOCK: usize = 4096;
/// The size of the two checksums of a block, in bytes.
const ENTRY: usize = 16;

/// The file has no checksums: it is from a program without them.
#[derive(Debug)]
pub(super) struct Unverified;

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file has no checksums")
    }
}

impl Error for Unverified {}

/// Returns the path of the checksums of a file.
pub(in crate::outbox) fn sums_of(path: &Path) -> PathBuf {
    path.with_extension("sums")
}

/// Removes the checksums of a file that is about to be written without them.
pub(super) fn forget(path: &Path) -> io::Result<()> {
    match fs::remove_file(sums_of(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A file, and the checksums of its blocks.
#[derive(Debug)]
pub(super) struct CheckedFile(Mutex<State>);

#[derive(Debug)]
struct State {
    data: File,
    len: u64,
    sums: File,
    /// Of each block the two checksums, and which of them is that of its content.
    blocks: Vec<([u64; 2], usize)>,
}

impl CheckedFile {
    /// Creates an empty file.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let create = |path: &Path| {
            File::options().read(true).write(true).create(true).truncate(true).open(path)
        };
        let (sums, data) = (create(&sums_of(path))?, create(path)?);
        Ok(Self(Mutex::new(State { data, len: 0, sums, blocks: Vec::new() })))
    }

    /// Opens a file if all of its blocks are intact.
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let open = |path: &Path| File::options().read(true).write(true).open(path);
        let data = open(path)?;
        let mut sums = match open(&sums_of(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unverified.into()),
            opened => opened?,
        };
        let mut entries = Vec::new();
        sums.read_to_end(&mut entries)?;
        let number = |bytes: &[u8]| bytes.try_into().map(u64::from_le_bytes).unwrap_or_default();
        let entries = entries.chunks_exact(ENTRY).map(|entry| entry.split_at(ENTRY / 2));
        let blocks = entries.map(|(first, second)| ([number(first), number(second)], 0)).collect();
        let len = data.metadata()?.len();
        let mut state = State { data, len, sums, blocks };
        let count = blocks_of(len);
        let is_complete = state.blocks.len() >= count;
        // A file may have been about to grow.
        if !is_complete || state.blocks[count..].iter().any(|(sums, _)| *sums != [0, 0]) {
            return Err(damaged(count).into());
        }
        state.blocks.truncate(count);
        for block in 0..count {
            let found = checksum(&state.block(block)?);
            let (sums, current) = &mut state.blocks[block];
            let known = sums.iter().position(|sum| *sum == found);
            *current = known.ok_or_else(|| damaged(block))?;
        }
        Ok(Self(Mutex::new(state)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Reads a block as it is.
    fn block(&mut self, block: usize) -> io::Result<[u8; BLOCK]> {
        let start = block as u64 * BLOCK as u64;
        let size = self.len.saturating_sub(start).min(BLOCK as u64) as usize;
        let mut bytes = [0; BLOCK];
        self.data.seek(SeekFrom::Start(start))?;
        self.data.read_exact(&mut bytes[..size])?;
        Ok(bytes)
    }

    /// Reads a block if it is intact.
    fn intact(&mut self, block: usize) -> io::Result<[u8; BLOCK]> {
        let bytes = self.block(block)?;
        let (sums, current) = self.blocks.get(block).ok_or_else(|| damaged(block))?;
        if sums[*current] == checksum(&bytes) { Ok(bytes) } else { Err(damaged(block)) }
    }

    /// Writes the checksums of blocks that will have these contents, from the first one on.
    fn announce(&mut self, first: usize, contents: &[[u8; BLOCK]]) -> io::Result<()> {
        let mut entries = Vec::with_capacity(contents.len() * ENTRY);
        for (block, bytes) in (first..).zip(contents) {
            let (mut sums, current) = self.blocks[block];
            sums[1 - current] = checksum(bytes);
            entries.extend(sums.iter().flat_map(|sum| sum.to_le_bytes()));
        }
        self.sums.seek(SeekFrom::Start((first * ENTRY) as u64))?;
        self.sums.write_all(&entries)
    }

    /// Records that blocks have these contents.
    fn settle(&mut self, first: usize, contents: &[[u8; BLOCK]]) {
        for (block, bytes) in (first..).zip(contents) {
            let (sums, current) = &mut self.blocks[block];
            *current = 1 - *current;
            sums[*current] = checksum(bytes);
        }
    }

    /// Returns the blocks that a range touches, if the file has all of it.
    fn touched(&self, offset: u64, size: usize) -> io::Result<std::ops::Range<usize>> {
        match offset.checked_add(size as u64) {
            Some(end) if end <= self.len => Ok((offset / BLOCK as u64) as usize..blocks_of(end)),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl StorageBackend for CheckedFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.lock().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = &mut *self.lock();
        let mut at = (offset % BLOCK as u64) as usize;
        let mut filled = 0;
        for block in state.touched(offset, out.len())? {
            let bytes = state.intact(block)?;
            let size = (BLOCK - at).min(out.len() - filled);
            out[filled..filled + size].copy_from_slice(&bytes[at..at + size]);
            (filled, at) = (filled + size, 0);
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let state = &mut *self.lock();
        let count = blocks_of(len);
        if len >= state.len {
            // New blocks are filled with zeros, as are their checksums.
            state.sums.set_len((count * ENTRY) as u64)?;
            state.data.set_len(len)?;
            state.blocks.resize(count, ([0, 0], 0));
            state.len = len;
            return Ok(());
        }
        // The rest of the last block becomes zeros.
        let rest = (len % BLOCK as u64) as usize;
        let mut last = Vec::new();
        if rest > 0 {
            let mut bytes = state.intact(count - 1)?;
            bytes[rest..].fill(0);
            last.push(bytes);
            state.announce(count - 1, &last)?;
        }
        state.data.set_len(len)?;
        state.sums.set_len((count * ENTRY) as u64)?;
        state.blocks.truncate(count);
        state.len = len;
        if !last.is_empty() {
            state.settle(count - 1, &last);
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let state = self.lock();
        state.sums.sync_data()?;
        state.data.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let state = &mut *self.lock();
        let touched = state.touched(offset, data.len())?;
        let first = touched.start;
        let mut at = (offset % BLOCK as u64) as usize;
        let (mut contents, mut rest) = (Vec::with_capacity(touched.len()), data);
        for block in touched {
            let (own, later) = rest.split_at((BLOCK - at).min(rest.len()));
            let mut bytes = if own.len() == BLOCK { [0; BLOCK] } else { state.intact(block)? };
            bytes[at..at + own.len()].copy_from_slice(own);
            contents.push(bytes);
            (rest, at) = (later, 0);
        }
        state.announce(first, &contents)?;
        state.data.seek(SeekFrom::Start(offset))?;
        state.data.write_all(data)?;
        state.settle(first, &contents);
        Ok(())
    }
}

fn blocks_of(len: u64) -> usize {
    usize::try_from(len.div_ceil(BLOCK as u64)).unwrap_or(usize::MAX)
}

fn damaged(block: usize) -> io::Error {
    let problem = format!("the file is damaged: block {block} does not match its checksum");
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

/// FNV-1a over words of eight bytes, so every change of a single word is detected. A block of zeros has
/// the checksum zero, as a new block of the file of checksums.
fn checksum(bytes: &[u8; BLOCK]) -> u64 {
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3);
    let word = |word: &[u8]| word.try_into().map(u64::from_le_bytes).unwrap_or_default();
    let start = 0xcbf2_9ce4_8422_2325;
    let (sum, zeros) = bytes
        .chunks_exact(8)
        .fold((start, start), |(sum, zeros), bytes| (step(sum, word(bytes)), step(zeros, 0)));
    sum ^ zeros
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_read_returns_what_was_written() {
        let directory = std::env::temp_dir().join(format!("ci-blocks-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let path = directory.join("lane.redb");
        let mut random = fastrand::Rng::with_seed(1);
        let mut expected: Vec<u8> = Vec::new();
        let mut file = CheckedFile::create(&path).unwrap();
        for round in 0..400 {
            match random.u32(..10) {
                0 => {
                    let len = random.usize(..10 * BLOCK);
                    file.set_len(len as u64).unwrap();
                    expected.resize(len, 0);
                }
                1 => file = CheckedFile::open(&path).unwrap(),
                _ => {
                    let start = random.usize(..=expected.len());
                    let size = random.usize(..=(expected.len() - start).min(3 * BLOCK));
                    let data: Vec<u8> =
                        std::iter::repeat_with(|| random.u8(..)).take(size).collect();
                    file.write(start as u64, &data).unwrap();
                    expected[start..start + size].copy_from_slice(&data);
                }
            }
            let start = random.usize(..=expected.len());
            let mut found = vec![0; random.usize(..=expected.len() - start)];
            file.read(start as u64, &mut found).unwrap();
            assert!(found == expected[start..start + found.len()], "round {round}");
            assert_eq!(fs::read(&path).unwrap(), expected);
            assert!(file.read(expected.len() as u64, &mut [0]).is_err());
        }
        file.set_len(5 * BLOCK as u64).unwrap();
        drop(file);
        for (at, len) in [(0, 1), (4095, 1), (BLOCK, 8), (5 * BLOCK - 1, 1)] {
            let good = fs::read(&path).unwrap();
            let mut bad = good.clone();
            bad[at..at + len].iter_mut().for_each(|byte| *byte ^= 1);
            fs::write(&path, &bad).unwrap();
            assert!(CheckedFile::open(&path).unwrap_err().to_string().contains("is damaged"));
            fs::write(&path, &good).unwrap();
        }
        // Killed after the checksums and before the block.
        let file = CheckedFile::open(&path).unwrap();
        let mut content = file.lock().block(1).unwrap();
        content[7] ^= 1;
        file.lock().announce(1, &[content]).unwrap();
        drop(file);
        drop(CheckedFile::open(&path).unwrap());
        fs::remove_file(sums_of(&path)).unwrap();
        assert!(CheckedFile::open(&path).unwrap_err().is::<Unverified>());
        fs::remove_dir_all(&directory).unwrap();
    }
}
