//! The help in Chinese: one table of texts, laid out beside the command line's own definition.
//!
//! What stands in `args.rs` is the English; a test there is no way around holds both against each
//! other. Man pages and completions stay English.

use clap::Command;

mod layout;
mod texts;

use layout::help;
pub(crate) use layout::usage;

/// The command line whose help is Chinese.
pub(crate) fn translated(mut command: Command) -> Command {
    command.build();
    with_help(command, "")
}

fn with_help(command: Command, path: &str) -> Command {
    let text = help(&command, path);
    command.override_help(text).mut_subcommands(|inner| {
        let name = inner.get_name().to_owned();
        with_help(inner, &name)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::texts::{self, ABOUT, AFTER};
    use crate::args::Cli;

    /// Every text of the help: of which command, of what, in English.
    fn english() -> Vec<(String, String, String)> {
        let mut root = Cli::command();
        root.build();
        let mut found = Vec::new();
        for command in std::iter::once(&root).chain(root.get_subcommands()) {
            let path = if command.get_name() == "wdt" { "" } else { command.get_name() };
            let mut add =
                |of: &str, text: String| found.push((path.to_owned(), of.to_owned(), text));
            add(ABOUT, command.get_about().unwrap().to_string());
            add(AFTER, command.get_after_help().unwrap().to_string());
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                add(arg.get_id().as_str(), arg.get_help().unwrap().to_string());
            }
        }
        found
    }

    /// What must be the same in every language: options, variables, figures, commands.
    fn figures(text: &str) -> BTreeSet<&str> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_:.".contains(c);
        text.split(|c| !is_part(c))
            .map(|word| word.trim_matches([':', '.']).trim_end_matches('-'))
            .filter(|word| {
                word.starts_with("--")
                    || word.starts_with("WDT_")
                    || word.contains(|c: char| c.is_ascii_digit())
                    || ["strict", "https", "JSON", "FILE"].contains(word)
            })
            .collect()
    }

    #[test]
    fn every_command_and_option_has_a_chinese_text_with_the_same_figures() {
        let english = english();
        assert!(english.len() > 60, "{}", english.len());
        for (path, of, english) in &english {
            let chinese = texts::of(path, of)
                .unwrap_or_else(|| panic!("`wdt {path}` {of} has no Chinese text: {english}"));
            assert!(!chinese.is_ascii(), "{path} {of}: {chinese}");
            assert_eq!(figures(chinese), figures(english), "{path} {of}:\n{chinese}\n{english}");
        }
    }

    #[test]
    fn no_chinese_text_is_left_of_an_option_that_is_gone() {
        let english = english();
        for (path, of) in texts::all() {
            let is_there =
                |(p, o, _): &(String, String, String)| (path == texts::ANY || p == path) && o == of;
            assert!(english.iter().any(is_there), "`wdt {path}` has no {of}");
        }
    }

    #[test]
    fn what_is_shown_has_all_of_it_and_fits_a_terminal() {
        let mut root = super::translated(Cli::command());
        let commands: Vec<_> = root.get_subcommands().map(|c| c.get_name().to_owned()).collect();
        for args in std::iter::once(vec!["wdt".to_owned(), "--help".to_owned()])
            .chain(commands.iter().map(|c| vec!["wdt".to_owned(), c.clone(), "--help".to_owned()]))
        {
            let help = root.try_get_matches_from_mut(&args).unwrap_err().render().to_string();
            for heading in ["用法：", "选项：", "示例："] {
                assert!(help.contains(heading), "{args:?} {heading}\n{help}");
            }
            for english in ["Usage", "Options", "Commands", "[default", "Print help", "OPTIONS"] {
                assert!(!help.contains(english), "{args:?} {english}\n{help}");
            }
            for line in help.lines() {
                let columns: usize = line.chars().map(|c| 1 + usize::from(c > '\u{2e80}')).sum();
                assert!(columns <= 100, "{args:?}: {columns} {line}");
            }
        }
    }
}
