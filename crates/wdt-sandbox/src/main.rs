//! `wdt-sandbox`: the program. All of it is [`wdt_sandbox::cli`].

use std::process::ExitCode;

use clap::Parser;
use wdt_proto::Language;

/// A local stand-in for the server of the Wangdian flagship (旺店通旗舰版) open API.
#[derive(Debug, Parser)]
#[command(name = "wdt-sandbox", version)]
struct Program {
    #[command(flatten)]
    args: wdt_sandbox::cli::Args,
}

fn main() -> ExitCode {
    match wdt_sandbox::cli::run(Program::parse().args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let language = Language::of_environment(|name| std::env::var(name).ok());
            eprintln!("wdt-sandbox: {}", error.text(language));
            ExitCode::FAILURE
        }
    }
}
