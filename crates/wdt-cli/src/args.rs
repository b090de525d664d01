//! The command line. What stands here is also the help, the man pages and the completions.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
#[cfg(feature = "pull")]
use wdt_proto::session::{PullOptions, Retry};
use wdt_proto::{Level, Pager};

use crate::failure::Failure;
use crate::input::Moment;
use crate::words::Words;

const AFTER_HELP: &str = "\
Credentials (never on the command line, where others see them):
  WDT_SID        卖家账号, the merchant's account
  WDT_APPKEY     the application's key
  WDT_APPSECRET  the whole app secret as issued, secret:salt
  WDT_BASE_URL   the server, for `call` and `sign`; https:// where there is one
or --credentials FILE of mode 600: TOML (sid, appkey, appsecret, base_url) or WDT_…=… lines.
NO_COLOR switches colours off; WDT_LANG=zh switches to Chinese.

Exit codes:
  0  fine
  1  a problem was found
  2  wrong usage or credentials
  3  a file or the network failed

Examples:
  wdt explain 'http://erp.example/openapi?sid=…&sign=…' body.json    why 验证失败?
  wdt methods 库存同步                            search names, titles and fields
  wdt methods sales.StockSync.syncFail          one method's fields and limits
  wdt check sales.StockSync.syncFail body.json  all that is wrong with a body
  wdt call sales.StockSync.cancelSync 178238 -1 --send
  wdt pull sales.TradeQuery.queryWithDetail --since 2026-11-01 --to orders.sqlite
  wdt sandbox                                   a server to try it against";

/// Finds signature mismatches, checks, signs and sends calls of the Wangdian flagship
/// (旺店通旗舰版, qjb) open API.
#[derive(Debug, Parser)]
#[command(name = "wdt", version, after_help = AFTER_HELP, arg_required_else_help = true)]
#[command(disable_help_subcommand = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Write one JSON document to standard output, errors too
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// Where the credentials are.
#[derive(Debug, Args)]
pub(crate) struct Account {
    /// Read the credentials from FILE (mode 600) instead of the environment
    #[arg(long, value_name = "FILE")]
    pub(crate) credentials: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Explain(Explain),
    Sign(Sign),
    Check(Check),
    Call(Call),
    #[cfg(feature = "pull")]
    Pull(Pull),
    Methods(Methods),
    /// Run a local stand-in for the vendor's server, to try calls against
    #[cfg(feature = "sandbox")]
    #[command(after_help = SANDBOX_EXAMPLES)]
    Sandbox(wdt_sandbox::cli::Args),
    Completions(Completions),
    Man(Man),
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  wdt explain 'http://erp.example/openapi?sid=…&sign=D68A…' body.json
  wdt explain 'sid=…&key=…&sign=…' --body '[178238,-1]'
  some-program | wdt explain \"$URL\" -          the body from standard input
  wdt explain \"$URL\" sent.json --signed-body @signed.json
  wdt explain \"$URL\" body.json --now 2026-04-10T11:28:36+08:00

URL and body are what your program SENT, from its log or from a proxy; the credentials are those
that it signed with. A mistake with the signature is proved by computing it anew with the mistake
made; a clock can only be judged by --now. The secret is never shown.

Exit codes: 0 the request is right, 1 something is wrong with it, 2 usage, 3 a file failed.";

/// Say why a request's signature is refused (验证失败), from the URL and the body that were sent
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(crate) struct Explain {
    /// The URL, or its query string alone
    pub(crate) url: String,
    /// The file with the body as sent, `-` for standard input
    #[arg(required_unless_present = "body")]
    pub(crate) file: Option<PathBuf>,
    /// The body: its text, @FILE, or - for standard input
    #[arg(long, value_name = "BODY", conflicts_with = "file", allow_hyphen_values = true)]
    pub(crate) body: Option<String>,
    /// The body that your program signed, where you can tell: text, @FILE or -
    #[arg(long, value_name = "BODY", allow_hyphen_values = true)]
    pub(crate) signed_body: Option<String>,
    /// When the request was sent: Unix seconds, RFC 3339 or an HTTP date; default: now
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    pub(crate) now: Option<Moment>,
    #[command(flatten)]
    pub(crate) level: LevelArg,
    #[command(flatten)]
    pub(crate) account: Account,
}

const SIGN_EXAMPLES: &str = "\
Examples:
  wdt sign system.Core.now
  wdt sign sales.StockSync.cancelSync 178238 -1 --curl
  wdt sign goods.Goods.queryWithSpec '{\"goods_no\":\"A1\"}' --page-size 50 --calc-total
  wdt sign --param sid=shop --param timestamp=450444516 --body '[]'

An argument is JSON text: 178238, '\"text\"', '{\"spec_no\":\"A1\"}'. The last example is the bare
algorithm. What is signed is good for 120 seconds.

Exit codes: 0 signed, 1 the arguments are wrong, 2 usage or credentials, 3 a file failed.";

/// Sign a call, or bare parameters, and print what to send
#[derive(Debug, Args)]
#[command(after_help = SIGN_EXAMPLES)]
pub(crate) struct Sign {
    /// The method, as documented
    #[arg(required_unless_present = "param")]
    pub(crate) method: Option<String>,
    /// Sign exactly these parameters instead of a method's call, `body` from --body
    #[arg(long, value_name = "KEY=VALUE", conflicts_with_all = ["method", "args", "page_size", "now", "curl"])]
    pub(crate) param: Vec<String>,
    /// Print a curl command that sends the call
    #[arg(long)]
    pub(crate) curl: bool,
    #[command(flatten)]
    pub(crate) content: Content,
    /// Sign for this time: Unix seconds, RFC 3339 or an HTTP date; default: now
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    pub(crate) now: Option<Moment>,
    #[command(flatten)]
    pub(crate) account: Account,
}

/// What a call carries.
#[derive(Debug, Args)]
pub(crate) struct Content {
    /// The method's arguments in order, each as JSON text
    #[arg(conflicts_with = "body", allow_negative_numbers = true)]
    pub(crate) args: Vec<String>,
    /// The whole body, signed and sent to the letter: its text, @FILE, or - for standard input
    #[arg(long, value_name = "BODY", allow_hyphen_values = true)]
    pub(crate) body: Option<String>,
    #[command(flatten)]
    pub(crate) paging: Paging,
    #[command(flatten)]
    pub(crate) level: LevelArg,
}

/// Paging, which travels in the query.
#[derive(Debug, Args)]
pub(crate) struct Paging {
    /// Rows per page, for methods that are paged
    #[arg(long, value_name = "N")]
    page_size: Option<i64>,
    /// The page, from 0
    #[arg(long, value_name = "N", default_value_t = 0, requires = "page_size")]
    page_no: i64,
    /// Ask for the total; the server counts all rows for it
    #[arg(long, requires = "page_size")]
    calc_total: bool,
}

impl Paging {
    pub(crate) fn pager(&self) -> Result<Option<Pager>, Failure> {
        let Some(page_size) = self.page_size else { return Ok(None) };
        let pager = Pager::new(page_size, self.page_no)
            .map_err(|error| Failure::usage(Words::of(&error)))?;
        Ok(Some(if self.calc_total { pager.with_total() } else { pager }))
    }
}

/// How strictly arguments are checked.
#[derive(Debug, Args)]
pub(crate) struct LevelArg {
    /// strict: every issue is an error; documented: what the vendor's own examples do is a warning;
    /// off: only the body's form is checked
    #[arg(long, value_name = "LEVEL", default_value = Level::Documented.as_str(), value_parser = levels())]
    pub(crate) level: Level,
}

fn levels() -> impl TypedValueParser<Value = Level> {
    let words = [Level::Strict, Level::Documented, Level::Off].map(Level::as_str);
    PossibleValuesParser::new(words).try_map(|word| word.parse::<Level>())
}

const CHECK_EXAMPLES: &str = "\
Examples:
  wdt check sales.StockSync.syncFail body.json
  wdt check sales.StockSync.syncFail - --level strict --json < body.json

Needs no credentials.
Exit codes: 0 no error (there may be warnings), 1 at least one, 2 usage, 3 a file failed.";

/// Check a body against the documentation: all issues, with their places and Chinese labels
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct Check {
    /// The method, as documented
    pub(crate) method: String,
    /// The file with the body, `-` for standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) level: LevelArg,
}

const CALL_EXAMPLES: &str = "\
Examples:
  wdt call system.Core.now                      shows what would be sent
  wdt call system.Core.now --send               sends it
  wdt call sales.StockSync.getSelfWaitSyncIdListOpen 100 0 --send
  wdt call sales.StockSync.syncFail --body @body.json --send

One request, never repeated. Numbers are printed digit by digit as the server sent them.

Exit codes: 0 the platform answered with status 0; 1 it refused the call, or the arguments are
wrong; 2 usage or credentials; 3 no answer of the platform's: the call may have taken effect all
the same, so ask the server before you repeat one that writes.";

/// Make one call: a dry run unless --send is given
#[derive(Debug, Args)]
#[command(after_help = CALL_EXAMPLES)]
pub(crate) struct Call {
    /// The method, as documented
    pub(crate) method: String,
    #[command(flatten)]
    pub(crate) content: Content,
    /// Send the request to the server, else only show it
    #[arg(long)]
    pub(crate) send: bool,
    /// Print the reply's bytes as they came
    #[arg(long, requires = "send", conflicts_with = "json")]
    pub(crate) raw: bool,
    /// Give up after so many seconds in all
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,
    #[command(flatten)]
    pub(crate) account: Account,
}

#[cfg(feature = "pull")]
const PULL_EXAMPLES: &str = "\
Examples:
  wdt pull sales.TradeQuery.queryWithDetail --since 2026-11-01 --to orders.sqlite
  wdt pull wms.stockout.Sales.queryWithDetail --since 2026-11-01 --to out.parquet --follow
  wdt pull sales.TradeQuery.queryWithDetail --since 2026-11-01 --until 2026-11-02 \\
    --args '{\"shop_nos\":\"api_test\"}' --to orders.jsonl

Run it again, and it goes on where it was; kill it anywhere, and no row is lost. The file's ending
says what it is: .jsonl a line a row, exactly as it came; .parquet a folder of parts that pyarrow,
pandas and DuckDB read as one table, amounts as decimal(19,4), times without a zone, Beijing's;
.sqlite (or .db) one table a list, amounts as exact text. A row that has changed comes again: in
SQLite it is updated, elsewhere the last one of its key counts. What is not documented, and what
does not fit its column, stands in the column _more. A method that knows no span, shops say, is
read whole each time, in the place of what was there.

The state is FILE.state beside the file, in a database the table _wdt_pull. Times are Beijing time;
the last --lag seconds before now are left for the next run. Ctrl-C ends it when the batch in hand
is kept, a second one at once.

Exit codes: 0 all is there; 1 a window failed (the next run reads it first), it was stopped, or the
platform refuses; 2 usage or credentials; 3 a file or the network failed.";

/// Pull all rows of a span of time into a file or a database, each once (拉取数据)
#[cfg(feature = "pull")]
#[derive(Debug, Args)]
#[command(after_help = PULL_EXAMPLES)]
pub(crate) struct Pull {
    /// The method, a query
    pub(crate) method: String,
    /// The method's filters: one JSON object, without those of the span
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub(crate) args: String,
    /// The earliest moment of all, Beijing time: 2026-11-01 or '2026-11-01 10:00:00'
    #[arg(long, value_name = "TIME")]
    pub(crate) since: String,
    /// The last moment; default: now
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// Where the rows go: FILE.jsonl, FILE.parquet or FILE.sqlite
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
    /// Where the state is kept; default: beside the rows
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Go on for ever: look for something new every minute
    #[arg(long, conflicts_with = "until")]
    pub(crate) follow: bool,
    /// Rows per page; default: as the vendor advises
    #[arg(long, value_name = "N")]
    pub(crate) page_size: Option<u32>,
    /// Calls a minute, 0 for any number
    #[arg(long, value_name = "N", default_value_t = wdt_proto::CALLS_PER_MINUTE)]
    pub(crate) per_minute: u32,
    /// Seconds before now that are left for the next run: rows may become visible late
    #[arg(long, value_name = "SECONDS", default_value_t = PullOptions::default().lag)]
    pub(crate) lag: u32,
    /// How many seconds earlier a run begins than the one before ended
    #[arg(long, value_name = "SECONDS", default_value_t = PullOptions::default().overlap)]
    pub(crate) overlap: u32,
    /// Attempts of one call
    #[arg(long, value_name = "N", default_value_t = Retry::default().attempts, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) attempts: u32,
    /// Seconds to rest after a rate limit; default: 300 to 600, as the vendor asks
    #[arg(long, value_name = "SECONDS")]
    pub(crate) rest: Option<u32>,
    #[command(flatten)]
    pub(crate) account: Account,
}

const METHODS_EXAMPLES: &str = "\
Examples:
  wdt methods                                   all methods
  wdt methods 采购 创建                           those that have both words
  wdt methods StockSync
  wdt methods sales.StockSync.syncFail          its arguments, limits and codes
  wdt methods sales.StockSync.syncFail --reply  and its reply

Words are looked for in names, titles, categories and the arguments' fields. required*: a documented
example does without it. Needs no credentials.
Exit codes: 0 found, 1 nothing found, 2 usage.";

/// Search the platform's methods, or show one with its fields, limits and codes
#[derive(Debug, Args)]
#[command(after_help = METHODS_EXAMPLES)]
pub(crate) struct Methods {
    /// A method's name, or words to be found in names, titles and labels, Chinese or English
    pub(crate) words: Vec<String>,
    /// Show the reply's fields too
    #[arg(long)]
    pub(crate) reply: bool,
}

#[cfg(feature = "sandbox")]
const SANDBOX_EXAMPLES: &str = "\
Examples:
  wdt sandbox                                   prints what to export, and the address of its page
  wdt sandbox --store stock.db --goods 2000
  wdt sandbox --fault rate_limit=0.1,http_502=0.05,slow=200ms,cut=0.01

With --json it prints one line when it is ready: base_url, page, sid, key, pid. Ctrl-C stops it.
Exit codes: 0 stopped, 2 usage, 3 an address or a file failed.";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  wdt completions bash > ~/.local/share/bash-completion/completions/wdt
  wdt completions zsh > \"${fpath[1]}/_wdt\"
  wdt completions fish > ~/.config/fish/completions/wdt.fish";

/// Print the completion script of a shell
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

const MAN_EXAMPLES: &str = "\
Examples:
  wdt man | man -l -
  wdt man --dir ~/.local/share/man/man1";

/// Print the man page, or write one a command into a folder
#[derive(Debug, Args)]
#[command(after_help = MAN_EXAMPLES)]
pub(crate) struct Man {
    /// Write wdt.1, wdt-explain.1, … there
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
