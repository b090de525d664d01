//! A command's help, put together as clap does it, with Chinese headings and full-width columns.

use std::fmt::Write as _;

use anstyle::Style;
use clap::{Arg, Command};
use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Table, presets};

use super::texts::{self, ABOUT, AFTER};

/// As `max_term_width` has it for the English.
const MAX_COLUMNS: u16 = 100;

const HEADING: Style = Style::new().bold().underline();

/// The whole help of a command that is built; `path` is empty for the program itself.
pub(super) fn help(command: &Command, path: &str) -> String {
    let of = |what| texts::of(path, what).unwrap_or_default();
    let mut parts = vec![
        of(ABOUT).to_owned(),
        format!("{}{}", heading("用法："), usage(&command.clone().render_usage().to_string())),
    ];
    let mut section = |title: &str, rows: Vec<[String; 2]>| {
        if !rows.is_empty() {
            parts.push(format!("{}\n{}", heading(title), table(rows)));
        }
    };
    let commands = command.get_subcommands().filter(|inner| !inner.is_hide_set()).map(|inner| {
        let name = inner.get_name();
        [name.to_owned(), texts::of(name, ABOUT).unwrap_or_default().to_owned()]
    });
    section("命令：", commands.collect());
    let row = |arg: &Arg| [name(arg), text(arg, path)];
    let shown = |arg: &&Arg| !arg.is_hide_set();
    section("参数：", command.get_positionals().filter(shown).map(row).collect());
    let options = command.get_arguments().filter(|arg| !arg.is_positional());
    section("选项：", options.filter(shown).map(row).collect());
    parts.push(of(AFTER).to_owned());
    parts.join("\n\n") + "\n"
}

/// clap's line of usage without its heading, its own words in Chinese.
pub(crate) fn usage(english: &str) -> String {
    let usage = english.trim().trim_start_matches("Usage:").trim_start();
    usage.replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>")
}

fn heading(text: &str) -> String {
    format!("{HEADING}{text}{HEADING:#}")
}

/// `-h, --help`, `--level <LEVEL>`, `<METHOD>`
fn name(arg: &Arg) -> String {
    match (arg.is_positional(), arg.get_short()) {
        (true, _) => arg.to_string(),
        (false, Some(short)) => format!("-{short}, {arg}"),
        (false, None) => format!("    {arg}"),
    }
}

/// What an option is for, its values and its default.
fn text(arg: &Arg, path: &str) -> String {
    let mut text = texts::of(path, arg.get_id().as_str()).unwrap_or_default().to_owned();
    if !arg.get_action().takes_values() {
        return text;
    }
    let values = arg.get_possible_values();
    let values: Vec<_> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
    if !values.is_empty() {
        let _ = write!(text, " [可选值：{}]", values.join("、"));
    }
    let defaults = arg.get_default_values().iter().map(|value| value.to_string_lossy());
    let defaults: Vec<_> = defaults.filter(|value| !value.is_empty()).collect();
    if !defaults.is_empty() {
        let _ = write!(text, " [默认：{}]", defaults.join("、"));
    }
    text
}

/// Two columns; names are not broken, and Chinese is two columns wide.
fn table(rows: Vec<[String; 2]>) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(table.width().unwrap_or(MAX_COLUMNS).min(MAX_COLUMNS));
    for [name, text] in rows {
        table.add_row([Cell::new(name).add_attribute(Attribute::Bold), Cell::new(text)]);
    }
    for (column, padding) in table.column_iter_mut().zip([(2, 2), (0, 0)]) {
        column.set_padding(padding);
    }
    if let Some(names) = table.column_mut(0) {
        names.set_constraint(ColumnConstraint::ContentWidth);
    }
    let lines = table.to_string();
    lines.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
