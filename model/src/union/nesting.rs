//! How deeply values of unions are nested. Each is decoded apart, so the limit of the parser applies
//! to each alone, and not to all of them together.

use std::cell::Cell;

/// The number of unions around a value from which its depth is checked. Most documents never have
/// that many.
const CHECKED: usize = 4;
/// The number of containers in each other that the parser accepts.
const MAX_DEPTH: usize = 127;

thread_local! {
    static UNIONS: Cell<usize> = const { Cell::new(0) };
}

/// A union whose value is decoded.
pub(super) struct Nested(());

impl Nested {
    /// Starts decoding the value of a union. Returns `None` if values in it are nested too deeply.
    pub(super) fn start(json: &str) -> Option<Self> {
        let around = UNIONS.get();
        // Values further inside are part of this one.
        if around == CHECKED && depth(json) > MAX_DEPTH {
            return None;
        }
        UNIONS.set(around + 1);
        Some(Self(()))
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        UNIONS.set(UNIONS.get() - 1);
    }
}

/// Returns the number of containers in each other.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn depth_is_that_of_containers() {
        for (json, expected) in
            [("1", 0), ("[]", 1), (r#"{"a\"[[": [1, {}], "b": "]["}"#, 3), ("[[], [[]], []]", 3)]
        {
            assert_eq!(depth(json), expected, "{json}");
        }
    }
}
