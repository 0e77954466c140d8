//! Programs that this one starts again as its children, and the folders they work in. All of it
//! ends with its handle, however that comes.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::server::runtime::clock;

/// A start takes well under a second; a slow disk may take several for the first tables.
const START_PATIENCE: Duration = Duration::from_secs(30);

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How each child begins the line that says where it listens.
pub(crate) const SANDBOX_SIGN: &str = "Sandbox of Toss Payments:";
pub(crate) const SHOP_SIGN: &str = "Shop:";

/// A port of the system's choosing, which no other machine can reach.
pub(crate) const ANY_PORT: &str = "127.0.0.1:0";

/// A child that has said where it listens.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) url: String,
    leash: Leash,
}

impl Program {
    pub(crate) async fn start(mut command: Command, sign: &'static str) -> Result<Program, String> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // Writing a log is not what is measured.
            .env("GYESAN_LOG", "error")
            // Nor is a proxy between the two.
            .env("NO_PROXY", "127.0.0.1");
        let mut child = command
            .spawn()
            .map_err(|error| format!("this program could not be started again: {error}"))?;
        let output = child.stdout.take();
        let leash = Leash(child);
        let output = output.ok_or("a child has no output")?;
        let reading = tokio::task::spawn_blocking(move || announced(output, sign));
        match tokio::time::timeout(START_PATIENCE, reading).await {
            Ok(Ok(Some(url))) => Ok(Program { url, leash }),
            Ok(Ok(None) | Err(_)) => {
                Err(format!("a child stopped before it printed “{sign} …”: {}", leash.ended()))
            }
            Err(_elapsed) => Err(format!(
                "a child did not print “{sign} …” within {} seconds",
                START_PATIENCE.as_secs()
            )),
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.leash.0.id()
    }

    /// Tells it to stop, as a process manager does, and waits until it has: how it ended.
    pub(crate) async fn stop(mut self, patience: Duration) -> Result<ExitStatus, String> {
        let told = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        told.map_err(|error| format!("a child could not be told to stop: {error}"))?;
        let until = Instant::now() + patience;
        while Instant::now() < until {
            match self.leash.0.try_wait() {
                Ok(Some(ended)) => return Ok(ended),
                Ok(None) => tokio::time::sleep(LOOK_EVERY).await,
                Err(error) => return Err(error.to_string()),
            }
        }
        Err(format!("a child was told to stop, and had not within {} s", patience.as_secs()))
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        matches!(self.leash.0.try_wait(), Ok(Some(_)) | Err(_))
    }
}

/// The address in the first line that begins with `sign`; `None` when the output ends before.
fn announced(output: impl Read, sign: &str) -> Option<String> {
    BufReader::new(output)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix(sign).map(|url| url.trim().to_owned()))
}

/// A child that ends with its handle. At once, because nothing it holds is wanted any more.
#[derive(Debug)]
struct Leash(Child);

impl Leash {
    /// How a child ended whose output has ended.
    fn ended(mut self) -> String {
        match self.0.wait() {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        // Both fail only for a child that has ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A folder that is removed with its handle.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes one of its own inside `parent`, or else where the system keeps what is temporary.
    pub(crate) fn make(parent: Option<&Path>) -> Result<Folder, String> {
        let parent = parent.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let path = std::path::absolute(parent.join(format!("gyesan-run-{}", clock::row_id())));
        let made = path.and_then(|path| std::fs::create_dir(&path).map(|()| Folder(path)));
        made.map_err(|error| format!("no folder can be made in {}: {error}", parent.display()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::{SANDBOX_SIGN, SHOP_SIGN, announced};

    #[test]
    fn an_address_is_read_from_the_line_that_announces_it() {
        let shop = "a word before\nShop:  http://127.0.0.1:4001\nToss:  http://127.0.0.1:4000/\n";
        let sandbox = "Sandbox of Toss Payments: http://127.0.0.1:4000\nPoint a shop at it";
        for (output, sign, url) in [
            (shop, SHOP_SIGN, Some("http://127.0.0.1:4001")),
            (sandbox, SANDBOX_SIGN, Some("http://127.0.0.1:4000")),
            (sandbox, SHOP_SIGN, None),
            ("", SHOP_SIGN, None),
        ] {
            assert_eq!(announced(output.as_bytes(), sign).as_deref(), url);
        }
    }
}
