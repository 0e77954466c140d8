//! Times, as English tells them.

use crate::words::Moment;

/// `Nov 22, 2026, 4:25 PM (KST)`: whoever reads English may be elsewhere.
pub(in crate::words) fn say(it: Moment) -> String {
    let Moment { year, month, day, hour, minute } = it;
    let month = match month {
        1 => "Jan",
        2 => "Feb",
        3 => "Mar",
        4 => "Apr",
        5 => "May",
        6 => "Jun",
        7 => "Jul",
        8 => "Aug",
        9 => "Sep",
        10 => "Oct",
        11 => "Nov",
        _ => "Dec",
    };
    let half = if hour < 12 { "AM" } else { "PM" };
    let hour = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    format!("{month} {day}, {year}, {hour}:{minute:02} {half} (KST)")
}
