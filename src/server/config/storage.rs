//! Where orders are kept.

use clap::{Args, ValueEnum};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

/// Where orders are kept.
#[derive(Clone, Debug, Args)]
pub struct Storage {
    /// An SQLite file, such as sqlite://gyesan.db, or a PostgreSQL database, such as
    /// postgres://user:password@host:5432/shop. Only `serve` and `migrate` make a file and tables
    /// that are not there.
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://gyesan.db",
        hide_env_values = true
    )]
    pub database_url: SecretString,

    /// What stands in front of a PostgreSQL server: `transaction` is a pooler that gives each
    /// transaction any of its connections, as pgbouncer does in that mode; `auto` finds out.
    #[arg(long, env = "GYESAN_POOLER", value_enum, default_value_t = Pooler::Auto)]
    pub pooler: Pooler,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Pooler {
    Auto,
    None,
    Transaction,
}

/// What is meant, wherever something else was given.
pub const MEANT: &str = "an SQLite file such as sqlite://gyesan.db, or a PostgreSQL database such \
                         as postgres://user:password@host:5432/shop";

impl Storage {
    /// The address, if it is one of a database. What was given is never printed: there may be a
    /// password in it.
    pub fn url(&self) -> Result<&str, String> {
        let url = self.database_url.expose_secret();
        let told =
            |wrong: &str| Err(format!("DATABASE_URL (--database-url) {wrong}: {MEANT} is meant"));
        if let Some(file) = url.strip_prefix("sqlite:") {
            let file = file.trim_start_matches("//");
            return match file.split('?').next() {
                Some("") | None => told("names no file"),
                Some(_) => Ok(url),
            };
        }
        let is_postgres = ["postgres://", "postgresql://"].iter().any(|it| url.starts_with(it));
        match Url::parse(url) {
            Ok(_) if is_postgres => Ok(url),
            Err(error) if is_postgres => told(&format!("cannot be read ({error})")),
            Ok(_) | Err(_) => told("is no address of a database"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pooler, Storage};

    #[test]
    fn an_address_of_no_database_is_told_with_what_is_meant_and_never_printed() {
        let told = |url: &str| {
            let storage = Storage { database_url: url.into(), pooler: Pooler::Auto };
            storage.url().map(str::to_owned)
        };
        for url in [
            "sqlite://gyesan.db",
            "sqlite:gyesan.db",
            "sqlite:///var/lib/gyesan/shop.db?mode=rwc",
            "postgres://user:secret@host:5432/shop",
            "postgresql:///shop",
        ] {
            assert_eq!(told(url).as_deref(), Ok(url));
        }
        for (url, wrong) in [
            ("gyesan.db", "is no address"),
            ("/var/lib/secret.db", "is no address"),
            ("", "is no address"),
            ("sqlite://", "names no file"),
            ("sqlite:?mode=rwc", "names no file"),
            ("mysql://user:secret@host/shop", "is no address"),
            ("postgres:/user:secret@host/shop", "is no address"),
            ("postgres://user:secret@host:many/shop", "cannot be read"),
        ] {
            let told = told(url).unwrap_err();
            assert!(told.contains(wrong) && told.contains("sqlite://gyesan.db"), "{url}: {told}");
            assert!(told.starts_with("DATABASE_URL") && !told.contains("secret"), "{url}: {told}");
        }
    }
}
