//! The quick start of docs/quickstart/rust.md: which goods wait to be synchronised?

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use wdt_proto::stock_sync::{self, WaitingIds};
use wdt_proto::{Credentials, Level, Response, Timestamp};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let credentials = Credentials::new(
        &env::var("WDT_SID")?,
        &env::var("WDT_APPKEY")?,
        &env::var("WDT_APPSECRET")?,
    )?;

    let request = stock_sync::get_self_wait_sync_id_list_open(10, 0, Level::Documented)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let signed = request.sign(&credentials, Timestamp::from_unix(now.try_into()?)?);

    let mut post = ureq::post(signed.url(&env::var("WDT_BASE_URL")?)?);
    for &(name, value) in signed.headers() {
        post = post.header(name, value);
    }
    let reply = post.send(signed.body())?.body_mut().read_to_vec()?;

    let waiting: WaitingIds = Response::parse(&reply)?.data_as()?;
    println!("{:?}, next position {:?}", waiting.id_list, waiting.position);
    Ok(())
}
