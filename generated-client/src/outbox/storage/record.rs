//! The format of a record: a marker, so that it can be found in a damaged file, and a checksum that
//! detects flipped bits.

use std::ops::Range;

/// The kind of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::outbox) enum Kind {
    /// A waiting event.
    Event,
    /// A rejected event with the reasons.
    Rejected,
}

const MARKER: usize = 8;
/// The first byte of each marker. It occurs neither in UTF-8 nor in free pages.
const FIRST: u8 = 0xff;
const HEAD: usize = MARKER + 24;
const CHECKSUM: Range<usize> = MARKER..MARKER + 8;
const NUMBER: Range<usize> = MARKER + 8..MARKER + 16;
const LENGTH: Range<usize> = MARKER + 16..HEAD;

impl Kind {
    /// Returns the marker of this kind. Part of the file format.
    fn marker(self) -> [u8; MARKER] {
        match self {
            Self::Event => *b"\xff\x00event\n",
            Self::Rejected => *b"\xff\x00refus\n",
        }
    }
}

/// Creates a record.
pub(super) fn write(kind: Kind, number: u64, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + content.len());
    bytes.extend(kind.marker());
    bytes.extend([0; 8]);
    bytes.extend(number.to_le_bytes());
    bytes.extend((content.len() as u64).to_le_bytes());
    bytes.extend(content);
    let checksum = checksum(&bytes[NUMBER.start..]);
    bytes[CHECKSUM].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Reads the record at the start of `bytes`. Returns its number and content if it is intact.
pub(super) fn read(kind: Kind, bytes: &[u8]) -> Option<(u64, &[u8])> {
    if !bytes.starts_with(&kind.marker()) {
        return None;
    }
    let number = |range: Range<usize>| Some(u64::from_le_bytes(bytes.get(range)?.try_into().ok()?));
    let end = HEAD.checked_add(usize::try_from(number(LENGTH)?).ok()?)?;
    if checksum(bytes.get(NUMBER.start..end)?) != number(CHECKSUM)? {
        return None;
    }
    Some((number(NUMBER)?, bytes.get(HEAD..end)?))
}

/// Finds all intact records in `bytes`.
pub(super) fn scan(bytes: &[u8]) -> impl Iterator<Item = (Kind, u64, &[u8])> {
    let found = |at: usize| {
        let rest = &bytes[at..];
        [Kind::Event, Kind::Rejected]
            .into_iter()
            .find_map(|kind| read(kind, rest).map(|(number, content)| (kind, number, content)))
    };
    (0..bytes.len()).filter(|at| bytes[*at] == FIRST).filter_map(found)
}

/// FNV-1a. Each step is invertible, so every change of a single byte is detected.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_is_found() {
        let good = write(Kind::Event, 7, b"{\"a\": 1}");
        assert_eq!(read(Kind::Event, &good), Some((7, &b"{\"a\": 1}"[..])));
        assert_eq!(read(Kind::Rejected, &good), None);
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(Kind::Event, &bad), None, "bit {bit}");
        }
        assert_eq!(read(Kind::Event, &good[..good.len() - 1]), None);
    }

    #[test]
    fn records_are_found_anywhere() {
        let mut bytes = vec![0; 100];
        bytes.extend(write(Kind::Event, 1, b"one"));
        bytes.extend(*b"\xff\x00event\nand no more");
        bytes.extend(write(Kind::Rejected, 2, b""));
        let found: Vec<_> = scan(&bytes).collect();
        assert_eq!(found, [(Kind::Event, 1, &b"one"[..]), (Kind::Rejected, 2, &b""[..])]);
    }
}
