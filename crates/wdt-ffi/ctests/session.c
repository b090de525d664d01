/* Calls and pulls over the ABI, against replies by script: time, chance and the platform are made up. */
#include <stdint.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "check.h"

#define LIT(text) (text), (sizeof(text) - 1)
#define METHOD "sales.TradeQuery.queryWithDetail"
#define WRITES "sales.StockSync.cancelSync"
#define UNIX_MS INT64_C(1777600800000) /* 2026-05-01 10:00:00 in Beijing */
#define OK "{\"status\":0,\"data\":[1]}"
#define REFUSED "{\"status\":1,\"message\":\"验证失败\"}"
#define TOO_MANY "{\"status\":100,\"message\":\"超过每分钟最大调用频率限制\"}"
#define WRONG_TIME "{\"status\":7,\"message\":\"时间戳错误\"}"

static wdt_credentials *credentials;
static wdt_limiter *limiter;
static wdt_clock *server_clock;
static uint64_t at_ms = 1000;

static wdt_now now(void) {
  wdt_now moment = {at_ms, UNIX_MS + (int64_t)at_ms, UINT32_C(1) << 31};
  return moment;
}

static wdt_draft *draft_of(const char *method, const char *body) {
  wdt_draft *draft = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_draft_new(method, strlen(method), body, strlen(body), NULL, NULL, &draft, &error), error,
           method);
  return draft;
}

static wdt_exchange *call_of(const char *method, const char *body, const wdt_retry *retry, bool repeats) {
  wdt_draft *draft = draft_of(method, body);
  wdt_exchange *call = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_exchange_new(draft, retry, limiter, server_clock, NULL, repeats, &call, &error), error,
           method);
  wdt_draft_free(draft);
  return call;
}

static wdt_exchange *read_call(void) { return call_of("system.Core.now", "[]", NULL, false); }
static wdt_exchange *write_call(void) { return call_of(WRITES, "[2447,2]", NULL, false); }

/* One step that must succeed. */
static wdt_step step(wdt_exchange *call, uint64_t *until) {
  wdt_now moment = now();
  wdt_step what;
  wdt_error *error = NULL;
  CHECK_OK(wdt_exchange_step(call, credentials, &moment, &what, until, &error), error, "step");
  return what;
}

/* One step that must fail, twice alike; gives the fate. */
static wdt_fate failed(wdt_exchange *call, wdt_status expected, const char *about) {
  wdt_fate fate = WDT_FATE_NONE;
  for (int i = 0; i < 2; i++) {
    wdt_now moment = now();
    wdt_step what = 7;
    uint64_t until = 7;
    wdt_error *error = NULL;
    wdt_status status = wdt_exchange_step(call, credentials, &moment, &what, &until, &error);
    CHECK(status == expected && wdt_error_code(error) == expected, about);
    CHECK(what == WDT_STEP_DONE && until == 0 && !wdt_exchange_request(call), about);
    CHECK(bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)), about);
    fate = wdt_error_fate(error);
    wdt_error_free(error);
  }
  return fate;
}

/* Waits until there is something to send. */
static void until_sending(wdt_exchange *call) {
  uint64_t until;
  wdt_step what;
  while ((what = step(call, &until)) == WDT_STEP_WAIT) {
    if (!CHECK(until > at_ms, "a wait that is over")) return;
    at_ms = until;
  }
  CHECK(what == WDT_STEP_SEND && until > at_ms && wdt_exchange_request(call), "nothing to send");
}

static void reply(wdt_exchange *call, int status, const char *name, const char *value, const char *body) {
  until_sending(call);
  wdt_now moment = now();
  const wdt_parameter header = {name, strlen(name), value, strlen(value)};
  wdt_error *error = NULL;
  CHECK_OK(wdt_exchange_reply(call, &moment, (uint16_t)status, &header, 1, body, strlen(body), &error),
           error, body);
  CHECK(!wdt_exchange_request(call), "the request of an attempt that is over");
}

static void lose(wdt_exchange *call, wdt_fate fate) {
  until_sending(call);
  wdt_now moment = now();
  wdt_error *error = NULL;
  CHECK_OK(wdt_exchange_fault(call, &moment, fate, LIT("timed out"), LIT("超时"), &error), error, "fault");
}

static void check_done(wdt_exchange *call, const char *data, const char *about) {
  uint64_t until;
  size_t len;
  CHECK(step(call, &until) == WDT_STEP_DONE && until == 0, about);
  const char *found = wdt_response_data(wdt_exchange_response(call), &len);
  CHECK_TEXT(found, len, data, about);
  wdt_exchange_free(call);
}

/* ---- Exchanges ---- */

static void attempts(void) {
  wdt_exchange *call = read_call();
  uint64_t until;
  CHECK(wdt_exchange_attempts(call) == 0 && !wdt_exchange_outcome(call, NULL), "nothing yet");
  until_sending(call);
  char first[33];
  snprintf(first, sizeof first, "%s", wdt_request_sign(wdt_exchange_request(call), NULL));
  const wdt_request *request = wdt_exchange_request(call);
  CHECK(step(call, &until) == WDT_STEP_SEND && until == at_ms + 300000, "asked twice");
  CHECK(request == wdt_exchange_request(call), "asked twice");
  reply(call, 503, "retry-after", "2", "");
  CHECK(strcmp(wdt_exchange_outcome(call, NULL), "HTTP 503") == 0, "outcome");
  CHECK(!wdt_exchange_response(call), "no response yet");
  CHECK(step(call, &until) == WDT_STEP_WAIT && until == at_ms + 2000, "Retry-After");
  CHECK(!wdt_exchange_waiting(call, NULL), "a wait that is short");
  until_sending(call);
  CHECK(strcmp(first, wdt_request_sign(wdt_exchange_request(call), NULL)) != 0, "signed anew");
  reply(call, 200, "Server", "x\xff", OK);
  CHECK(wdt_exchange_attempts(call) == 2, "attempts");
  CHECK(bilingual(wdt_exchange_outcome(call, NULL), wdt_exchange_outcome_zh(call, NULL)), "outcome");
  check_done(call, "[1]", "503, then a response");
}

static void rate_limits(void) {
  wdt_exchange *call = read_call(), *other = read_call();
  uint64_t until, other_until;
  reply(call, 200, "Date", "", TOO_MANY);
  CHECK(step(call, &until) == WDT_STEP_WAIT && until == at_ms + 450000, "rest");
  CHECK(bilingual(wdt_exchange_waiting(call, NULL), wdt_exchange_waiting_zh(call, NULL)), "told");
  CHECK(step(other, &other_until) == WDT_STEP_WAIT && other_until == until, "all rest");
  CHECK(wdt_exchange_waiting(other, NULL) != NULL, "told");
  at_ms = until;
  reply(other, 200, "Date", "", OK);
  check_done(other, "[1]", "after the rest");
  reply(call, 200, "Date", "", OK);
  check_done(call, "[1]", "after the rest");

  wdt_retry *retry = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_retry_new(&retry, &error), error, "retry");
  CHECK_OK(wdt_retry_set_no_rest(retry, &error), error, "no rest");
  call = call_of("system.Core.now", "[]", retry, false);
  reply(call, 200, "Date", "", TOO_MANY);
  CHECK(failed(call, WDT_ERR_API, "no rest") == WDT_FATE_NONE, "no rest");
  CHECK(strcmp(wdt_response_kind(wdt_exchange_response(call), NULL), "rate_limit") == 0, "no rest");
  wdt_exchange_free(call);
  wdt_retry_free(retry);
}

static void clocks(void) {
  wdt_exchange *call = write_call();
  until_sending(call);
  int64_t signed_at = wdt_request_timestamp(wdt_exchange_request(call));
  /* The server is an hour ahead: 2026-05-01 03:00 in UTC and what has passed. */
  char date[] = "Fri, 01 May 2026 03:00:00 GMT";
  uint64_t passed = at_ms / 1000;
  snprintf(date, sizeof date, "Fri, 01 May 2026 %02d:%02d:%02d GMT", (int)(3 + passed / 3600 % 20),
           (int)(passed / 60 % 60), (int)(passed % 60));
  reply(call, 200, "Date", date, WRONG_TIME);
  int64_t off = wdt_clock_offset_ms(server_clock);
  CHECK(off > 3599000 && off <= 3600000, "learnt");
  until_sending(call);
  CHECK(wdt_request_timestamp(wdt_exchange_request(call)) >= signed_at + 3599, "corrected");
  CHECK(wdt_clock_unix(server_clock, UNIX_MS) == (UNIX_MS + off) / 1000, "unix");
  reply(call, 200, "Date", date, OK);
  check_done(call, "[1]", "a clock that is wrong");
  /* A clock that was never set signs the platform's first second, and is told. */
  wdt_draft *draft = draft_of("system.Core.now", "[]");
  wdt_error *error = NULL;
  CHECK_OK(wdt_exchange_new(draft, NULL, NULL, NULL, NULL, false, &call, &error), error, "own clock");
  wdt_now moment = {at_ms, 0, 0};
  wdt_step what;
  uint64_t until;
  CHECK_OK(wdt_exchange_step(call, credentials, &moment, &what, &until, &error), error, "1970");
  CHECK(wdt_request_timestamp(wdt_exchange_request(call)) == 0, "1970");
  wdt_exchange_free(call);
  wdt_draft_free(draft);
}

static void fates(void) {
  wdt_exchange *call = write_call();
  lose(call, WDT_FATE_UNKNOWN);
  CHECK(failed(call, WDT_ERR_TRANSPORT, "may have arrived") == WDT_FATE_UNKNOWN, "unknown");
  CHECK(wdt_exchange_attempts(call) == 1 && !wdt_exchange_response(call), "sent once");
  wdt_exchange_free(call);

  call = write_call();
  for (int i = 0; i < 5; i++) lose(call, WDT_FATE_NOT_SENT);
  CHECK(failed(call, WDT_ERR_TRANSPORT, "never left") == WDT_FATE_NOT_SENT, "not sent");
  CHECK(wdt_exchange_attempts(call) == 5, "tried five times");
  wdt_exchange_free(call);

  call = call_of(WRITES, "[2447,2]", NULL, true);
  lose(call, WDT_FATE_UNKNOWN);
  reply(call, 200, "Date", "", OK);
  check_done(call, "[1]", "a write that may be repeated");

  /* The catalogue says what writes, also of a call that came as a request. */
  wdt_request *request = NULL;
  wdt_draft *draft = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_stock_sync_cancel_sync(credentials, 2447, 2, UNIX_MS / 1000, NULL, &request, &error),
           error, "request");
  CHECK_OK(wdt_draft_of_request(request, &draft, &error), error, "draft");
  CHECK(wdt_draft_body(draft, NULL) == wdt_request_body(request, NULL), "the body is shared");
  wdt_request_free(request);
  CHECK_OK(wdt_exchange_new(draft, NULL, limiter, NULL, NULL, false, &call, &error), error, "call");
  lose(call, WDT_FATE_UNKNOWN);
  CHECK(failed(call, WDT_ERR_TRANSPORT, "a request") == WDT_FATE_UNKNOWN, "a request");
  wdt_exchange_free(call);
  wdt_draft_free(draft);
}

static void wrong_replies(void) {
  wdt_error *error = NULL;
  wdt_exchange *call = write_call();
  reply(call, 200, "Date", "", "<html>");
  CHECK(failed(call, WDT_ERR_TRANSPORT, "no JSON") == WDT_FATE_UNKNOWN, "no JSON");
  wdt_now moment = now();
  wdt_step what;
  uint64_t until;
  wdt_exchange_step(call, credentials, &moment, &what, &until, &error);
  CHECK(strcmp(wdt_error_body(error, NULL), "<html>") == 0, "its beginning");
  wdt_error_free(error);
  error = NULL;
  wdt_exchange_free(call);

  call = read_call();
  for (int i = 0; i < 5; i++) reply(call, 200, "Date", "", "<html>");
  CHECK(failed(call, WDT_ERR_MALFORMED, "no JSON") == WDT_FATE_NONE, "no JSON");
  wdt_exchange_free(call);

  call = read_call();
  reply(call, 200, "Date", "", REFUSED);
  CHECK(failed(call, WDT_ERR_API, "refused") == WDT_FATE_NONE, "refused");
  CHECK(wdt_response_status(wdt_exchange_response(call)) == 1, "refused");
  /* What is told of a call that is over changes nothing. */
  CHECK_OK(wdt_exchange_reply(call, &moment, 200, NULL, 0, LIT(OK), &error), error, "too late");
  CHECK_OK(wdt_exchange_fault(call, &moment, WDT_FATE_UNKNOWN, LIT("x"), NULL, 0, &error), error,
           "too late");
  CHECK(failed(call, WDT_ERR_API, "refused") == WDT_FATE_NONE, "refused");
  CHECK(wdt_response_status(wdt_exchange_response(call)) == 1, "refused");
  for (wdt_fate fate = -1; fate < 4; fate++) {
    bool is_fate = fate == WDT_FATE_NOT_SENT || fate == WDT_FATE_UNKNOWN;
    CHECK(wdt_exchange_fault(call, &moment, fate, LIT("x"), NULL, 0, NULL) ==
              (is_fate ? WDT_OK : WDT_ERR_ARGUMENT), "fate");
  }
  wdt_exchange_free(call);
}

static void policies(void) {
  wdt_retry *retry = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_retry_new(&retry, &error), error, "retry");
  CHECK(wdt_retry_set_attempts(retry, 0, 1000, NULL) == WDT_ERR_ARGUMENT, "no attempts");
  CHECK(wdt_retry_set_rest(retry, 2, 1, &error) == WDT_ERR_ARGUMENT, "reversed");
  CHECK(bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)), "reversed");
  wdt_error_free(error);
  error = NULL;
  CHECK_OK(wdt_retry_set_attempts(retry, 2, 900000, &error), error, "attempts");
  CHECK_OK(wdt_retry_set_attempt_time(retry, 1500, &error), error, "time");
  CHECK_OK(wdt_retry_set_delays(retry, 8000, 10000, &error), error, "delays");
  CHECK_OK(wdt_retry_set_rest(retry, 1000, 1000, &error), error, "rest");
  CHECK_OK(wdt_retry_set_clock_error(retry, 10, &error), error, "clock");
  wdt_exchange *call = call_of("system.Core.now", "[]", retry, false);
  wdt_retry_free(retry);
  uint64_t until;
  until_sending(call);
  CHECK(step(call, &until) == WDT_STEP_SEND && until == at_ms + 1500, "an attempt's time");
  lose(call, WDT_FATE_UNKNOWN);
  CHECK(step(call, &until) == WDT_STEP_WAIT && until == at_ms + 4000, "half of 8 seconds");
  lose(call, WDT_FATE_UNKNOWN);
  CHECK(failed(call, WDT_ERR_TRANSPORT, "two attempts") == WDT_FATE_UNKNOWN, "two attempts");
  wdt_exchange_free(call);
}

static void turns(void) {
  wdt_limiter *narrow = NULL;
  wdt_error *error = NULL;
  CHECK(wdt_limiter_new(0, &narrow, &error) == WDT_ERR_ARGUMENT && !narrow, "nobody");
  CHECK(bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)), "nobody");
  wdt_error_free(error);
  error = NULL;
  CHECK_OK(wdt_limiter_new(2, &narrow, &error), error, "two a minute");
  wdt_draft *draft = draft_of("system.Core.now", "[]");
  wdt_exchange *calls[5];
  uint64_t until, begun = at_ms;
  for (int i = 0; i < 5; i++) {
    CHECK_OK(wdt_exchange_new(draft, NULL, narrow, NULL, NULL, false, &calls[i], &error), error, "call");
    CHECK(step(calls[i], &until) == (i < 2 ? WDT_STEP_SEND : WDT_STEP_WAIT), "turns");
    if (i >= 2) CHECK(until == begun + (i == 4 ? 122000 : 61000), "the window");
  }
  CHECK(bilingual(wdt_exchange_waiting(calls[4], NULL), wdt_exchange_waiting_zh(calls[4], NULL)), "told");
  wdt_limiter_free(narrow);
  /* A call that is left gives its turn to the next. */
  wdt_exchange_free(calls[3]);
  CHECK(step(calls[4], &until) == WDT_STEP_WAIT && until == begun + 61000, "given back");
  at_ms = until;
  CHECK(step(calls[2], &until) == WDT_STEP_SEND && step(calls[4], &until) == WDT_STEP_SEND, "its turn");
  for (int i = 0; i < 5; i++) {
    if (i != 3) wdt_exchange_free(calls[i]);
  }
  wdt_draft_free(draft);
}

/* ---- Pulls: rows of the first of May, one every SPACING seconds from 10 o'clock on ---- */

#define ROWS 1500
#define SPACING 7

static int calls_made, times_seen[ROWS];

static int second_of(const char *time) { /* after 10 o'clock */
  int hour = 0, minute = 0, second = 0;
  CHECK(sscanf(time, "2026-05-01 %d:%d:%d", &hour, &minute, &second) == 3, time);
  return (hour - 10) * 3600 + minute * 60 + second;
}

/* The page that a request asks for, as the platform would answer it; to be freed. */
static char *answer(const wdt_request *request) {
  cJSON *args = cJSON_Parse(wdt_request_body(request, NULL));
  const cJSON *span = cJSON_GetArrayItem(args, 0);
  int from = second_of(cJSON_GetObjectItem(span, "start_time")->valuestring);
  int to = second_of(cJSON_GetObjectItem(span, "end_time")->valuestring);
  const char *query = wdt_request_query(request, NULL);
  int size = atoi(strstr(query, "page_size=") + 10), page = atoi(strstr(query, "page_no=") + 8);
  int total = 0;
  size_t room = 200, len = 0;
  char *body = malloc(room + (size_t)size * 100);
  len += (size_t)sprintf(body, "{\"status\":0,\"data\":{\"order\":[");
  for (int i = 0; i < ROWS; i++) {
    int at = i * SPACING;
    if (at < from || at > to) continue;
    if (total / size == page) {
      len += (size_t)sprintf(body + len, "%s{\"trade_id\":%d,\"paid\":1.10,\"modified\":\"2026-05-01 %02d:%02d:%02d\"}",
                             total % size ? "," : "", i, 10 + at / 3600, at / 60 % 60, at % 60);
    }
    total++;
  }
  sprintf(body + len, "],\"total_count\":%d},\"total\":%d}", total, total);
  cJSON_Delete(args);
  return body;
}

static void see(const wdt_batch *batch) {
  wdt_rows *typed = NULL;
  wdt_error *error = NULL;
  size_t len;
  const char *list = wdt_batch_json(batch, &len);
  CHECK_OK(wdt_typed_rows(LIT(METHOD), list, len, NULL, &typed, &error), error, "typed");
  cJSON *rows = cJSON_ParseWithLength(list, len);
  CHECK((size_t)cJSON_GetArraySize(rows) == wdt_batch_len(batch), "as many in the list");
  CHECK(strcmp(wdt_batch_since(batch, NULL), wdt_batch_until(batch, NULL)) <= 0, "a window");
  for (size_t i = 0; i < wdt_batch_len(batch); i++) {
    size_t row_len;
    const char *row = wdt_batch_row(batch, i, &row_len);
    CHECK(row[row_len] == '\0' && strstr(row, "\"paid\":1.10,"), "the digits that were sent");
    int id = cJSON_GetObjectItem(cJSON_GetArrayItem(rows, (int)i), "trade_id")->valueint;
    times_seen[id]++;
  }
  cJSON_Delete(rows);
  wdt_rows_free(typed);
}

static wdt_pull *pull_of(const char *state, const char *account, wdt_status expected) {
  wdt_pull_options *options = NULL;
  wdt_pull *pull = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_pull_options_new(&options, &error), error, "options");
  CHECK_OK(wdt_pull_options_set_page_size(options, 50, &error), error, "page size");
  CHECK_OK(wdt_pull_options_set_lag(options, 0, 0, &error), error, "lag");
  CHECK_OK(wdt_pull_options_set_account(options, account, strlen(account), &error), error, "account");
  CHECK_OK(wdt_pull_options_set_state(options, state, strlen(state), &error), error, "state");
  wdt_status status = wdt_pull_new(LIT(METHOD), NULL, 0, LIT("2026-05-01 10:00:00"),
                                   LIT("2026-05-01 12:55:00"), UNIX_MS / 1000 + 86400, NULL, options,
                                   &pull, &error);
  CHECK(status == expected && (pull != NULL) == (status == WDT_OK), account);
  CHECK(!error || bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)), account);
  wdt_error_free(error);
  wdt_pull_options_free(options);
  return pull;
}

/* Makes the next call; every seventh attempt is lost, every fifth is answered by a proxy. From minute
   `down` on, for ten minutes of the span, the platform does not answer. NULL at the end. */
static bool go_on(wdt_pull *pull, int down, wdt_batch **batch) {
  wdt_draft *draft = NULL;
  wdt_exchange *call = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_pull_ask(pull, NULL, &draft, &error), error, "ask");
  if (!draft) return false;
  CHECK_OK(wdt_exchange_new(draft, NULL, NULL, server_clock, NULL, false, &call, &error), error, "call");
  wdt_draft_free(draft);
  for (;;) {
    wdt_now moment = now();
    wdt_step what;
    uint64_t until;
    wdt_status status = wdt_exchange_step(call, credentials, &moment, &what, &until, &error);
    if (status != WDT_OK) {
      size_t len;
      const char *why = wdt_error_message(error, &len);
      CHECK(!wdt_pull_gives_up(pull, NULL, 0), "one failure");
      CHECK(wdt_pull_take(pull, wdt_exchange_response(call), batch, NULL) == WDT_ERR_NULL, "no response");
      CHECK(wdt_pull_fail(pull, why, len, batch, NULL) == WDT_OK, "fail");
      wdt_error_free(error);
      break;
    }
    if (what == WDT_STEP_DONE) {
      CHECK_OK(wdt_pull_take(pull, wdt_exchange_response(call), batch, &error), error, "take");
      break;
    }
    if (what == WDT_STEP_WAIT) {
      at_ms = until;
      continue;
    }
    calls_made++;
    const wdt_request *request = wdt_exchange_request(call);
    const char *start = strstr(wdt_request_body(request, NULL), "\"start_time\":\"");
    int minute = second_of(start + strlen("\"start_time\":\"")) / 60;
    if (calls_made % 7 == 0 || (minute >= down && minute < down + 10)) {
      lose(call, WDT_FATE_UNKNOWN);
    } else if (calls_made % 5 == 0) {
      reply(call, 502, "Date", "", "<html>");
    } else {
      char *body = answer(request);
      reply(call, 200, "Date", "", body);
      free(body);
    }
  }
  wdt_exchange_free(call);
  return true;
}

/* Pulls until the end, or until so many batches came; gives the last state, to be freed. */
static char *pull_all(char *state, int batches, int down, size_t expected_failed) {
  wdt_pull *pull = pull_of(state, "sid", WDT_OK);
  wdt_error *error = NULL;
  wdt_batch *batch = NULL;
  bool is_over = false;
  while (batches > 0 && !(is_over = !go_on(pull, down, &batch))) {
    if (!batch) continue;
    see(batch);
    free(state);
    const char *kept = wdt_batch_state(batch, NULL);
    state = strcpy(malloc(strlen(kept) + 1), kept);
    wdt_batch_free(batch);
    batch = NULL;
    batches--;
  }
  if (is_over) {
    wdt_pull_report *report = NULL;
    CHECK_OK(wdt_pull_report_new(pull, &report, &error), error, "report");
    CHECK(wdt_pull_report_failed(report) == expected_failed && wdt_pull_thousandths(pull) == 1000, "over");
    CHECK(wdt_pull_report_least_calls(report) <= wdt_pull_report_calls(report), "calls");
    for (size_t i = 0; i < expected_failed; i++) {
      CHECK(strstr(wdt_pull_report_why(report, i, NULL), "timed out"), "why");
      CHECK(wdt_pull_report_why_zh(report, i, NULL) && wdt_pull_report_until(report, i, NULL), "why");
    }
    wdt_pull_report_free(report);
  }
  wdt_pull_free(pull);
  return state;
}

static int rows_not_seen_once(void) {
  int wrong = 0;
  for (int i = 0; i < ROWS; i++) wrong += times_seen[i] != 1;
  memset(times_seen, 0, sizeof times_seen);
  return wrong;
}

static void pulls(void) {
  free(pull_all(calloc(1, 1), ROWS, -60, 0));
  CHECK(rows_not_seen_once() == 0, "all rows, each once");
  /* Ended after each batch, and begun again from its state. */
  char *state = calloc(1, 1);
  for (int i = 0; i < 60; i++) state = pull_all(state, 1, -60, 0);
  state = pull_all(state, ROWS, -60, 0);
  CHECK(rows_not_seen_once() == 0, "resumed after each batch");
  CHECK(!pull_of(state, "another", WDT_ERR_PULL), "another account");
  CHECK(!pull_of("{}", "sid", WDT_ERR_PULL), "no state");
  free(state);
  /* Ten minutes that fail are named, and read by the next pull. */
  state = pull_all(calloc(1, 1), ROWS, 60, 1);
  int missing = 0;
  for (int i = 0; i < ROWS; i++) missing += times_seen[i] == 0;
  CHECK(missing > 0, "some are missing");
  free(pull_all(state, ROWS, -60, 0));
  /* A part that failed shares its two border seconds with what was read. */
  int twice = 0;
  for (int i = 0; i < ROWS; i++) {
    CHECK(times_seen[i] >= 1, "what failed was read by the next");
    twice += times_seen[i] - 1;
  }
  CHECK(twice <= 2, "only the borders come twice");
}

/* What is no pull, and when one is to be given up. */
static void refusals(void) {
  static const struct {
    const char *method, *params, *since, *until;
    wdt_status status;
  } cases[] = {
      {METHOD, "{}", "2026-05-01", "", WDT_OK},
      {METHOD, "", " 2026-05-01 10:00:00 ", "2026-05-01", WDT_ERR_PULL},
      {METHOD, "[]", "2026-05-01", "", WDT_ERR_PULL},
      {METHOD, "{\"start_time\":\"2026-05-01\"}", "2026-05-01", "", WDT_ERR_PULL},
      {METHOD, "{}", "yesterday", "", WDT_ERR_VALIDATION},
      {METHOD, "{}", "", "", WDT_ERR_VALIDATION},
      {METHOD, "{}", "2026-05-01", "soon", WDT_ERR_VALIDATION},
      {WRITES, "{}", "2026-05-01", "", WDT_ERR_PULL},
      {"not.Known.yet", "{}", "2026-05-01", "", WDT_ERR_PULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    wdt_pull *pull = NULL;
    wdt_error *error = NULL;
    wdt_status status = wdt_pull_new(
        cases[i].method, strlen(cases[i].method), cases[i].params, strlen(cases[i].params),
        cases[i].since, strlen(cases[i].since), cases[i].until, strlen(cases[i].until),
        UNIX_MS / 1000, NULL, NULL, &pull, &error);
    CHECK(status == cases[i].status && (pull != NULL) == (status == WDT_OK), cases[i].since);
    CHECK(!error || bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)),
          cases[i].params);
    const char *label = wdt_report_label(wdt_error_report(error), 0, NULL);
    CHECK(status != WDT_ERR_VALIDATION || strcmp(label, i == 6 ? "until" : "since") == 0, "label");
    wdt_error_free(error);
    wdt_pull_free(pull);
  }
  wdt_pull *pull = pull_of("", "sid", WDT_OK);
  wdt_batch *batch = NULL;
  wdt_response *refusal = NULL;
  wdt_error *error = NULL;
  CHECK(wdt_response_parse(LIT(REFUSED), NULL, &refusal, NULL) == WDT_ERR_API, "a refusal");
  CHECK(wdt_pull_take(pull, refusal, &batch, &error) == WDT_ERR_ARGUMENT && !batch, "a refusal");
  CHECK(bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)), "a refusal");
  wdt_error_free(error);
  const char *kind = wdt_response_kind(refusal, NULL);
  CHECK(wdt_pull_gives_up(pull, kind, strlen(kind)), "the next call would be refused as well");
  for (int i = 0; i < 2; i++) {
    CHECK(!wdt_pull_gives_up(pull, NULL, 0), "a failure");
    CHECK(wdt_pull_fail(pull, LIT("lost"), &batch, NULL) == WDT_OK, "a failure");
    CHECK(wdt_batch_len(batch) == 0 && wdt_batch_state(batch, NULL), "a batch without rows");
    wdt_batch_free(batch);
  }
  CHECK(wdt_pull_gives_up(pull, NULL, 0), "the platform is down");
  wdt_response_free(refusal);
  wdt_pull_free(pull);
}

/* A method of the program's own. */
static void own_methods(void) {
  static const char own[] =
      "{\"method\":\"my.Own.query\",\"title\":\"t\",\"documented\":true,\"writes\":false,"
      "\"paged\":true,\"rows\":\"list\",\"row_key\":[\"id\"],\"params\":[{\"name\":\"params\","
      "\"label\":\"\",\"type\":\"object\",\"required\":true,\"fields\":[]}],\"response\":["
      "{\"name\":\"data\",\"label\":\"\",\"type\":\"object\",\"required\":true,\"fields\":["
      "{\"name\":\"list\",\"label\":\"\",\"type\":\"list<object>\",\"required\":true,\"fields\":["
      "{\"name\":\"id\",\"label\":\"\",\"type\":\"long\",\"required\":true}]}]}]}";
  wdt_catalogue *catalogue = NULL;
  wdt_pull *pull = NULL;
  wdt_draft *draft = NULL;
  wdt_exchange *call = NULL;
  wdt_batch *batch = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_catalogue_new(&catalogue, &error), error, "catalogue");
  CHECK_OK(wdt_catalogue_register(catalogue, own, strlen(own), &error), error, "register");
  CHECK_OK(wdt_pull_new(LIT("my.Own.query"), NULL, 0, LIT("2026-05-01"), NULL, 0, UNIX_MS / 1000,
                        catalogue, NULL, &pull, &error), error, "pull");
  wdt_catalogue_free(catalogue);
  CHECK_OK(wdt_pull_ask(pull, NULL, &draft, &error), error, "ask");
  CHECK_OK(wdt_exchange_new(draft, NULL, NULL, NULL, NULL, false, &call, &error), error, "call");
  /* The catalogue says that it only reads: it is sent again. */
  lose(call, WDT_FATE_UNKNOWN);
  reply(call, 200, "Date", "", "{\"status\":0,\"data\":{\"list\":[{\"id\":1}]},\"total\":1}");
  uint64_t until;
  CHECK(step(call, &until) == WDT_STEP_DONE, "done");
  CHECK_OK(wdt_pull_take(pull, wdt_exchange_response(call), &batch, &error), error, "take");
  CHECK(strcmp(wdt_batch_json(batch, NULL), "[{\"id\":1}]") == 0, "a row");
  wdt_batch_free(batch);
  wdt_exchange_free(call);
  wdt_draft_free(draft);
  CHECK_OK(wdt_pull_ask(pull, NULL, &draft, &error), error, "ask");
  CHECK(!draft, "all was read");
  wdt_pull_free(pull);
}

int main(void) {
  wdt_error *error = NULL;
  CHECK_OK(wdt_credentials_new(LIT("sid"), LIT("key"), LIT("testsecret:testsalt"), &credentials, &error),
           error, "credentials");
  CHECK_OK(wdt_limiter_new(60, &limiter, &error), error, "limiter");
  CHECK_OK(wdt_clock_new(&server_clock, &error), error, "clock");
  attempts();
  rate_limits();
  clocks();
  fates();
  wrong_replies();
  policies();
  turns();
  pulls();
  refusals();
  own_methods();
  wdt_clock_free(server_clock);
  wdt_limiter_free(limiter);
  wdt_credentials_free(credentials);
  return check_end("session");
}
