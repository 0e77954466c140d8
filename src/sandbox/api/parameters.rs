//! Parameters in the forms that published clients send beside the documented one
//! (Toss: api.md §12).

use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::clock::Moment;
use crate::sandbox::fields::{FieldFault, Fields};

/// How many rows are asked for at most.
pub(crate) fn limit(
    fields: &mut Fields,
    name: &str,
    max: i64,
    assumed: &Assumptions,
) -> Result<Option<i64>, FieldFault> {
    let most = if assumed.large_limits_are_cut { i64::MAX } else { max };
    Ok(fields.maybe_loose_whole(name, 1..=most)?.map(|limit| limit.min(max)))
}

/// A Korean time.
pub(crate) fn time(text: &str, assumed: &Assumptions) -> Option<Moment> {
    if assumed.times_in_other_forms {
        Moment::parse_korea_loosely(text)
    } else {
        Moment::parse_korea(text)
    }
}

/// A Korean day, which a time names as well.
pub(crate) fn day(text: &str, assumed: &Assumptions) -> Option<String> {
    let moment = time(text, assumed)?;
    (assumed.times_in_other_forms || text.len() == 10).then(|| moment.date())
}
