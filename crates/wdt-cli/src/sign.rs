//! `wdt sign`: what to send, and a curl command that sends it.

use std::fmt::Write as _;

use serde_json::json;

use crate::args::Sign;
use crate::credentials::Settings;
use crate::failure::{Exit, Failure};
use crate::input::{self, Moment};
use crate::output::{HEAD, Output, padded, styled, visible};
use crate::signed::{self, curl, keep_secret, leaking, no_base, signed_json, signed_text};
use crate::words::{either, said, words};

/// `wdt sign`
pub(crate) fn run(args: &Sign, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let Some(method) = &args.method else { return bare(args, settings, output) };
    let owned = settings.credentials()?;
    let request = match signed::request(method, &args.content) {
        Ok(request) => request,
        Err(unsigned) => return unsigned.end(method, output),
    };
    let moment = args.now.unwrap_or_else(Moment::now);
    let signed = request.sign(&owned.credentials, moment.timestamp()?);
    keep_secret(output, &signed)?;
    let url = settings.endpoint()?.map(|endpoint| endpoint.url(&signed));
    if args.curl && !output.json {
        let url = url.ok_or_else(no_base)?;
        output.text(&format!("{}\n", curl(&url, signed.body())));
        return Ok(Exit::Fine);
    }
    if output.json {
        output.json(signed_json(method, &signed, url.as_deref()));
    } else {
        output.text(&signed_text(&signed, url.as_deref(), output.language));
    }
    Ok(Exit::Fine)
}

/// Parameters as they are, no method: the bare algorithm.
fn bare(args: &Sign, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let owned = settings.credentials()?;
    let mut pairs = Vec::new();
    for pair in &args.param {
        let (key, value) = pair.split_once('=').ok_or_else(|| {
            Failure::usage(words!(
                "--param {pair:?} has no '=': give KEY=VALUE",
                "--param {pair:?} 里没有 =：请写成 KEY=VALUE"
            ))
        })?;
        pairs.push((key, value.as_bytes()));
    }
    let body = args.content.body.as_deref().map(input::body).transpose()?;
    let shown = args.param.iter().any(|pair| output.mask().holds(pair));
    if shown
        || body.as_ref().is_some_and(|body| output.mask().holds(&String::from_utf8_lossy(body)))
    {
        return Err(leaking());
    }
    let mut signed = pairs.clone();
    if let Some(body) = &body {
        signed.push(("body", body));
    }
    let mut keys: Vec<_> = signed.iter().map(|(key, _)| *key).collect();
    keys.sort_unstable();
    if let Some([twice, ..]) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Failure::usage(words!("duplicate parameter {twice}", "参数 {twice} 重复")));
    }
    let explanation = wdt_proto::explain(owned.secret(), signed);
    let sent = args.param.iter().filter_map(|pair| pair.split_once('='));
    let sent = sent.filter(|(key, _)| *key != "sign");
    let query = wdt_proto::query::encode(sent.chain([("sign", explanation.sign.as_str())]));
    if output.json {
        output.json(json!({
            "ok": true,
            "sign": explanation.sign.as_str(),
            "query": query,
            "canonical": explanation.canonical,
            "length": explanation.length,
        }));
    } else {
        let length = words!(
            "{} bytes, the secret included twice",
            "{} 字节（含首尾两份密钥）",
            explanation.length
        );
        let canonical = visible(explanation.canonical.as_bytes());
        let rows = [
            ("sign", explanation.sign.as_str()),
            ("query", &query),
            (either(output.language, "canonical", "签名串"), &canonical),
            (either(output.language, "length", "长度"), &said(&length, output.language)),
        ];
        let mut text = String::new();
        for (name, value) in rows {
            let _ = writeln!(text, "{} {value}", styled(HEAD, padded(name, 9)));
        }
        output.text(&text);
    }
    Ok(Exit::Fine)
}
