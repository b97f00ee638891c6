//! How an event is written: framed, so that it is found in a file that is damaged, and with a
//! checksum of its own, so that a flipped bit is found in it.

use std::ops::Range;

/// What a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An event that is to be sent.
    Event,
    /// An event that was rejected, with the reasons.
    Rejected,
}

const MARK: usize = 8;
/// What every mark begins with: no text has such a byte, and no free page is full of it.
const FIRST: u8 = 0xff;
const HEAD: usize = MARK + 24;
const CHECKSUM: Range<usize> = MARK..MARK + 8;
const NUMBER: Range<usize> = MARK + 8..MARK + 16;
const LENGTH: Range<usize> = MARK + 16..HEAD;

impl Kind {
    /// What every record of this kind begins with.
    fn mark(self) -> [u8; MARK] {
        match self {
            Self::Event => *b"\xff\x00event\n",
            Self::Rejected => *b"\xff\x00refus\n",
        }
    }
}

/// A record of some content under a number.
pub(super) fn write(kind: Kind, number: u64, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + content.len());
    bytes.extend(kind.mark());
    bytes.extend([0; 8]);
    bytes.extend(number.to_le_bytes());
    bytes.extend((content.len() as u64).to_le_bytes());
    bytes.extend(content);
    let checksum = checksum(&bytes[NUMBER.start..]);
    bytes[CHECKSUM].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// The number and the content of the record that begins here, if it is as it was written.
pub(super) fn read(kind: Kind, bytes: &[u8]) -> Option<(u64, &[u8])> {
    if !bytes.starts_with(&kind.mark()) {
        return None;
    }
    let number = |range: Range<usize>| Some(u64::from_le_bytes(bytes.get(range)?.try_into().ok()?));
    let end = HEAD.checked_add(usize::try_from(number(LENGTH)?).ok()?)?;
    if checksum(bytes.get(NUMBER.start..end)?) != number(CHECKSUM)? {
        return None;
    }
    Some((number(NUMBER)?, bytes.get(HEAD..end)?))
}

/// Every record anywhere in the bytes that is as it was written.
pub(super) fn scan(bytes: &[u8]) -> impl Iterator<Item = (Kind, u64, &[u8])> {
    let found = |at: usize| {
        let rest = &bytes[at..];
        [Kind::Event, Kind::Rejected]
            .into_iter()
            .find_map(|kind| read(kind, rest).map(|(number, content)| (kind, number, content)))
    };
    (0..bytes.len()).filter(|at| bytes[*at] == FIRST).filter_map(found)
}

/// FNV-1a: each of its steps can be undone, so no change of a single byte goes unseen.
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
