/*
 * Every function of the header, called with what it must survive: NULL for every pointer, (NULL, 0),
 * (NULL, 1), lengths at the edges, bytes that are no UTF-8. One row a function;
 * `null_table --list` prints them, so that a script can compare them with the header.
 */
#include "null_rows.h"

/* Frees what a row handed out. */
#define FREER(type) \
  static void drop_##type(void *handle) { wdt_##type##_free((wdt_##type *)handle); }
FREER(catalogue) FREER(options) FREER(credentials) FREER(report) FREER(request) FREER(text)
FREER(response) FREER(explanation) FREER(call) FREER(draft) FREER(endpoint) FREER(rows)
FREER(failures) FREER(pull_options) FREER(pull) FREER(pull_report) FREER(retry) FREER(limiter)
FREER(clock) FREER(exchange)

/* A pull does not always have a batch. */
static void drop_batch(void *handle) { wdt_batch_free((wdt_batch *)handle); }

struct fallible {
  const char *name;
  wdt_status (*run)(const struct in *);
  void *const *self;           /* the handle it needs, NULL where there is none */
  void (*drop)(void *);        /* NULL: hands nothing out */
  struct slice text[TEXTS_AT_MOST]; /* texts with which it succeeds */
  int kind[TEXTS_AT_MOST];
};

#define SELF(field) ((void *const *)(void *)&good.field)
#define F(name) #name, row_##name
#define INFO "{\"syn_stock\":1,\"stock_change_count\":2,\"stock_syn_rule_id\":-1,\"stock_syn_rule_no\":\"\",\"stock_syn_other\":\"\",\"stock_syn_warehouses\":\"6\",\"stock_syn_mask\":0,\"stock_syn_percent\":100,\"stock_syn_plus\":1,\"stock_syn_min\":1,\"stock_syn_max\":5,\"is_auto_listing\":true,\"is_auto_delisting\":true,\"is_syn_success\":false,\"is_manual\":false,\"syn_result\":\"\"}"

#define CALCULATED "{\"syn_stock\":1,\"stock_change_count\":2,\"stock_syn_rule_id\":-1,\"stock_syn_rule_no\":\"\",\"stock_syn_warehouses\":\"6\",\"stock_syn_mask\":0,\"stock_syn_percent\":100,\"stock_syn_plus\":1,\"stock_syn_min\":1,\"stock_syn_max\":5,\"is_auto_listing\":1,\"is_auto_delisting\":0}"

#define ORDERS "sales.TradeQuery.queryWithDetail"

static struct fallible fallibles[] = {
    {F(wdt_catalogue_new), NULL, drop_catalogue, {{0, 0}}, {0}},
    {F(wdt_options_new), NULL, drop_options, {{0, 0}}, {0}},
    {F(wdt_credentials_new), NULL, drop_credentials,
     {{LIT("sid")}, {LIT("key")}, {LIT("secret:salt")}}, {TEXT, TEXT, TEXT}},
    {F(wdt_catalogue_register), SELF(catalogue), NULL,
     {{LIT("{\"method\":\"a.B\",\"title\":\"t\",\"documented\":true,\"params\":[]}")}}, {TEXT}},
    {F(wdt_options_set_pager), SELF(options), NULL, {{0, 0}}, {0}},
    {F(wdt_options_set_level), SELF(options), NULL, {{0, 0}}, {0}},
    {F(wdt_options_set_limits), SELF(options), NULL, {{0, 0}}, {0}},
    {F(wdt_options_set_catalogue), SELF(options), NULL, {{0, 0}}, {0}},
    {F(wdt_draft_new), NULL, drop_draft, {{LIT("system.Core.now")}, {LIT("[]")}}, {TEXT, JSON}},
    {F(wdt_draft_sign), SELF(draft), drop_request, {{0, 0}}, {0}},
    {F(wdt_request_sign_again), SELF(request), drop_request, {{0, 0}}, {0}},
    {F(wdt_endpoint_new), NULL, drop_endpoint, {{LIT("https://erp.example")}}, {TEXT}},
    {F(wdt_endpoint_url), SELF(endpoint), drop_text, {{0, 0}}, {0}},
    {F(wdt_validate), NULL, drop_report, {{LIT("system.Core.now")}, {LIT("[]")}}, {TEXT, BYTES}},
    {F(wdt_request_build), SELF(credentials), drop_request,
     {{LIT("system.Core.now")}, {LIT("[]")}}, {TEXT, JSON}},
    {F(wdt_request_url), SELF(request), drop_text, {{LIT("https://erp.example")}}, {TEXT}},
    {F(wdt_response_parse), NULL, drop_response, {{LIT("{\"status\":0}")}}, {REPLY}},
    {F(wdt_sign), NULL, drop_text, {{LIT("secret")}, {LIT("body")}, {LIT("[]")}},
     {TEXT, TEXT, BYTES}},
    {F(wdt_explain), SELF(credentials), drop_explanation,
     {{LIT("system.Core.now")}, {LIT("[]")}}, {TEXT, JSON}},
    {F(wdt_stock_sync_get_self_wait_sync_id_list_open), SELF(credentials), drop_request,
     {{0, 0}}, {0}},
    {F(wdt_stock_sync_calc_stock), SELF(credentials), drop_request, {{0, 0}}, {0}},
    {F(wdt_stock_sync_batch_calc_stock), SELF(credentials), drop_request, {{0, 0}}, {0}},
    {F(wdt_stock_sync_sync_success), SELF(credentials), drop_request, {{LIT(INFO)}}, {TEXT}},
    {F(wdt_stock_sync_sync_fail), SELF(credentials), drop_request, {{LIT(INFO)}}, {TEXT}},
    {F(wdt_stock_sync_sync_info), NULL, drop_text, {{LIT(CALCULATED)}, {LIT("x")}}, {TEXT, TEXT}},
    {F(wdt_stock_sync_cancel_sync), SELF(credentials), drop_request, {{0, 0}}, {0}},
    {F(wdt_typed_rows), NULL, drop_rows,
     {{LIT("sales.TradeQuery.queryWithDetail")}, {LIT("[]")}}, {TEXT, TEXT}},
    {F(wdt_failures_find), SELF(response), drop_failures, {{LIT("a.B")}}, {TEXT}},
    {F(wdt_draft_of_request), SELF(request), drop_draft, {{0, 0}}, {0}},
    {F(wdt_pull_options_new), NULL, drop_pull_options, {{0, 0}}, {0}},
    {F(wdt_pull_options_set_state), SELF(pull_options), NULL, {{LIT("{}")}}, {TEXT}},
    {F(wdt_pull_options_set_account), SELF(pull_options), NULL, {{LIT("sid")}}, {TEXT}},
    {F(wdt_pull_options_set_page_size), SELF(pull_options), NULL, {{0, 0}}, {0}},
    {F(wdt_pull_options_set_lag), SELF(pull_options), NULL, {{0, 0}}, {0}},
    {F(wdt_pull_new), NULL, drop_pull,
     {{LIT(ORDERS)}, {LIT("{}")}, {LIT("2026-04-01")}, {LIT("2026-04-02")}},
     {TEXT, TEXT, TEXT, TEXT}},
    {F(wdt_pull_ask), SELF(pull), drop_draft, {{0, 0}}, {0}},
    {F(wdt_pull_take), SELF(response), drop_batch, {{0, 0}}, {0}},
    {F(wdt_pull_fail), SELF(failing), drop_batch, {{LIT("why")}}, {TEXT}},
    {F(wdt_pull_report_new), SELF(pull), drop_pull_report, {{0, 0}}, {0}},
    {F(wdt_retry_new), NULL, drop_retry, {{0, 0}}, {0}},
    {F(wdt_retry_set_attempts), SELF(retry), NULL, {{0, 0}}, {0}},
    {F(wdt_retry_set_attempt_time), SELF(retry), NULL, {{0, 0}}, {0}},
    {F(wdt_retry_set_delays), SELF(retry), NULL, {{0, 0}}, {0}},
    {F(wdt_retry_set_rest), SELF(retry), NULL, {{0, 0}}, {0}},
    {F(wdt_retry_set_no_rest), SELF(retry), NULL, {{0, 0}}, {0}},
    {F(wdt_retry_set_clock_error), SELF(retry), NULL, {{0, 0}}, {0}},
    {F(wdt_limiter_new), NULL, drop_limiter, {{0, 0}}, {0}},
    {F(wdt_clock_new), NULL, drop_clock, {{0, 0}}, {0}},
    {F(wdt_exchange_new), SELF(draft), drop_exchange, {{0, 0}}, {0}},
    {F(wdt_exchange_step), SELF(exchange), NULL, {{0, 0}}, {0}},
    {F(wdt_exchange_reply), SELF(exchange), NULL,
     {{LIT("{\"status\":0}")}, {LIT("Thu, 09 Apr 2026 03:28:36 GMT")}}, {BYTES, BYTES}},
    {F(wdt_exchange_fault), SELF(exchange), NULL, {{LIT("lost")}, {LIT("断了")}}, {TEXT, TEXT}},
    {F(wdt_verify), NULL, drop_call, {{NULL, 0}, {LIT("[]")}}, {TEXT, WDT_ERR_VERIFY}},
};

/* Runs a row once and holds the status and the places against the contract. -1: any error. */
static void attempt(const struct fallible *row, struct in in, int expected, const char *how) {
  char about[128];
  void *out = (void *)&out; /* what a call must overwrite */
  wdt_error *error = NULL;
  bool has_out = in.out != NULL, has_error = in.error != NULL;
  if (has_out) in.out = &out;
  if (has_error) in.error = &error;
  snprintf(about, sizeof about, "%s, %s", row->name, how);
  wdt_status status = row->run(&in);
  CHECK(expected == -1 ? status != WDT_OK : status == expected, about);
  CHECK(status >= WDT_OK && status <= WDT_ERR_TRANSPORT && status != WDT_ERR_PANIC, about);
  if (has_error) {
    CHECK((error != NULL) == (status != WDT_OK), about);
    CHECK(wdt_error_code(error) == status, about);
    CHECK(!error || bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)), about);
  }
  if (has_out && row->drop) {
    CHECK((out != NULL) == (status == WDT_OK) || (!out && row->drop == drop_batch), about);
    row->drop(out);
  }
  wdt_error_free(error);
}

static void check_fallible(const struct fallible *row) {
  static const struct {
    struct slice slice;
    const char *how;
  } edges[] = {
      {{NULL, 1}, "(NULL, 1)"},
      {{NULL, SIZE_MAX}, "(NULL, SIZE_MAX)"},
      {{"x", SIZE_MAX}, "(x, SIZE_MAX)"},
      {{"x", (SIZE_MAX >> 1) + 1}, "(x, SIZE_MAX / 2 + 1)"},
  };
  static const struct slice broken[] = {{LIT("\xff")}, {LIT("a\xf0\x9f\x98")}, {LIT("\xed\xa0\x80")},
                                        {LIT("\xc0\x80")}};
  void *place = NULL;
  wdt_error *error = NULL;
  struct in full = {row->self ? *row->self : NULL, good.options,
                    {row->text[0], row->text[1], row->text[2], row->text[3]}, &place, &error};
  attempt(row, full, WDT_OK, "as it should be");
  struct in in = full;
  in.error = NULL;
  attempt(row, in, WDT_OK, "no place for an error");
  in = full;
  in.optional_self = NULL;
  attempt(row, in, WDT_OK, "no options, no catalogue");
  if (row->self) {
    in = full;
    in.self = NULL;
    attempt(row, in, WDT_ERR_NULL, "its handle is NULL");
  }
  if (row->drop) {
    in = full;
    in.out = NULL;
    attempt(row, in, WDT_ERR_NULL, "no place for the result");
    in.error = NULL;
    attempt(row, in, WDT_ERR_NULL, "no places");
  }
  for (int i = 0; i < TEXTS_AT_MOST && row->text[i].data; i++) {
    for (size_t edge = 0; edge < sizeof edges / sizeof *edges; edge++) {
      in = full;
      in.text[i] = edges[edge].slice;
      attempt(row, in, WDT_ERR_NULL, edges[edge].how);
      in.error = NULL;
      attempt(row, in, WDT_ERR_NULL, edges[edge].how);
    }
    for (size_t text = 0; text < sizeof broken / sizeof *broken; text++) {
      in = full;
      in.text[i] = broken[text];
      attempt(row, in, row->kind[i], "bad UTF-8");
    }
    /* Both empty texts are the same text. */
    struct in empty = full;
    empty.text[i] = (struct slice){"x", 0};
    in = full;
    in.text[i] = (struct slice){NULL, 0};
    wdt_error *failed = NULL;
    void *made = NULL;
    empty.out = in.out = &made;
    empty.error = in.error = &failed;
    wdt_status status = row->run(&in);
    if (row->drop) row->drop(made);
    wdt_error_free(failed);
    CHECK(status != WDT_ERR_NULL && status != WDT_ERR_UTF8 && status != WDT_ERR_PANIC, row->name);
    attempt(row, empty, status, "(x, 0)");
    attempt(row, in, status, "(NULL, 0)");
  }
  /* Nothing at all, and everything NULL with a length. */
  memset(&in, 0, sizeof in);
  bool needs_nothing = !row->self && !row->drop;
  attempt(row, in, needs_nothing ? WDT_OK : WDT_ERR_NULL, "everything NULL");
  for (int i = 0; i < TEXTS_AT_MOST; i++) in.text[i].len = 1;
  attempt(row, in, WDT_ERR_NULL, "everything NULL with a length");
}

/* ---- Functions that cannot fail: one function a row, false where something is off ---- */

static bool is_text(const char *text, size_t len) {
  return text && text[len] == '\0';
}

/* const char *f(handle, len): may_be_null where a good handle may have no such text. */
#define GETTER(type, field, may_be_null)                                                 \
  static bool see_wdt_##type##_##field(void) {                                           \
    size_t none = 1, len = 1;                                                            \
    const char *text = wdt_##type##_##field(good.type, &len);                            \
    return !wdt_##type##_##field(NULL, &none) && none == 0 &&                            \
           !wdt_##type##_##field(NULL, NULL) && text == wdt_##type##_##field(good.type, NULL) && \
           (text ? is_text(text, len) : may_be_null && len == 0);                        \
  }

/* const char *f(handle, index, len), of as many as f_count tells */
#define ROWS(type, field) ROWS_OF(type, field, len)
#define ROWS_OF(type, field, count)                                                      \
  static bool see_wdt_##type##_##field(void) {                                           \
    size_t none = 1, len = 1, past = 1;                                                  \
    const char *text = wdt_##type##_##field(good.type, 0, &len);                         \
    return !wdt_##type##_##field(NULL, 0, &none) && none == 0 &&                         \
           !wdt_##type##_##field(NULL, SIZE_MAX, NULL) && is_text(text, len) &&          \
           text == wdt_##type##_##field(good.type, 0, NULL) &&                           \
           !wdt_##type##_##field(good.type, wdt_##type##_##count(good.type), &past) && past == 0 && \
           !wdt_##type##_##field(good.type, SIZE_MAX, NULL);                             \
  }

/* bool f(handle, index): what NULL and an index past the end give. */
#define MARKS(type, field, of_none)                                                      \
  static bool see_wdt_##type##_##field(void) {                                           \
    bool first = wdt_##type##_##field(good.type, 0);                                     \
    (void)first;                                                                         \
    return wdt_##type##_##field(NULL, 0) == (of_none) &&                                 \
           wdt_##type##_##field(NULL, SIZE_MAX) == (of_none) &&                          \
           wdt_##type##_##field(good.type, wdt_##type##_len(good.type)) == (of_none) &&  \
           wdt_##type##_##field(good.type, SIZE_MAX) == (of_none);                       \
  }

/* f(handle): what NULL gives, and whether a good handle gives something else. */
#define VALUE(type, field, of_null, of_good)                                             \
  static bool see_wdt_##type##_##field(void) {                                           \
    return wdt_##type##_##field(NULL) == (of_null) && (wdt_##type##_##field(good.type) of_good); \
  }

#define FREE(type)                                                                       \
  static bool see_wdt_##type##_free(void) {                                              \
    wdt_##type##_free(NULL);                                                             \
    return true;                                                                         \
  }

GETTER(credentials, sid, false) GETTER(credentials, key, false) GETTER(credentials, salt, false)
GETTER(error, message, false) GETTER(error, message_zh, false) GETTER(error, body, true) GETTER(error, check, true)
GETTER(error, vendor_message, true)
GETTER(request, query, false) GETTER(request, body, false) GETTER(request, sign, false)
GETTER(text, data, false)
GETTER(draft, body, false) GETTER(endpoint, address, false)
GETTER(response, kind, false) GETTER(response, message, false) GETTER(response, data, true)
GETTER(explanation, canonical, false) GETTER(explanation, sign, false)
GETTER(rows, json, false)
GETTER(call, sid, false) GETTER(call, key, false) GETTER(call, method, false)
ROWS(catalogue, name) ROWS(catalogue, title)
ROWS(report, pointer) ROWS(report, code) ROWS(report, message) ROWS(report, message_zh)
ROWS(report, label)
ROWS(failures, key) ROWS(failures, code) ROWS(failures, message)
GETTER(batch, json, false) GETTER(batch, since, false) GETTER(batch, until, false)
GETTER(batch, state, false) ROWS(batch, row)
ROWS_OF(pull_report, since, failed) ROWS_OF(pull_report, until, failed)
ROWS_OF(pull_report, why, failed) ROWS_OF(pull_report, why_zh, failed)
GETTER(exchange, outcome, false) GETTER(exchange, outcome_zh, false)
GETTER(exchange, waiting, true) GETTER(exchange, waiting_zh, true)
MARKS(catalogue, documented, false) MARKS(catalogue, paged, false) MARKS(catalogue, writes, true)
MARKS(report, is_error, false)
VALUE(catalogue, len, 0, >= 179) VALUE(report, len, 0, == 1) VALUE(report, omitted, 0, == 0)
VALUE(report, ok, false, == false)
VALUE(error, code, WDT_OK, == WDT_ERR_VALIDATION) VALUE(error, report, NULL, != NULL)
VALUE(error, vendor_status, 0, == 0)
VALUE(draft, warnings, NULL, != NULL) VALUE(rows, report, NULL, != NULL)
VALUE(failures, len, 0, == 1)
VALUE(request, timestamp, 0, == NOW - WDT_EPOCH_UNIX) VALUE(request, warnings, NULL, != NULL)
VALUE(response, status, -1, == 0) VALUE(response, retryable, false, == false)
VALUE(explanation, length, 0, > 0) VALUE(call, timestamp, 0, == NOW - WDT_EPOCH_UNIX)
VALUE(batch, len, 0, == 2) VALUE(pull_report, rows, 0, == 0) VALUE(pull_report, calls, 0, == 0)
VALUE(pull_report, least_calls, 0, > 0) VALUE(pull_report, windows, 0, == 0)
VALUE(pull_report, failed, 0, == 1) VALUE(pull, thousandths, 0, <= 1000)
VALUE(limiter, per_minute, 0, == 60) VALUE(clock, offset_ms, 0, == 0)
VALUE(error, fate, WDT_FATE_NONE, == WDT_FATE_NONE)
VALUE(exchange, request, NULL, == NULL) VALUE(exchange, response, NULL, != NULL)
VALUE(exchange, attempts, 0, == 1)
FREE(pull_options) FREE(pull) FREE(batch) FREE(pull_report) FREE(retry) FREE(limiter) FREE(clock)
FREE(exchange)
FREE(catalogue) FREE(options) FREE(credentials) FREE(report) FREE(request) FREE(response)
FREE(explanation) FREE(text) FREE(call) FREE(error) FREE(draft) FREE(endpoint)
FREE(rows) FREE(failures)

static bool see_wdt_pull_gives_up(void) {
  static const struct slice none[] = {{NULL, 0}, {NULL, 1}, {"x", 0}, {"x", SIZE_MAX}, {"\xff", 1},
                                      {LIT("server")}, {LIT("no such kind")}};
  bool right = wdt_pull_gives_up(NULL, NULL, 0) && wdt_pull_gives_up(NULL, LIT("server"));
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    right = right && !wdt_pull_gives_up(good.pull, none[i].data, none[i].len);
  }
  return right && wdt_pull_gives_up(good.pull, LIT("authentication"));
}

static bool see_wdt_clock_unix(void) {
  return wdt_clock_unix(NULL, 1999) == 1 && wdt_clock_unix(good.clock, 1999) == 1 &&
         wdt_clock_unix(good.clock, INT64_MIN) < 0 && wdt_clock_unix(NULL, INT64_MAX) > 0;
}

static bool see_wdt_abi_version(void) { return wdt_abi_version() == WDT_ABI_VERSION; }
static bool see_wdt_version(void) { return *wdt_version() != '\0'; }

static bool see_wdt_catalogue_find(void) {
  static const struct slice absent[] = {{NULL, 0}, {NULL, 1}, {NULL, SIZE_MAX}, {"x", 0}, {"x", 1},
                                        {"x", SIZE_MAX}, {"\xff", 1}};
  bool none = true;
  for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
    none = none && wdt_catalogue_find(good.catalogue, absent[i].data, absent[i].len) == SIZE_MAX;
    none = none && wdt_catalogue_find(NULL, absent[i].data, absent[i].len) == SIZE_MAX;
  }
  return none && wdt_catalogue_find(good.catalogue, LIT("system.Core.now")) != SIZE_MAX;
}

static bool see_wdt_language_of_locale(void) {
  static const struct slice english[] = {{NULL, 0}, {NULL, 1}, {"zh", SIZE_MAX}, {LIT("")},
                                         {LIT("C.UTF-8")}, {LIT("en_US")}, {LIT("zh\xff")}};
  for (size_t i = 0; i < sizeof english / sizeof *english; i++) {
    if (wdt_language_of_locale(english[i].data, english[i].len) != WDT_LANGUAGE_ENGLISH) return false;
  }
  return wdt_language_of_locale(LIT("zh_CN.UTF-8")) == WDT_LANGUAGE_CHINESE;
}

static bool see_wdt_language_of_environment(void) {
  static const char *const names[] = {"WDT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
  bool right = true;
  for (size_t i = 0; i < 4; i++) setenv(names[i], i == 3 ? "C" : "", 1);
  /* From the weakest to the strongest: each decides over those before. */
  for (size_t i = 4; i-- > 0;) {
    setenv(names[i], "zh_CN.UTF-8", 1);
    right = right && wdt_language_of_environment() == WDT_LANGUAGE_CHINESE;
    setenv(names[i], "C", 1);
    right = right && wdt_language_of_environment() == WDT_LANGUAGE_ENGLISH;
  }
  for (size_t i = 0; i < 4; i++) unsetenv(names[i]);
  return right && wdt_language_of_environment() == WDT_LANGUAGE_ENGLISH;
}

static bool see_wdt_response_total(void) {
  uint64_t total = 7;
  return !wdt_response_total(NULL, NULL) && !wdt_response_total(NULL, &total) && total == 7 &&
         wdt_response_total(good.response, NULL) && wdt_response_total(good.response, &total) &&
         total == 22;
}

static bool see_wdt_call_pager(void) {
  int32_t size = 7, no = 7;
  bool total = false;
  return !wdt_call_pager(NULL, NULL, NULL, NULL) && !wdt_call_pager(NULL, &size, &no, &total) &&
         size == 7 && wdt_call_pager(good.call, NULL, NULL, NULL) &&
         wdt_call_pager(good.call, &size, NULL, NULL) && wdt_call_pager(good.call, NULL, &no, NULL) &&
         wdt_call_pager(good.call, NULL, NULL, &total) && size == 100 && no == 3 && total;
}

static bool see_wdt_rows_times(void) {
  size_t none = 1, len = 0;
  const size_t *times = wdt_rows_times(good.rows, &len);
  return !wdt_rows_times(NULL, NULL) && !wdt_rows_times(NULL, &none) && none == 0 && len == 1 &&
         times == wdt_rows_times(good.rows, NULL) && wdt_rows_json(good.rows, NULL)[times[0]] == '"';
}

#define I(name) {#name, see_##name}

static const struct infallible {
  const char *name;
  bool (*see)(void);
} infallibles[] = {
    I(wdt_abi_version), I(wdt_version),
    I(wdt_catalogue_len), I(wdt_catalogue_find), I(wdt_catalogue_name), I(wdt_catalogue_title),
    I(wdt_catalogue_documented), I(wdt_catalogue_paged), I(wdt_catalogue_writes),
    I(wdt_catalogue_free),
    I(wdt_credentials_sid), I(wdt_credentials_key), I(wdt_credentials_salt),
    I(wdt_credentials_free),
    I(wdt_error_code), I(wdt_error_message), I(wdt_error_message_zh), I(wdt_error_report),
    I(wdt_error_body),
    I(wdt_error_check), I(wdt_error_vendor_status), I(wdt_error_vendor_message), I(wdt_error_free),
    I(wdt_options_free),
    I(wdt_report_ok), I(wdt_report_len), I(wdt_report_omitted), I(wdt_report_pointer),
    I(wdt_report_code), I(wdt_report_message), I(wdt_report_message_zh), I(wdt_report_label),
    I(wdt_report_is_error),
    I(wdt_report_free),
    I(wdt_request_query), I(wdt_request_body), I(wdt_request_sign), I(wdt_request_timestamp),
    I(wdt_request_warnings), I(wdt_request_free),
    I(wdt_draft_body), I(wdt_draft_warnings), I(wdt_draft_free),
    I(wdt_endpoint_address), I(wdt_endpoint_free),
    I(wdt_language_of_locale), I(wdt_language_of_environment),
    I(wdt_text_data), I(wdt_text_free),
    I(wdt_response_status), I(wdt_response_kind), I(wdt_response_message),
    I(wdt_response_retryable), I(wdt_response_data), I(wdt_response_total), I(wdt_response_free),
    I(wdt_rows_json), I(wdt_rows_times), I(wdt_rows_report), I(wdt_rows_free),
    I(wdt_failures_len), I(wdt_failures_key), I(wdt_failures_code), I(wdt_failures_message),
    I(wdt_failures_free),
    I(wdt_pull_options_free), I(wdt_pull_gives_up), I(wdt_pull_thousandths), I(wdt_pull_free),
    I(wdt_batch_len), I(wdt_batch_row), I(wdt_batch_json), I(wdt_batch_since), I(wdt_batch_until),
    I(wdt_batch_state), I(wdt_batch_free),
    I(wdt_pull_report_rows), I(wdt_pull_report_calls), I(wdt_pull_report_least_calls),
    I(wdt_pull_report_windows), I(wdt_pull_report_failed), I(wdt_pull_report_since),
    I(wdt_pull_report_until), I(wdt_pull_report_why), I(wdt_pull_report_why_zh),
    I(wdt_pull_report_free),
    I(wdt_retry_free), I(wdt_limiter_per_minute), I(wdt_limiter_free),
    I(wdt_clock_unix), I(wdt_clock_offset_ms), I(wdt_clock_free),
    I(wdt_error_fate),
    I(wdt_exchange_request), I(wdt_exchange_response), I(wdt_exchange_attempts),
    I(wdt_exchange_outcome), I(wdt_exchange_outcome_zh), I(wdt_exchange_waiting),
    I(wdt_exchange_waiting_zh), I(wdt_exchange_free),
    I(wdt_explanation_canonical), I(wdt_explanation_length), I(wdt_explanation_sign),
    I(wdt_explanation_free),
    I(wdt_call_sid), I(wdt_call_key), I(wdt_call_method), I(wdt_call_timestamp), I(wdt_call_pager),
    I(wdt_call_free),
};

#define FALLIBLES (sizeof fallibles / sizeof *fallibles)
#define INFALLIBLES (sizeof infallibles / sizeof *infallibles)

/* Functions that cannot do without two handles: the rows leave the first out. */
static void check_second_handles(void) {
  wdt_request *request = NULL;
  wdt_text *text = NULL;
  CHECK(wdt_draft_sign(good.draft, NULL, NOW, &request, NULL) == WDT_ERR_NULL && !request, "sign");
  CHECK(wdt_request_sign_again(good.request, NULL, NOW, &request, NULL) == WDT_ERR_NULL && !request,
        "sign again");
  CHECK(wdt_endpoint_url(good.endpoint, NULL, &text, NULL) == WDT_ERR_NULL && !text, "url");
  wdt_batch *batch = NULL;
  CHECK(wdt_pull_take(NULL, good.response, &batch, NULL) == WDT_ERR_NULL && !batch, "take");
  CHECK(wdt_pull_take(good.pull, NULL, &batch, NULL) == WDT_ERR_NULL && !batch, "take");
  wdt_exchange *exchange = sent();
  wdt_step step = WDT_STEP_SEND;
  uint64_t until = 7;
  CHECK(wdt_exchange_step(exchange, NULL, &MOMENT, &step, &until, NULL) == WDT_ERR_NULL, "step");
  CHECK(step == WDT_STEP_DONE && until == 0, "step");
  CHECK(wdt_exchange_step(exchange, good.credentials, NULL, &step, &until, NULL) == WDT_ERR_NULL,
        "no moment");
  CHECK(wdt_exchange_step(exchange, good.credentials, &MOMENT, NULL, &until, NULL) == WDT_ERR_NULL,
        "no place for the step");
  CHECK(wdt_exchange_step(exchange, good.credentials, &MOMENT, &step, NULL, NULL) == WDT_ERR_NULL,
        "no place for the time");
  CHECK(wdt_exchange_reply(exchange, NULL, 200, NULL, 0, LIT("{}"), NULL) == WDT_ERR_NULL, "reply");
  CHECK(wdt_exchange_fault(exchange, NULL, WDT_FATE_UNKNOWN, LIT("x"), NULL, 0, NULL) == WDT_ERR_NULL,
        "fault");
  /* Nothing of it has been told: the attempt is still under way. */
  CHECK(wdt_exchange_step(exchange, good.credentials, &MOMENT, &step, &until, NULL) == WDT_OK, "step");
  CHECK(step == WDT_STEP_SEND && wdt_exchange_attempts(exchange) == 1, "under way");
  wdt_exchange_free(exchange);
}

/* Arrays have lengths of their own, and the look-up is a pointer too. */
static void check_arrays(void) {
  static const size_t lengths[] = {1, SIZE_MAX / 2 / sizeof(wdt_good) + 1, SIZE_MAX / 2, SIZE_MAX};
  const wdt_parameter parameter = {"k", 1, "v", 1};
  const wdt_good row = {1, 0};
  wdt_text *text = NULL;
  wdt_request *request = NULL;
  wdt_call *call = NULL;
  wdt_exchange *exchange = sent();
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    CHECK(wdt_exchange_reply(exchange, &MOMENT, 200, NULL, lengths[i], "", 0, NULL) == WDT_ERR_NULL,
          "headers");
    if (lengths[i] > 1) {
      CHECK(wdt_exchange_reply(exchange, &MOMENT, 200, &parameter, lengths[i], "", 0, NULL) ==
                WDT_ERR_NULL, "headers");
    }
    CHECK(wdt_sign(LIT("s"), NULL, lengths[i], &text, NULL) == WDT_ERR_NULL && !text, "sign");
    CHECK(wdt_stock_sync_batch_calc_stock(good.credentials, NULL, lengths[i], NOW, NULL, &request,
                                          NULL) == WDT_ERR_NULL && !request, "goods");
    if (lengths[i] > 1) {
      CHECK(wdt_sign(LIT("s"), &parameter, lengths[i], &text, NULL) == WDT_ERR_NULL, "sign");
      CHECK(wdt_stock_sync_batch_calc_stock(good.credentials, &row, lengths[i], NOW, NULL, &request,
                                            NULL) == WDT_ERR_NULL, "goods");
    }
  }
  const wdt_parameter broken[] = {{NULL, 1, "v", 1}, {"k", 1, NULL, 1}};
  for (size_t i = 0; i < 2; i++) {
    CHECK(wdt_exchange_reply(exchange, &MOMENT, 200, &broken[i], 1, "", 0, NULL) == WDT_ERR_NULL,
          "a header");
  }
  wdt_exchange_free(exchange);
  CHECK(wdt_sign(LIT("s"), NULL, 0, &text, NULL) == WDT_OK && text, "no parameters");
  wdt_text_free(text);
  CHECK(wdt_stock_sync_batch_calc_stock(good.credentials, NULL, 0, NOW, NULL, &request, NULL) !=
            WDT_ERR_NULL, "no goods");
  wdt_request_free(request);
  CHECK(wdt_verify("", 0, "", 0, NOW, NULL, NULL, &call, NULL) == WDT_ERR_NULL && !call, "look-up");
}

static void set_up(void) {
  wdt_error *error = NULL;
  CHECK_OK(wdt_credentials_new(LIT("sid"), LIT("key"), LIT("testsecret:testsalt"),
                               &good.credentials, &error), error, "credentials");
  CHECK_OK(wdt_catalogue_new(&good.catalogue, &error), error, "catalogue");
  CHECK_OK(wdt_options_new(&good.options, &error), error, "options");
  CHECK_OK(wdt_options_set_pager(good.options, 100, 3, true, &error), error, "pager");
  CHECK_OK(wdt_request_build(good.credentials, LIT("system.Core.now"), LIT("[]"), NOW, NULL,
                             good.options, &good.request, &error), error, "request");
  CHECK_OK(wdt_draft_new(LIT("system.Core.now"), LIT("[]"), NULL, good.options, &good.draft, &error),
           error, "draft");
  CHECK_OK(wdt_endpoint_new(LIT("https://erp.example"), &good.endpoint, &error), error, "endpoint");
  CHECK_OK(wdt_request_url(good.request, LIT("https://erp.example"), &good.text, &error), error,
           "text");
  CHECK_OK(wdt_explain(good.credentials, LIT("m"), LIT("[]"), NOW, NULL, &good.explanation, &error),
           error, "explanation");
  CHECK_OK(wdt_response_parse(LIT("{\"status\":0,\"data\":[\"x\"],\"total\":22}"), NULL, &good.response,
                              &error), error, "response");
  CHECK_OK(wdt_typed_rows(LIT("sales.TradeQuery.queryWithDetail"), LIT("[{\"modified\":\"2023-06-14\"}]"),
                          NULL, &good.rows, &error), error, "rows");
  CHECK_OK(wdt_failures_find(good.response, LIT("sales.LogisticsSync.update"), NULL, &good.failures,
                             &error), error, "failures");
  CHECK_OK(wdt_validate(NULL, LIT("m"), LIT("{}"), NULL, &good.report, &error), error, "report");
  CHECK_OK(wdt_pull_options_new(&good.pull_options, &error), error, "pull options");
  CHECK_OK(wdt_retry_new(&good.retry, &error), error, "retry");
  CHECK_OK(wdt_limiter_new(60, &good.limiter, &error), error, "limiter");
  CHECK_OK(wdt_clock_new(&good.clock, &error), error, "clock");
  good.exchange = sent();
  CHECK_OK(wdt_exchange_reply(good.exchange, &MOMENT, 200, NULL, 0, LIT("{\"status\":0}"), &error),
           error, "exchange");
  /* Ten minutes are one window, and its answer is a batch. */
  CHECK_OK(wdt_pull_new(LIT(ORDERS), NULL, 0, LIT("2026-04-01"), LIT("2026-04-01 00:10:00"), NOW, NULL,
                        NULL, &good.pull, &error), error, "pull");
  wdt_response *rows = NULL;
  CHECK_OK(wdt_response_parse(LIT("{\"status\":0,\"data\":{\"order\":[{\"trade_id\":1},"
                                  "{\"trade_id\":2}],\"total_count\":2},\"total\":2}"),
                              NULL, &rows, &error), error, "rows");
  CHECK_OK(wdt_pull_take(good.pull, rows, &good.batch, &error), error, "batch");
  wdt_response_free(rows);
  wdt_pull_free(good.pull);
  good.pull = NULL;
  CHECK_OK(wdt_pull_new(LIT(ORDERS), NULL, 0, LIT("2026-04-01"), LIT("2026-04-02"), NOW, NULL, NULL,
                        &good.failing, &error), error, "failing");
  wdt_batch *failed = NULL;
  CHECK_OK(wdt_pull_fail(good.failing, LIT("lost"), &failed, &error), error, "fail");
  CHECK_OK(wdt_pull_report_new(good.failing, &good.pull_report, &error), error, "pull report");
  wdt_batch_free(failed);
  CHECK_OK(wdt_pull_new(LIT(ORDERS), NULL, 0, LIT("2026-01-01"), LIT("2026-04-01"), NOW, NULL, NULL,
                        &good.pull, &error), error, "pull");
  size_t len;
  const char *query = wdt_request_query(good.request, &len);
  CHECK_OK(wdt_verify(query, len, LIT("[]"), NOW, look_up, NULL, &good.call, &error), error, "call");
  wdt_request *refused = NULL;
  CHECK(wdt_request_build(good.credentials, LIT("m"), LIT("{}"), NOW, NULL, NULL, &refused,
                          &good.error) == WDT_ERR_VALIDATION, "error");
  /* wdt_verify's row needs a signed query. */
  fallibles[FALLIBLES - 1].text[0] = (struct slice){query, len};
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--list") == 0) {
    for (size_t i = 0; i < FALLIBLES; i++) puts(fallibles[i].name);
    for (size_t i = 0; i < INFALLIBLES; i++) puts(infallibles[i].name);
    return 0;
  }
  set_up();
  for (size_t i = 0; i < FALLIBLES; i++) check_fallible(&fallibles[i]);
  for (size_t i = 0; i < INFALLIBLES; i++) CHECK(infallibles[i].see(), infallibles[i].name);
  check_second_handles();
  check_arrays();
  wdt_exchange_free(good.exchange);
  wdt_clock_free(good.clock);
  wdt_limiter_free(good.limiter);
  wdt_retry_free(good.retry);
  wdt_pull_report_free(good.pull_report);
  wdt_batch_free(good.batch);
  wdt_pull_free(good.failing);
  wdt_pull_free(good.pull);
  wdt_pull_options_free(good.pull_options);
  wdt_error_free(good.error);
  wdt_rows_free(good.rows);
  wdt_failures_free(good.failures);
  wdt_call_free(good.call);
  wdt_text_free(good.text);
  wdt_explanation_free(good.explanation);
  wdt_response_free(good.response);
  wdt_endpoint_free(good.endpoint);
  wdt_draft_free(good.draft);
  wdt_request_free(good.request);
  wdt_report_free(good.report);
  wdt_options_free(good.options);
  wdt_catalogue_free(good.catalogue);
  wdt_credentials_free(good.credentials);
  printf("%zu functions\n", FALLIBLES + INFALLIBLES);
  return check_end("null_table");
}
