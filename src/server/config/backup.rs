//! Settings of `gyesan backup` and `gyesan restore`.

use std::path::PathBuf;

use clap::Args;

use crate::server::config::Storage;

#[derive(Clone, Debug, Args)]
pub struct BackupArgs {
    /// The file that is made. One that is there already is never written over.
    pub file: PathBuf,

    #[command(flatten)]
    pub storage: Storage,
}

#[derive(Clone, Debug, Args)]
pub struct RestoreArgs {
    /// What `gyesan backup` has made. It stays as it is.
    pub file: PathBuf,

    #[command(flatten)]
    pub storage: Storage,
}
