//! RFC 3339 dates and timestamps, parsed independently of the generated code.

/// Parses a timestamp as seconds since 1970 in UTC and nanoseconds.
pub(super) fn timestamp(value: &str) -> Option<(i64, u32)> {
    let (date, rest) = value.split_at_checked(10)?;
    let days = day(date)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let [hours, minutes, seconds] = numbers(clock, ':', [2, 2, 2])?;
    // A leap second is the last of its minute.
    if hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?),
        None => ("0", rest),
    };
    if fraction.is_empty() {
        return None;
    }
    let nanoseconds = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let offset = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        (direction @ ("+" | "-"), offset) => {
            let [hours, minutes] = numbers(offset, ':', [2, 2])?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if direction == "+" { 60 } else { -60 }
        }
        _ => return None,
    };
    let clock = hours * 3600 + minutes * 60 + seconds.min(59);
    Some((days * 86_400 + clock - offset, nanoseconds))
}

/// Parses a date as days since 1970.
pub(super) fn day(value: &str) -> Option<i64> {
    let [year, month, day] = numbers(value, '-', [4, 2, 2])?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // A year that begins in March has its odd day at its end.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468)
}

/// Parses numbers with fixed numbers of digits between separators.
fn numbers<const N: usize>(value: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = value.split(separator);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next()?;
        if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_counted_in_utc() {
        assert_eq!(timestamp("1970-01-01T00:00:00Z"), Some((0, 0)));
        assert_eq!(timestamp("2000-03-01T00:00:00.5Z"), Some((951_868_800, 500_000_000)));
        assert_eq!(timestamp("2024-08-22T11:36:29-07:00"), timestamp("2024-08-22T18:36:29Z"));
        assert_eq!(timestamp("1969-12-31t23:59:59z"), Some((-1, 0)));
    }

    #[test]
    fn invalid_timestamps_are_rejected() {
        for value in [
            "",
            "2024-08-22",
            "2024-08-22T11:36:29",
            "2024-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-08-22T24:00:00Z",
            "2024-08-22T11:36:29.Z",
            "2024-08-22T11:36:29+0700",
            "ééééééééééé",
        ] {
            assert_eq!(timestamp(value), None, "{value}");
        }
    }
}
