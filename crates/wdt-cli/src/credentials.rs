//! Credentials from the environment or from a file that nobody else can read, never from the
//! command line: other users of the machine see that in the list of processes.

use std::env;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use wdt_proto::{Credentials, Endpoint};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::output::{Output, shell_quoted};
use crate::words::{Words, words};

pub(crate) const SID: &str = "WDT_SID";
pub(crate) const APPKEY: &str = "WDT_APPKEY";
pub(crate) const APPSECRET: &str = "WDT_APPSECRET";
pub(crate) const BASE_URL: &str = "WDT_BASE_URL";

/// Each variable and what a TOML file calls it.
const NAMES: [(&str, &str); 4] =
    [(SID, "sid"), (APPKEY, "appkey"), (APPSECRET, "appsecret"), (BASE_URL, "base_url")];

/// A credentials file is some lines; what is larger is another file.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// What was found, wiped when dropped.
#[derive(Default)]
pub(crate) struct Settings {
    values: [Option<Zeroizing<String>>; 4],
}

impl Settings {
    /// The file's values where one is given; what it does not name comes from the environment.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self, Failure> {
        let mut settings = match file {
            Some(path) => read(path)?,
            None => Self::default(),
        };
        for ((name, _), value) in NAMES.iter().zip(&mut settings.values) {
            if value.is_none() {
                *value = variable(name)?;
            }
        }
        Ok(settings)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let place = NAMES.iter().position(|(variable, _)| *variable == name)?;
        self.values.get(place)?.as_ref().map(|value| value.as_str())
    }

    fn set(&mut self, name: &str, value: String) {
        let value = Zeroizing::new(value);
        let name = name.trim();
        let place = NAMES
            .iter()
            .position(|(variable, key)| *variable == name || key.eq_ignore_ascii_case(name));
        if let Some(slot) = place.and_then(|place| self.values.get_mut(place)) {
            *slot = Some(value);
        }
    }

    /// Where calls go, if that is set. What is wrong with it is told of the variable's name.
    pub(crate) fn endpoint(&self) -> Result<Option<Endpoint>, Failure> {
        let endpoint = self.get(BASE_URL).map(Endpoint::parse).transpose();
        endpoint.map_err(|error| {
            let Words { english, chinese } = Words::of(&error);
            Failure::credentials(words!("{BASE_URL}: {english}", "{BASE_URL}：{chinese}"))
        })
    }

    /// Hides the secret from all output, also where the rest is incomplete.
    pub(crate) fn hide_in(&self, output: &mut Output) {
        if let Some(app_secret) = self.get(APPSECRET) {
            output.hide(app_secret.split_once(':').map_or(app_secret, |(secret, _)| secret));
        }
    }

    pub(crate) fn credentials(&self) -> Result<Owned, Failure> {
        let missing: Vec<&str> =
            [SID, APPKEY, APPSECRET].into_iter().filter(|name| self.get(name).is_none()).collect();
        if !missing.is_empty() {
            let (english, chinese) = (missing.join(", "), missing.join("、"));
            return Err(Failure::credentials(words!(
                "{english} not set; set {SID}, {APPKEY} and {APPSECRET} (the whole secret:salt) in the \
                 environment, or name a file of mode 600 with them: --credentials FILE",
                "{chinese} 没有设置；请在环境变量里设置 {SID}、{APPKEY} 和 {APPSECRET}（完整的 secret:salt），\
                 或把它们写进权限为 600 的文件：--credentials FILE"
            )));
        }
        let of = |name| self.get(name).unwrap_or_default();
        let credentials = Credentials::new(of(SID), of(APPKEY), of(APPSECRET))
            .map_err(|error| Failure::credentials(Words::of(&error)))?;
        let app_secret = Zeroizing::new(of(APPSECRET).to_owned());
        Ok(Owned { credentials, app_secret })
    }
}

/// Credentials, and the whole app secret for what the core does not do: signing wrongly.
pub(crate) struct Owned {
    pub(crate) credentials: Credentials,
    app_secret: Zeroizing<String>,
}

impl Owned {
    /// `secret:salt`, as issued.
    pub(crate) fn app_secret(&self) -> &str {
        &self.app_secret
    }

    /// The part that signs.
    pub(crate) fn secret(&self) -> &str {
        let end = self.app_secret.len().saturating_sub(self.credentials.salt().len() + 1);
        self.app_secret.get(..end).unwrap_or_default()
    }
}

fn variable(name: &str) -> Result<Option<Zeroizing<String>>, Failure> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(Zeroizing::new(value))),
        Err(env::VarError::NotPresent) => Ok(None),
        // The error's own text holds the value.
        Err(env::VarError::NotUnicode(_)) => {
            Err(Failure::credentials(words!("{name} is not UTF-8", "{name} 的值不是 UTF-8 文本")))
        }
    }
}

fn read(path: &Path) -> Result<Settings, Failure> {
    let name = path.display();
    let io = |error: std::io::Error| Failure::file(&Words::same(&name), &error);
    let file = File::open(path).map_err(io)?;
    check_mode(&file, path)?;
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text).map_err(io)?;
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(Failure::credentials(words!(
            "{name}: more than {MAX_FILE_BYTES} bytes: not a credentials file",
            "{name}：超过 {MAX_FILE_BYTES} 字节，不像凭据文件"
        )));
    }
    parse(text.trim_start_matches('\u{feff}')).map_err(|line| {
        // The line itself may hold the secret.
        Failure::credentials(words!(
            "{name}: line {line} is neither TOML (appkey = \"…\") nor {APPKEY}=…",
            "{name}：第 {line} 行既不是 TOML（appkey = \"…\"），也不是 {APPKEY}=…"
        ))
    })
}

/// TOML, or `KEY=VALUE` lines as a shell reads them. `Err` holds the number of the bad line.
fn parse(text: &str) -> Result<Settings, usize> {
    let mut settings = Settings::default();
    if let Ok(table) = text.parse::<toml::Table>() {
        for (key, value) in table {
            if let toml::Value::String(value) = value {
                settings.set(&key, value);
            }
        }
        return Ok(settings);
    }
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (key, value) = line.split_once('=').ok_or(number + 1)?;
        settings.set(key, unquoted(value.trim()).to_owned());
    }
    Ok(settings)
}

fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

#[cfg(unix)]
fn check_mode(file: &File, path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;

    let name = path.display();
    let metadata = file.metadata().map_err(|error| Failure::file(&Words::same(&name), &error))?;
    let mode = metadata.permissions().mode() & 0o777;
    let of_others = mode & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    let quoted = shell_quoted(&name.to_string());
    Err(Failure::credentials(words!(
        "{name} has mode {mode:03o}: others on this machine may read the secret; run\n  \
         chmod 600 {quoted}",
        "{name} 的权限是 {mode:03o}，本机其他用户可能读到密钥；请先执行\n  chmod 600 {quoted}"
    )))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // the same signature as on Unix
fn check_mode(_: &File, _: &Path) -> Result<(), Failure> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_and_lines_say_the_same() {
        for text in [
            "sid = \"shop\"\nappkey = 'key'\nappsecret = \"se=cret:salt\"\nbase_url = \"http://x\"\n",
            "WDT_SID=shop\nWDT_APPKEY=key\nexport WDT_APPSECRET=\"se=cret:salt\"\nWDT_BASE_URL=http://x\n",
            "# made up\nsid=shop\nappkey = key\nAPPSECRET='se=cret:salt'\n\nbase_url=http://x",
        ] {
            let settings = parse(text).unwrap();
            let values = NAMES.map(|(name, _)| settings.get(name).unwrap().to_owned());
            assert_eq!(values, ["shop", "key", "se=cret:salt", "http://x"], "{text}");
        }
    }

    #[test]
    fn a_bad_line_is_told_by_its_number() {
        assert_eq!(parse("WDT_SID=shop\n\nmarker-secret").err(), Some(3));
    }

    #[test]
    fn the_secret_ends_at_the_first_colon() {
        let mut settings = Settings::default();
        for (name, value) in [(SID, "s"), (APPKEY, "k"), (APPSECRET, "se:a:b")] {
            settings.set(name, value.to_owned());
        }
        assert_eq!(settings.credentials().unwrap().secret(), "se");
    }
}
