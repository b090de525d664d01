//! The command line: `wdt-sandbox`, and `wdt sandbox` of the `wdt` program.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Serialize;
use wdt_proto::Language;

use crate::config::{Config, DEFAULT_JOURNAL, DEFAULT_MAX_BODY, DEFAULT_RATE_LIMIT};
use crate::error::SandboxError;
use crate::faults::Faults;
use crate::rows::{Churn, MethodRows, Rows, RowsOrder, RowsSpan};
use crate::sandbox::Sandbox;
use crate::seed::{Account, Seed};

/// The options of the sandbox.
///
/// ```
/// use clap::Parser;
///
/// #[derive(Parser)]
/// struct Program {
///     #[command(flatten)]
///     args: wdt_sandbox::cli::Args,
/// }
///
/// let program = Program::parse_from(["my-program", "--goods", "50", "--fault", "cut=0.01"]);
/// assert_eq!(program.args.goods, 50);
/// assert!(Program::try_parse_from(["my-program", "--fault", "cut=2"]).is_err());
/// ```
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Args {
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8620")]
    pub listen: SocketAddr,

    /// Let --listen be an address that other machines reach
    #[arg(long)]
    pub allow_remote: bool,

    /// Credentials and goods to start with, as JSON (the README has the format)
    #[arg(long, value_name = "FILE", conflicts_with = "goods")]
    pub seed: Option<PathBuf>,

    /// How many made-up goods to start with, all waiting to be synchronised
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(..=100_000))]
    pub goods: u32,

    /// Rows that a query answers with, for each method: sales.TradeQuery.queryWithDetail=1000
    #[arg(long, value_name = "METHOD=N")]
    pub rows: Vec<MethodRows>,

    /// What rows and their changes are drawn from; the same seed, the same rows
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub rows_seed: u64,

    /// The days on which the rows came about, Beijing time (default: the last 30 before now)
    #[arg(long, value_name = "FIRST..LAST")]
    pub rows_span: Option<RowsSpan>,

    /// The order of a reply's rows: time, key, shuffled
    #[arg(long, value_name = "ORDER", default_value_t)]
    pub rows_order: RowsOrder,

    /// Rows of each method that change meanwhile: 5/s, or 3/call after each of its calls
    #[arg(long, value_name = "RATE", default_value_t)]
    pub churn: Churn,

    /// Keep the state in this SQLite file, so that it outlives a restart
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,

    /// Faults to inject: `rate_limit=0.1,http_502=0.05,server=0.02,clock=0.01,slow=200ms@0.5,cut=0.01`
    #[arg(long, value_name = "SPEC", default_value = "")]
    pub fault: Faults,

    /// Draw the faults reproducibly
    #[arg(long, value_name = "N")]
    pub fault_seed: Option<u64>,

    /// Calls a minute that a sid may make; 0 is no limit
    #[arg(long, value_name = "N", default_value_t = DEFAULT_RATE_LIMIT)]
    pub rate_limit: u32,

    /// How many seconds the sandbox's clock is ahead (negative: behind)
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_negative_numbers = true,
          value_parser = clap::value_parser!(i64).range(-1_000_000_000..=1_000_000_000))]
    pub clock_offset: i64,

    /// The most bytes that a request's body may have
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_MAX_BODY)]
    pub max_body: usize,

    /// How many requests the journal keeps
    #[arg(long, value_name = "N", default_value_t = DEFAULT_JOURNAL)]
    pub journal: usize,

    /// Print one line of JSON when ready, instead of a text for people
    #[arg(long)]
    pub json: bool,
}

/// The help of [`Args`] in Chinese: an option's id and its text.
///
/// ```
/// use clap::{Args as _, Command};
/// use wdt_sandbox::cli::{Args, HELP_ZH};
///
/// let mut command = Args::augment_args(Command::new("my-program"));
/// for (id, text) in HELP_ZH {
///     command = command.mut_arg(id, |arg| arg.help(text));
/// }
/// assert!(command.render_help().to_string().contains("监听地址"));
/// ```
pub const HELP_ZH: &[(&str, &str)] = &[
    ("listen", "监听地址；端口写 0 就任选一个空闲端口"),
    ("allow_remote", "允许 --listen 用其他机器能访问到的地址"),
    ("seed", "初始的凭据和货品，JSON 文件（格式见 README）"),
    ("goods", "初始虚构货品的数量，都在等待同步"),
    ("rows", "每个方法的查询返回多少行数据：sales.TradeQuery.queryWithDetail=1000"),
    ("rows_seed", "数据行和变化由这个数生成；数相同，数据行就相同"),
    ("rows_span", "数据行产生的日期范围，北京时间（默认：此刻之前的 30 天）"),
    ("rows_order", "应答里数据行的顺序：time, key, shuffled"),
    ("churn", "每个方法的数据行在读取时变化多少：5/s 是每秒，3/call 是该方法每次调用之后"),
    ("store", "把状态存进这个 SQLite 文件，重启后还在"),
    (
        "fault",
        "要注入的故障：\
         `rate_limit=0.1,http_502=0.05,server=0.02,clock=0.01,slow=200ms@0.5,cut=0.01`",
    ),
    ("fault_seed", "让故障的出现可以重现"),
    ("rate_limit", "每个 sid 每分钟最多调用次数；0 表示不限"),
    ("clock_offset", "沙箱的时钟快多少秒（负数表示慢）"),
    ("max_body", "请求体最多多少字节"),
    ("journal", "日志保留多少条请求"),
    ("json", "就绪后输出一行 JSON，代替给人看的文字"),
];

/// What `--json` prints when the sandbox is ready.
#[derive(Serialize)]
struct Ready<'a> {
    base_url: String,
    page: String,
    sid: &'a str,
    key: &'a str,
    pid: u32,
}

/// Runs the sandbox until SIGINT or SIGTERM.
///
/// ```
/// use clap::Parser;
///
/// #[derive(Parser)]
/// struct Program {
///     #[command(flatten)]
///     args: wdt_sandbox::cli::Args,
/// }
///
/// // An address that other machines reach needs --allow-remote.
/// let program = Program::parse_from(["my-program", "--listen", "192.0.2.1:8620"]);
/// assert!(wdt_sandbox::cli::run(program.args).is_err());
/// ```
///
/// # Errors
/// [`SandboxError`]: a file that cannot be read, an address that cannot be listened on, ….
pub fn run(args: Args) -> Result<(), SandboxError> {
    let seed = match &args.seed {
        Some(path) => Seed::read(path)?,
        None => Seed::made_up(args.goods),
    };
    let account = seed.accounts().first().cloned().unwrap_or_default();
    let config = Config {
        listen: args.listen,
        allow_remote: args.allow_remote,
        seed,
        rows: Rows {
            methods: args.rows,
            seed: args.rows_seed,
            span: args.rows_span,
            order: args.rows_order,
            churn: args.churn,
        },
        store: args.store,
        faults: args.fault,
        fault_seed: args.fault_seed,
        rate_limit: args.rate_limit,
        clock_offset: args.clock_offset,
        max_body: args.max_body,
        journal: args.journal,
        ..Config::default()
    };
    let sandbox = Sandbox::start(config)?;
    sandbox.announce_and_wait(|sandbox| {
        announce(sandbox, &account, args.json).map_err(SandboxError::Output)
    })
}

fn announce(sandbox: &Sandbox, account: &Account, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (base_url, page) = (sandbox.base_url(), sandbox.page_url());
    if json {
        let (sid, key) = (account.sid(), account.key());
        let ready = Ready { base_url, page, sid, key, pid: std::process::id() };
        writeln!(out, "{}", serde_json::to_string(&ready)?)?;
    } else {
        let is_chinese = language() == Language::Chinese;
        if is_chinese {
            writeln!(out, "沙箱已启动。收到了什么、为什么被拒，看这里：{page}")?;
        } else {
            writeln!(out, "The sandbox listens. What arrives, and why it is refused: {page}")?;
        }
        for line in if is_chinese { sandbox.notes_zh() } else { sandbox.notes() } {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "\nexport WDT_BASE_URL={base_url}")?;
        writeln!(out, "export WDT_SID={}", quoted(account.sid()))?;
        writeln!(out, "export WDT_APPKEY={}", quoted(account.key()))?;
        writeln!(out, "export WDT_APPSECRET={}", quoted(account.app_secret_to_show()))?;
        writeln!(out, "\n{}", if is_chinese { "Ctrl-C 停止。" } else { "Ctrl-C stops it." })?;
    }
    out.flush()
}

/// The language of the person who starts it.
fn language() -> Language {
    Language::of_environment(|name| std::env::var(name).ok())
}

/// For a POSIX shell: as it is where that is safe, else in single quotes.
fn quoted(text: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/".contains(&b);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
