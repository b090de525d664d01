#ifndef WDT_HPP
#define WDT_HPP

/*
 * libwdt for C++17, header only: handles that free themselves, exceptions instead of statuses.
 *
 * Texts go in as std::string_view. Those that come out as std::string_view belong to their object
 * and are valid until it is destroyed or assigned to; a NUL stands behind them. Objects move, they
 * do not copy. `const` functions may be called from several threads at once.
 *
 * What people read exists in English and in Chinese. what() follows the person's environment
 * (WDT_LANG, LC_ALL, LC_MESSAGES, LANG); codes, kinds and pointers are the same in both.
 */

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wdt.h"

namespace wdt {

/// One thing that is wrong with a request. Pointer and code are stable, the messages are for people.
struct issue {
  std::string pointer, code, message, label;
  bool is_error = false;
  /// The message in Chinese.
  std::string message_zh{};
};

/// Whether the person's environment asks for Chinese.
inline bool speaks_chinese() noexcept {
  return wdt_language_of_environment() == WDT_LANGUAGE_CHINESE;
}

/// A failed call: the code is one of the WDT_ERR_ numbers. what() is in the person's language.
class error : public std::runtime_error {
 public:
  error(wdt_status code, const std::string &message, std::vector<issue> issues = {},
        std::string message_zh = {})
      : std::runtime_error(message_zh.empty() || !speaks_chinese() ? message : message_zh),
        code_(code), issues_(std::move(issues)), english_(message), chinese_(std::move(message_zh)) {}
  wdt_status code() const noexcept { return code_; }
  /// The issues of a WDT_ERR_VALIDATION, else none.
  const std::vector<issue> &issues() const noexcept { return issues_; }
  /// What failed and what to do, whatever the environment says.
  const std::string &what_en() const noexcept { return english_; }
  const std::string &what_zh() const noexcept { return chinese_; }

 private:
  wdt_status code_;
  std::vector<issue> issues_;
  std::string english_, chinese_;
};

/// WDT_ERR_API: the server answered with a status other than 0. what() names status and kind.
class api_error : public error {
 public:
  api_error(const std::string &what, std::int64_t status, std::string kind, std::string message,
            bool retryable, std::optional<std::string> data, std::string what_zh = {})
      : error(WDT_ERR_API, what, {}, std::move(what_zh)), status_(status), kind_(std::move(kind)),
        message_(std::move(message)), retryable_(retryable), data_(std::move(data)) {}
  std::int64_t status() const noexcept { return status_; }
  const std::string &kind() const noexcept { return kind_; }
  /// The server's message.
  const std::string &message() const noexcept { return message_; }
  bool retryable() const noexcept { return retryable_; }
  const std::optional<std::string> &data() const noexcept { return data_; }

 private:
  std::int64_t status_;
  std::string kind_, message_;
  bool retryable_;
  std::optional<std::string> data_;
};

/// WDT_ERR_MALFORMED: what came is no reply of the platform's.
class malformed_error : public error {
 public:
  malformed_error(const std::string &what, std::string body, std::string what_zh = {})
      : error(WDT_ERR_MALFORMED, what, {}, std::move(what_zh)), body_(std::move(body)) {}
  /// The first bytes of the reply.
  const std::string &body() const noexcept { return body_; }

 private:
  std::string body_;
};

/// WDT_ERR_VERIFY: a received call failed a check; answer with vendor_status and vendor_message.
class verify_error : public error {
 public:
  verify_error(const std::string &what, std::string check, std::int64_t status, std::string message,
               std::string what_zh = {})
      : error(WDT_ERR_VERIFY, what, {}, std::move(what_zh)), check_(std::move(check)),
        vendor_status_(status), vendor_message_(std::move(message)) {}
  const std::string &check() const noexcept { return check_; }
  std::int64_t vendor_status() const noexcept { return vendor_status_; }
  const std::string &vendor_message() const noexcept { return vendor_message_; }

 private:
  std::string check_;
  std::int64_t vendor_status_;
  std::string vendor_message_;
};

namespace detail {

template <auto Free>
struct deleter {
  template <class T>
  void operator()(T *handle) const noexcept { Free(handle); }
};
template <class T, auto Free>
using handle = std::unique_ptr<T, deleter<Free>>;
using error_handle = handle<wdt_error, wdt_error_free>;

inline std::string_view view(const char *text, std::size_t len) {
  return text == nullptr ? std::string_view() : std::string_view(text, len);
}
template <class T>
std::string_view view(const char *(*get)(const T *, std::size_t *), const T *self) {
  std::size_t len = 0;
  const char *text = get(self, &len);
  return view(text, len);
}
template <class T>
std::string_view view(const char *(*get)(const T *, std::size_t, std::size_t *), const T *self,
                      std::size_t index) {
  std::size_t len = 0;
  const char *text = get(self, index, &len);
  return view(text, len);
}

inline std::vector<issue> issues(const wdt_report *report) {
  std::vector<issue> found;
  found.reserve(wdt_report_len(report));
  for (std::size_t i = 0; i < wdt_report_len(report); ++i) {
    const auto text = [&](auto get) { return std::string(view(get, report, i)); };
    found.push_back({text(wdt_report_pointer), text(wdt_report_code), text(wdt_report_message),
                     text(wdt_report_label), wdt_report_is_error(report, i),
                     text(wdt_report_message_zh)});
  }
  return found;
}

[[noreturn]] inline void raise(wdt_status status, const wdt_error *failed) {
  const auto text = [&](auto get) { return std::string(view(get, failed)); };
  const std::string what = text(wdt_error_message), what_zh = text(wdt_error_message_zh);
  switch (status) {
    case WDT_ERR_MALFORMED:
      throw malformed_error(what, text(wdt_error_body), what_zh);
    case WDT_ERR_VERIFY:
      throw verify_error(what, text(wdt_error_check), wdt_error_vendor_status(failed),
                         text(wdt_error_vendor_message), what_zh);
    default:
      throw error(status, what, issues(wdt_error_report(failed)), what_zh);
  }
}

/// A refusal of the platform's, and the response that has it.
[[noreturn]] inline void raise_api(const wdt_error *failed, const wdt_response *refusal) {
  const auto text = [&](auto get) { return std::string(view(get, refusal)); };
  const bool has_data = wdt_response_data(refusal, nullptr) != nullptr;
  throw api_error(std::string(view(wdt_error_message, failed)), wdt_response_status(refusal),
                  text(wdt_response_kind), text(wdt_response_message), wdt_response_retryable(refusal),
                  has_data ? std::optional<std::string>(text(wdt_response_data)) : std::nullopt,
                  std::string(view(wdt_error_message_zh, failed)));
}

/// Calls a function that hands nothing out.
template <class Call>
void run(Call call) {
  wdt_error *failed = nullptr;
  const wdt_status status = call(&failed);
  const error_handle guard(failed);
  if (status != WDT_OK) raise(status, failed);
}

/// Calls a function that hands a T out.
template <class T, auto Free, class Call>
handle<T, Free> make(Call call) {
  T *out = nullptr;
  wdt_error *failed = nullptr;
  const wdt_status status = call(&out, &failed);
  const error_handle guard(failed);
  handle<T, Free> made(out);
  if (status != WDT_OK) raise(status, failed);
  return made;
}

template <class Call>
std::string text(Call call) {
  const auto made = make<wdt_text, wdt_text_free>(call);
  return std::string(view(wdt_text_data, made.get()));
}

}  // namespace detail

/// The system's clock in Unix seconds.
inline std::int64_t unix_now() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

/// Throws when the library that the program runs with is not that of this header.
inline void check_abi() {
  if (wdt_abi_version() != WDT_ABI_VERSION) {
    throw std::runtime_error("libwdt " + std::string(wdt_version()) + " has another ABI than its header");
  }
}

/// What signs a request.
class credentials {
 public:
  /// app_secret is the whole "secret:salt".
  credentials(std::string_view sid, std::string_view key, std::string_view app_secret)
      : handle_(detail::make<wdt_credentials, wdt_credentials_free>([&](auto out, auto failed) {
          return wdt_credentials_new(sid.data(), sid.size(), key.data(), key.size(),
                                     app_secret.data(), app_secret.size(), out, failed);
        })) {}
  std::string_view sid() const { return detail::view(wdt_credentials_sid, get()); }
  std::string_view key() const { return detail::view(wdt_credentials_key, get()); }
  std::string_view salt() const { return detail::view(wdt_credentials_salt, get()); }
  const wdt_credentials *get() const noexcept { return handle_.get(); }

 private:
  detail::handle<wdt_credentials, wdt_credentials_free> handle_;
};

/// The built-in methods and those that the program registers.
class catalogue {
 public:
  /// find() gives it where there is no such method.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  catalogue()
      : handle_(detail::make<wdt_catalogue, wdt_catalogue_free>(
            [](auto out, auto failed) { return wdt_catalogue_new(out, failed); })) {}
  /// Adds a method; texts given out before are no longer valid.
  void add(std::string_view json) {
    detail::run([&](auto failed) {
      return wdt_catalogue_register(handle_.get(), json.data(), json.size(), failed);
    });
  }
  std::size_t size() const noexcept { return wdt_catalogue_len(get()); }
  std::size_t find(std::string_view name) const noexcept {
    return wdt_catalogue_find(get(), name.data(), name.size());
  }
  std::string_view name(std::size_t index) const {
    return detail::view(wdt_catalogue_name, get(), index);
  }
  std::string_view title(std::size_t index) const {
    return detail::view(wdt_catalogue_title, get(), index);
  }
  bool documented(std::size_t index) const noexcept { return wdt_catalogue_documented(get(), index); }
  bool paged(std::size_t index) const noexcept { return wdt_catalogue_paged(get(), index); }
  bool writes(std::size_t index) const noexcept { return wdt_catalogue_writes(get(), index); }
  const wdt_catalogue *get() const noexcept { return handle_.get(); }

 private:
  detail::handle<wdt_catalogue, wdt_catalogue_free> handle_;
};

/// Paging, level, limits, catalogue: what most calls leave as it is.
class options {
 public:
  options() = default;
  /// page_no counts from 0; the total is slow, ask for it on the first page only.
  options &pager(std::int64_t page_size, std::int64_t page_no = 0, bool calc_total = false) {
    return set([&](auto self, auto failed) {
      return wdt_options_set_pager(self, page_size, page_no, calc_total, failed);
    });
  }
  /// One of the WDT_LEVEL_ numbers.
  options &level(std::int32_t number) {
    return set([&](auto self, auto failed) { return wdt_options_set_level(self, number, failed); });
  }
  options &limits(std::size_t max_bytes, std::size_t max_depth) {
    return set([&](auto self, auto failed) {
      return wdt_options_set_limits(self, max_bytes, max_depth, failed);
    });
  }
  /// Methods of the program's own, for the stock-sync calls too. Register them before; the catalogue
  /// must outlive the options.
  options &methods(const class catalogue &own) {
    catalogue_ = own.get();
    return set([&](auto self, auto failed) {
      return wdt_options_set_catalogue(self, own.get(), failed);
    });
  }
  const wdt_options *get() const noexcept { return handle_.get(); }
  const wdt_catalogue *methods() const noexcept { return catalogue_; }

 private:
  template <class Call>
  options &set(Call call) {
    if (!handle_) {
      handle_ = detail::make<wdt_options, wdt_options_free>(
          [](auto out, auto failed) { return wdt_options_new(out, failed); });
    }
    detail::run([&](auto failed) { return call(handle_.get(), failed); });
    return *this;
  }
  detail::handle<wdt_options, wdt_options_free> handle_;
  const wdt_catalogue *catalogue_ = nullptr;
};

/// What the catalogue says of a body.
struct report {
  bool ok = false;
  std::vector<issue> issues;
  std::uint64_t omitted = 0;
};

/// Holds a body against the catalogue. Issues are no exception here.
inline report validate(std::string_view method, std::string_view body, const options &with = {}) {
  const auto made = detail::make<wdt_report, wdt_report_free>([&](auto out, auto failed) {
    return wdt_validate(with.methods(), method.data(), method.size(), body.data(), body.size(),
                        with.get(), out, failed);
  });
  return {wdt_report_ok(made.get()), detail::issues(made.get()), wdt_report_omitted(made.get())};
}

/// A signed request: POST url(base) with Content-Type: application/json and exactly body().
class request {
 public:
  /// body is the JSON array of positional arguments, signed and sent byte for byte.
  static request build(const credentials &who, std::string_view method, std::string_view body,
                       std::int64_t unix_time, const options &with = {}) {
    return make([&](auto out, auto failed) {
      return wdt_request_build(who.get(), method.data(), method.size(), body.data(), body.size(),
                               unix_time, with.methods(), with.get(), out, failed);
    });
  }
  /// From any C function that hands out a request: call(wdt_request **, wdt_error **).
  template <class Call>
  static request make(Call call) {
    return request(detail::make<wdt_request, wdt_request_free>(call));
  }
  std::string_view query() const { return detail::view(wdt_request_query, get()); }
  std::string_view body() const { return detail::view(wdt_request_body, get()); }
  std::string_view sign() const { return detail::view(wdt_request_sign, get()); }
  std::int64_t timestamp() const noexcept { return wdt_request_timestamp(get()); }
  std::vector<issue> warnings() const { return detail::issues(wdt_request_warnings(get())); }
  /// The same call signed anew, for another attempt; both share the body.
  request sign_again(const credentials &who, std::int64_t unix_time) const {
    return make([&](auto out, auto failed) {
      return wdt_request_sign_again(get(), who.get(), unix_time, out, failed);
    });
  }
  /// Who sends more than one request reads the address once: endpoint.
  std::string url(std::string_view base) const {
    return detail::text([&](auto out, auto failed) {
      return wdt_request_url(get(), base.data(), base.size(), out, failed);
    });
  }
  const wdt_request *get() const noexcept { return handle_.get(); }

 private:
  explicit request(detail::handle<wdt_request, wdt_request_free> made) : handle_(std::move(made)) {}
  detail::handle<wdt_request, wdt_request_free> handle_;
};

/// A request that is complete but for credentials and time: made once, signed for every attempt.
class draft {
 public:
  /// body is the JSON array of positional arguments, signed and sent byte for byte.
  draft(std::string_view method, std::string_view body, const options &with = {})
      : handle_(detail::make<wdt_draft, wdt_draft_free>([&](auto out, auto failed) {
          return wdt_draft_new(method.data(), method.size(), body.data(), body.size(),
                               with.methods(), with.get(), out, failed);
        })) {}
  /// The call of a request that is there already.
  explicit draft(const request &signed_request)
      : handle_(detail::make<wdt_draft, wdt_draft_free>([&](auto out, auto failed) {
          return wdt_draft_of_request(signed_request.get(), out, failed);
        })) {}
  explicit draft(detail::handle<wdt_draft, wdt_draft_free> made) : handle_(std::move(made)) {}
  std::string_view body() const { return detail::view(wdt_draft_body, get()); }
  std::vector<issue> warnings() const { return detail::issues(wdt_draft_warnings(get())); }
  /// A request of its own, which shares the body and may outlive the draft.
  request sign(const credentials &who, std::int64_t unix_time) const {
    return request::make([&](auto out, auto failed) {
      return wdt_draft_sign(get(), who.get(), unix_time, out, failed);
    });
  }
  const wdt_draft *get() const noexcept { return handle_.get(); }

 private:
  detail::handle<wdt_draft, wdt_draft_free> handle_;
};

/// The server's address, with or without "/openapi" behind it, read once.
class endpoint {
 public:
  explicit endpoint(std::string_view base)
      : handle_(detail::make<wdt_endpoint, wdt_endpoint_free>([&](auto out, auto failed) {
          return wdt_endpoint_new(base.data(), base.size(), out, failed);
        })) {}
  /// With "/openapi" and nothing behind it.
  std::string_view address() const { return detail::view(wdt_endpoint_address, get()); }
  /// The whole URL to POST a request to.
  std::string url(const request &signed_request) const {
    return detail::text([&](auto out, auto failed) {
      return wdt_endpoint_url(get(), signed_request.get(), out, failed);
    });
  }
  const wdt_endpoint *get() const noexcept { return handle_.get(); }

 private:
  detail::handle<wdt_endpoint, wdt_endpoint_free> handle_;
};

/// A reply of status 0; any other status throws api_error.
class response {
 public:
  static response parse(std::string_view body, const options &with = {}) {
    wdt_response *out = nullptr;
    wdt_error *failed = nullptr;
    const wdt_status status = wdt_response_parse(body.data(), body.size(), with.get(), &out, &failed);
    const detail::error_handle guard(failed);
    response made{handle(out)};
    if (status == WDT_ERR_API) detail::raise_api(failed, out);
    if (status != WDT_OK) detail::raise(status, failed);
    return made;
  }
  /// Whether the reply has data.
  bool has_data() const noexcept { return wdt_response_data(handle_.get(), nullptr) != nullptr; }
  /// Exact JSON text; empty where the reply has none.
  std::string_view data() const { return text(wdt_response_data); }
  std::optional<std::uint64_t> total() const {
    std::uint64_t found = 0;
    return wdt_response_total(handle_.get(), &found) ? std::optional<std::uint64_t>(found) : std::nullopt;
  }
  const wdt_response *get() const noexcept { return handle_.get(); }

 private:
  using handle = detail::handle<wdt_response, wdt_response_free>;
  explicit response(handle made) : handle_(std::move(made)) {}
  std::string_view text(const char *(*get)(const wdt_response *, std::size_t *)) const {
    return detail::view(get, handle_.get());
  }
  handle handle_;
};

/// Rows of a query, each documented field in one form.
struct rows {
  /// The list as JSON: integers without a point, decimals with one, times in Beijing time.
  std::string json;
  /// Where in json the times stand: the byte of each one's opening quote.
  std::vector<std::size_t> times;
  /// What did not fit its field and so stayed as it came, with pointers into the list.
  std::vector<issue> issues;
  std::uint64_t omitted = 0;
};

/// given is the list of rows, or the reply's data that holds it (response::data).
inline rows typed_rows(std::string_view method, std::string_view given, const options &with = {}) {
  const auto made = detail::make<wdt_rows, wdt_rows_free>([&](auto out, auto failed) {
    return wdt_typed_rows(method.data(), method.size(), given.data(), given.size(), with.get(), out,
                          failed);
  });
  const wdt_report *report = wdt_rows_report(made.get());
  std::size_t count = 0;
  const std::size_t *times = wdt_rows_times(made.get(), &count);
  return {std::string(detail::view(wdt_rows_json, made.get())), {times, times + count},
          detail::issues(report), wdt_report_omitted(report)};
}

/// A document, or row, that a writing call refused though its status is 0.
struct failure {
  std::string key, code, message;
};

/// What a call of method refused under status 0; an empty method is not known.
inline std::vector<failure> failures(const response &reply, std::string_view method = {},
                                     const options &with = {}) {
  const auto made = detail::make<wdt_failures, wdt_failures_free>([&](auto out, auto failed) {
    return wdt_failures_find(reply.get(), method.data(), method.size(), with.get(), out, failed);
  });
  std::vector<failure> found;
  for (std::size_t i = 0; i < wdt_failures_len(made.get()); i++) {
    const auto cell = [&](const char *(*get)(const wdt_failures *, std::size_t, std::size_t *)) {
      std::size_t len = 0;
      const char *text = get(made.get(), i, &len);
      return std::string(detail::view(text, len));
    };
    found.push_back({cell(wdt_failures_key), cell(wdt_failures_code), cell(wdt_failures_message)});
  }
  return found;
}

/// The bare algorithm: query parameters with raw values, and "body".
inline std::string sign(std::string_view secret,
                        const std::vector<std::pair<std::string_view, std::string_view>> &parameters) {
  std::vector<wdt_parameter> rows;
  rows.reserve(parameters.size());
  for (const auto &[key, value] : parameters) {
    rows.push_back({key.data(), key.size(), value.data(), value.size()});
  }
  return detail::text([&](auto out, auto failed) {
    return wdt_sign(secret.data(), secret.size(), rows.data(), rows.size(), out, failed);
  });
}

/// What was signed: the secret masked in `canonical`, counted in `length`.
struct explanation {
  std::string canonical;
  std::size_t length = 0;
  std::string sign;
};

inline explanation explain(const credentials &who, std::string_view method, std::string_view body,
                           std::int64_t unix_time, const options &with = {}) {
  const auto made = detail::make<wdt_explanation, wdt_explanation_free>([&](auto out, auto failed) {
    return wdt_explain(who.get(), method.data(), method.size(), body.data(), body.size(), unix_time,
                       with.get(), out, failed);
  });
  return {std::string(detail::view(wdt_explanation_canonical, made.get())),
          wdt_explanation_length(made.get()),
          std::string(detail::view(wdt_explanation_sign, made.get()))};
}

/// What a look-up answers.
struct lookup_result {
  std::int32_t outcome = WDT_LOOKUP_UNKNOWN_SID;
  std::string app_secret;

  static lookup_result found(std::string secret_and_salt) {
    return {WDT_LOOKUP_FOUND, std::move(secret_and_salt)};
  }
  static lookup_result unknown_sid() { return {WDT_LOOKUP_UNKNOWN_SID, {}}; }
  static lookup_result unknown_key() { return {WDT_LOOKUP_UNKNOWN_KEY, {}}; }
};

/// The page that a received call asks for.
struct page {
  std::int32_t size = 0, no = 0;
  bool calc_total = false;
};

/// A received call that passed all checks.
struct call {
  std::string sid, key, method;
  std::int64_t timestamp = 0;
  std::optional<page> pager;
};

using lookup = std::function<lookup_result(std::string_view sid, std::string_view key)>;

/// Checks a received call. What the look-up throws comes out of here, past no frame of the library.
inline call verify(std::string_view query, std::string_view body, std::int64_t unix_time,
                   const lookup &find) {
  struct state {
    const lookup &find;
    lookup_result result;
    std::exception_ptr thrown;
  } asked{find, {}, nullptr};
  const wdt_lookup trampoline = [](void *context, const char *sid, std::size_t sid_len,
                                   const char *key, std::size_t key_len, const char **secret,
                                   std::size_t *secret_len) noexcept -> std::int32_t {
    auto &self = *static_cast<state *>(context);
    try {
      self.result = self.find({sid, sid_len}, {key, key_len});
    } catch (...) {
      self.thrown = std::current_exception();
      return WDT_LOOKUP_UNKNOWN_KEY;
    }
    *secret = self.result.app_secret.data();
    *secret_len = self.result.app_secret.size();
    return self.result.outcome;
  };
  wdt_call *out = nullptr;
  wdt_error *failed = nullptr;
  const wdt_status status = wdt_verify(query.data(), query.size(), body.data(), body.size(),
                                       unix_time, trampoline, &asked, &out, &failed);
  const detail::error_handle guard(failed);
  const detail::handle<wdt_call, wdt_call_free> made(out);
  if (asked.thrown) std::rethrow_exception(asked.thrown);
  if (status != WDT_OK) detail::raise(status, failed);
  call found{std::string(detail::view(wdt_call_sid, out)),
             std::string(detail::view(wdt_call_key, out)),
             std::string(detail::view(wdt_call_method, out)), wdt_call_timestamp(out), {}};
  page asks;
  if (wdt_call_pager(out, &asks.size, &asks.no, &asks.calc_total)) found.pager = asks;
  return found;
}

/// The six calls of the stock-sync loop. `info` is the JSON object of the report, sent to the letter.
namespace stock_sync {

inline request get_self_wait_sync_id_list_open(const credentials &who, std::int64_t count,
                                               std::int64_t position, std::int64_t unix_time,
                                               const options &with = {}) {
  return request::make([&](auto out, auto failed) {
    return wdt_stock_sync_get_self_wait_sync_id_list_open(who.get(), count, position, unix_time,
                                                          with.get(), out, failed);
  });
}

inline request calc_stock(const credentials &who, std::int64_t api_goods_id, bool force_sync,
                          std::int64_t unix_time, const options &with = {}) {
  return request::make([&](auto out, auto failed) {
    return wdt_stock_sync_calc_stock(who.get(), api_goods_id, force_sync, unix_time, with.get(), out,
                                     failed);
  });
}

inline request batch_calc_stock(const credentials &who, const std::vector<wdt_good> &goods,
                                std::int64_t unix_time, const options &with = {}) {
  return request::make([&](auto out, auto failed) {
    return wdt_stock_sync_batch_calc_stock(who.get(), goods.data(), goods.size(), unix_time,
                                           with.get(), out, failed);
  });
}

inline request sync_success(const credentials &who, std::int64_t api_goods_id, std::string_view info,
                            std::int64_t unix_time, const options &with = {}) {
  return request::make([&](auto out, auto failed) {
    return wdt_stock_sync_sync_success(who.get(), api_goods_id, info.data(), info.size(), unix_time,
                                       with.get(), out, failed);
  });
}

inline request sync_fail(const credentials &who, std::int64_t api_goods_id, std::string_view info,
                         std::int64_t unix_time, const options &with = {}) {
  return request::make([&](auto out, auto failed) {
    return wdt_stock_sync_sync_fail(who.get(), api_goods_id, info.data(), info.size(), unix_time,
                                    with.get(), out, failed);
  });
}

/// The `info` of a report, from the JSON of one calculated good; `result` says why the shop did not
/// take it.
inline std::string sync_info(std::string_view calculated, bool success, std::string_view result = {}) {
  return detail::text([&](auto out, auto failed) {
    return wdt_stock_sync_sync_info(calculated.data(), calculated.size(), success, result.data(),
                                    result.size(), out, failed);
  });
}

inline request cancel_sync(const credentials &who, std::int64_t api_goods_id,
                           std::int64_t stock_change_count, std::int64_t unix_time,
                           const options &with = {}) {
  return request::make([&](auto out, auto failed) {
    return wdt_stock_sync_cancel_sync(who.get(), api_goods_id, stock_change_count, unix_time,
                                      with.get(), out, failed);
  });
}

}  // namespace stock_sync

}  // namespace wdt

#endif  // WDT_HPP
