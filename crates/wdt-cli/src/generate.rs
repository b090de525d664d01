//! Shell completions and man pages, made from the command line's definition.

use std::fs;
use std::io;
use std::path::Path;

use clap::CommandFactory;
use serde_json::json;

use crate::args::{Cli, Completions, Man};
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::words::{Words, words};

/// `wdt completions`
#[allow(clippy::unnecessary_wraps)] // as the other commands
pub(crate) fn completions(args: &Completions, output: &Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "wdt", &mut script);
    if output.json {
        let script = String::from_utf8_lossy(&script);
        output.json(json!({ "ok": true, "shell": args.shell.to_string(), "script": script }));
    } else {
        output.exact(&script);
    }
    Ok(Exit::Fine)
}

/// `wdt man`
pub(crate) fn man(args: &Man, output: &Output) -> Result<Exit, Failure> {
    let mut command = Cli::command().disable_help_flag(false);
    command.build();
    if let Some(dir) = &args.dir {
        return write_pages(&command, dir, output);
    }
    let page =
        page(command).map_err(|error| Failure::file(&words!("the page", "手册页"), &error))?;
    if output.json {
        output.json(json!({ "ok": true, "page": String::from_utf8_lossy(&page) }));
    } else {
        output.exact(&page);
    }
    Ok(Exit::Fine)
}

fn write_pages(command: &clap::Command, dir: &Path, output: &Output) -> Result<Exit, Failure> {
    let name_of = |name: &str| if name == "wdt" { name.to_owned() } else { format!("wdt-{name}") };
    let mut files = Vec::new();
    let commands: Vec<_> = command.get_subcommands().cloned().chain([command.clone()]).collect();
    for command in commands {
        let name = name_of(command.get_name());
        let path = dir.join(format!("{name}.1"));
        let written = page(command.name(name)).and_then(|page| fs::write(&path, page));
        written.map_err(|error| Failure::file(&Words::same(path.display()), &error))?;
        files.push(path.display().to_string());
    }
    files.sort();
    if output.json {
        output.json(json!({ "ok": true, "files": files }));
    } else {
        output.text(&format!("{}\n", files.join("\n")));
    }
    Ok(Exit::Fine)
}

fn page(command: clap::Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    Ok(page)
}
