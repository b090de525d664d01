/*
 * All rows of a span of time into a file, each once, in few calls: wdt_pull says what to call,
 * wdt_exchange when and how often, libcurl sends.
 *
 *   cc pull_orders.c -o pull_orders $(pkg-config --cflags --libs wdt libcurl)
 *   ./pull_orders 2026-11-01 2026-11-30 orders.jsonl
 *
 * Beside the rows, one a line, it keeps orders.jsonl.state: how long the file was, and the state of
 * that moment. Killed anywhere and run again, it cuts off what came behind, and goes on. Exit code 1
 * where a part of the span failed: the next run reads that first.
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>
#include <wdt.h>

#define METHOD "sales.TradeQuery.queryWithDetail"
#define MOST_BYTES (32u << 20) /* libwdt refuses what is longer */

static wdt_credentials *credentials;
static wdt_endpoint *endpoint;
static wdt_limiter *limiter;
static wdt_clock *server_clock;

struct reply {
  char *body;
  size_t len;
  char date[64], retry_after[64];
};

/* Says what failed, in the language that the environment asks for. */
static int fail(const char *what, wdt_error *error) {
  bool zh = wdt_language_of_environment() == WDT_LANGUAGE_CHINESE;
  const char *message = zh ? wdt_error_message_zh(error, NULL) : wdt_error_message(error, NULL);
  fprintf(stderr, "%s%s%s\n", what, message ? ": " : "", message ? message : "");
  wdt_error_free(error);
  return 2;
}

static wdt_now now(void) {
  struct timespec at, unix_time;
  clock_gettime(CLOCK_MONOTONIC, &at);
  clock_gettime(CLOCK_REALTIME, &unix_time);
  wdt_now moment = {(uint64_t)at.tv_sec * 1000 + (uint64_t)at.tv_nsec / 1000000,
                    (int64_t)unix_time.tv_sec * 1000 + unix_time.tv_nsec / 1000000,
                    (uint32_t)rand() << 16 ^ (uint32_t)rand()};
  return moment;
}

static size_t receive(char *data, size_t size, size_t count, void *into) {
  struct reply *reply = into;
  size_t room = MOST_BYTES + 1 - reply->len, more = size * count < room ? size * count : room;
  char *grown = realloc(reply->body, reply->len + more + 1);
  if (!grown) return 0;
  memcpy(grown + reply->len, data, more);
  reply->body = grown;
  reply->len += more;
  return more;
}

static size_t receive_header(char *line, size_t size, size_t count, void *into) {
  struct reply *reply = into;
  int len = (int)(size * count);
  if (len > 12 && strncasecmp(line, "Retry-After:", 12) == 0) {
    snprintf(reply->retry_after, sizeof reply->retry_after, "%.*s", len - 12, line + 12);
  } else if (len > 5 && strncasecmp(line, "Date:", 5) == 0) {
    snprintf(reply->date, sizeof reply->date, "%.*s", len - 5, line + 5);
  }
  return size * count;
}

/* POSTs exactly the signed bytes. */
static CURLcode post(CURL *curl, const wdt_request *request, long timeout_ms, struct reply *reply) {
  wdt_text *url = NULL;
  size_t len;
  const char *body = wdt_request_body(request, &len);
  if (wdt_endpoint_url(endpoint, request, &url, NULL) != WDT_OK) return CURLE_URL_MALFORMAT;
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  curl_easy_setopt(curl, CURLOPT_URL, wdt_text_data(url, NULL));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, receive_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, reply);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
  CURLcode sent = curl_easy_perform(curl);
  curl_slist_free_all(headers);
  wdt_text_free(url);
  /* What was cut off here is a reply all the same, one that is too long. */
  return sent == CURLE_WRITE_ERROR && reply->len > MOST_BYTES ? CURLE_OK : sent;
}

/* Makes one attempt and tells the exchange what came of it. */
static wdt_status attempt(wdt_exchange *call, CURL *curl, long timeout_ms, wdt_error **error) {
  struct reply reply = {NULL, 0, "", ""};
  CURLcode sent = post(curl, wdt_exchange_request(call), timeout_ms, &reply);
  wdt_now moment = now();
  wdt_status status;
  if (sent == CURLE_OK) {
    long http_status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http_status);
    const wdt_parameter headers[] = {{"Date", 4, reply.date, strlen(reply.date)},
                                     {"Retry-After", 11, reply.retry_after, strlen(reply.retry_after)}};
    status = wdt_exchange_reply(call, &moment, (uint16_t)http_status, headers, 2, reply.body, reply.len,
                                error);
  } else {
    bool left = sent != CURLE_COULDNT_CONNECT && sent != CURLE_COULDNT_RESOLVE_HOST;
    const char *why = curl_easy_strerror(sent);
    status = wdt_exchange_fault(call, &moment, left ? WDT_FATE_UNKNOWN : WDT_FATE_NOT_SENT, why,
                                strlen(why), NULL, 0, error);
  }
  free(reply.body);
  return status;
}

/* Makes a call, in as many attempts as it takes and is safe; its exchange has the response. */
static wdt_status carry_out(wdt_exchange *call, CURL *curl, wdt_error **error) {
  bool zh = wdt_language_of_environment() == WDT_LANGUAGE_CHINESE;
  for (;;) {
    wdt_now moment = now();
    wdt_step step;
    uint64_t until;
    wdt_status status = wdt_exchange_step(call, credentials, &moment, &step, &until, error);
    if (status != WDT_OK || step == WDT_STEP_DONE) return status;
    uint64_t left = until > moment.at_ms ? until - moment.at_ms : 1;
    if (step == WDT_STEP_SEND) {
      status = attempt(call, curl, (long)left, error);
      if (status != WDT_OK) return status;
      continue;
    }
    const char *why = zh ? wdt_exchange_waiting_zh(call, NULL) : wdt_exchange_waiting(call, NULL);
    if (why) fprintf(stderr, "%s\n", why);
    struct timespec pause = {(time_t)(left / 1000), (long)(left % 1000) * 1000000};
    nanosleep(&pause, NULL);
  }
}

/* Keeps rows and state together: the state counts once it is renamed, and with it what was written. */
static int keep(FILE *rows, const char *path, const wdt_batch *batch) {
  char name[1100], fresh[1110];
  for (size_t i = 0; i < wdt_batch_len(batch); i++) {
    /* A line feed can only stand between the fields of a row: within a text it is written \n. */
    for (const char *at = wdt_batch_row(batch, i, NULL); *at; at++) putc(*at == '\n' ? ' ' : *at, rows);
    putc('\n', rows);
  }
  if (fflush(rows) != 0 || fsync(fileno(rows)) != 0) return fail(path, NULL);
  snprintf(name, sizeof name, "%s.state", path);
  snprintf(fresh, sizeof fresh, "%s.new", name);
  FILE *state = fopen(fresh, "wb");
  if (!state) return fail(fresh, NULL);
  fprintf(state, "%ld\n%s", ftell(rows), wdt_batch_state(batch, NULL));
  bool is_kept = fflush(state) == 0 && fsync(fileno(state)) == 0;
  return fclose(state) != 0 || !is_kept || rename(fresh, name) != 0 ? fail(name, NULL) : 0;
}

/* Opens the file where the state left it; `*state` receives the state, NULL for none. */
static FILE *open_rows(const char *path, char **state) {
  char name[1100];
  long end = 0;
  snprintf(name, sizeof name, "%s.state", path);
  FILE *kept = fopen(name, "rb");
  if (kept) {
    *state = calloc(1, 16u << 20);
    if (*state && fscanf(kept, "%ld ", &end) == 1) fread(*state, 1, (16u << 20) - 1, kept);
    fclose(kept);
  }
  FILE *rows = fopen(path, "ab");
  if (rows && (ftruncate(fileno(rows), end) != 0 || fseek(rows, 0, SEEK_END) != 0)) {
    fclose(rows);
    return NULL;
  }
  return rows;
}

/* What was done, and what failed. */
static int tell(const wdt_pull *pull) {
  wdt_pull_report *report = NULL;
  wdt_error *error = NULL;
  bool zh = wdt_language_of_environment() == WDT_LANGUAGE_CHINESE;
  if (wdt_pull_report_new(pull, &report, &error) != WDT_OK) return fail("report", error);
  size_t failed = wdt_pull_report_failed(report);
  printf("rows %" PRIu64 ", calls %" PRIu64 " (least %" PRIu64 "), failed %zu\n",
         wdt_pull_report_rows(report), wdt_pull_report_calls(report),
         wdt_pull_report_least_calls(report), failed);
  for (size_t i = 0; i < failed; i++) {
    printf("%s .. %s: %s\n", wdt_pull_report_since(report, i, NULL),
           wdt_pull_report_until(report, i, NULL),
           zh ? wdt_pull_report_why_zh(report, i, NULL) : wdt_pull_report_why(report, i, NULL));
  }
  wdt_pull_report_free(report);
  return failed ? 1 : 0;
}

/* Asks, calls, keeps, until there is nothing more to ask. */
static int run(wdt_pull *pull, CURL *curl, FILE *rows, const char *path) {
  for (;;) {
    wdt_draft *draft = NULL;
    wdt_exchange *call = NULL;
    wdt_batch *batch = NULL;
    wdt_error *error = NULL;
    int code = 0;
    if (wdt_pull_ask(pull, NULL, &draft, &error) != WDT_OK) return fail(METHOD, error);
    if (!draft) return tell(pull);
    wdt_status status =
        wdt_exchange_new(draft, NULL, limiter, server_clock, NULL, false, &call, &error);
    wdt_draft_free(draft);
    if (status == WDT_OK) status = carry_out(call, curl, &error);
    const wdt_response *response = wdt_exchange_response(call);
    if (status == WDT_OK) {
      status = wdt_pull_take(pull, response, &batch, &error);
      if (status != WDT_OK) code = fail(METHOD, error);
    } else {
      size_t kind_len, why_len;
      const char *kind = wdt_response_kind(response, &kind_len);
      const char *why = wdt_error_message(error, &why_len);
      if (wdt_pull_gives_up(pull, kind, kind_len)) {
        code = fail(METHOD, error);
      } else {
        wdt_pull_fail(pull, why, why_len, &batch, NULL);
        wdt_error_free(error);
      }
    }
    if (batch) code = keep(rows, path, batch);
    wdt_batch_free(batch);
    wdt_exchange_free(call);
    if (code != 0) return code;
  }
}

int main(int argc, char **argv) {
  const char *sid = getenv("WDT_SID"), *key = getenv("WDT_APPKEY");
  const char *secret = getenv("WDT_APPSECRET"), *base = getenv("WDT_BASE_URL");
  const char *per_minute = getenv("WDT_PER_MINUTE"); /* 0: no limiter */
  if (!sid || !key || !secret || !base) return fail("WDT_... is not set", NULL);
  if (argc != 4 || strlen(argv[3]) > 1000) return fail("usage: pull_orders SINCE UNTIL FILE", NULL);
  if (wdt_abi_version() != WDT_ABI_VERSION) return fail("libwdt is not that of wdt.h", NULL);
  srand((unsigned)time(NULL) ^ (unsigned)getpid());

  char *state = NULL;
  FILE *rows = open_rows(argv[3], &state);
  wdt_pull_options *options = NULL;
  wdt_pull *pull = NULL;
  wdt_error *error = NULL;
  unsigned long calls = per_minute ? strtoul(per_minute, NULL, 10) : 60;
  wdt_status status = wdt_credentials_new(sid, strlen(sid), key, strlen(key), secret, strlen(secret),
                                          &credentials, &error);
  if (status == WDT_OK) status = wdt_endpoint_new(base, strlen(base), &endpoint, &error);
  if (status == WDT_OK) status = wdt_clock_new(&server_clock, &error);
  if (status == WDT_OK && calls > 0) status = wdt_limiter_new((uint32_t)calls, &limiter, &error);
  if (status == WDT_OK) status = wdt_pull_options_new(&options, &error);
  if (status == WDT_OK) status = wdt_pull_options_set_account(options, sid, strlen(sid), &error);
  if (status == WDT_OK && state) {
    status = wdt_pull_options_set_state(options, state, strlen(state), &error);
  }
  if (status == WDT_OK) {
    status = wdt_pull_new(METHOD, strlen(METHOD), NULL, 0, argv[1], strlen(argv[1]), argv[2],
                          strlen(argv[2]), wdt_clock_unix(server_clock, now().unix_ms), NULL, options,
                          &pull, &error);
  }
  int code;
  if (status != WDT_OK) {
    code = fail("pull", error);
  } else if (!rows) {
    code = fail(argv[3], NULL);
  } else {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *curl = curl_easy_init();
    code = curl ? run(pull, curl, rows, argv[3]) : fail("libcurl", NULL);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
  }
  if (rows) fclose(rows);
  free(state);
  wdt_pull_free(pull);
  wdt_pull_options_free(options);
  wdt_limiter_free(limiter);
  wdt_clock_free(server_clock);
  wdt_endpoint_free(endpoint);
  wdt_credentials_free(credentials);
  return code;
}
