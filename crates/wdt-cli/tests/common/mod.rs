//! Runs the real program and holds every output against the secret.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)] // helpers of several tests

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;

/// Stands in no output, whatever goes wrong.
pub(crate) const SECRET: &str = "marker7f3a9c51d0secret";
pub(crate) const SALT: &str = "testsalt";

/// What a run left.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}{}", self.out, self.err))
    }
}

/// `wdt` with made-up credentials in its environment and nothing else.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wdt"));
    command
        .args(args)
        .env_clear()
        .env("WDT_SID", "wdtapi3")
        .env("WDT_APPKEY", "wdt_test")
        .env("WDT_APPSECRET", format!("{SECRET}:{SALT}"))
        .stdin(Stdio::null());
    command
}

pub(crate) fn finish(mut command: Command) -> Run {
    judge(&command.output().unwrap())
}

pub(crate) fn judge(output: &Output) -> Run {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    for text in [&out, &err] {
        assert!(!text.contains(SECRET), "the secret is shown: {text}");
        assert!(!text.contains("panicked"), "{text}");
        assert!(!text.contains('\u{1b}'), "a colour where there is no terminal: {text:?}");
    }
    Run { code: output.status.code().unwrap_or(-1), out, err }
}

pub(crate) fn wdt(args: &[&str]) -> Run {
    finish(command(args))
}

/// The same with something on standard input.
pub(crate) fn wdt_reading(args: &[&str], input: &[u8]) -> Run {
    let mut command = command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who does not read all of it closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    judge(&child.wait_with_output().unwrap())
}

/// A file that is gone when the test is.
pub(crate) struct TempFile(PathBuf);

impl TempFile {
    pub(crate) fn new(name: &str, content: &str, mode: u32) -> Self {
        let name = format!("wdt-cli-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A server of one connection on the loopback: hands the request to `answer`, whose bytes go back.
pub(crate) struct Peer {
    address: SocketAddr,
    request: JoinHandle<String>,
}

impl Peer {
    pub(crate) fn start(answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let request = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let request = read_request(&mut stream);
            answer(&mut stream);
            request
        });
        Self { address, request }
    }

    /// Answers with a status line and a body.
    pub(crate) fn answering(status: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self::start(move |stream| {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            // The client may have read enough and gone.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        })
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The request as it arrived.
    pub(crate) fn request(self) -> String {
        self.request.join().unwrap()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse::<usize>().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return text,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}
