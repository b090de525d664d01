//! A connection whose peer must take what is sent to it: one that reads nothing would keep its
//! answer, and its place among the connections, for ever.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// A stream on which a write fails when the peer has taken nothing for so long.
#[derive(Debug)]
pub(crate) struct Patient {
    stream: TcpStream,
    limit: Duration,
    /// Runs while a write waits.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    pub(crate) fn new(stream: TcpStream, limit: Duration) -> Self {
        Self { stream, limit, deadline: None }
    }

    pub(crate) fn into_inner(self) -> TcpStream {
        self.stream
    }

    /// `waiting` is what the stream said to a write.
    fn within_limit<T>(
        &mut self,
        context: &mut Context<'_>,
        waiting: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if waiting.is_ready() {
            self.deadline = None;
            return waiting;
        }
        let limit = self.limit;
        let begin = || Box::pin(sleep_until(Instant::now() + limit));
        let deadline = self.deadline.get_or_insert_with(begin);
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let waiting = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.within_limit(context, waiting)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let waiting = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.within_limit(context, waiting)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
