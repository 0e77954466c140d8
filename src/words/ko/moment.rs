//! Times, as Korean tells them.

use crate::words::Moment;

/// `2026. 11. 22. 16:25`
pub(in crate::words) fn say(it: Moment) -> String {
    let Moment { year, month, day, hour, minute } = it;
    format!("{year}. {month}. {day}. {hour:02}:{minute:02}")
}
