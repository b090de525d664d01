/* The rows of null_table.c: one of each handle, and each fallible function called with what a row is
   given. */
#ifndef NULL_ROWS_H
#define NULL_ROWS_H

#include <stdint.h>
#include <stdlib.h>

#include "check.h"

#define NOW 1775791716
#define LIT(text) (text), (sizeof(text) - 1)
#define TEXTS_AT_MOST 4

struct slice {
  const char *data;
  size_t len;
};

/* One of each handle, alive. */
static struct {
  wdt_credentials *credentials;
  wdt_catalogue *catalogue;
  wdt_options *options;
  wdt_report *report;
  wdt_draft *draft;
  wdt_request *request;
  wdt_endpoint *endpoint;
  wdt_response *response;
  wdt_explanation *explanation;
  wdt_text *text;
  wdt_call *call;
  wdt_rows *rows;
  wdt_failures *failures;
  wdt_pull_options *pull_options;
  wdt_pull *pull, *failing;
  wdt_batch *batch;
  wdt_pull_report *pull_report;
  wdt_retry *retry;
  wdt_limiter *limiter;
  wdt_clock *clock;
  wdt_exchange *exchange; /* done, its attempt answered */
  wdt_error *error; /* of a validation */
} good;

/* The arguments of a fallible function; `self` is the handle that it cannot do without. */
struct in {
  const void *self;
  const void *optional_self; /* catalogue and options, used where a row says so */
  struct slice text[TEXTS_AT_MOST];
  void **out;
  wdt_error **error;
};

/* What a text of a row is: where bad UTF-8 in it leads. */
enum { TEXT = WDT_ERR_UTF8, JSON = WDT_ERR_VALIDATION, REPLY = WDT_ERR_MALFORMED, BYTES = WDT_OK };

#define T(n) in->text[n].data, in->text[n].len
#define OUT(type) (type **)in->out, in->error
#define OPTIONS ((const wdt_options *)in->optional_self)
#define CREDENTIALS ((const wdt_credentials *)in->self)

static int32_t look_up(void *context, const char *sid, size_t sid_len, const char *key,
                       size_t key_len, const char **app_secret, size_t *app_secret_len) {
  (void)context, (void)sid, (void)sid_len, (void)key, (void)key_len;
  *app_secret = "testsecret:testsalt";
  *app_secret_len = strlen(*app_secret);
  return WDT_LOOKUP_FOUND;
}

static const wdt_now MOMENT = {1000, 1775791716000, 7};

/* An exchange whose first attempt is under way. */
static wdt_exchange *sent(void) {
  wdt_exchange *exchange = NULL;
  wdt_step step;
  uint64_t until;
  wdt_exchange_new(good.draft, NULL, NULL, NULL, NULL, false, &exchange, NULL);
  wdt_exchange_step(exchange, good.credentials, &MOMENT, &step, &until, NULL);
  return exchange;
}

/* ---- Fallible functions ---- */

#define ROW(name) static wdt_status row_##name(const struct in *in)

ROW(wdt_catalogue_new) { return wdt_catalogue_new(OUT(wdt_catalogue)); }
ROW(wdt_options_new) { return wdt_options_new(OUT(wdt_options)); }
ROW(wdt_credentials_new) { return wdt_credentials_new(T(0), T(1), T(2), OUT(wdt_credentials)); }
ROW(wdt_catalogue_register) {
  return wdt_catalogue_register((wdt_catalogue *)in->self, T(0), in->error);
}
ROW(wdt_options_set_pager) {
  return wdt_options_set_pager((wdt_options *)in->self, 1, 0, true, in->error);
}
ROW(wdt_options_set_level) {
  return wdt_options_set_level((wdt_options *)in->self, WDT_LEVEL_DOCUMENTED, in->error);
}
ROW(wdt_options_set_limits) {
  return wdt_options_set_limits((wdt_options *)in->self, 1 << 20, 128, in->error);
}
ROW(wdt_options_set_catalogue) {
  const wdt_catalogue *catalogue = in->optional_self ? good.catalogue : NULL;
  return wdt_options_set_catalogue((wdt_options *)in->self, catalogue, in->error);
}
ROW(wdt_validate) {
  const wdt_catalogue *catalogue = in->optional_self ? good.catalogue : NULL;
  return wdt_validate(catalogue, T(0), T(1), OPTIONS, OUT(wdt_report));
}
ROW(wdt_request_build) {
  const wdt_catalogue *catalogue = in->optional_self ? good.catalogue : NULL;
  return wdt_request_build(CREDENTIALS, T(0), T(1), NOW, catalogue, OPTIONS, OUT(wdt_request));
}
ROW(wdt_draft_new) {
  const wdt_catalogue *catalogue = in->optional_self ? good.catalogue : NULL;
  return wdt_draft_new(T(0), T(1), catalogue, OPTIONS, OUT(wdt_draft));
}
ROW(wdt_draft_sign) {
  return wdt_draft_sign((const wdt_draft *)in->self, good.credentials, NOW, OUT(wdt_request));
}
ROW(wdt_request_sign_again) {
  return wdt_request_sign_again((const wdt_request *)in->self, good.credentials, NOW,
                                OUT(wdt_request));
}
ROW(wdt_endpoint_new) { return wdt_endpoint_new(T(0), OUT(wdt_endpoint)); }
ROW(wdt_endpoint_url) {
  return wdt_endpoint_url((const wdt_endpoint *)in->self, good.request, OUT(wdt_text));
}
ROW(wdt_request_url) { return wdt_request_url((const wdt_request *)in->self, T(0), OUT(wdt_text)); }
ROW(wdt_response_parse) { return wdt_response_parse(T(0), OPTIONS, OUT(wdt_response)); }
ROW(wdt_sign) {
  const wdt_parameter parameters[] = {{"method", 6, "m", 1}, {T(1), T(2)}};
  return wdt_sign(T(0), parameters, 2, OUT(wdt_text));
}
ROW(wdt_explain) {
  return wdt_explain(CREDENTIALS, T(0), T(1), NOW, OPTIONS, OUT(wdt_explanation));
}
ROW(wdt_stock_sync_get_self_wait_sync_id_list_open) {
  return wdt_stock_sync_get_self_wait_sync_id_list_open(CREDENTIALS, 10, 0, NOW, OPTIONS,
                                                        OUT(wdt_request));
}
ROW(wdt_stock_sync_calc_stock) {
  return wdt_stock_sync_calc_stock(CREDENTIALS, 1, true, NOW, OPTIONS, OUT(wdt_request));
}
ROW(wdt_stock_sync_batch_calc_stock) {
  const wdt_good goods[] = {{1, 0}};
  return wdt_stock_sync_batch_calc_stock(CREDENTIALS, goods, 1, NOW, OPTIONS, OUT(wdt_request));
}
ROW(wdt_stock_sync_sync_success) {
  return wdt_stock_sync_sync_success(CREDENTIALS, 1, T(0), NOW, OPTIONS, OUT(wdt_request));
}
ROW(wdt_stock_sync_sync_fail) {
  return wdt_stock_sync_sync_fail(CREDENTIALS, 1, T(0), NOW, OPTIONS, OUT(wdt_request));
}
ROW(wdt_stock_sync_sync_info) {
  return wdt_stock_sync_sync_info(T(0), true, T(1), OUT(wdt_text));
}
ROW(wdt_stock_sync_cancel_sync) {
  return wdt_stock_sync_cancel_sync(CREDENTIALS, 1, 1, NOW, OPTIONS, OUT(wdt_request));
}
ROW(wdt_typed_rows) { return wdt_typed_rows(T(0), T(1), OPTIONS, OUT(wdt_rows)); }
ROW(wdt_failures_find) {
  return wdt_failures_find((const wdt_response *)in->self, T(0), OPTIONS, OUT(wdt_failures));
}
ROW(wdt_draft_of_request) {
  return wdt_draft_of_request((const wdt_request *)in->self, OUT(wdt_draft));
}
ROW(wdt_pull_options_new) { return wdt_pull_options_new(OUT(wdt_pull_options)); }
ROW(wdt_pull_options_set_state) {
  return wdt_pull_options_set_state((wdt_pull_options *)in->self, T(0), in->error);
}
ROW(wdt_pull_options_set_account) {
  return wdt_pull_options_set_account((wdt_pull_options *)in->self, T(0), in->error);
}
ROW(wdt_pull_options_set_page_size) {
  return wdt_pull_options_set_page_size((wdt_pull_options *)in->self, 50, in->error);
}
ROW(wdt_pull_options_set_lag) {
  return wdt_pull_options_set_lag((wdt_pull_options *)in->self, 60, 600, in->error);
}
ROW(wdt_pull_new) {
  const wdt_catalogue *catalogue = in->optional_self ? good.catalogue : NULL;
  wdt_pull_options *options = NULL;
  wdt_pull_options_new(&options, NULL);
  wdt_status status = wdt_pull_new(T(0), T(1), T(2), T(3), NOW, catalogue,
                                   in->optional_self ? options : NULL, OUT(wdt_pull));
  wdt_pull_options_free(options);
  return status;
}
ROW(wdt_pull_ask) { return wdt_pull_ask((const wdt_pull *)in->self, OPTIONS, OUT(wdt_draft)); }
ROW(wdt_pull_take) {
  return wdt_pull_take(in->self ? good.pull : NULL, (const wdt_response *)in->self, OUT(wdt_batch));
}
ROW(wdt_pull_fail) { return wdt_pull_fail((wdt_pull *)in->self, T(0), OUT(wdt_batch)); }
ROW(wdt_pull_report_new) {
  return wdt_pull_report_new((const wdt_pull *)in->self, OUT(wdt_pull_report));
}
ROW(wdt_retry_new) { return wdt_retry_new(OUT(wdt_retry)); }
ROW(wdt_retry_set_attempts) {
  return wdt_retry_set_attempts((wdt_retry *)in->self, 5, 900000, in->error);
}
ROW(wdt_retry_set_attempt_time) {
  return wdt_retry_set_attempt_time((wdt_retry *)in->self, 300000, in->error);
}
ROW(wdt_retry_set_delays) {
  return wdt_retry_set_delays((wdt_retry *)in->self, 500, 30000, in->error);
}
ROW(wdt_retry_set_rest) {
  return wdt_retry_set_rest((wdt_retry *)in->self, 300000, 600000, in->error);
}
ROW(wdt_retry_set_no_rest) { return wdt_retry_set_no_rest((wdt_retry *)in->self, in->error); }
ROW(wdt_retry_set_clock_error) {
  return wdt_retry_set_clock_error((wdt_retry *)in->self, 86400000, in->error);
}
ROW(wdt_limiter_new) { return wdt_limiter_new(60, OUT(wdt_limiter)); }
ROW(wdt_clock_new) { return wdt_clock_new(OUT(wdt_clock)); }
ROW(wdt_exchange_new) {
  bool all = in->optional_self != NULL;
  return wdt_exchange_new((const wdt_draft *)in->self, all ? good.retry : NULL,
                          all ? good.limiter : NULL, all ? good.clock : NULL, OPTIONS, all,
                          OUT(wdt_exchange));
}
ROW(wdt_exchange_step) {
  wdt_step step;
  uint64_t until;
  return wdt_exchange_step((wdt_exchange *)in->self, good.credentials, &MOMENT, &step, &until,
                           in->error);
}
ROW(wdt_exchange_reply) {
  wdt_exchange *exchange = in->self ? sent() : NULL;
  const wdt_parameter headers[] = {{"Date", 4, T(1)}};
  wdt_status status = wdt_exchange_reply(exchange, &MOMENT, 200, headers, 1, T(0), in->error);
  wdt_exchange_free(exchange);
  return status;
}
ROW(wdt_exchange_fault) {
  wdt_exchange *exchange = in->self ? sent() : NULL;
  wdt_status status =
      wdt_exchange_fault(exchange, &MOMENT, WDT_FATE_UNKNOWN, T(0), T(1), in->error);
  wdt_exchange_free(exchange);
  return status;
}
ROW(wdt_verify) { return wdt_verify(T(0), T(1), NOW, look_up, NULL, OUT(wdt_call)); }

#endif
