/*
 * A real `sales.StockSync.syncFail` (库存同步失败), from arguments to a reply, with libcurl.
 *
 *   cc sync_fail.c -o sync_fail $(pkg-config --cflags --libs wdt libcurl)
 *
 * Without WDT_BASE_URL it prints the request and sends nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>
#include <wdt.h>

/* The report: what could not be set in the shop, and why. Decimals are sent to the letter. */
static const char INFO[] =
    "{\"syn_stock\":1.0000,\"stock_change_count\":2,\"stock_syn_rule_id\":-10000,"
    "\"stock_syn_rule_no\":\"\",\"stock_syn_other\":\"\",\"stock_syn_warehouses\":\"6\","
    "\"stock_syn_mask\":0,\"stock_syn_percent\":100,\"stock_syn_plus\":1.0000,"
    "\"stock_syn_min\":1.0000,\"stock_syn_max\":550.0000,\"is_auto_listing\":true,"
    "\"is_auto_delisting\":true,\"is_syn_success\":false,\"is_manual\":false,"
    "\"syn_result\":\"平台接口限流，稍后重试\"}";

struct buffer {
  char *data;
  size_t len;
};

/* Real ones come from the environment, never from the source. */
static const char *from_env(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value && *value ? value : otherwise;
}

/* Says what failed, in the language that the environment asks for. */
static int fail(const char *what, wdt_error *error) {
  bool zh = wdt_language_of_environment() == WDT_LANGUAGE_CHINESE;
  const char *message = zh ? wdt_error_message_zh(error, NULL) : wdt_error_message(error, NULL);
  fprintf(stderr, "%s: %s\n", what, message ? message : "failed");
  wdt_error_free(error);
  return 1;
}

static size_t receive(char *data, size_t size, size_t count, void *into) {
  struct buffer *reply = into;
  size_t more = size * count;
  char *grown = realloc(reply->data, reply->len + more);
  if (!grown) return 0;
  memcpy(grown + reply->len, data, more);
  reply->data = grown;
  reply->len += more;
  return more;
}

/* POSTs exactly the signed bytes. */
static CURLcode post(const char *url, const char *body, size_t body_len, struct buffer *reply) {
  CURL *curl = curl_easy_init();
  if (!curl) return CURLE_FAILED_INIT;
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body_len);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
  CURLcode result = curl_easy_perform(curl);
  curl_slist_free_all(headers);
  curl_easy_cleanup(curl);
  return result;
}

/* Prints what the server says. */
static int show_reply(const struct buffer *reply) {
  wdt_response *response = NULL;
  wdt_error *error = NULL;
  wdt_status status = wdt_response_parse(reply->data, reply->len, NULL, &response, &error);
  if (status == WDT_OK) {
    const char *data = wdt_response_data(response, NULL);
    printf("accepted, data: %s\n", data ? data : "none");
  } else if (status == WDT_ERR_API) {
    printf("refused: status %lld, %s, %s: %s\n", (long long)wdt_response_status(response),
           wdt_response_kind(response, NULL),
           wdt_response_retryable(response) ? "worth another try" : "not worth another try",
           wdt_response_message(response, NULL));
    wdt_error_free(error);
  } else {
    return fail("the reply", error);
  }
  wdt_response_free(response);
  return status != WDT_OK;
}

int main(void) {
  const char *sid = from_env("WDT_SID", "wdtapi3");
  const char *key = from_env("WDT_APPKEY", "appkey");
  const char *secret = from_env("WDT_APPSECRET", "testsecret:testsalt");
  const char *base = getenv("WDT_BASE_URL");
  wdt_credentials *credentials = NULL;
  wdt_request *request = NULL;
  wdt_text *url = NULL;
  wdt_error *error = NULL;

  if (wdt_abi_version() != WDT_ABI_VERSION) return fail("libwdt is not that of wdt.h", NULL);
  if (wdt_credentials_new(sid, strlen(sid), key, strlen(key), secret, strlen(secret), &credentials,
                          &error) != WDT_OK) {
    return fail("credentials", error);
  }
  wdt_status status = wdt_stock_sync_sync_fail(credentials, 2447, INFO, strlen(INFO),
                                               (int64_t)time(NULL), NULL, &request, &error);
  wdt_credentials_free(credentials);
  if (status != WDT_OK) return fail("the request", error);

  const char *target = base && *base ? base : "https://erp.example";
  if (wdt_request_url(request, target, strlen(target), &url, &error) != WDT_OK) {
    wdt_request_free(request);
    return fail("WDT_BASE_URL", error);
  }
  size_t body_len;
  const char *body = wdt_request_body(request, &body_len);
  printf("POST %s\nContent-Type: application/json\n\n%s\n\n", wdt_text_data(url, NULL), body);

  int exit_code = 0;
  if (!base || !*base) {
    printf("WDT_BASE_URL is not set: nothing was sent\n");
  } else {
    struct buffer reply = {NULL, 0};
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLcode sent = post(wdt_text_data(url, NULL), body, body_len, &reply);
    if (sent == CURLE_OK) {
      exit_code = show_reply(&reply);
    } else {
      fprintf(stderr, "not sent: %s\n", curl_easy_strerror(sent));
      exit_code = 1;
    }
    free(reply.data);
    curl_global_cleanup();
  }
  wdt_text_free(url);
  wdt_request_free(request);
  return exit_code;
}
