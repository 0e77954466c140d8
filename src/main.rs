//! The binary: settings in, exit code out.

use std::process::ExitCode;

use clap::Parser;

use gyesan::server::config::Cli;
use gyesan::startup;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cli.workers.count())
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            startup::complain(&format!("the async runtime did not start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(startup::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            startup::complain(&sentence);
            ExitCode::FAILURE
        }
    }
}
