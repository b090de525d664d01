// wdt.hpp and wdt_session.hpp: what goes in, what comes out, what is thrown, what is freed (valgrind sees the last).
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <type_traits>

#include <wdt_session.hpp>

#include "check.h"

namespace {

constexpr std::int64_t now = 1775791716;
constexpr const char *info =
    R"({"syn_stock":1.0000,"stock_change_count":2,"stock_syn_rule_id":-1,"stock_syn_rule_no":"",)"
    R"("stock_syn_other":"","stock_syn_warehouses":"6","stock_syn_mask":0,"stock_syn_percent":100,)"
    R"("stock_syn_plus":1,"stock_syn_min":1,"stock_syn_max":5,"is_auto_listing":true,)"
    R"("is_auto_delisting":true,"is_syn_success":false,"is_manual":false,"syn_result":"失败"})";

// The error that a call throws; fails where it throws none or another.
template <class Error, class Call>
Error thrown(Call call, const char *about) {
  try {
    call();
  } catch (const Error &error) {
    CHECK(*error.what() != '\0', about);
    return error;
  }
  CHECK(false, about);
  throw std::logic_error(about);
}

static_assert(!std::is_copy_constructible_v<wdt::request>);
static_assert(std::is_nothrow_move_constructible_v<wdt::request>);
static_assert(std::is_nothrow_move_constructible_v<wdt::credentials>);
static_assert(std::is_base_of_v<std::runtime_error, wdt::error>);

void requests(const wdt::credentials &who) {
  CHECK(who.sid() == "wdtapi3" && who.key() == "wdt_test" && who.salt() == "testsalt", "who");
  auto request = wdt::request::build(who, "system.Core.now", "[]", now);
  CHECK(request.sign() == "c9053525ed8fc05e3263c8d7210060ca", "vector");
  CHECK(request.body() == "[]" && request.timestamp() == 450444516, "vector");
  CHECK(request.warnings().empty(), "vector");
  CHECK(request.url("https://erp.example") ==
            "https://erp.example/openapi?" + std::string(request.query()), "url");
  const auto moved = std::move(request);
  CHECK(moved.sign() == "c9053525ed8fc05e3263c8d7210060ca", "moved");

  const auto explained = wdt::explain(who, "system.Core.now", "[]", now);
  CHECK(explained.sign == moved.sign() && explained.length == 102, "explain");
  CHECK(explained.canonical.substr(0, 3) == "***", "explain");
  CHECK(wdt::sign("testsecret", {{"v", "1.0"}, {"sid", "wdtapi3"}, {"key", "wdt_test"},
                                 {"salt", "testsalt"}, {"method", "system.Core.now"},
                                 {"timestamp", "450444516"}, {"body", "[]"}}) == moved.sign(), "sign");

  wdt::options paged;
  paged.pager(100, 3, true).level(WDT_LEVEL_STRICT).limits(1 << 20, 8);
  const auto page = wdt::request::build(who, "setting.Shop.queryShop", "[{}]", now, paged);
  CHECK(page.query().find("&page_size=100&page_no=3&calc_total=1") != std::string_view::npos, "page");

  const auto refused = thrown<wdt::error>(
      [&] { wdt::request::build(who, "system.Core.now", "{}", now); }, "no array");
  CHECK(refused.code() == WDT_ERR_VALIDATION && refused.issues().size() == 1, "no array");
  CHECK(refused.issues()[0].code == "not_an_array" && refused.issues()[0].is_error, "no array");
  CHECK(thrown<wdt::error>([&] { wdt::request::build(who, "\xff", "[]", now); }, "UTF-8").code() ==
            WDT_ERR_UTF8, "UTF-8");
  CHECK(thrown<wdt::error>([&] { paged.level(7); }, "level").code() == WDT_ERR_ARGUMENT, "level");
  CHECK(thrown<wdt::error>([] { wdt::credentials("a", "b", "nocolon"); }, "secret").code() ==
            WDT_ERR_CREDENTIALS, "secret");
  CHECK(thrown<wdt::error>([&] { moved.url("erp"); }, "base").issues()[0].label == "base", "base");
}

// One draft, signed again; an address, read once.
void drafts(const wdt::credentials &who) {
  const wdt::endpoint server("https://erp.example/openapi/");
  CHECK(server.address() == "https://erp.example/openapi", "endpoint");
  CHECK(thrown<wdt::error>([] { wdt::endpoint("erp"); }, "base").issues()[0].label == "base", "base");
  const auto built = wdt::request::build(who, "system.Core.now", "[]", now);
  const auto sign = [&] {
    const wdt::draft draft("system.Core.now", "[]");
    CHECK(draft.body() == "[]" && draft.warnings().empty(), "draft");
    return draft.sign(who, now - 30);
  };
  const auto first = sign();
  const auto again = first.sign_again(who, now);
  CHECK(first.sign() != again.sign() && again.query() == built.query(), "again");
  CHECK(first.body().data() == again.body().data(), "one body");
  CHECK(server.url(again) == built.url("https://erp.example"), "url");
}

// The texts follow the environment, the codes do not.
void languages() {
  const auto refused = [] {
    return thrown<wdt::error>([] { wdt::credentials("a", "b", "nocolon"); }, "language");
  };
  setenv("WDT_LANG", "zh", 1);
  const auto chinese = refused();
  const auto api = thrown<wdt::api_error>(
      [] { wdt::response::parse(R"({"status":1,"message":"验证失败"})"); }, "language");
  const auto malformed = thrown<wdt::malformed_error>([] { wdt::response::parse("x"); }, "language");
  setenv("WDT_LANG", "en", 1);
  const auto english = refused();
  CHECK(chinese.code() == english.code(), "language");
  CHECK(chinese.what() == english.what_zh() && english.what() == chinese.what_en(), "language");
  CHECK(bilingual(english.what(), chinese.what()), "language");
  CHECK(api.what() == api.what_zh() && bilingual(api.what_en().c_str(), api.what()), "language");
  CHECK(bilingual(malformed.what_en().c_str(), malformed.what()), "language");
}

void stock_sync(const wdt::credentials &who) {
  namespace sync = wdt::stock_sync;
  CHECK(sync::get_self_wait_sync_id_list_open(who, 100, 0, now).body() == "[100,0]", "open");
  CHECK(sync::calc_stock(who, 7, false, now).body() == "[7,false]", "calc");
  CHECK(sync::batch_calc_stock(who, {{7, 1}}, now).body() ==
            R"([[{"api_goods_id":7,"force_sync":true}]])", "batch");
  const std::string expected = std::string("[7,") + info + "]";
  CHECK(sync::sync_success(who, 7, info, now).body() == expected, "success");
  CHECK(sync::sync_fail(who, 7, info, now).body() == expected, "fail");
  CHECK(sync::cancel_sync(who, 7, -1, now).body() == "[7,-1]", "cancel");

  const std::string calculated =
      R"({"rec_id":7,"syn_stock":12.5000,"stock_change_count":2,"stock_syn_rule_id":-1,)"
      R"("stock_syn_rule_no":"","stock_syn_warehouses":"6","stock_syn_mask":0,)"
      R"("stock_syn_percent":100,"stock_syn_plus":"1.0000","stock_syn_min":1,"stock_syn_max":5,)"
      R"("is_auto_listing":1,"is_auto_delisting":false})";
  const auto carried =
      std::string(R"({"syn_stock":12.5000,"stock_change_count":2,"stock_syn_rule_id":-1,)") +
      R"("stock_syn_rule_no":"","stock_syn_warehouses":"6","stock_syn_mask":0,)" +
      R"("stock_syn_percent":100,"stock_syn_plus":1.0000,"stock_syn_min":1,"stock_syn_max":5,)" +
      R"("is_auto_listing":true,"is_auto_delisting":false,"is_syn_success":)";
  CHECK(sync::sync_info(calculated, true) == carried + R"(true,"syn_result":""})", "taken");
  CHECK(sync::sync_info(calculated, false, "限流") == carried + R"(false,"syn_result":"限流"})", "refused");
  const auto flag = thrown<wdt::error>(
      [] { wdt::stock_sync::sync_info(R"({"is_auto_listing":"0"})", true); }, "a flag");
  CHECK(flag.code() == WDT_ERR_VALIDATION && flag.issues().size() == 1, "a flag");
  CHECK(flag.issues()[0].pointer == "/is_auto_listing" && flag.issues()[0].code == "type", "a flag");
  CHECK(bilingual(flag.issues()[0].message.c_str(), flag.issues()[0].message_zh.c_str()), "a flag");
}

void catalogue(const wdt::credentials &who) {
  wdt::catalogue own;
  const auto before = own.size();
  CHECK(before >= 179 && own.find("my.Own.method") == wdt::catalogue::npos, "catalogue");
  // Another delimiter: the type's bracket and quote would end the plain one.
  own.add(R"-({"method":"my.Own.method","title":"测试","documented":true,"paged":true,)-"
          R"-("params":[{"name":"no","label":"编号","type":"string(2)","required":true}]})-");
  const auto at = own.find("my.Own.method");
  CHECK(own.size() == before + 1 && own.title(at) == "测试", "catalogue");
  CHECK(own.name(at) == "my.Own.method" && own.documented(at) && own.paged(at), "catalogue");
  wdt::options methods;
  methods.methods(own);
  const auto report = wdt::validate("my.Own.method", R"(["abc"])", methods);
  CHECK(!report.ok && report.issues.size() == 1 && report.omitted == 0, "report");
  CHECK(report.issues[0].pointer == "/0" && report.issues[0].code == "too_long", "report");
  CHECK(report.issues[0].label == "编号" && report.issues[0].is_error, "report");
  CHECK(wdt::validate("my.Own.method", R"(["abc"])").ok, "unknown is a warning");
  // The typed calls are held against them too.
  wdt::catalogue stricter;
  stricter.add(R"-({"method":"sales.StockSync.cancelSync","title":"取消","documented":true,)-"
               R"-("params":[{"name":"no","label":"编号","type":"string(2)","required":true}]})-");
  wdt::options strict;
  strict.methods(stricter);
  CHECK(thrown<wdt::error>([&] { wdt::stock_sync::cancel_sync(who, 7, 1, now, strict); }, "typed")
                .issues()[0].label == "编号", "typed");
  thrown<wdt::error>([&] { wdt::request::build(who, "my.Own.method", "[]", now, methods); }, "own");
  CHECK(thrown<wdt::error>([&] { own.add("{"); }, "file").code() == WDT_ERR_CATALOGUE, "file");
}

void responses() {
  const auto reply = wdt::response::parse(R"({"status":0,"data":{"n":1.0000},"total":22})");
  CHECK(reply.has_data() && reply.data() == R"({"n":1.0000})" && reply.total() == 22U, "reply");
  const auto bare = wdt::response::parse(R"({"status":0})");
  CHECK(!bare.has_data() && bare.data().empty() && !bare.total(), "bare");
  const auto api = thrown<wdt::api_error>(
      [] { wdt::response::parse(R"({"status":1,"message":"验证失败","data":[1]})"); }, "api");
  CHECK(api.code() == WDT_ERR_API && api.status() == 1 && api.kind() == "authentication", "api");
  CHECK(api.message() == "验证失败" && !api.retryable() && api.data() == "[1]", "api");
  const auto malformed = thrown<wdt::malformed_error>([] { wdt::response::parse("<html>"); }, "html");
  CHECK(malformed.code() == WDT_ERR_MALFORMED && malformed.body() == "<html>", "html");
  CHECK(thrown<wdt::malformed_error>([] { wdt::response::parse({}); }, "empty").body().empty(), "empty");
}

void rows() {
  constexpr std::string_view trades = "sales.TradeQuery.queryWithDetail";
  const auto reply = wdt::response::parse(
      R"({"status":0,"data":{"order":[{"paid":"1.50","modified":1686712380000,"trade_id":"x"}]}})");
  const auto typed = wdt::typed_rows(trades, reply.data());
  CHECK(typed.json == R"([{"paid":1.50,"modified":"2023-06-14 11:13:00","trade_id":"x"}])", "rows");
  CHECK(typed.issues.size() == 1 && typed.issues[0].pointer == "/0/trade_id", "rows");
  CHECK(!typed.issues[0].is_error && typed.omitted == 0, "rows");
  CHECK(typed.times.size() == 1 && typed.json.substr(typed.times[0], 21) == R"("2023-06-14 11:13:00")", "times");
  CHECK(wdt::typed_rows(trades, wdt::response::parse(R"({"status":0})").data()).json == "[]", "none");
  CHECK(thrown<wdt::error>([] { wdt::typed_rows("no.such.method", "[]"); }, "method")
                .issues()[0].label == "method", "method");
  wdt::options small;
  small.limits(3, 8);
  thrown<wdt::error>([&] { wdt::typed_rows(trades, "[{}]", small); }, "limit");

  const auto pushed = wdt::response::parse(
      R"({"status":0,"data":{"error_list":[{"no":"A7","error":"重复"}]}})");
  const auto refused = wdt::failures(pushed, "sales.RawTrade.pushSelf2");
  CHECK(refused.size() == 1 && refused[0].key == "A7" && refused[0].code.empty(), "failures");
  CHECK(refused[0].message == "重复" && wdt::failures(pushed).size() == 1, "failures");
  CHECK(wdt::failures(pushed, "sales.RawTrade.pushSelf").empty(), "failures");
}

void verify(const wdt::credentials &who) {
  wdt::options paged;
  paged.pager(50, 2);
  const auto sent = wdt::request::build(who, "system.Core.now", "[]", now, paged);
  const auto with = [&](const wdt::lookup &find) {
    return wdt::verify(sent.query(), sent.body(), now, find);
  };
  const auto call = with([](std::string_view sid, std::string_view key) {
    CHECK(sid == "wdtapi3" && key == "wdt_test", "look-up");
    return wdt::lookup_result::found("testsecret:testsalt");
  });
  CHECK(call.sid == "wdtapi3" && call.key == "wdt_test" && call.method == "system.Core.now", "call");
  CHECK(call.timestamp == 450444516 && call.pager && call.pager->size == 50, "call");
  CHECK(call.pager && call.pager->no == 2 && !call.pager->calc_total, "call");

  const auto unknown = thrown<wdt::verify_error>(
      [&] { with([](auto, auto) { return wdt::lookup_result::unknown_sid(); }); }, "sid");
  CHECK(unknown.check() == "unknown_sid" && unknown.vendor_status() == 1, "sid");
  CHECK(!unknown.vendor_message().empty() && unknown.code() == WDT_ERR_VERIFY, "sid");
  const auto key = thrown<wdt::verify_error>(
      [&] { with([](auto, auto) { return wdt::lookup_result::unknown_key(); }); }, "key");
  CHECK(key.check() == "unknown_key", "key");
  CHECK(thrown<wdt::error>([&] { with([](auto, auto) { return wdt::lookup_result{99, {}}; }); },
                           "number").code() == WDT_ERR_ARGUMENT, "number");
  // What the look-up throws arrives, and does not pass through the library.
  const auto own = thrown<std::out_of_range>(
      [&] { with([](auto, auto) -> wdt::lookup_result { throw std::out_of_range("database"); }); },
      "look-up throws");
  CHECK(std::string(own.what()) == "database", "look-up throws");
}

// A call with replies by script; gives what there was to do.
std::vector<wdt_step> played(wdt::exchange &call, const wdt::credentials &who,
                             std::vector<std::pair<std::uint16_t, std::string_view>> replies) {
  std::vector<wdt_step> steps;
  wdt_now at{1000, INT64_C(1000) * now, 0x80000000};
  for (std::size_t next = 0;;) {
    const auto step = call.step(who, at);
    steps.push_back(step.what);
    if (step.what == WDT_STEP_DONE) return steps;
    if (step.what == WDT_STEP_WAIT) {
      at.at_ms = step.until_ms;
    } else if (next < replies.size()) {
      const auto &[status, body] = replies[next++];
      call.reply(status, {{"Retry-After", "40"}, {"Date", "no date"}}, body, at);
    } else {
      call.fault(WDT_FATE_UNKNOWN, "timed out", "超时", at);
    }
  }
}

void exchanges(const wdt::credentials &who) {
  const wdt::limiter pace(2);
  const wdt::server_clock clock;
  CHECK(pace.per_minute() == 2 && clock.offset_ms() == 0, "shared");
  CHECK(clock.unix_time({0, 1999, 0}) == 1 && clock.unix_time() > now - 1000000000, "clock");
  CHECK(thrown<wdt::error>([] { wdt::limiter none(0); }, "limiter").code() == WDT_ERR_ARGUMENT, "limiter");
  using namespace std::chrono_literals;
  wdt::retry policy;
  policy.attempts(3, 10min).attempt_time(5s).delays(1s, 2s).rest(1min, 2min).clock_error(1h);
  CHECK(thrown<wdt::error>([&] { policy.rest(2s, 1s); }, "rest").code() == WDT_ERR_ARGUMENT, "rest");
  CHECK(thrown<wdt::error>([&] { policy.attempts(0); }, "attempts").code() == WDT_ERR_ARGUMENT, "none");

  const wdt::draft read("system.Core.now", "[]");
  wdt::exchange call(read, &policy, &pace, &clock);
  CHECK(call.outcome().empty() && call.waiting().empty() && !call.response(), "nothing yet");
  const auto first = call.step(who, {1000, INT64_C(1000) * now, 0});
  CHECK(first.what == WDT_STEP_SEND && first.until_ms == 6000, "step");
  CHECK(call.url(wdt::endpoint("https://erp.example")).find("sign=c9053525ed8fc05e3263c8d7210060ca") !=
            std::string::npos && call.body() == "[]", "what is sent");
  const auto steps = played(call, who, {{503, ""}, {200, R"({"status":0,"data":[1.0],"total":1})"}});
  CHECK(steps == (std::vector<wdt_step>{WDT_STEP_SEND, WDT_STEP_WAIT, WDT_STEP_SEND, WDT_STEP_DONE}),
        "busy, then a response");
  CHECK(call.data() == "[1.0]" && call.total() == 1U && call.attempts() == 2, "response");
  CHECK(!call.outcome().empty(), "outcome");

  const wdt::draft write(wdt::stock_sync::cancel_sync(who, 2447, 2, now));
  wdt::exchange lost(write);
  const auto unknown = thrown<wdt::transport_error>([&] { played(lost, who, {}); }, "lost");
  CHECK(unknown.fate() == WDT_FATE_UNKNOWN && unknown.code() == WDT_ERR_TRANSPORT, "lost");
  CHECK(unknown.body().empty() && unknown.what_zh().find("超时") != std::string::npos, "lost");
  wdt::exchange odd(write);
  CHECK(thrown<wdt::transport_error>([&] { played(odd, who, {{200, "<html>"}}); }, "odd").body() == "<html>",
        "odd");
  wdt::exchange refused(read);
  const auto api = thrown<wdt::api_error>(
      [&] { played(refused, who, {{200, R"({"status":1,"message":"验证失败"})"}}); }, "refused");
  CHECK(api.kind() == "authentication" && api.message() == "验证失败" && !api.data(), "refused");
  wdt::retry once;
  once.attempts(1).no_rest();
  wdt::exchange html(read, &once);
  CHECK(thrown<wdt::malformed_error>([&] { played(html, who, {{200, "<html>"}}); }, "html").body() ==
            "<html>", "html");
  CHECK(thrown<wdt::error>([&] { html.fault(7, "x"); }, "fate").code() == WDT_ERR_ARGUMENT, "fate");
}

void pulls(const wdt::credentials &who) {
  constexpr std::string_view orders = "sales.TradeQuery.queryWithDetail";
  using namespace std::chrono_literals;
  wdt::pull_options how;
  how.account("wdtapi3").page_size(100).lag(0s, 600s);
  wdt::pull pull(orders, "2026-04-01", "2026-04-01 00:10:00", now, {}, how);
  CHECK(pull.thousandths() == 0 && pull.report().failed.empty(), "begun");
  const auto ask = pull.ask();
  CHECK(ask && ask->body() == R"([{"start_time":"2026-04-01 00:00:00","end_time":"2026-04-01 00:10:00"}])",
        "ask");
  wdt::exchange call(*ask);
  CHECK(thrown<wdt::error>([&] { pull.take(call); }, "no response").code() == WDT_ERR_NULL, "no response");
  played(call, who, {{200, R"({"status":0,"data":{"order":[{"trade_id":1},{"trade_id":2}]},"total":2})"}});
  const auto rows = pull.take(call);
  CHECK(rows && rows->size() == 2 && rows->row(1) == R"({"trade_id":2})", "rows");
  CHECK(rows->json() == R"([{"trade_id":1},{"trade_id":2}])" && rows->row(2).empty(), "rows");
  CHECK(rows->since() == "2026-04-01 00:00:00" && rows->until() == "2026-04-01 00:10:00", "span");
  CHECK(!pull.ask() && pull.thousandths() == 1000, "all");
  const auto report = pull.report();
  CHECK(report.rows == 2 && report.calls == 1 && report.least_calls == 1 && report.windows == 1, "report");

  how.state(rows->state());
  wdt::pull later(orders, "2026-04-01", "2026-04-02", now, "{}", how);
  const wdt::error lost(WDT_ERR_TRANSPORT, "lost", {}, "断了");
  CHECK(!later.gives_up(lost) && later.ask(), "goes on");
  CHECK(later.gives_up(wdt::api_error("refused", 1, "authentication", "验证失败", false, {})), "gives up");
  const auto without = later.fail(lost.what_en());
  CHECK(without && without->size() == 0 && !without->state().empty(), "a batch without rows");
  const auto failed = later.report().failed;
  CHECK(failed.size() == 1 && failed[0].why == "lost" && failed[0].since < failed[0].until, "failed");
  how.account("another");
  CHECK(thrown<wdt::error>([&] { wdt::pull(orders, "2026-04-01", {}, now, {}, how); }, "account").code() ==
            WDT_ERR_PULL, "account");
  CHECK(thrown<wdt::error>([&] { wdt::pull(orders, "soon", {}, now); }, "since").issues()[0].label ==
            "since", "since");
}

}  // namespace

int main() {
  wdt::check_abi();
  CHECK(wdt::unix_now() > now - 1000000000, "clock");
  const wdt::credentials who("wdtapi3", "wdt_test", "testsecret:testsalt");
  requests(who);
  drafts(who);
  languages();
  stock_sync(who);
  catalogue(who);
  responses();
  rows();
  verify(who);
  exchanges(who);
  pulls(who);
  return check_end("hpp");
}
