//! `wdt`: finds signature mismatches, checks, signs and sends calls of the Wangdian flagship open
//! API. The protocol is `wdt_proto`'s; here are the command line, the files and the network.

mod args;
mod call;
mod check;
mod credentials;
mod explain;
mod failure;
mod generate;
mod input;
mod methods;
mod output;
mod sign;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::args::{Account, Cli, Command};
use crate::credentials::Settings;
use crate::failure::{Exit, Failure};
use crate::output::Output;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(cli).into(),
        Err(error) => refuse(&error).into(),
    }
}

fn run(cli: Cli) -> Exit {
    let mut output = Output::new(cli.common.json);
    hide_environment(&mut output);
    match dispatch(cli.command, &mut output) {
        Ok(exit) => exit,
        Err(failure) => output.failure(&failure),
    }
}

fn dispatch(command: Command, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Command::Explain(args) => explain::run(&args, &settings(&args.account, output)?, output),
        Command::Sign(args) => sign::run(&args, &settings(&args.account, output)?, output),
        Command::Check(args) => check::run(&args, output),
        Command::Call(args) => call::run(&args, &settings(&args.account, output)?, output),
        Command::Methods(args) => methods::run(&args, output),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => {
            wdt_sandbox::cli::run(args).map(|()| Exit::Fine).map_err(|error| {
                let language = wdt_proto::Language::of_environment(|name| std::env::var(name).ok());
                Failure::io(error.text(language).to_string())
            })
        }
        Command::Completions(args) => generate::completions(&args, output),
        Command::Man(args) => generate::man(&args, output),
    }
}

fn settings(account: &Account, output: &mut Output) -> Result<Settings, Failure> {
    let settings = Settings::load(account.credentials.as_deref())?;
    settings.hide_in(output);
    Ok(settings)
}

/// A secret that stands in an argument or a file by mistake is not repeated either.
fn hide_environment(output: &mut Output) {
    if let Ok(settings) = Settings::load(None) {
        settings.hide_in(output);
    }
}

/// Help, the version, or a command line that is not understood.
fn refuse(error: &clap::Error) -> Exit {
    let is_answer = !error.use_stderr();
    let mut output = Output::new(std::env::args_os().any(|arg| arg == "--json"));
    hide_environment(&mut output);
    let wants_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if is_answer {
        output.text(&error.render().ansi().to_string());
        return Exit::Fine;
    }
    if output.json && !wants_help {
        let text = error.render().to_string();
        return output.failure(&Failure::usage(text.trim_start_matches("error: ").trim_end()));
    }
    output.remark(error.render().ansi().to_string().trim_end());
    Exit::Usage
}
