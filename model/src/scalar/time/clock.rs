//! Times of day (RFC 3339), on their own and in timestamps.

/// Returns the offset of a time such as `12:30:00.5Z`: an empty string if it has none, and `None` if
/// the string is not a time.
pub(crate) fn offset_of(time: &str) -> Option<&str> {
    let (clock, rest) = time.split_at_checked(8)?;
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            (offset.len() < fraction.len()).then_some(offset)?
        }
        None => rest,
    };
    let is_offset = match offset.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => true,
        Some(("+" | "-", clock)) => fits(clock, "99:99", &[(0, 23), (3, 59)]),
        _ => false,
    };
    let is_clock = fits(clock, "99:99:99", &[(0, 23), (3, 59), (6, 60)]);
    (is_clock && is_offset).then_some(offset)
}

/// Reads up to nine digits, and nothing else.
pub(super) fn digits(bytes: &[u8]) -> Option<u32> {
    let is_number = (1..=9).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit);
    is_number.then(|| bytes.iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0')))
}

/// Whether a string has the form of a pattern, in which `9` is a digit, and the numbers of two digits
/// at these indexes have at most these values.
fn fits(string: &str, pattern: &str, limits: &[(usize, u8)]) -> bool {
    let is_alike = |(byte, form): (u8, u8)| match form {
        b'9' => byte.is_ascii_digit(),
        other => byte == other,
    };
    let value = |at: usize| string.get(at..at + 2).and_then(|digits| digits.parse::<u8>().ok());
    string.len() == pattern.len()
        && string.bytes().zip(pattern.bytes()).all(is_alike)
        && limits.iter().all(|(at, limit)| value(*at).is_some_and(|value| value <= *limit))
}
