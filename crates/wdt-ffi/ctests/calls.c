/* The calls that the vectors do not reach: stock-sync, register, verify, url, options, errors. */
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

#define NOW 1775791716
#define LIT(text) (text), (sizeof(text) - 1)

static const char INFO[] =
    "{\"syn_stock\":1.0000,\"stock_change_count\":2,\"stock_syn_rule_id\":-10000,"
    "\"stock_syn_rule_no\":\"\",\"stock_syn_other\":\"\",\"stock_syn_warehouses\":\"6\","
    "\"stock_syn_mask\":0,\"stock_syn_percent\":100,\"stock_syn_plus\":1.0000,"
    "\"stock_syn_min\":1.0000,\"stock_syn_max\":999999999999999.9999,\"is_auto_listing\":true,"
    "\"is_auto_delisting\":true,\"is_syn_success\":false,\"is_manual\":false,"
    "\"syn_result\":\"平台接口限流\"}";

static wdt_credentials *credentials;

/* A request must have this method and body; it is freed. */
static void check_request(wdt_status status, wdt_error *error, wdt_request *request,
                          const char *method, const char *body) {
  size_t len;
  char parameter[128];
  CHECK_OK(status, error, method);
  const char *found = wdt_request_body(request, &len);
  CHECK_TEXT(found, len, body, method);
  snprintf(parameter, sizeof parameter, "&method=%s&", method);
  const char *query = wdt_request_query(request, &len);
  CHECK(query && strstr(query, parameter), method);
  CHECK(query && !strstr(query, "testsecret"), method);
  CHECK(wdt_report_len(wdt_request_warnings(request)) == 0, method);
  wdt_request_free(request);
}

static void stock_sync(void) {
  wdt_request *request = NULL;
  wdt_error *error = NULL;
  char body[1024];
  wdt_status status = wdt_stock_sync_get_self_wait_sync_id_list_open(credentials, 100, 0, NOW, NULL,
                                                                     &request, &error);
  check_request(status, error, request, "sales.StockSync.getSelfWaitSyncIdListOpen", "[100,0]");
  status = wdt_stock_sync_calc_stock(credentials, INT64_MAX, true, NOW, NULL, &request, &error);
  check_request(status, error, request, "sales.StockSync.calcStock", "[9223372036854775807,true]");
  const wdt_good goods[] = {{174004, 0}, {175511, 255}};
  status = wdt_stock_sync_batch_calc_stock(credentials, goods, 2, NOW, NULL, &request, &error);
  check_request(status, error, request, "sales.StockSync.batchCalcStock",
                "[[{\"api_goods_id\":174004,\"force_sync\":false},"
                "{\"api_goods_id\":175511,\"force_sync\":true}]]");
  snprintf(body, sizeof body, "[2447,%s]", INFO);
  status = wdt_stock_sync_sync_success(credentials, 2447, LIT(INFO), NOW, NULL, &request, &error);
  check_request(status, error, request, "sales.StockSync.syncSuccess", body);
  status = wdt_stock_sync_sync_fail(credentials, 2447, LIT(INFO), NOW, NULL, &request, &error);
  check_request(status, error, request, "sales.StockSync.syncFail", body);
  status = wdt_stock_sync_cancel_sync(credentials, 178238, -1, NOW, NULL, &request, &error);
  check_request(status, error, request, "sales.StockSync.cancelSync", "[178238,-1]");

  /* An info that would break out of its place is refused. */
  static const char *const broken[] = {"", "{", "{}],[1", "{},{}", "1 2"};
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    status = wdt_stock_sync_sync_fail(credentials, 1, broken[i], strlen(broken[i]), NOW, NULL,
                                      &request, &error);
    CHECK(status == WDT_ERR_VALIDATION && !request, broken[i]);
    CHECK(wdt_report_len(wdt_error_report(error)) > 0, broken[i]);
    wdt_error_free(error);
  }
  status = wdt_stock_sync_get_self_wait_sync_id_list_open(credentials, 9, 0, NOW, NULL, &request,
                                                          &error);
  CHECK(status == WDT_ERR_VALIDATION && !request, "count 9");
  const wdt_report *report = wdt_error_report(error);
  CHECK(wdt_report_len(report) == 1 && wdt_report_is_error(report, 0), "count 9");
  CHECK(!wdt_report_ok(report), "count 9");
  CHECK(strcmp(wdt_report_pointer(report, 0, NULL), "/0") == 0, "count 9");
  CHECK(strcmp(wdt_report_code(report, 0, NULL), "out_of_range") == 0, "count 9");
  wdt_error_free(error);
  /* Wider than the platform's int: the same rule answers, nothing is cut on the way. */
  status = wdt_stock_sync_cancel_sync(credentials, 1, INT64_C(2147483648), NOW, NULL, &request,
                                      &error);
  CHECK(status == WDT_ERR_VALIDATION && !request, "a wide counter");
  report = wdt_error_report(error);
  CHECK(wdt_report_len(report) == 1, "a wide counter");
  CHECK(strcmp(wdt_report_pointer(report, 0, NULL), "/1") == 0, "a wide counter");
  CHECK(strcmp(wdt_report_code(report, 0, NULL), "out_of_range") == 0, "a wide counter");
  wdt_error_free(error);
}

static void warnings(void) {
  wdt_request *request = NULL;
  wdt_error *error = NULL;
  /* The documented example leaves four required fields out. */
  static const char body[] =
      "[2447,{\"stock_syn_min\":1.0000,\"stock_syn_rule_id\":-10000,\"stock_syn_mask\":0,"
      "\"stock_syn_warehouses\":\"6\",\"stock_syn_max\":550.0000,\"stock_syn_percent\":100,"
      "\"is_auto_delisting\":true,\"stock_syn_plus\":1.0000,\"is_auto_listing\":true,"
      "\"stock_syn_rule_no\":\"\",\"syn_stock\":1,\"stock_change_count\":2}]";
  static const char *const missing[] = {"/1/stock_syn_other", "/1/is_syn_success", "/1/is_manual",
                                        "/1/syn_result"};
  CHECK_OK(wdt_request_build(credentials, LIT("sales.StockSync.syncFail"), LIT(body), NOW, NULL,
                             NULL, &request, &error), error, "warnings");
  const wdt_report *report = wdt_request_warnings(request);
  CHECK(wdt_report_ok(report) && wdt_report_len(report) == 4, "warnings");
  for (size_t i = 0; i < 4; i++) {
    size_t len;
    const char *text = wdt_report_pointer(report, i, &len);
    CHECK_TEXT(text, len, missing[i], "warnings");
    text = wdt_report_code(report, i, &len);
    CHECK_TEXT(text, len, "missing", "warnings");
    text = wdt_report_message(report, i, &len);
    CHECK(text && strlen(text) == len && strstr(text, missing[i]) == text, "warnings");
    text = wdt_report_label(report, i, &len);
    CHECK(text && strlen(text) == len && len > 0, "warnings");
    CHECK(!wdt_report_is_error(report, i), "warnings");
  }
  CHECK(!wdt_report_pointer(report, 4, NULL), "past the end");
  wdt_request_free(request);
}

/* One draft, signed again and again: the body is the same one, not a copy. */
static void drafts(void) {
  static const char body[] = "[178238,-1]";
  wdt_draft *draft = NULL;
  wdt_request *built = NULL, *first = NULL, *second = NULL, *again = NULL;
  wdt_error *error = NULL;
  size_t len;
  CHECK_OK(wdt_draft_new(LIT("sales.StockSync.cancelSync"), LIT(body), NULL, NULL, &draft, &error),
           error, "draft");
  const char *shared = wdt_draft_body(draft, &len);
  CHECK_TEXT(shared, len, body, "draft");
  CHECK(shared != body, "the draft keeps a copy");
  CHECK(wdt_report_ok(wdt_draft_warnings(draft)), "draft");
  CHECK_OK(wdt_draft_sign(draft, credentials, NOW, &first, &error), error, "sign");
  CHECK_OK(wdt_draft_sign(draft, credentials, NOW + 30, &second, &error), error, "sign");
  CHECK(wdt_request_warnings(first) == wdt_draft_warnings(draft), "sign");
  wdt_draft_free(draft);
  CHECK_OK(wdt_request_sign_again(second, credentials, NOW, &again, &error), error, "again");
  CHECK_OK(wdt_request_build(credentials, LIT("sales.StockSync.cancelSync"), LIT(body), NOW, NULL,
                             NULL, &built, &error), error, "build");
  CHECK(strcmp(wdt_request_query(first, NULL), wdt_request_query(built, NULL)) == 0, "build");
  CHECK(strcmp(wdt_request_query(first, NULL), wdt_request_query(again, NULL)) == 0, "again");
  CHECK(strcmp(wdt_request_sign(first, NULL), wdt_request_sign(second, NULL)) != 0, "another time");
  wdt_request_free(second);
  const char *bytes = wdt_request_body(again, &len);
  CHECK_TEXT(bytes, len, body, "again");
  CHECK(bytes == shared && wdt_request_body(first, NULL) == shared, "one body");
  wdt_request_free(first);
  CHECK(wdt_request_sign_again(again, credentials, -1, &first, &error) == WDT_ERR_VALIDATION &&
            !first, "a time before the epoch");
  wdt_error_free(error);
  /* A typed call is signed again in the same way. */
  wdt_request_free(built);
  CHECK_OK(wdt_stock_sync_cancel_sync(credentials, 178238, -1, NOW + 1, NULL, &built, &error), error,
           "typed");
  CHECK_OK(wdt_request_sign_again(built, credentials, NOW, &first, &error), error, "typed");
  CHECK(wdt_request_body(built, NULL) == wdt_request_body(first, NULL), "typed");
  CHECK(strcmp(wdt_request_query(first, NULL), wdt_request_query(again, NULL)) == 0, "typed");
  wdt_request_free(first);
  wdt_request_free(built);
  wdt_request_free(again);
  CHECK(wdt_draft_new(LIT("m"), LIT("{}"), NULL, NULL, &draft, &error) == WDT_ERR_VALIDATION &&
            !draft, "refused");
  CHECK(wdt_report_len(wdt_error_report(error)) == 1, "refused");
  wdt_error_free(error);
}

static void catalogue(void) {
  static const char own[] =
      "{\"method\":\"my.Test.register\",\"title\":\"测试\",\"documented\":true,\"paged\":true,"
      "\"params\":[{\"name\":\"no\",\"label\":\"编号\",\"type\":\"string(2)\",\"required\":true}]}";
  wdt_catalogue *own_methods = NULL;
  wdt_error *error = NULL;
  wdt_report *report = NULL;
  size_t len;
  CHECK_OK(wdt_catalogue_new(&own_methods, &error), error, "new");
  size_t before = wdt_catalogue_len(own_methods);
  CHECK(before >= 179, "built-in methods");
  CHECK(wdt_catalogue_find(own_methods, LIT("my.Test.register")) == SIZE_MAX, "before");
  /* Every method is found at its place, in order. */
  for (size_t i = 0; i < before; i++) {
    const char *name = wdt_catalogue_name(own_methods, i, &len);
    CHECK(name && wdt_catalogue_find(own_methods, name, len) == i, name);
    CHECK(i == 0 || strcmp(wdt_catalogue_name(own_methods, i - 1, NULL), name) < 0, name);
    CHECK(!wdt_catalogue_documented(own_methods, i) || *wdt_catalogue_title(own_methods, i, NULL), name);
  }
  CHECK_OK(wdt_catalogue_register(own_methods, LIT(own), &error), error, "register");
  CHECK(wdt_catalogue_len(own_methods) == before + 1, "register");
  size_t at = wdt_catalogue_find(own_methods, LIT("my.Test.register"));
  const char *title = wdt_catalogue_title(own_methods, at, &len);
  CHECK_TEXT(title, len, "测试", "title");
  CHECK(wdt_catalogue_documented(own_methods, at) && wdt_catalogue_paged(own_methods, at), "marks");
  /* What is not known to read may write. */
  size_t fail = wdt_catalogue_find(own_methods, LIT("sales.StockSync.syncFail"));
  size_t calc = wdt_catalogue_find(own_methods, LIT("sales.StockSync.calcStock"));
  CHECK(wdt_catalogue_writes(own_methods, fail) && !wdt_catalogue_writes(own_methods, calc), "writes");
  CHECK(wdt_catalogue_writes(own_methods, at) && wdt_catalogue_writes(own_methods, SIZE_MAX) &&
            wdt_catalogue_writes(NULL, calc), "writes");
  CHECK_OK(wdt_validate(own_methods, LIT("my.Test.register"), LIT("[\"abc\"]"), NULL, &report,
                        &error), error, "validate");
  CHECK(!wdt_report_ok(report) && wdt_report_len(report) == 1, "validate");
  CHECK(strcmp(wdt_report_code(report, 0, NULL), "too_long") == 0, "validate");
  CHECK(strcmp(wdt_report_label(report, 0, NULL), "编号") == 0, "validate");
  wdt_report_free(report);
  /* Without the catalogue the method is unknown: a warning. */
  CHECK_OK(wdt_validate(NULL, LIT("my.Test.register"), LIT("[\"abc\"]"), NULL, &report, &error),
           error, "unknown");
  CHECK(wdt_report_ok(report) && strcmp(wdt_report_code(report, 0, NULL), "unknown_method") == 0,
        "unknown");
  wdt_report_free(report);
  CHECK_OK(wdt_catalogue_register(own_methods, LIT(own), &error), error, "again");
  CHECK(wdt_catalogue_len(own_methods) == before + 1, "replaced");
  CHECK(wdt_catalogue_register(own_methods, LIT("{"), &error) == WDT_ERR_CATALOGUE, "broken");
  CHECK(wdt_error_code(error) == WDT_ERR_CATALOGUE && *wdt_error_message(error, NULL), "broken");
  CHECK(wdt_catalogue_len(own_methods) == before + 1, "a refused file changes nothing");
  wdt_error_free(error);

  /* Options keep the methods, for the typed calls too; an argument of the call's own counts more. */
  static const char stricter[] =
      "{\"method\":\"sales.StockSync.cancelSync\",\"title\":\"取消\",\"documented\":true,"
      "\"params\":[{\"name\":\"no\",\"label\":\"编号\",\"type\":\"string(2)\",\"required\":true}]}";
  wdt_catalogue *builtin = NULL;
  wdt_options *given = NULL;
  wdt_request *request = NULL;
  CHECK_OK(wdt_catalogue_new(&builtin, &error), error, "built-in");
  CHECK_OK(wdt_options_new(&given, &error), error, "options");
  CHECK_OK(wdt_options_set_catalogue(given, own_methods, &error), error, "options");
  CHECK_OK(wdt_catalogue_register(own_methods, LIT(stricter), &error), error, "later");
  CHECK_OK(wdt_stock_sync_cancel_sync(credentials, 1, 1, NOW, given, &request, &error), error, "later");
  wdt_request_free(request);
  CHECK_OK(wdt_options_set_catalogue(given, own_methods, &error), error, "options");
  wdt_catalogue_free(own_methods);
  CHECK(wdt_stock_sync_cancel_sync(credentials, 1, 1, NOW, given, &request, &error) ==
            WDT_ERR_VALIDATION, "a typed call");
  CHECK(strcmp(wdt_report_label(wdt_error_report(error), 0, NULL), "编号") == 0, "a typed call");
  wdt_error_free(error);
  CHECK_OK(wdt_validate(NULL, LIT("my.Test.register"), LIT("[\"abc\"]"), given, &report, &error),
           error, "of the options");
  CHECK(!wdt_report_ok(report), "of the options");
  wdt_report_free(report);
  CHECK_OK(wdt_validate(builtin, LIT("my.Test.register"), LIT("[\"abc\"]"), given, &report, &error),
           error, "of the call");
  CHECK(wdt_report_ok(report), "of the call");
  wdt_report_free(report);
  CHECK_OK(wdt_options_set_catalogue(given, NULL, &error), error, "none");
  CHECK_OK(wdt_stock_sync_cancel_sync(credentials, 1, 1, NOW, given, &request, &error), error, "none");
  wdt_request_free(request);
  wdt_options_free(given);
  wdt_catalogue_free(builtin);
}

/* What the look-up answers, and what it was asked. */
struct answer {
  int32_t outcome;
  const char *app_secret;
  size_t app_secret_len;
  int asked;
};

static int32_t look_up(void *context, const char *sid, size_t sid_len, const char *key,
                       size_t key_len, const char **app_secret, size_t *app_secret_len) {
  struct answer *answer = context;
  answer->asked++;
  CHECK_TEXT(sid, sid_len, "wdtapi3", "look-up");
  CHECK_TEXT(key, key_len, "appkey", "look-up");
  *app_secret = answer->app_secret;
  *app_secret_len = answer->app_secret_len;
  return answer->outcome;
}

static void verify(void) {
  static const struct {
    struct answer answer;
    int64_t clock;
    wdt_status status;
    const char *check;
  } rows[] = {
      {{WDT_LOOKUP_FOUND, LIT("testsecret:testsalt"), 0}, 0, WDT_OK, NULL},
      {{WDT_LOOKUP_FOUND, LIT("testsecret:testsalt"), 0}, 120, WDT_OK, NULL},
      {{WDT_LOOKUP_FOUND, LIT("testsecret:testsalt"), 0}, 121, WDT_ERR_VERIFY, "stale_timestamp"},
      {{WDT_LOOKUP_FOUND, LIT("othersecret:testsalt"), 0}, 0, WDT_ERR_VERIFY, "wrong_signature"},
      {{WDT_LOOKUP_FOUND, LIT("testsecret:othersalt"), 0}, 0, WDT_ERR_VERIFY, "wrong_salt"},
      {{WDT_LOOKUP_FOUND, LIT("no colon"), 0}, 0, WDT_ERR_CREDENTIALS, NULL},
      {{WDT_LOOKUP_FOUND, LIT(""), 0}, 0, WDT_ERR_CREDENTIALS, NULL},
      {{WDT_LOOKUP_FOUND, NULL, 0, 0}, 0, WDT_ERR_CREDENTIALS, NULL},
      {{WDT_LOOKUP_FOUND, NULL, 1, 0}, 0, WDT_ERR_NULL, NULL},
      {{WDT_LOOKUP_FOUND, LIT("\xff:\xff"), 0}, 0, WDT_ERR_UTF8, NULL},
      {{WDT_LOOKUP_FOUND, "s:s", SIZE_MAX, 0}, 0, WDT_ERR_NULL, NULL},
      {{WDT_LOOKUP_UNKNOWN_SID, NULL, 0, 0}, 0, WDT_ERR_VERIFY, "unknown_sid"},
      {{WDT_LOOKUP_UNKNOWN_KEY, NULL, 0, 0}, 0, WDT_ERR_VERIFY, "unknown_key"},
      {{-1, NULL, 0, 0}, 0, WDT_ERR_ARGUMENT, NULL},
      {{3, LIT("testsecret:testsalt"), 0}, 0, WDT_ERR_ARGUMENT, NULL},
      {{INT32_MAX, NULL, 0, 0}, 0, WDT_ERR_ARGUMENT, NULL},
  };
  wdt_request *request = NULL;
  wdt_error *error = NULL;
  size_t query_len, body_len, len;
  CHECK_OK(wdt_request_build(credentials, LIT("system.Core.now"), LIT("[]"), NOW, NULL, NULL,
                             &request, &error), error, "verify");
  const char *query = wdt_request_query(request, &query_len);
  const char *body = wdt_request_body(request, &body_len);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char name[32];
    snprintf(name, sizeof name, "look-up row %zu", i);
    struct answer answer = rows[i].answer;
    wdt_call *call = NULL;
    wdt_status status = wdt_verify(query, query_len, body, body_len, NOW + rows[i].clock, look_up,
                                   &answer, &call, &error);
    CHECK(status == rows[i].status && wdt_error_code(error) == status, name);
    CHECK((status == WDT_OK) == (call != NULL), name);
    CHECK(answer.asked <= 1, name);
    const char *check = wdt_error_check(error, &len);
    if (rows[i].check) {
      CHECK_TEXT(check, len, rows[i].check, name);
      CHECK(wdt_error_vendor_status(error) > 0, name);
      const char *message = wdt_error_vendor_message(error, &len);
      CHECK(message && len > 0 && message[len] == '\0', name);
    } else {
      CHECK(!check && !wdt_error_vendor_message(error, NULL), name);
      CHECK(wdt_error_vendor_status(error) == 0, name);
    }
    CHECK(!error || !strstr(wdt_error_message(error, NULL), "testsecret"), name);
    CHECK(!error || bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)), name);
    if (call) {
      const char *sid = wdt_call_sid(call, &len);
      CHECK_TEXT(sid, len, "wdtapi3", name);
      const char *key = wdt_call_key(call, &len);
      CHECK_TEXT(key, len, "appkey", name);
      CHECK(!wdt_call_pager(call, NULL, NULL, NULL), name);
    }
    wdt_call_free(call);
    wdt_error_free(error);
  }
  wdt_request_free(request);
}

static void url(void) {
  static const struct {
    const char *base;
    const char *start; /* NULL: refused */
  } rows[] = {
      {"https://erp.example", "https://erp.example/openapi?sid=wdtapi3&"},
      {"https://erp.example/openapi/", "https://erp.example/openapi?sid=wdtapi3&"},
      {"http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x/openapi?sid=wdtapi3&"},
      {"", NULL},
      {"erp.example", NULL},
      {"ftp://erp.example", NULL},
      {"https://", NULL},
      {"https://erp.example/?a=b", NULL},
      {"https://erp.example\r\nHost: x", NULL},
  };
  wdt_request *request = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_request_build(credentials, LIT("system.Core.now"), LIT("[]"), NOW, NULL, NULL,
                             &request, &error), error, "url");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    wdt_text *text = NULL;
    size_t len;
    wdt_status status = wdt_request_url(request, rows[i].base, strlen(rows[i].base), &text, &error);
    const char *found = wdt_text_data(text, &len);
    /* Read once, the address gives the same. */
    wdt_endpoint *endpoint = NULL;
    wdt_text *same_url = NULL;
    CHECK(wdt_endpoint_new(rows[i].base, strlen(rows[i].base), &endpoint, NULL) == status, rows[i].base);
    CHECK(wdt_endpoint_url(endpoint, request, &same_url, NULL) ==
              (rows[i].start ? WDT_OK : WDT_ERR_NULL), rows[i].base);
    if (rows[i].start) {
      const char *address = wdt_endpoint_address(endpoint, NULL);
      CHECK(strcmp(wdt_text_data(same_url, NULL), found) == 0, rows[i].base);
      CHECK(strncmp(found, address, strlen(address)) == 0 && found[strlen(address)] == '?', address);
    }
    wdt_text_free(same_url);
    wdt_endpoint_free(endpoint);
    if (rows[i].start) {
      CHECK(status == WDT_OK && found && strstr(found, rows[i].start) == found, rows[i].base);
      CHECK(found && strlen(found) == len, rows[i].base);
    } else {
      CHECK(status == WDT_ERR_VALIDATION && !text && !found, rows[i].base);
      const wdt_report *report = wdt_error_report(error);
      CHECK(wdt_report_len(report) == 1, rows[i].base);
      CHECK(strcmp(wdt_report_code(report, 0, NULL), "format") == 0, rows[i].base);
      CHECK(strcmp(wdt_report_label(report, 0, NULL), "base") == 0, rows[i].base);
    }
    wdt_text_free(text);
    wdt_error_free(error);
    error = NULL;
  }
  wdt_request_free(request);
}

static void options(void) {
  wdt_options *given = NULL;
  wdt_error *error = NULL;
  wdt_request *request = NULL;
  wdt_response *response = NULL;
  CHECK_OK(wdt_options_new(&given, &error), error, "new");
  static const int32_t levels[] = {-1, 3, INT32_MIN, INT32_MAX};
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
    CHECK(wdt_options_set_level(given, levels[i], &error) == WDT_ERR_ARGUMENT, "level");
    wdt_error_free(error);
  }
  static const int64_t pages[][2] = {{0, 0}, {-1, 0}, {1, -1}, {2147483648, 0}, {1, 2147483648},
                                     {INT64_MIN, INT64_MAX}};
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
    CHECK(wdt_options_set_pager(given, pages[i][0], pages[i][1], true, &error) ==
              WDT_ERR_VALIDATION, "pager");
    CHECK(wdt_report_len(wdt_error_report(error)) >= 1, "pager");
    wdt_error_free(error);
  }
  CHECK_OK(wdt_options_set_pager(given, 100, 3, true, &error), error, "pager");
  CHECK_OK(wdt_request_build(credentials, LIT("setting.Shop.queryShop"), LIT("[{}]"), NOW, NULL,
                             given, &request, &error), error, "pager");
  const char *query = wdt_request_query(request, NULL);
  CHECK(strstr(query, "&page_size=100&page_no=3&calc_total=1"), query);
  wdt_request_free(request);
  /* Strict refuses what the default warns of. */
  CHECK_OK(wdt_options_set_level(given, WDT_LEVEL_STRICT, &error), error, "strict");
  CHECK(wdt_request_build(credentials, LIT("no.such.method"), LIT("[]"), NOW, NULL, given, &request,
                          &error) == WDT_ERR_VALIDATION && !request, "strict");
  wdt_error_free(error);
  /* Limits of bytes and of depth, for requests and for replies. */
  CHECK_OK(wdt_options_set_level(given, WDT_LEVEL_OFF, &error), error, "off");
  CHECK_OK(wdt_options_set_limits(given, 12, 2, &error), error, "limits");
  CHECK(wdt_request_build(credentials, LIT("m"), LIT("[1234567890,1]"), NOW, NULL, given, &request,
                          &error) == WDT_ERR_VALIDATION, "bytes");
  wdt_error_free(error);
  CHECK(wdt_request_build(credentials, LIT("m"), LIT("[[[]]]"), NOW, NULL, given, &request,
                          &error) == WDT_ERR_VALIDATION, "depth");
  wdt_error_free(error);
  CHECK(wdt_response_parse(LIT("{\"status\": 0}"), given, &response, &error) == WDT_ERR_MALFORMED,
        "reply");
  wdt_error_free(error);
  CHECK_OK(wdt_response_parse(LIT("{\"status\":0}"), given, &response, &error), error, "reply");
  wdt_response_free(response);
  CHECK_OK(wdt_options_set_limits(given, SIZE_MAX, SIZE_MAX, &error), error, "no limits");
  CHECK_OK(wdt_request_build(credentials, LIT("m"), LIT("[[[]]]"), NOW, NULL, given, &request,
                             &error), error, "no limits");
  wdt_request_free(request);
  wdt_options_free(given);
}

static void errors(void) {
  wdt_credentials *refused = NULL;
  wdt_request *request = NULL;
  wdt_error *error = NULL;
  size_t len;
  CHECK(wdt_abi_version() == WDT_ABI_VERSION && *wdt_version(), "version");
  static const char *const secrets[] = {"", "nocolon", ":salt", "secret:", "secr\net:salt"};
  for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
    CHECK(wdt_credentials_new(LIT("sid"), LIT("key"), secrets[i], strlen(secrets[i]), &refused,
                              &error) == WDT_ERR_CREDENTIALS && !refused, secrets[i]);
    const char *message = wdt_error_message(error, &len);
    CHECK(message && strlen(message) == len && !strstr(message, "nocolon"), secrets[i]);
    const char *chinese = wdt_error_message_zh(error, &len);
    CHECK(bilingual(message, chinese) && strlen(chinese) == len, secrets[i]);
    CHECK(!strstr(chinese, "nocolon"), secrets[i]);
    wdt_error_free(error);
  }
  /* The last one is in milliseconds. */
  static const int64_t clocks[] = {INT64_MIN, -1, WDT_EPOCH_UNIX - 1, INT64_C(1775791716000)};
  for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
    CHECK(wdt_request_build(credentials, LIT("system.Core.now"), LIT("[]"), clocks[i], NULL, NULL,
                            &request, &error) == WDT_ERR_VALIDATION && !request, "unix_time");
    CHECK(strcmp(wdt_report_label(wdt_error_report(error), 0, NULL), "unix_time") == 0,
          "unix_time");
    CHECK(bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)), "unix_time");
    wdt_error_free(error);
  }
  CHECK_OK(wdt_request_build(credentials, LIT("system.Core.now"), LIT("[]"), INT64_MAX, NULL, NULL,
                             &request, &error), error, "the last second");
  CHECK(wdt_request_timestamp(request) == INT64_MAX - WDT_EPOCH_UNIX, "the last second");
  wdt_request_free(request);
  /* At most 100 issues are listed, the rest counted. */
  char *body = malloc(1 << 16), *end = body;
  *end++ = '[';
  for (int i = 0; i < 250; i++) end += sprintf(end, "%s\"\xf0\x9f\x98\x80\"", i ? "," : "");
  end += sprintf(end, "]");
  CHECK(wdt_request_build(credentials, LIT("m"), body, (size_t)(end - body), NOW, NULL, NULL,
                          &request, &error) == WDT_ERR_VALIDATION, "many");
  const wdt_report *report = wdt_error_report(error);
  CHECK(wdt_report_len(report) >= 100 && wdt_report_len(report) <= 200, "many");
  CHECK(wdt_report_omitted(report) == 150, "many");
  wdt_error_free(error);
  free(body);
}

int main(void) {
  wdt_error *error = NULL;
  CHECK_OK(wdt_credentials_new(LIT("wdtapi3"), LIT("appkey"), LIT("testsecret:testsalt"),
                               &credentials, &error), error, "credentials");
  size_t len;
  const char *salt = wdt_credentials_salt(credentials, &len);
  CHECK_TEXT(salt, len, "testsalt", "salt");
  stock_sync();
  warnings();
  drafts();
  catalogue();
  verify();
  url();
  options();
  errors();
  wdt_credentials_free(credentials);
  return check_end("calls");
}
