//! `wdt`: finds signature mismatches, checks, signs and sends calls of the Wangdian flagship open
//! API. The protocol is `wdt_proto`'s; here are the command line, the files and the network.

mod args;
mod call;
mod check;
mod credentials;
mod explain;
mod failure;
mod generate;
mod help_zh;
mod http;
mod input;
mod issues;
mod methods;
mod output;
#[cfg(feature = "pull")]
mod pull;
mod query;
mod sign;
mod signed;
mod usage;
mod words;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use wdt_proto::Language;

use crate::args::{Account, Cli, Command};
use crate::credentials::Settings;
use crate::failure::{Exit, Failure};
use crate::output::Output;

fn main() -> ExitCode {
    let language = Language::of_environment(|name| std::env::var(name).ok());
    let mut command = match language {
        Language::Chinese => help_zh::translated(Cli::command()),
        _ => Cli::command(),
    };
    let parsed = command
        .try_get_matches_from_mut(std::env::args_os())
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| error.format(&mut command));
    match parsed {
        Ok(cli) => run(cli, language).into(),
        Err(error) => refuse(&error, language).into(),
    }
}

fn run(cli: Cli, language: Language) -> Exit {
    let mut output = Output::new(cli.common.json, language);
    hide_environment(&mut output);
    let exit = match dispatch(cli.command, &mut output) {
        Ok(exit) => exit,
        Err(failure) => output.failure(&failure),
    };
    output.end(exit)
}

fn dispatch(command: Command, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Command::Explain(args) => explain::run(&args, &settings(&args.account, output)?, output),
        Command::Sign(args) => sign::run(&args, &settings(&args.account, output)?, output),
        Command::Check(args) => check::run(&args, output),
        Command::Call(args) => call::run(&args, &settings(&args.account, output)?, output),
        #[cfg(feature = "pull")]
        Command::Pull(args) => pull::run(&args, &settings(&args.account, output)?, output),
        Command::Methods(args) => methods::run(&args, output),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => wdt_sandbox::cli::run(args)
            .map(|()| Exit::Fine)
            .map_err(|error| Failure::io(words::Words::of(&error))),
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
fn refuse(error: &clap::Error, language: Language) -> Exit {
    let is_answer = !error.use_stderr();
    let mut output = Output::new(std::env::args_os().any(|arg| arg == "--json"), language);
    hide_environment(&mut output);
    let wants_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if is_answer || wants_help {
        output.help(&error.render().ansi().to_string(), is_answer);
        return output.end(if is_answer { Exit::Fine } else { Exit::Usage });
    }
    let exit = output.failure(&Failure::usage(usage::words(error)));
    output.end(exit)
}
