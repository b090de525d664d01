/* Eight threads share credentials, a catalogue and one request. */
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

#define THREADS 8
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
  int rounds;
};

static int32_t look_up(void *context, const char *sid, size_t sid_len, const char *key,
                       size_t key_len, const char **app_secret, size_t *app_secret_len) {
  (void)context, (void)sid, (void)sid_len, (void)key, (void)key_len;
  *app_secret = SECRET;
  *app_secret_len = strlen(SECRET);
  return WDT_LOOKUP_FOUND;
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
    wdt_error_free(error);
    wdt_call_free(call);
    wdt_report_free(report);
    wdt_request_free(request);
  }
  return (void *)wrong;
}

int main(int argc, char **argv) {
  wdt_credentials *credentials = NULL;
  wdt_catalogue *catalogue = NULL;
  wdt_request *request = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_credentials_new("wdtapi3", 7, "appkey", 6, SECRET, strlen(SECRET), &credentials,
                               &error), error, "credentials");
  CHECK_OK(wdt_catalogue_new(&catalogue, &error), error, "catalogue");
  CHECK_OK(wdt_catalogue_register(catalogue, OWN, strlen(OWN), &error), error, "register");
  CHECK_OK(wdt_request_build(credentials, METHOD, strlen(METHOD), "[2447,2]", 8, NOW, catalogue,
                             NULL, &request, &error), error, "request");
  struct shared shared = {credentials, catalogue, request, argc > 1 ? atoi(argv[1]) : 2000};
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_create(&threads[i], NULL, work, &shared) == 0, "pthread_create");
  }
  for (int i = 0; i < THREADS; i++) {
    void *wrong = NULL;
    CHECK(pthread_join(threads[i], &wrong) == 0 && !wrong, "a thread's results");
  }
  wdt_request_free(request);
  wdt_catalogue_free(catalogue);
  wdt_credentials_free(credentials);
  return check_end("threads");
}
