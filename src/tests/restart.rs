//! A PostgreSQL server that dies and comes back in the middle of payments; what stays of a database
//! that was closed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use futures::future::join_all;
use serde_json::json;

use crate::server::db::{Db, seed, temporary};
use crate::tests::shop::{Database, Shop, folder, postgres, run};

/// A PostgreSQL server of one's own, which may be restarted: the others' journeys share theirs.
struct Server {
    programs: PathBuf,
    folder: PathBuf,
}

impl Server {
    /// Starts one, if its programs are here: the server that the tests were given may be elsewhere.
    fn start() -> Option<Server> {
        let programs = programs()?;
        let server = Server { programs, folder: folder() };
        // It refuses to run as root, so root lends it another user.
        if is_root() {
            done(Command::new("chown").arg("postgres").arg(&server.folder));
        }
        let data = server.folder.join("data");
        // This test kills the program, not the machine.
        let settings = ["-U", "gyesan", "-A", "trust", "-E", "UTF8", "--no-sync", "-D"];
        done(server.program("initdb").args(settings).arg(data));
        server.control("start");
        Some(server)
    }

    /// As if it had crashed: nobody is asked to finish, and the log of writes is read at the start.
    fn crash_and_start(&self) {
        self.control("restart");
    }

    /// A socket in its folder, which no other test can have.
    fn url(&self) -> String {
        let folder = self.folder.to_str().unwrap().replace('/', "%2F");
        format!("postgres://gyesan@{folder}")
    }

    fn control(&self, what: &str) {
        let folder = self.folder.display();
        let settings = format!("-c listen_addresses='' -c unix_socket_directories={folder}");
        let mut control = self.program("pg_ctl");
        control.args(["-w", "-m", "immediate", "-D"]).arg(self.folder.join("data"));
        if what != "stop" {
            control.args(["-o", &settings]);
        }
        done(control.arg("-l").arg(self.folder.join("log")).arg(what));
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.control("stop");
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// Where Debian and others put the server's programs.
pub(super) fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<_> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
    folders.extend(["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from));
    folders.into_iter().find(|folder| folder.join("initdb").exists())
}

fn is_root() -> bool {
    let told = Command::new("id").arg("-u").output().unwrap();
    told.stdout.trim_ascii() == b"0"
}

#[track_caller]
pub(super) fn done(command: &mut Command) {
    // A server keeps what it was given for ever; nobody must wait for it to be closed.
    command.current_dir(Path::new("/")).stdin(Stdio::null()).stdout(Stdio::null());
    assert!(command.status().unwrap().success(), "{command:?}");
}

#[test]
fn a_server_that_restarts_in_the_middle_loses_nothing() {
    if postgres().is_none() {
        return;
    }
    let Some(server) = Server::start() else { return };
    run(async {
        Db::create(&server.url(), "shop").await.unwrap();
        let database = Database { url: format!("{}/shop", server.url()) };
        let shop = Shop::on(database, folder(), &[]).await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.fault(json!({ "call": "confirm", "kind": "hold", "when": "after" })).await;

        // One is being asked about at Toss, twenty are being placed, while the server dies.
        let buyers: Vec<_> = (0..20).map(|_| shop.stranger()).collect();
        let wish = json!({
            "lines": [{ "productId": "socks", "quantity": 1 }],
            "customer": Shop::wish()["customer"],
        });
        let placing = buyers.iter().map(|buyer| buyer.post_json("/api/place-order", &wish));
        let (answer, (placed, ())) =
            tokio::join!(shop.confirm(&key, &order, json!(order.amount)), async {
                shop.until_asked(&key).await;
                let both = tokio::join!(join_all(placing), async {
                    tokio::task::block_in_place(|| server.crash_and_start());
                });
                shop.lift_faults().await;
                both
            });
        // It may have been written at the second attempt; it was never lost and never refused.
        assert!([200, 202].contains(&answer.status.as_u16()), "{}", answer.text);
        for placed in placed {
            match placed.status.as_u16() {
                201 => {
                    let id = placed.json()["orderId"].as_str().unwrap().to_owned();
                    let status = format!("select status from orders where id = '{id}'");
                    assert_eq!(shop.one(&status).await, "PENDING", "what was told is there");
                }
                status => assert_eq!(status, 503, "{}", placed.text),
            }
        }
        shop.settles(&order, "COMPLETED").await;
        let confirms = shop.calls(&order).await;
        let confirms = confirms.iter().filter(|call| call.starts_with("confirm")).count();
        assert_eq!(confirms, 1, "the payment was there to be read");
        shop.paid().await;
        shop.holds().await;
    });
}

/// What `gyesan drill` and `gyesan bench` leave on a server.
#[test]
fn databases_of_one_run_are_dropped_and_no_others() {
    let Some(server) = postgres() else { return };
    run(async {
        let own = format!("run_{}_", crate::server::runtime::clock::row_id());
        for name in ["1", "10", "other"] {
            Db::create(&server, &format!("{own}{name}")).await.unwrap();
        }
        // Somebody is still connected.
        let db = Db::open(&format!("{server}/{own}1")).await.unwrap();
        temporary::drop_all(&server, &format!("{own}1")).await.unwrap();
        Db::open(&format!("{server}/{own}1")).await.unwrap_err();
        Db::open(&format!("{server}/{own}10")).await.unwrap_err();
        Db::open(&format!("{server}/{own}other")).await.unwrap().close().await;
        temporary::drop_all(&server, &own).await.unwrap();
        Db::open(&format!("{server}/{own}other")).await.unwrap_err();
        db.close().await;
    });
}

/// Who stops a shop may copy its file, and nothing beside it.
#[test]
fn a_file_that_was_closed_is_whole_by_itself() {
    run(async {
        let folder = folder();
        let [left, copy] = ["left.db", "copy.db"].map(|name| folder.join(name));
        let db = Db::open(&format!("sqlite://{}", left.display())).await.unwrap();
        db.migrate().await.unwrap();
        seed::fill_if_empty(&db).await.unwrap();
        db.close().await;
        std::fs::copy(&left, &copy).unwrap();
        // The writer's connection ends with its handle, after the copy was made.
        drop(db);
        let db = Db::open(&format!("sqlite://{}", copy.display())).await.unwrap();
        assert!(!seed::fill_if_empty(&db).await.unwrap(), "the samples are in the copy");
        db.close().await;
        std::fs::remove_dir_all(folder).unwrap();
    });
}
