/*
 * Eight threads share credentials, a catalogue, one request and its draft; and their calls a limiter
 * and a clock.
 *
 * usage: threads [ROUNDS [alone]]: alone, each call has a clock of its own and no limiter. That is for
 * helgrind: it knows the locks of pthread, and takes those of Rust's library for none.
 */
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

#define THREADS 8
#define TURNS 60 /* of each thread, at one moment */
#define ALLOWED 300
#define NOW 1775791716

static const char METHOD[] = "sales.StockSync.cancelSync";
static const char OWN[] =
    "{\"method\":\"my.Own.method\",\"title\":\"t\",\"documented\":true,\"params\":["
    "{\"name\":\"no\",\"label\":\"l\",\"type\":\"string(2)\",\"required\":true}]}";
static const char SECRET[] = "testsecret:testsalt";

struct shared {
  const wdt_credentials *credentials;
  const wdt_catalogue *catalogue;
  const wdt_request *request;
  const wdt_draft *draft;
  const wdt_limiter *limiter;
  const wdt_clock *clock;
  int rounds;
};

static int32_t look_up(void *context, const char *sid, size_t sid_len, const char *key,
                       size_t key_len, const char **app_secret, size_t *app_secret_len) {
  (void)context, (void)sid, (void)sid_len, (void)key, (void)key_len;
  *app_secret = SECRET;
  *app_secret_len = strlen(SECRET);
  return WDT_LOOKUP_FOUND;
}

/* A call whose first attempt is answered busy, whose clock is wrong, and which is answered at last. */
static size_t carry_out(const struct shared *shared) {
  static const char *const replies[] = {"", "{\"status\":7,\"message\":\"时间戳错误\"}",
                                        "{\"status\":0,\"data\":[]}"};
  const wdt_parameter date = {"Date", 4, "Fri, 10 Apr 2026 03:29:36 GMT", 29};
  wdt_exchange *exchange = NULL;
  wdt_now now = {1000, INT64_C(1000) * NOW, 0};
  wdt_step step;
  uint64_t until;
  size_t wrong = 0, sent = 0;
  wrong += wdt_exchange_new(shared->draft, NULL, shared->limiter, shared->clock, NULL, true, &exchange,
                            NULL) != WDT_OK;
  while (wdt_exchange_step(exchange, shared->credentials, &now, &step, &until, NULL) == WDT_OK &&
         step != WDT_STEP_DONE) {
    if (step == WDT_STEP_WAIT) {
      now.at_ms = until;
      continue;
    }
    uint16_t status = sent == 0 ? 503 : 200;
    const char *body = replies[sent < 2 ? sent : 2];
    wrong += wdt_exchange_reply(exchange, &now, status, &date, 1, body, strlen(body), NULL) != WDT_OK;
    sent++;
  }
  wrong += sent != 3 || !wdt_exchange_response(exchange);
  wrong += wdt_clock_offset_ms(shared->clock) != (shared->clock ? 60000 : 0);
  wdt_exchange_free(exchange);
  return wrong;
}

/* How many of this thread's calls get a turn at once. */
static void *turns(void *argument) {
  const struct shared *shared = argument;
  size_t given = 0;
  for (int i = 0; i < TURNS; i++) {
    wdt_exchange *exchange = NULL;
    const wdt_now now = {1000, INT64_C(1000) * NOW, 0};
    wdt_step step;
    uint64_t until;
    wdt_exchange_new(shared->draft, NULL, shared->limiter, NULL, NULL, false, &exchange, NULL);
    wdt_exchange_step(exchange, shared->credentials, &now, &step, &until, NULL);
    given += step == WDT_STEP_SEND;
    wdt_exchange_free(exchange);
  }
  return (void *)given;
}

/* Counts what differs from what one thread alone gets. */
static void *work(void *argument) {
  const struct shared *shared = argument;
  size_t wrong = 0, len, body_len;
  const char *expected = wdt_request_sign(shared->request, NULL);
  for (int round = 0; round < shared->rounds; round++) {
    wdt_request *request = NULL, *refused = NULL;
    wdt_report *report = NULL;
    wdt_call *call = NULL;
    wdt_error *error = NULL;
    wrong += wdt_request_build(shared->credentials, METHOD, strlen(METHOD), "[2447,2]", 8, NOW,
                               shared->catalogue, NULL, &request, NULL) != WDT_OK;
    wrong += !request || strcmp(wdt_request_sign(request, NULL), expected) != 0;
    const char *query = wdt_request_query(shared->request, &len);
    const char *body = wdt_request_body(shared->request, &body_len);
    wrong += wdt_verify(query, len, body, body_len, NOW, look_up, NULL, &call, NULL) != WDT_OK;
    wrong += wdt_validate(shared->catalogue, "my.Own.method", 13, "[\"abc\"]", 7, NULL, &report,
                          NULL) != WDT_OK;
    wrong += wdt_report_len(report) != 1;
    wrong += wdt_report_len(wdt_request_warnings(shared->request)) != 0;
    wrong += wdt_request_build(shared->credentials, METHOD, strlen(METHOD), "{}", 2, NOW, NULL,
                               NULL, &refused, &error) != WDT_ERR_VALIDATION;
    wrong += refused != NULL;
    wrong += wdt_report_len(wdt_error_report(error)) == 0;
    wrong += wdt_catalogue_find(shared->catalogue, METHOD, strlen(METHOD)) == SIZE_MAX;
    wrong += carry_out(shared);
    wdt_error_free(error);
    wdt_call_free(call);
    wdt_report_free(report);
    wdt_request_free(request);
  }
  return (void *)wrong;
}

/* What all threads give together. */
static size_t all(void *(*run)(void *), struct shared *shared) {
  pthread_t threads[THREADS];
  size_t sum = 0;
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_create(&threads[i], NULL, run, shared) == 0, "pthread_create");
  }
  for (int i = 0; i < THREADS; i++) {
    void *one = NULL;
    CHECK(pthread_join(threads[i], &one) == 0, "pthread_join");
    sum += (size_t)one;
  }
  return sum;
}

int main(int argc, char **argv) {
  bool alone = argc > 2;
  wdt_credentials *credentials = NULL;
  wdt_catalogue *catalogue = NULL;
  wdt_request *request = NULL;
  wdt_draft *draft = NULL;
  wdt_limiter *limiter = NULL;
  wdt_clock *server_clock = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_credentials_new("wdtapi3", 7, "appkey", 6, SECRET, strlen(SECRET), &credentials,
                               &error), error, "credentials");
  CHECK_OK(wdt_catalogue_new(&catalogue, &error), error, "catalogue");
  CHECK_OK(wdt_catalogue_register(catalogue, OWN, strlen(OWN), &error), error, "register");
  CHECK_OK(wdt_request_build(credentials, METHOD, strlen(METHOD), "[2447,2]", 8, NOW, catalogue,
                             NULL, &request, &error), error, "request");
  CHECK_OK(wdt_draft_of_request(request, &draft, &error), error, "draft");
  if (!alone) {
    CHECK_OK(wdt_limiter_new(6000, &limiter, &error), error, "limiter");
    CHECK_OK(wdt_clock_new(&server_clock, &error), error, "clock");
  }
  struct shared shared = {credentials, catalogue, request, draft, limiter, server_clock,
                          argc > 1 ? atoi(argv[1]) : 2000};
  CHECK(all(work, &shared) == 0, "the threads' results");
  wdt_limiter_free(limiter);
  for (int round = 0; round < shared.rounds / 20 && !alone; round++) {
    wdt_limiter *narrow = NULL;
    CHECK_OK(wdt_limiter_new(ALLOWED, &narrow, &error), error, "limiter");
    shared.limiter = narrow;
    CHECK(all(turns, &shared) == ALLOWED, "as many turns as are allowed");
    wdt_limiter_free(narrow);
  }
  wdt_clock_free(server_clock);
  wdt_draft_free(draft);
  wdt_request_free(request);
  wdt_catalogue_free(catalogue);
  wdt_credentials_free(credentials);
  return check_end("threads");
}
