//! A real `sales.StockSync.syncFail` (库存同步失败), from arguments to a reply, with ureq.
//!
//! ```console
//! $ cargo run -p wdt-example
//! ```
//!
//! Without `WDT_BASE_URL` it prints the request and sends nothing. Credentials come from `WDT_SID`,
//! `WDT_APPKEY` and `WDT_APPSECRET`.

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wdt_proto::stock_sync::{self, SyncInfo};
use wdt_proto::{Credentials, Level, Response, ResponseError, SignedRequest, Timestamp};

/// What a reply may be long: the platform's largest pages are far smaller.
const MAX_REPLY: u64 = 64 << 20;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    // Real ones come from the environment, never from the source.
    let from_env = |name, otherwise: &str| env::var(name).unwrap_or_else(|_| otherwise.to_owned());
    let credentials = Credentials::new(
        &from_env("WDT_SID", "wdtapi3"),
        &from_env("WDT_APPKEY", "appkey"),
        &from_env("WDT_APPSECRET", "testsecret:testsalt"),
    )?;

    // What could not be set in the shop, and why.
    let info = SyncInfo {
        syn_stock: "1.0000".parse()?,
        stock_change_count: 2.into(),
        stock_syn_rule_id: -10_000,
        stock_syn_warehouses: "6".into(),
        stock_syn_percent: 100,
        stock_syn_plus: "1.0000".parse()?,
        stock_syn_min: "1.0000".parse()?,
        stock_syn_max: "550.0000".parse()?,
        is_auto_listing: true,
        is_auto_delisting: true,
        ..SyncInfo::default()
    }
    .failed("平台接口限流，稍后重试");
    let request = stock_sync::sync_fail(2447, &info, Level::Documented)?;

    // Signed as late as can be: a signature is good for 120 seconds.
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let signed = request.sign(&credentials, Timestamp::from_unix(now.try_into()?)?);

    let base = env::var("WDT_BASE_URL").ok().filter(|base| !base.is_empty());
    let url = signed.url(base.as_deref().unwrap_or("https://erp.example"))?;
    println!("POST {url}\n\n{}\n", String::from_utf8_lossy(signed.body()));
    if base.is_none() {
        println!("WDT_BASE_URL is not set: nothing was sent");
        return Ok(ExitCode::SUCCESS);
    }

    match Response::parse(&send(&url, &signed)?) {
        Ok(response) => {
            println!("accepted, data: {:?}", response.data());
            Ok(ExitCode::SUCCESS)
        }
        Err(ResponseError::Api(error)) => {
            let again = if error.is_retryable() { "worth" } else { "not worth" };
            println!(
                "refused: status {}, {}, {again} another try: {}",
                error.status, error.kind, error.message
            );
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

/// Sends exactly what was signed. A fault of the transport leaves open whether the report arrived:
/// ask the platform which goods still wait before sending it again.
fn send(url: &str, signed: &SignedRequest) -> Result<Vec<u8>, ureq::Error> {
    let agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build();
    let mut post = ureq::Agent::new_with_config(agent).post(url);
    for &(name, value) in signed.headers() {
        post = post.header(name, value);
    }
    post.send(signed.body())?.body_mut().with_config().limit(MAX_REPLY).read_to_vec()
}
