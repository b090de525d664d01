//! The texts: of which command, of which option, in Chinese.

/// In the place of an option's name: what a command does.
pub(super) const ABOUT: &str = "about";

/// In the place of an option's name: what follows the options.
pub(super) const AFTER: &str = "after";

/// In the place of a command's name: whichever has the option.
pub(super) const ANY: &str = "*";

/// The options of `wdt sandbox`, which has them from its own crate.
#[cfg(feature = "sandbox")]
const SANDBOX: &[(&str, &str)] = wdt_sandbox::cli::HELP_ZH;
#[cfg(not(feature = "sandbox"))]
const SANDBOX: &[(&str, &str)] = &[];

/// The text of an option, or of [`ABOUT`] and [`AFTER`]; a command's own comes first.
pub(super) fn of(command: &str, option: &str) -> Option<&'static str> {
    let find = |wanted: &str| {
        let found = TEXTS.iter().find(|(c, o, _)| *c == wanted && *o == option);
        found.map(|(_, _, text)| *text)
    };
    let of_sandbox = || {
        let found = SANDBOX.iter().find(|(o, _)| *o == option);
        found.map(|(_, text)| *text).filter(|_| command == "sandbox")
    };
    find(command).or_else(of_sandbox).or_else(|| find(ANY))
}

/// Of which command and of what there is a text.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_sandbox = SANDBOX.iter().map(|(option, _)| ("sandbox", *option));
    let texts = TEXTS.iter().map(|(command, option, _)| (*command, *option));
    texts
        .filter(|(command, _)| cfg!(feature = "sandbox") || *command != "sandbox")
        .chain(of_sandbox)
}

#[rustfmt::skip] // a row a text
const TEXTS: &[(&str, &str, &str)] = &[
    (ANY, "help", "显示帮助"),
    (ANY, "version", "显示版本"),
    (ANY, "json", "只输出一个 JSON 文档到标准输出，出错时也是"),
    (ANY, "credentials", "从 FILE（权限 600）读取凭据，代替环境变量"),
    (ANY, "level", "参数检查的严格程度。strict：所有问题都算错误；documented：官方示例里也有的写法只算警告；off：只检查请求体的形式"),
    (ANY, "args", "接口的参数，按顺序写，每个都是 JSON 文本"),
    (ANY, "body", "完整的请求体，原样签名、原样发送：直接写文本、@FILE，或用 - 表示标准输入"),
    (ANY, "page_size", "每页条数，用于分页接口"),
    (ANY, "page_no", "页号，从 0 开始"),
    (ANY, "calc_total", "要求返回总数；服务器要为此统计全部数据"),
    (ANY, "method", "接口名，与官方文档一致"),

    ("", ABOUT, "旺店通旗舰版（qjb）开放平台接口工具：排查签名不符，检查参数，签名，发送调用。"),
    ("", AFTER, "\
凭据（不能写在命令行里，否则本机其他用户看得到）：
  WDT_SID        卖家账号
  WDT_APPKEY     应用的 key
  WDT_APPSECRET  平台给的完整 appsecret，即 secret:salt
  WDT_BASE_URL   服务器地址，`call` 和 `sign` 用；有 https:// 就用 https://
也可以用 --credentials FILE，文件权限必须是 600：
TOML（sid、appkey、appsecret、base_url），或逐行写 WDT_…=…。
NO_COLOR 关闭颜色。WDT_LANG=en 改用英文。

退出码：
  0  正常
  1  发现问题
  2  用法不对，或凭据不可用
  3  文件或网络失败

示例：
  wdt explain 'http://erp.example/openapi?sid=…&sign=…' body.json    为什么提示验证失败？
  wdt methods 库存同步                            按名称、标题、字段搜索接口
  wdt methods sales.StockSync.syncFail          查看一个接口的字段和限制
  wdt check sales.StockSync.syncFail body.json  列出请求体的全部问题
  wdt call sales.StockSync.cancelSync 178238 -1 --send
  wdt pull sales.TradeQuery.queryWithDetail --since 2026-11-01 --to orders.sqlite
  wdt sandbox                                   启动本地服务器，用来试调"),

    ("explain", ABOUT, "根据实际发出的 URL 和请求体，指出签名为什么被拒绝（验证失败）"),
    ("explain", "url", "URL，或只写其中的查询串"),
    ("explain", "file", "实际发出的请求体所在的文件，`-` 表示标准输入"),
    ("explain", "body", "请求体：直接写文本、@FILE，或用 - 表示标准输入"),
    ("explain", "signed_body", "程序签名时用的请求体（如果知道的话）：直接写文本、@FILE 或 -"),
    ("explain", "now", "请求发出的时间：Unix 秒、RFC 3339 或 HTTP 日期；不写就是现在"),
    ("explain", AFTER, "\
示例：
  wdt explain 'http://erp.example/openapi?sid=…&sign=D68A…' body.json
  wdt explain 'sid=…&key=…&sign=…' --body '[178238,-1]'
  some-program | wdt explain \"$URL\" -          从标准输入读请求体
  wdt explain \"$URL\" sent.json --signed-body @signed.json
  wdt explain \"$URL\" body.json --now 2026-04-10T11:28:36+08:00

URL 和请求体是程序实际发出的内容，从日志或代理里取；凭据是程序签名时用的那一套。
签名上的错误都经过验证：故意按这个错误重算，结果与收到的签名相同；时间是否有误只能
靠 --now 判断。密钥从不显示。

退出码：0 请求正确，1 请求有问题，2 用法不对，3 文件读取失败。"),

    ("sign", ABOUT, "给一次调用（或一组参数）签名，输出要发送的内容"),
    ("sign", "param", "不签接口调用，只签这些参数；请求体 `body` 来自 --body"),
    ("sign", "curl", "输出能直接发送这次调用的 curl 命令"),
    ("sign", "now", "签名用的时间：Unix 秒、RFC 3339 或 HTTP 日期；不写就是现在"),
    ("sign", AFTER, "\
示例：
  wdt sign system.Core.now
  wdt sign sales.StockSync.cancelSync 178238 -1 --curl
  wdt sign goods.Goods.queryWithSpec '{\"goods_no\":\"A1\"}' --page-size 50 --calc-total
  wdt sign --param sid=shop --param timestamp=450444516 --body '[]'

每个参数都是 JSON 文本：178238、'\"文本\"'、'{\"spec_no\":\"A1\"}'。最后一个示例只做签名算法。
签名后 120 秒内有效。

退出码：0 已签名，1 参数有误，2 用法不对或凭据不可用，3 文件读取失败。"),

    ("check", ABOUT, "按官方文档检查请求体：列出全部问题、位置和中文字段名"),
    ("check", "file", "请求体所在的文件，`-` 表示标准输入"),
    ("check", AFTER, "\
示例：
  wdt check sales.StockSync.syncFail body.json
  wdt check sales.StockSync.syncFail - --level strict --json < body.json

不需要凭据。
退出码：0 没有错误（可能有警告），1 至少一个错误，2 用法不对，3 文件读取失败。"),

    ("call", ABOUT, "调用一次接口：不加 --send 只预览"),
    ("call", "send", "把请求发给服务器；不加只预览"),
    ("call", "raw", "原样输出收到的应答字节"),
    ("call", "timeout", "总共等多少秒就放弃"),
    ("call", AFTER, "\
示例：
  wdt call system.Core.now                      预览要发送的内容
  wdt call system.Core.now --send               真正发送
  wdt call sales.StockSync.getSelfWaitSyncIdListOpen 100 0 --send
  wdt call sales.StockSync.syncFail --body @body.json --send

只发一次，从不重发。数字按服务器返回的原样输出，一位不差。

退出码：0 平台应答 status 0；1 平台拒绝，或参数有误；2 用法不对或凭据不可用；
3 没有收到平台的应答：调用可能已经生效，写入类接口先向服务器核实再重发。"),

    ("pull", ABOUT, "把一段时间内的全部数据拉进文件或数据库，每行一次，可以断点续拉"),
    ("pull", "method", "查询接口的接口名"),
    ("pull", "args", "接口的筛选条件：一个 JSON 对象，不含时间段的字段"),
    ("pull", "since", "最早从什么时候开始，北京时间：2026-11-01 或 '2026-11-01 10:00:00'"),
    ("pull", "until", "到什么时候为止；不写就是现在"),
    ("pull", "to", "数据放哪里：FILE.jsonl、FILE.parquet 或 FILE.sqlite"),
    ("pull", "state", "状态存在哪里；不写就放在数据旁边"),
    ("pull", "follow", "一直拉下去：每分钟看一次有没有新数据"),
    ("pull", "page_size", "每页条数；不写就用官方建议的"),
    ("pull", "per_minute", "每分钟最多调用几次，0 表示不限"),
    ("pull", "lag", "离现在多少秒以内的留给下一次：数据可能晚一点才查得到"),
    ("pull", "overlap", "下一次比上一次结束的时间早多少秒开始"),
    ("pull", "attempts", "一次调用最多尝试几次"),
    ("pull", "rest", "被限速后休息多少秒；不写就按官方要求休息 300 到 600 秒"),
    ("pull", AFTER, "\
示例：
  wdt pull sales.TradeQuery.queryWithDetail --since 2026-11-01 --to orders.sqlite
  wdt pull wms.stockout.Sales.queryWithDetail --since 2026-11-01 --to out.parquet --follow
  wdt pull sales.TradeQuery.queryWithDetail --since 2026-11-01 --until 2026-11-02 \\
    --args '{\"shop_nos\":\"api_test\"}' --to orders.jsonl

再运行一次，就从上次的地方接着拉；随时可以终止，不会丢数据。文件的扩展名决定格式：
.jsonl 一行一条，与平台返回的完全一样；.parquet 是一个目录，里面每个文件是一部分，
pyarrow、pandas、DuckDB 当作一张表读，金额是 decimal(19,4)，时间是不带时区的北京时间；
.sqlite（或 .db）一个列表一张表，金额是一位不差的文本。数据变了会再来一次：SQLite 里
更新那一行，其他格式以同一个主键的最后一条为准。文档里没有的字段、与列类型不符的值，
都放在 _more 列。不按时间段查的接口（比如店铺）每次全部重拉，替换原来的数据。

状态在数据旁边的 FILE.state 里，数据库则在表 _wdt_pull 里。时间都是北京时间；
离现在不到 --lag 秒的留给下一次。Ctrl-C 会等手头这一批存好再停，再按一次立即停。

退出码：0 全部到齐；1 有时间段失败（下次先补它），或被中止，或平台拒绝；
2 用法不对或凭据不可用；3 文件或网络失败。"),

    ("methods", ABOUT, "搜索平台的接口，或查看一个接口的字段、限制和枚举值"),
    ("methods", "words", "接口全名；或要在名称、标题、字段名里搜索的词，中英文均可"),
    ("methods", "reply", "连返回字段一起显示"),
    ("methods", AFTER, "\
示例：
  wdt methods                                   全部接口
  wdt methods 采购 创建                           同时含有这两个词的接口
  wdt methods StockSync
  wdt methods sales.StockSync.syncFail          它的参数、限制和枚举值
  wdt methods sales.StockSync.syncFail --reply  连返回一起

搜索范围是接口名称、标题、分类和参数字段。“必填*”表示官方示例里有不填的。
不需要凭据。
退出码：0 找到，1 没有找到，2 用法不对。"),

    ("sandbox", ABOUT, "启动官方服务器的本地替身，用来试调"),
    ("sandbox", AFTER, "\
示例：
  wdt sandbox                                   输出要 export 的变量和它的网页地址
  wdt sandbox --store stock.db --goods 2000
  wdt sandbox --fault rate_limit=0.1,http_502=0.05,slow=200ms,cut=0.01

加 --json 时，就绪后输出一行：base_url、page、sid、key、pid。按 Ctrl-C 停止。
退出码：0 已停止，2 用法不对，3 地址或文件失败。"),

    ("completions", ABOUT, "输出某个 shell 的补全脚本"),
    ("completions", "shell", "哪个 shell"),
    ("completions", AFTER, "\
示例：
  wdt completions bash > ~/.local/share/bash-completion/completions/wdt
  wdt completions zsh > \"${fpath[1]}/_wdt\"
  wdt completions fish > ~/.config/fish/completions/wdt.fish"),

    ("man", ABOUT, "输出 man 手册页，或按命令逐页写进一个目录"),
    ("man", "dir", "把 wdt.1、wdt-explain.1 等写到这个目录"),
    ("man", AFTER, "\
示例：
  wdt man | man -l -
  wdt man --dir ~/.local/share/man/man1"),
];
