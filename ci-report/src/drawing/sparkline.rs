//! Time series in one line.

const COLUMNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Draws values as small columns, scaled to the largest. A negative value is drawn as 0; a value
/// that is missing leaves a gap.
#[must_use]
pub fn sparkline(values: impl IntoIterator<Item = Option<f64>>) -> String {
    let values: Vec<Option<f64>> =
        values.into_iter().map(|value| value.filter(|value| value.is_finite())).collect();
    let max = values.iter().flatten().copied().fold(0.0, f64::max);
    let column = |value: &Option<f64>| {
        let Some(value) = value else { return ' ' };
        let share = if max > 0.0 { (value / max).clamp(0.0, 1.0) } else { 0.0 };
        // Only 0 has the lowest column.
        let height = (share * (COLUMNS.len() - 1) as f64).ceil() as usize;
        COLUMNS.get(height).copied().unwrap_or(' ')
    };
    values.iter().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn values_are_scaled_to_the_largest() {
        let values = [0.0, 1.0, 50.0, 100.0].map(Some);
        assert_eq!(sparkline(values), "▁▂▅█");
        assert_eq!(sparkline([Some(3.0), None, Some(f64::NAN), Some(-1.0)]), "█  ▁");
        assert_eq!(sparkline([Some(0.0), Some(0.0)]), "▁▁");
        assert_eq!(sparkline([]), "");
    }
}
