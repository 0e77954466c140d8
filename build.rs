//! Tells cargo what is compiled in besides Rust: migrations and the browser's files.

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=target/site");
    // So that `cargo check` works before the browser's side was ever built.
    std::fs::create_dir_all("target/site")
}
