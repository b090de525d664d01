/* The shared vectors, stage by stage. usage: vectors TESTDATA_FOLDER */
#include <stdint.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "check.h"

#define SENT_AT_MOST 16

static cJSON *load(const char *folder, const char *file) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, file);
  FILE *in = fopen(path, "rb");
  if (!in) {
    perror(path);
    exit(2);
  }
  fseek(in, 0, SEEK_END);
  long size = ftell(in);
  rewind(in);
  char *text = calloc((size_t)size + 1, 1);
  if (!text || fread(text, 1, (size_t)size, in) != (size_t)size) exit(2);
  fclose(in);
  cJSON *vectors = cJSON_Parse(text);
  free(text);
  if (!vectors) {
    fprintf(stderr, "%s is no JSON\n", path);
    exit(2);
  }
  return vectors;
}

static const char *string_of(const cJSON *object, const char *key) {
  const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
  if (!text) {
    fprintf(stderr, "a case has no text %s\n", key);
    exit(2);
  }
  return text;
}

static int64_t integer_of(const cJSON *object, const char *key) {
  return (int64_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

/* The body, which one case gives as a pattern to repeat. */
static char *body_of(const cJSON *test) {
  const cJSON *given = cJSON_GetObjectItemCaseSensitive(test, "body");
  if (cJSON_IsString(given)) {
    char *copy = malloc(strlen(given->valuestring) + 1);
    return copy ? strcpy(copy, given->valuestring) : NULL;
  }
  const cJSON *pattern = cJSON_GetObjectItemCaseSensitive(test, "body_repeat");
  const char *prefix = string_of(pattern, "prefix");
  const char *unit = string_of(pattern, "unit");
  const char *suffix = string_of(pattern, "suffix");
  size_t times = (size_t)integer_of(pattern, "times");
  char *body = malloc(strlen(prefix) + strlen(unit) * times + strlen(suffix) + 1);
  if (!body) return NULL;
  char *end = strcpy(body, prefix) + strlen(prefix);
  for (size_t i = 0; i < times; i++, end += strlen(unit)) memcpy(end, unit, strlen(unit));
  strcpy(end, suffix);
  return body;
}

static int hex(char digit) {
  return digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10;
}

/* Takes one value out of a query string, decoded. NULL where there is none. */
static char *query_value(const char *query, const char *key) {
  size_t key_len = strlen(key);
  for (const char *pair = query; pair; pair = strchr(pair, '&') ? strchr(pair, '&') + 1 : NULL) {
    if (strncmp(pair, key, key_len) != 0 || pair[key_len] != '=') continue;
    char *value = malloc(strlen(pair) + 1), *end = value;
    if (!value) return NULL;
    for (const char *at = pair + key_len + 1; *at && *at != '&'; at++) {
      if (*at == '%') {
        *end++ = (char)(hex(at[1]) * 16 + hex(at[2]));
        at += 2;
      } else {
        *end++ = *at;
      }
    }
    *end = '\0';
    return value;
  }
  return NULL;
}

static int32_t look_up(void *context, const char *sid, size_t sid_len, const char *key,
                       size_t key_len, const char **app_secret, size_t *app_secret_len) {
  const cJSON *test = context;
  CHECK_TEXT(sid, sid_len, string_of(test, "sid"), string_of(test, "name"));
  CHECK_TEXT(key, key_len, string_of(test, "key"), string_of(test, "name"));
  *app_secret = string_of(test, "app_secret");
  *app_secret_len = strlen(*app_secret);
  return WDT_LOOKUP_FOUND;
}

/* The bare algorithm, forwards and backwards. */
static void check_bare(const cJSON *test, const char *secret, size_t secret_len, const char *body) {
  const char *name = string_of(test, "name");
  wdt_parameter parameters[SENT_AT_MOST];
  size_t count = 0;
  const cJSON *pair;
  cJSON_ArrayForEach(pair, cJSON_GetObjectItemCaseSensitive(test, "query")) {
    if (!CHECK(count < SENT_AT_MOST - 1, name)) return;
    parameters[count++] = (wdt_parameter){pair->string, strlen(pair->string), pair->valuestring,
                                          strlen(pair->valuestring)};
  }
  parameters[count++] = (wdt_parameter){"body", 4, body, strlen(body)};
  for (int turn = 0; turn < 2; turn++) {
    wdt_text *text = NULL;
    wdt_error *error = NULL;
    size_t len;
    CHECK_OK(wdt_sign(secret, secret_len, parameters, count, &text, &error), error, name);
    const char *sign = wdt_text_data(text, &len);
    CHECK_TEXT(sign, len, string_of(test, "sign"), name);
    wdt_text_free(text);
    for (size_t i = 0; i < count / 2; i++) {
      wdt_parameter other = parameters[i];
      parameters[i] = parameters[count - 1 - i];
      parameters[count - 1 - i] = other;
    }
  }
}

static void check_signing(const cJSON *test) {
  const char *name = string_of(test, "name"), *method = string_of(test, "method");
  const char *sid = string_of(test, "sid"), *key = string_of(test, "key");
  const char *app_secret = string_of(test, "app_secret");
  size_t secret_len = strcspn(app_secret, ":"), len;
  int64_t unix_time = integer_of(test, "unix_time");
  char *body = body_of(test);
  wdt_error *error = NULL;
  wdt_credentials *credentials = NULL;
  CHECK_OK(wdt_credentials_new(sid, strlen(sid), key, strlen(key), app_secret, strlen(app_secret),
                               &credentials, &error), error, name);
  wdt_options *options = NULL;
  CHECK_OK(wdt_options_new(&options, &error), error, name);
  /* Some of these bodies are no valid calls of their methods: the signature is what counts. */
  CHECK_OK(wdt_options_set_level(options, WDT_LEVEL_OFF, &error), error, name);
  const cJSON *pager = cJSON_GetObjectItemCaseSensitive(test, "pager");
  bool is_paged = cJSON_IsObject(pager);
  bool total = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(pager, "calc_total"));
  if (is_paged) {
    CHECK_OK(wdt_options_set_pager(options, integer_of(pager, "page_size"),
                                   integer_of(pager, "page_no"), total, &error), error, name);
  }

  /* Stage 1: the canonical string, the secret masked. */
  wdt_explanation *explanation = NULL;
  CHECK_OK(wdt_explain(credentials, method, strlen(method), body, strlen(body), unix_time, options,
                       &explanation, &error), error, name);
  const char *canonical =
      cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(test, "canonical"));
  const char *shown = wdt_explanation_canonical(explanation, &len);
  if (canonical) {
    size_t inner = strlen(canonical) - 2 * secret_len;
    CHECK(wdt_explanation_length(explanation) == strlen(canonical), name);
    CHECK(shown && len == inner + 6 && memcmp(shown, "***", 3) == 0 &&
              memcmp(shown + 3, canonical + secret_len, inner) == 0 &&
              strcmp(shown + 3 + inner, "***") == 0, name);
  }

  /* Stage 2: the signature, by the explanation and by the bare algorithm. */
  shown = wdt_explanation_sign(explanation, &len);
  CHECK_TEXT(shown, len, string_of(test, "sign"), name);
  wdt_explanation_free(explanation);
  check_bare(test, app_secret, secret_len, body);

  /* Stage 3: the query and what is sent. */
  wdt_request *request = NULL;
  CHECK_OK(wdt_request_build(credentials, method, strlen(method), body, strlen(body), unix_time,
                             NULL, options, &request, &error), error, name);
  shown = wdt_request_sign(request, &len);
  CHECK_TEXT(shown, len, string_of(test, "sign"), name);
  shown = wdt_request_body(request, &len);
  CHECK_TEXT(shown, len, body, name);
  CHECK(wdt_request_timestamp(request) == integer_of(test, "timestamp"), name);
  size_t query_len;
  const char *query = wdt_request_query(request, &query_len);
  const cJSON *expected = cJSON_GetObjectItemCaseSensitive(test, "query"), *pair;
  int pairs = 1;
  for (const char *at = query; *at; at++) pairs += *at == '&';
  CHECK(pairs == cJSON_GetArraySize(expected), name);
  cJSON_ArrayForEach(pair, expected) {
    char *value = query_value(query, pair->string);
    CHECK(value && strcmp(value, pair->valuestring) == 0, name);
    free(value);
  }

  /* Stage 4: the receiving side takes it. */
  wdt_call *call = NULL;
  CHECK_OK(wdt_verify(query, query_len, body, strlen(body), unix_time, look_up, (void *)test,
                      &call, &error), error, name);
  shown = wdt_call_method(call, &len);
  CHECK_TEXT(shown, len, method, name);
  CHECK(wdt_call_timestamp(call) == integer_of(test, "timestamp"), name);
  int32_t page_size = -1, page_no = -1;
  bool calc_total = false;
  CHECK(wdt_call_pager(call, &page_size, &page_no, &calc_total) == is_paged, name);
  if (is_paged) {
    CHECK(page_size == integer_of(pager, "page_size"), name);
    CHECK(page_no == integer_of(pager, "page_no") && calc_total == total, name);
  }
  wdt_call_free(call);
  wdt_request_free(request);
  wdt_options_free(options);
  wdt_credentials_free(credentials);
  free(body);
}

static void check_response(const cJSON *test) {
  const char *name = string_of(test, "name"), *body = string_of(test, "body");
  const char *outcome = string_of(test, "outcome");
  wdt_response *response = NULL;
  wdt_error *error = NULL;
  size_t len = 0;
  wdt_status status = wdt_response_parse(body, strlen(body), NULL, &response, &error);
  CHECK(wdt_error_code(error) == status, name);
  const cJSON *data = cJSON_GetObjectItemCaseSensitive(test, "data");
  const char *found = wdt_response_data(response, &len);
  if (strcmp(outcome, "malformed") == 0) {
    CHECK(status == WDT_ERR_MALFORMED && !response, name);
    const char *head = wdt_error_body(error, &len);
    CHECK_TEXT(head, len, body, name);
  } else if (cJSON_IsString(data)) {
    CHECK_TEXT(found, len, data->valuestring, name);
  } else if (data) {
    CHECK(!found && len == 0, name);
  }
  if (strcmp(outcome, "ok") == 0) {
    CHECK(status == WDT_OK && !error && wdt_response_status(response) == 0, name);
    uint64_t total = 0;
    bool has_total = cJSON_HasObjectItem(test, "total");
    CHECK(wdt_response_total(response, &total) == has_total, name);
    if (has_total) CHECK(total == (uint64_t)integer_of(test, "total"), name);
  }
  if (strcmp(outcome, "api_error") == 0) {
    CHECK(status == WDT_ERR_API && response, name);
    CHECK(wdt_response_status(response) == integer_of(test, "status"), name);
    const cJSON *retryable = cJSON_GetObjectItemCaseSensitive(test, "retryable");
    if (cJSON_HasObjectItem(test, "kind")) {
      const char *kind = wdt_response_kind(response, &len);
      CHECK_TEXT(kind, len, string_of(test, "kind"), name);
      CHECK(wdt_response_retryable(response) == (cJSON_IsTrue(retryable) != 0), name);
    }
    if (cJSON_HasObjectItem(test, "message")) {
      const char *message = wdt_response_message(response, &len);
      CHECK_TEXT(message, len, string_of(test, "message"), name);
    }
  }
  wdt_response_free(response);
  wdt_error_free(error);
}

static void check_validation(const cJSON *test) {
  static const int32_t levels[] = {WDT_LEVEL_DOCUMENTED, WDT_LEVEL_STRICT};
  const char *name = string_of(test, "name"), *method = string_of(test, "method");
  const char *body = string_of(test, "body");
  const cJSON *expected = cJSON_GetObjectItemCaseSensitive(test, "issues"), *issue;
  for (int level = 0; level < 2; level++) {
    wdt_options *options = NULL;
    wdt_report *report = NULL;
    wdt_error *error = NULL;
    CHECK_OK(wdt_options_new(&options, &error), error, name);
    CHECK_OK(wdt_options_set_level(options, levels[level], &error), error, name);
    CHECK_OK(wdt_validate(NULL, method, strlen(method), body, strlen(body), options, &report,
                          &error), error, name);
    CHECK(wdt_report_len(report) == (size_t)cJSON_GetArraySize(expected), name);
    CHECK(wdt_report_omitted(report) == 0, name);
    size_t index = 0, len;
    bool is_ok = true;
    cJSON_ArrayForEach(issue, expected) {
      const char *pointer = wdt_report_pointer(report, index, &len);
      CHECK_TEXT(pointer, len, cJSON_GetArrayItem(issue, 0)->valuestring, name);
      const char *code = wdt_report_code(report, index, &len);
      CHECK_TEXT(code, len, cJSON_GetArrayItem(issue, 1)->valuestring, name);
      bool is_error = strcmp(cJSON_GetArrayItem(issue, 2 + level)->valuestring, "error") == 0;
      CHECK(wdt_report_is_error(report, index) == is_error, name);
      /* The message names the label where there is one. */
      const char *label = wdt_report_label(report, index, &len);
      const char *message = wdt_report_message(report, index, NULL);
      CHECK(label && message && strstr(message, label), name);
      const char *chinese = wdt_report_message_zh(report, index, NULL);
      CHECK(chinese && strstr(chinese, label) && bilingual(message, chinese), name);
      is_ok = is_ok && !is_error;
      index++;
    }
    CHECK(wdt_report_ok(report) == is_ok, name);
    wdt_report_free(report);
    wdt_options_free(options);
  }
}

/* From a calculation to the report's info, or to the place and the code of what is wrong. */
static void check_sync_info(const cJSON *test) {
  const char *name = string_of(test, "name"), *calculated = string_of(test, "calculated");
  const cJSON *outcome = cJSON_GetObjectItemCaseSensitive(test, "outcome");
  bool success = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(outcome, "success"));
  const char *result = string_of(outcome, "result");
  const cJSON *wrong = cJSON_GetObjectItemCaseSensitive(test, "error");
  wdt_text *info = NULL;
  wdt_error *error = NULL;
  size_t len;
  wdt_status status = wdt_stock_sync_sync_info(calculated, strlen(calculated), success, result,
                                               strlen(result), &info, &error);
  if (!wrong) {
    CHECK_OK(status, error, name);
    const char *text = wdt_text_data(info, &len);
    CHECK_TEXT(text, len, string_of(test, "info"), name);
    wdt_text_free(info);
    return;
  }
  const char *field = string_of(wrong, "field");
  char pointer[64];
  snprintf(pointer, sizeof pointer, "%s%s", *field ? "/" : "", field);
  CHECK(status == WDT_ERR_VALIDATION && !info, name);
  const wdt_report *report = wdt_error_report(error);
  CHECK(wdt_report_len(report) == 1 && wdt_report_is_error(report, 0), name);
  const char *found = wdt_report_pointer(report, 0, &len);
  CHECK_TEXT(found, len, pointer, name);
  found = wdt_report_code(report, 0, &len);
  CHECK_TEXT(found, len, string_of(wrong, "code"), name);
  found = wdt_report_message(report, 0, NULL);
  CHECK(found && strstr(found, field) && bilingual(found, wdt_report_message_zh(report, 0, NULL)), name);
  wdt_error_free(error);
}

/* Typed rows as JSON, what did not fit, or why there are none. */
static void check_rows(const cJSON *test) {
  const char *name = string_of(test, "name"), *method = string_of(test, "method");
  const char *given = string_of(test, "rows");
  const cJSON *wrong = cJSON_GetObjectItemCaseSensitive(test, "error"), *issue;
  wdt_rows *rows = NULL;
  wdt_error *error = NULL;
  size_t len;
  wdt_status status = wdt_typed_rows(method, strlen(method), given, strlen(given), NULL, &rows, &error);
  if (wrong) {
    CHECK(status == WDT_ERR_VALIDATION && !rows, name);
    const wdt_report *report = wdt_error_report(error);
    CHECK(wdt_report_len(report) == 1 && wdt_report_is_error(report, 0), name);
    const char *text = wdt_report_code(report, 0, &len);
    CHECK_TEXT(text, len, string_of(wrong, "code"), name);
    text = wdt_report_message(report, 0, &len);
    CHECK_TEXT(text, len, string_of(wrong, "message"), name);
    text = wdt_report_message_zh(report, 0, &len);
    CHECK_TEXT(text, len, string_of(wrong, "message_zh"), name);
    wdt_error_free(error);
    return;
  }
  CHECK_OK(status, error, name);
  const char *json = wdt_rows_json(rows, &len);
  CHECK_TEXT(json, len, string_of(test, "typed"), name);
  const wdt_report *report = wdt_rows_report(rows);
  const cJSON *expected = cJSON_GetObjectItemCaseSensitive(test, "issues");
  CHECK(wdt_report_len(report) == (size_t)cJSON_GetArraySize(expected), name);
  CHECK(wdt_report_ok(report) && wdt_report_omitted(report) == 0, name);
  size_t index = 0;
  cJSON_ArrayForEach(issue, expected) {
    const char *text = wdt_report_pointer(report, index, &len);
    CHECK_TEXT(text, len, string_of(issue, "pointer"), name);
    text = wdt_report_code(report, index, &len);
    CHECK_TEXT(text, len, string_of(issue, "code"), name);
    text = wdt_report_message(report, index, &len);
    CHECK_TEXT(text, len, string_of(issue, "message"), name);
    text = wdt_report_message_zh(report, index, &len);
    CHECK_TEXT(text, len, string_of(issue, "message_zh"), name);
    index++;
  }
  wdt_rows_free(rows);
}

/* What was refused under status 0. */
static void check_failures_of(const cJSON *test) {
  const char *name = string_of(test, "name"), *data = string_of(test, "data");
  const char *method = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(test, "method"));
  const cJSON *expected = cJSON_GetObjectItemCaseSensitive(test, "failures"), *failure;
  char *body = malloc(strlen(data) + 64);
  if (!body) exit(2);
  sprintf(body, "{\"status\":0,\"data\":%s}", data);
  wdt_response *response = NULL;
  wdt_failures *failures = NULL;
  wdt_error *error = NULL;
  size_t len, index = 0;
  CHECK_OK(wdt_response_parse(body, strlen(body), NULL, &response, &error), error, name);
  CHECK_OK(wdt_failures_find(response, method, method ? strlen(method) : 0, NULL, &failures, &error),
           error, name);
  CHECK(wdt_failures_len(failures) == (size_t)cJSON_GetArraySize(expected), name);
  cJSON_ArrayForEach(failure, expected) {
    const char *text = wdt_failures_key(failures, index, &len);
    CHECK_TEXT(text, len, string_of(failure, "key"), name);
    text = wdt_failures_code(failures, index, &len);
    CHECK_TEXT(text, len, string_of(failure, "code"), name);
    text = wdt_failures_message(failures, index, &len);
    CHECK_TEXT(text, len, string_of(failure, "message"), name);
    index++;
  }
  wdt_failures_free(failures);
  wdt_response_free(response);
  free(body);
}

static void each(const char *folder, const char *file, int at_least, void (*check)(const cJSON *)) {
  cJSON *vectors = load(folder, file), *test;
  const cJSON *cases = cJSON_GetObjectItemCaseSensitive(vectors, "cases");
  if (cJSON_HasObjectItem(vectors, "epoch_unix")) {
    CHECK(integer_of(vectors, "epoch_unix") == WDT_EPOCH_UNIX, file);
  }
  cJSON_ArrayForEach(test, cases) check(test);
  printf("%s: %d cases\n", file, cJSON_GetArraySize(cases));
  CHECK(cJSON_GetArraySize(cases) >= at_least, file);
  cJSON_Delete(vectors);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  each(argv[1], "signing.json", 19, check_signing);
  each(argv[1], "responses.json", 34, check_response);
  each(argv[1], "validation.json", 51, check_validation);
  each(argv[1], "sync_info.json", 60, check_sync_info);
  each(argv[1], "typed_rows.json", 40, check_rows);
  each(argv[1], "failures.json", 24, check_failures_of);
  return check_end("vectors");
}
