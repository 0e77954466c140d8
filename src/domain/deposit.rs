//! How long a deposit can still be made.

/// The two greatest parts of the time that is left; `None` when it is over. `units`: what stands behind
/// days, hours, minutes and seconds, and behind all of it, in the page's language, with `|` between them.
pub fn time_left(ms: i64, units: &str) -> Option<String> {
    if ms <= 0 {
        return None;
    }
    let (seconds, minutes, hours) = (ms / 1_000, ms / 60_000, ms / 3_600_000);
    let mut units = units.split('|');
    let (day, hour) = (units.next()?, units.next()?);
    let (minute, second, end) = (units.next()?, units.next()?, units.next()?);
    Some(match (hours / 24, hours) {
        (0, 0) => format!("{minutes}{minute}{:02}{second}{end}", seconds % 60),
        (0, hours) => format!("{hours}{hour}{}{minute}{end}", minutes % 60),
        (days, hours) => format!("{days}{day}{}{hour}{end}", hours % 24),
    })
}

#[cfg(test)]
mod tests {
    use super::time_left;

    #[test]
    fn the_nearer_the_finer() {
        const HOUR: i64 = 3_600_000;
        for (ms, told) in [
            (7 * 24 * HOUR, Some("7일 0시간 남음")),
            (24 * HOUR, Some("1일 0시간 남음")),
            (24 * HOUR - 1, Some("23시간 59분 남음")),
            (HOUR, Some("1시간 0분 남음")),
            (HOUR - 1, Some("59분 59초 남음")),
            (9_000, Some("0분 09초 남음")),
            (1, Some("0분 00초 남음")),
            (0, None),
            (-5, None),
        ] {
            assert_eq!(time_left(ms, "일 |시간 |분 |초 |남음").as_deref(), told, "{ms}");
        }
    }
}
