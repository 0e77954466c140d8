//! Tells cargo what is compiled in besides Rust: migrations and the browser's files.

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts this way")]
fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=migrations");
    // The server holds the browser's files; the browser's own side is what they are made from,
    // and would otherwise be built anew each time they are.
    let is_browser = std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32");
    if !is_browser {
        println!("cargo:rerun-if-changed=target/site");
    }
    // So that `cargo check` works before the browser's side was ever built.
    std::fs::create_dir_all("target/site")
}
