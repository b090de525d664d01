/*
 * What the boundary costs: wdt_request_build of the documented syncFail from C, beside the same in
 * Rust, in rounds that alternate; the best round of each counts.
 */
#include <stdlib.h>
#include <time.h>

#include "check.h"

#define NOW 1775791716
#define ROUNDS 200
#define TIMES 2000

size_t wdt_bench_build(const wdt_credentials *credentials, const char *method, size_t method_len,
                       const char *body, size_t body_len, int64_t unix_time, size_t times);

static const char METHOD[] = "sales.StockSync.syncFail";
/* The documented example to the letter; four warnings come with it. */
static const char BODY[] =
    "[2447,{\"stock_syn_min\":1.0000,\"stock_syn_rule_id\":-10000,\"stock_syn_mask\":0,"
    "\"stock_syn_warehouses\":\"6\",\"stock_syn_max\":550.0000,\"stock_syn_percent\":100,"
    "\"is_auto_delisting\":true,\"stock_syn_plus\":1.0000,\"is_auto_listing\":true,"
    "\"stock_syn_rule_no\":\"\",\"syn_stock\":1,\"stock_change_count\":2}]";

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static size_t from_c(const wdt_credentials *credentials) {
  size_t built = 0;
  for (int i = 0; i < TIMES; i++) {
    wdt_request *request = NULL;
    built += wdt_request_build(credentials, METHOD, sizeof METHOD - 1, BODY, sizeof BODY - 1, NOW,
                               NULL, NULL, &request, NULL) == WDT_OK;
    wdt_request_free(request);
  }
  return built;
}

static size_t in_rust(const wdt_credentials *credentials) {
  return wdt_bench_build(credentials, METHOD, sizeof METHOD - 1, BODY, sizeof BODY - 1, NOW, TIMES);
}

/* Runs one round and keeps the best time. */
static void round_of(size_t (*run)(const wdt_credentials *), const wdt_credentials *credentials,
                     double *best) {
  double start = now();
  CHECK(run(credentials) == TIMES, "every request is built");
  double each = (now() - start) / TIMES;
  if (each < *best) *best = each;
}

int main(int argc, char **argv) {
  double target = argc > 1 ? atof(argv[1]) : 1.10, c = 1e18, rust = 1e18;
  wdt_credentials *credentials = NULL;
  wdt_error *error = NULL;
  CHECK_OK(wdt_credentials_new("wdtapi3", 7, "appkey", 6, "testsecret:testsalt", 19, &credentials,
                               &error), error, "credentials");
  for (int i = 0; i < ROUNDS; i++) {
    /* The order alternates, so that neither is always first. */
    round_of(i % 2 ? from_c : in_rust, credentials, i % 2 ? &c : &rust);
    round_of(i % 2 ? in_rust : from_c, credentials, i % 2 ? &rust : &c);
  }
  wdt_credentials_free(credentials);
  printf("documented syncFail from raw JSON, validated and signed\n");
  printf("  in Rust                    %6.0f ns\n", rust);
  printf("  wdt_request_build from C   %6.0f ns  %.2f x Rust (target <= %.2f x)\n", c, c / rust,
         target);
  return check_failures != 0;
}
