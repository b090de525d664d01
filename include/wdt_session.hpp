#ifndef WDT_SESSION_HPP
#define WDT_SESSION_HPP

/*
 * The conversation with the platform for C++17, in the manner of wdt.hpp: exchanges (one call, with its
 * attempts) and pulls (all rows of a span of time). They open no connection: what is to be sent, the
 * program sends.
 *
 * An exchange and a pull belong to one thread at a time. A limiter and a clock are shared by all calls
 * of an account, in whatever threads they are.
 */

#include <random>

#include "wdt.hpp"

namespace wdt {

/// WDT_ERR_TRANSPORT: no answer of the platform's came back.
class transport_error : public error {
 public:
  transport_error(const std::string &what, wdt_fate fate, std::string body, std::string what_zh = {})
      : error(WDT_ERR_TRANSPORT, what, {}, std::move(what_zh)), fate_(fate), body_(std::move(body)) {}
  /// WDT_FATE_NOT_SENT: it was not carried out; WDT_FATE_UNKNOWN: it may have been.
  wdt_fate fate() const noexcept { return fate_; }
  /// The first bytes of a reply that was none of the platform's; empty for anything else.
  const std::string &body() const noexcept { return body_; }

 private:
  wdt_fate fate_;
  std::string body_;
};

/// The moment by the clocks of this machine.
inline wdt_now current_moment() {
  using namespace std::chrono;
  static thread_local std::mt19937 chance{std::random_device{}()};
  const auto at = duration_cast<milliseconds>(steady_clock::now().time_since_epoch());
  const auto unix_time = duration_cast<milliseconds>(system_clock::now().time_since_epoch());
  return {static_cast<std::uint64_t>(at.count()), unix_time.count(),
          static_cast<std::uint32_t>(chance())};
}

/// How often and how long calls are tried: by default 5 attempts within 15 minutes.
class retry {
 public:
  using milliseconds = std::chrono::duration<std::uint64_t, std::milli>;

  retry()
      : handle_(detail::make<wdt_retry, wdt_retry_free>(
            [](auto out, auto failed) { return wdt_retry_new(out, failed); })) {}
  /// The most attempts, and after how long from the first none starts any more.
  retry &attempts(std::uint32_t most, milliseconds max_time = std::chrono::minutes(15)) {
    return set([&](auto self, auto failed) {
      return wdt_retry_set_attempts(self, most, max_time.count(), failed);
    });
  }
  /// The longest that one attempt may take.
  retry &attempt_time(milliseconds longest) {
    return set([&](auto self, auto failed) {
      return wdt_retry_set_attempt_time(self, longest.count(), failed);
    });
  }
  /// The longest wait after the first failure, and however many there were.
  retry &delays(milliseconds first, milliseconds longest) {
    return set([&](auto self, auto failed) {
      return wdt_retry_set_delays(self, first.count(), longest.count(), failed);
    });
  }
  /// The least and the longest rest after a rate limit.
  retry &rest(milliseconds least, milliseconds longest) {
    return set([&](auto self, auto failed) {
      return wdt_retry_set_rest(self, least.count(), longest.count(), failed);
    });
  }
  /// After a rate limit the call fails.
  retry &no_rest() {
    return set([](auto self, auto failed) { return wdt_retry_set_no_rest(self, failed); });
  }
  /// How far the server's clock may be from the local one to be believed.
  retry &clock_error(milliseconds most) {
    return set([&](auto self, auto failed) {
      return wdt_retry_set_clock_error(self, most.count(), failed);
    });
  }
  const wdt_retry *get() const noexcept { return handle_.get(); }

 private:
  template <class Call>
  retry &set(Call call) {
    detail::run([&](auto failed) { return call(handle_.get(), failed); });
    return *this;
  }
  detail::handle<wdt_retry, wdt_retry_free> handle_;
};

/// At most so many calls in any minute: one for all calls of a merchant.
class limiter {
 public:
  explicit limiter(std::uint32_t per_minute = 60)
      : handle_(detail::make<wdt_limiter, wdt_limiter_free>([&](auto out, auto failed) {
          return wdt_limiter_new(per_minute, out, failed);
        })) {}
  std::uint32_t per_minute() const noexcept { return wdt_limiter_per_minute(get()); }
  const wdt_limiter *get() const noexcept { return handle_.get(); }

 private:
  detail::handle<wdt_limiter, wdt_limiter_free> handle_;
};

/// The server's clock as far as it is known.
class server_clock {
 public:
  server_clock()
      : handle_(detail::make<wdt_clock, wdt_clock_free>(
            [](auto out, auto failed) { return wdt_clock_new(out, failed); })) {}
  /// The server's time in Unix seconds.
  std::int64_t unix_time(const wdt_now &now = current_moment()) const noexcept {
    return wdt_clock_unix(get(), now.unix_ms);
  }
  /// How many milliseconds it is ahead of the local one.
  std::int64_t offset_ms() const noexcept { return wdt_clock_offset_ms(get()); }
  const wdt_clock *get() const noexcept { return handle_.get(); }

 private:
  detail::handle<wdt_clock, wdt_clock_free> handle_;
};

/// What an exchange wants next: one of the WDT_STEP_ numbers, and until when, by the clock that it is
/// told.
struct next_step {
  wdt_step what = WDT_STEP_DONE;
  std::uint64_t until_ms = 0;
};

/// One call: do what step() says until it is done. What it was made of may go; it keeps what it needs.
class exchange {
 public:
  using headers = std::vector<std::pair<std::string_view, std::string_view>>;

  /// Without a limiter it asks for no turns; without a clock it has one of its own. repeats_writes: a
  /// method that writes may be sent again though it may have arrived.
  explicit exchange(const draft &what, const retry *policy = nullptr, const limiter *pace = nullptr,
                    const server_clock *clock = nullptr, const options &with = {},
                    bool repeats_writes = false)
      : handle_(detail::make<wdt_exchange, wdt_exchange_free>([&](auto out, auto failed) {
          return wdt_exchange_new(what.get(), policy ? policy->get() : nullptr,
                                  pace ? pace->get() : nullptr, clock ? clock->get() : nullptr,
                                  with.get(), repeats_writes, out, failed);
        })) {}
  /// Throws, here and each time, what the call failed with: api_error, transport_error,
  /// malformed_error.
  next_step step(const credentials &who, const wdt_now &now = current_moment()) {
    next_step next;
    wdt_error *failed = nullptr;
    const wdt_status status =
        wdt_exchange_step(handle_.get(), who.get(), &now, &next.what, &next.until_ms, &failed);
    const detail::error_handle guard(failed);
    if (status == WDT_OK) return next;
    const auto text = [&](auto get) { return std::string(detail::view(get, failed)); };
    if (status == WDT_ERR_TRANSPORT) {
      throw transport_error(text(wdt_error_message), wdt_error_fate(failed), text(wdt_error_body),
                            text(wdt_error_message_zh));
    }
    if (status == WDT_ERR_API) detail::raise_api(failed, response());
    detail::raise(status, failed);
  }
  /// What is to be sent now: POST url(…) with Content-Type: application/json and exactly body().
  std::string url(const endpoint &to) const {
    return detail::text([&](auto out, auto failed) {
      return wdt_endpoint_url(to.get(), wdt_exchange_request(get()), out, failed);
    });
  }
  std::string_view body() const { return detail::view(wdt_request_body, wdt_exchange_request(get())); }
  /// Tells an HTTP reply; Date and Retry-After are read of its headers.
  void reply(std::uint16_t http_status, const headers &given, std::string_view content,
             const wdt_now &now = current_moment()) {
    std::vector<wdt_parameter> rows;
    rows.reserve(given.size());
    for (const auto &[name, value] : given) {
      rows.push_back({name.data(), name.size(), value.data(), value.size()});
    }
    detail::run([&](auto failed) {
      return wdt_exchange_reply(handle_.get(), &now, http_status, rows.data(), rows.size(),
                                content.data(), content.size(), failed);
    });
  }
  /// Tells that no whole reply came: WDT_FATE_NOT_SENT or WDT_FATE_UNKNOWN, and why, without the URL.
  void fault(wdt_fate fate, std::string_view message, std::string_view message_zh = {},
             const wdt_now &now = current_moment()) {
    detail::run([&](auto failed) {
      return wdt_exchange_fault(handle_.get(), &now, fate, message.data(), message.size(),
                                message_zh.data(), message_zh.size(), failed);
    });
  }
  /// Of the response, exact JSON text; empty where it has none, and while there is no response.
  std::string_view data() const { return detail::view(wdt_response_data, response()); }
  std::optional<std::uint64_t> total() const {
    std::uint64_t found = 0;
    return wdt_response_total(response(), &found) ? std::optional<std::uint64_t>(found) : std::nullopt;
  }
  /// It belongs to the exchange; nullptr while there is none.
  const wdt_response *response() const noexcept { return wdt_exchange_response(get()); }
  std::uint32_t attempts() const noexcept { return wdt_exchange_attempts(get()); }
  /// What came of the latest attempt, in the person's language; valid until the next one's end.
  std::string_view outcome() const {
    return detail::view(speaks_chinese() ? wdt_exchange_outcome_zh : wdt_exchange_outcome, get());
  }
  /// What a wait of half a minute or longer is for, in the person's language; empty for a shorter one.
  std::string_view waiting() const {
    return detail::view(speaks_chinese() ? wdt_exchange_waiting_zh : wdt_exchange_waiting, get());
  }
  const wdt_exchange *get() const noexcept { return handle_.get(); }

 private:
  detail::handle<wdt_exchange, wdt_exchange_free> handle_;
};

/// State, page size, lag, overlap, account: what most pulls leave as it is, but for the state.
class pull_options {
 public:
  pull_options()
      : handle_(detail::make<wdt_pull_options, wdt_pull_options_free>(
            [](auto out, auto failed) { return wdt_pull_options_new(out, failed); })) {}
  /// Of the last batch that was kept; empty: begin anew.
  pull_options &state(std::string_view text) {
    return set([&](auto self, auto failed) {
      return wdt_pull_options_set_state(self, text.data(), text.size(), failed);
    });
  }
  /// The merchant's sid: a state of another one is refused.
  pull_options &account(std::string_view sid) {
    return set([&](auto self, auto failed) {
      return wdt_pull_options_set_account(self, sid.data(), sid.size(), failed);
    });
  }
  pull_options &page_size(std::uint32_t rows) {
    return set([&](auto self, auto failed) { return wdt_pull_options_set_page_size(self, rows, failed); });
  }
  /// Seconds that must have passed before they are asked for; how much earlier a later pull begins.
  pull_options &lag(std::chrono::duration<std::uint32_t> lag, std::chrono::duration<std::uint32_t> overlap) {
    return set([&](auto self, auto failed) {
      return wdt_pull_options_set_lag(self, lag.count(), overlap.count(), failed);
    });
  }
  const wdt_pull_options *get() const noexcept { return handle_.get(); }

 private:
  template <class Call>
  pull_options &set(Call call) {
    detail::run([&](auto failed) { return call(handle_.get(), failed); });
    return *this;
  }
  detail::handle<wdt_pull_options, wdt_pull_options_free> handle_;
};

/// Rows to keep, and the state to keep with them, in one transaction.
class batch {
 public:
  explicit batch(detail::handle<wdt_batch, wdt_batch_free> made) : handle_(std::move(made)) {}
  /// There may be none: the state has moved on.
  std::size_t size() const noexcept { return wdt_batch_len(get()); }
  /// A row as JSON, with the digits that the platform sent.
  std::string_view row(std::size_t index) const { return detail::view(wdt_batch_row, get(), index); }
  /// All rows as one JSON array, as typed_rows takes it.
  std::string_view json() const { return detail::view(wdt_batch_json, get()); }
  std::string_view since() const { return detail::view(wdt_batch_since, get()); }
  std::string_view until() const { return detail::view(wdt_batch_until, get()); }
  std::string_view state() const { return detail::view(wdt_batch_state, get()); }
  const wdt_batch *get() const noexcept { return handle_.get(); }

 private:
  detail::handle<wdt_batch, wdt_batch_free> handle_;
};

/// A part of the span that could not be read; a later pull with the state takes it up.
struct failed_span {
  std::string since, until, why, why_zh;
};

/// What a pull has done so far.
struct pull_report {
  std::uint64_t rows = 0, calls = 0, least_calls = 0, windows = 0;
  std::vector<failed_span> failed;
};

/// All rows of a span of time, each once: ask(), make the call, take() it, until there is nothing more
/// to ask.
class pull {
 public:
  /// since and until, both in the span, as the platform writes times; an empty until is now, the
  /// server's time in Unix seconds. params is a JSON object of filters, empty for none.
  pull(std::string_view method, std::string_view since, std::string_view until, std::int64_t unix_time,
       std::string_view params = {}, const pull_options &how = {}, const catalogue *own = nullptr)
      : handle_(detail::make<wdt_pull, wdt_pull_free>([&](auto out, auto failed) {
          return wdt_pull_new(method.data(), method.size(), params.data(), params.size(), since.data(),
                              since.size(), until.data(), until.size(), unix_time,
                              own ? own->get() : nullptr, how.get(), out, failed);
        })) {}
  /// The next call; nothing where all has been read.
  std::optional<draft> ask(const options &with = {}) const {
    auto made = detail::make<wdt_draft, wdt_draft_free>([&](auto out, auto failed) {
      return wdt_pull_ask(handle_.get(), with.get(), out, failed);
    });
    return made ? std::optional<draft>(draft(std::move(made))) : std::nullopt;
  }
  /// Takes what a call that is done brought; nothing where no window is whole yet.
  std::optional<batch> take(const exchange &done) {
    return batch_of([&](auto out, auto failed) {
      return wdt_pull_take(handle_.get(), done.response(), out, failed);
    });
  }
  /// Passes over what a call was about that failed for good, and why, for people.
  std::optional<batch> fail(std::string_view why) {
    return batch_of([&](auto out, auto failed) {
      return wdt_pull_fail(handle_.get(), why.data(), why.size(), out, failed);
    });
  }
  /// Whether the next call would fail as well: then end the pull, do not tell fail().
  bool gives_up(const error &failed) const noexcept {
    const auto *refusal = dynamic_cast<const api_error *>(&failed);
    const std::string_view kind = refusal ? std::string_view(refusal->kind()) : std::string_view();
    return wdt_pull_gives_up(handle_.get(), kind.data(), kind.size());
  }
  /// How much of the span is done.
  std::uint32_t thousandths() const noexcept { return wdt_pull_thousandths(handle_.get()); }
  pull_report report() const {
    const auto made = detail::make<wdt_pull_report, wdt_pull_report_free>([&](auto out, auto failed) {
      return wdt_pull_report_new(handle_.get(), out, failed);
    });
    const wdt_pull_report *of = made.get();
    pull_report found{wdt_pull_report_rows(of), wdt_pull_report_calls(of),
                      wdt_pull_report_least_calls(of), wdt_pull_report_windows(of), {}};
    for (std::size_t i = 0; i < wdt_pull_report_failed(of); ++i) {
      const auto text = [&](auto get) { return std::string(detail::view(get, of, i)); };
      found.failed.push_back({text(wdt_pull_report_since), text(wdt_pull_report_until),
                              text(wdt_pull_report_why), text(wdt_pull_report_why_zh)});
    }
    return found;
  }

 private:
  template <class Call>
  std::optional<batch> batch_of(Call call) {
    auto made = detail::make<wdt_batch, wdt_batch_free>(call);
    return made ? std::optional<batch>(batch(std::move(made))) : std::nullopt;
  }
  detail::handle<wdt_pull, wdt_pull_free> handle_;
};

}  // namespace wdt

#endif  // WDT_SESSION_HPP
