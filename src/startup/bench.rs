//! `gyesan bench`.

use crate::server::config::Bench;

pub(super) async fn run(_args: Bench) -> Result<(), String> {
    Ok(())
}
