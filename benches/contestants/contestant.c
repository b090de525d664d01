/* The C contestant, on libwdt. The driver, benches/contest.py, says what the commands mean. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wdt.h>

#define UNIX_TIME 1775791716
static const char METHOD[] = "sales.StockSync.syncFail";

/* The documented arguments. C has no decimal type: a program keeps them as it got them, as text. */
struct sync_info {
  const char *syn_stock, *stock_change_count;
  int stock_syn_rule_id;
  const char *stock_syn_rule_no, *stock_syn_warehouses;
  int stock_syn_mask, stock_syn_percent;
  const char *stock_syn_plus, *stock_syn_min, *stock_syn_max;
  bool is_auto_listing, is_auto_delisting;
};

static const struct sync_info DOCUMENTED = {
    .syn_stock = "1", .stock_change_count = "2", .stock_syn_rule_id = -10000, .stock_syn_rule_no = "",
    .stock_syn_warehouses = "6", .stock_syn_mask = 0, .stock_syn_percent = 100,
    .stock_syn_plus = "1.0000", .stock_syn_min = "1.0000", .stock_syn_max = "550.0000",
    .is_auto_listing = true, .is_auto_delisting = true,
};

static const char SIXTEEN[] =
    "{\"syn_stock\":1.0000,\"stock_change_count\":2.0000,\"stock_syn_rule_id\":-10000,"
    "\"stock_syn_rule_no\":\"\",\"stock_syn_other\":\"\",\"stock_syn_warehouses\":\"6,12\","
    "\"stock_syn_mask\":0,\"stock_syn_percent\":100,\"stock_syn_plus\":1.0000,\"stock_syn_min\":1.0000,"
    "\"stock_syn_max\":550.0000,\"is_auto_listing\":true,\"is_auto_delisting\":true,"
    "\"is_syn_success\":false,\"is_manual\":false,\"syn_result\":\"平台接口限流，稍后重试\"}";

struct bytes {
  char *data;
  size_t len;
};

static wdt_credentials *credentials;
static wdt_options *unchecked;
static struct bytes raw, reply;

static void die(const char *what) {
  fprintf(stderr, "contestant.c: %s\n", what);
  exit(1);
}

static struct bytes read_file(const char *folder, const char *name) {
  char path[4096];
  struct bytes bytes = {0};
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) die(path);
  bytes.len = (size_t)ftell(file);
  rewind(file);
  bytes.data = malloc(bytes.len + 1);
  if (!bytes.data || fread(bytes.data, 1, bytes.len, file) != bytes.len) die(path);
  bytes.data[bytes.len] = '\0';
  fclose(file);
  return bytes;
}

static const char *truth(bool flag) { return flag ? "true" : "false"; }

/* From typed arguments: written as JSON the way C programs do, then built. Its texts are known to
   need no escapes. */
static wdt_request *typed(const struct sync_info *info, const wdt_options *options, wdt_error **error) {
  char json[1024];
  wdt_request *request = NULL;
  int len = snprintf(
      json, sizeof json,
      "{\"syn_stock\":%s,\"stock_change_count\":%s,\"stock_syn_rule_id\":%d,\"stock_syn_rule_no\":\"%s\","
      "\"stock_syn_warehouses\":\"%s\",\"stock_syn_mask\":%d,\"stock_syn_percent\":%d,"
      "\"stock_syn_plus\":%s,\"stock_syn_min\":%s,\"stock_syn_max\":%s,\"is_auto_listing\":%s,"
      "\"is_auto_delisting\":%s}",
      info->syn_stock, info->stock_change_count, info->stock_syn_rule_id, info->stock_syn_rule_no,
      info->stock_syn_warehouses, info->stock_syn_mask, info->stock_syn_percent, info->stock_syn_plus,
      info->stock_syn_min, info->stock_syn_max, truth(info->is_auto_listing), truth(info->is_auto_delisting));
  if (len < 0 || (size_t)len >= sizeof json) die("the arguments do not fit");
  wdt_stock_sync_sync_fail(credentials, 2447, json, (size_t)len, UNIX_TIME, options, &request, error);
  return request;
}

static wdt_request *from_json(const wdt_options *options, wdt_error **error) {
  wdt_request *request = NULL;
  wdt_request_build(credentials, METHOD, sizeof METHOD - 1, raw.data, raw.len, UNIX_TIME, NULL, options,
                    &request, error);
  return request;
}

static wdt_request *build(const char *task, const struct sync_info *info, wdt_error **error) {
  if (!strcmp(task, "typed")) return typed(info, unchecked, error);
  if (!strcmp(task, "valid")) return typed(info, NULL, error);
  if (!strcmp(task, "raw")) return from_json(unchecked, error);
  if (!strcmp(task, "raw_valid")) return from_json(NULL, error);
  if (!strcmp(task, "sixteen")) {
    wdt_request *request = NULL;
    wdt_stock_sync_sync_fail(credentials, 2447, SIXTEEN, sizeof SIXTEEN - 1, UNIX_TIME, unchecked, &request,
                             error);
    return request;
  }
  die(task);
  return NULL;
}

static wdt_response *parse(void) {
  wdt_response *response = NULL;
  if (wdt_response_parse(reply.data, reply.len, NULL, &response, NULL) != WDT_OK) die("the reply");
  return response;
}

static void run(const char *task, unsigned long times) {
  struct timespec start, end;
  bool parsing = !strcmp(task, "parse");
  size_t sent = 0;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (unsigned long i = 0; i < times; i++) {
    if (parsing) {
      wdt_response_free(parse());
      sent++;
    } else {
      size_t len;
      wdt_request *request = build(task, &DOCUMENTED, NULL);
      sent += wdt_request_query(request, &len) != NULL && wdt_request_body(request, &len) != NULL;
      wdt_request_free(request);
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  if (sent != times) die("a request was not built");
  printf("%" PRId64 "\n",
         (int64_t)(end.tv_sec - start.tv_sec) * 1000000000 + (int64_t)(end.tv_nsec - start.tv_nsec));
}

/* How often `name` stands in the data, and where first and last. */
static size_t find(const char *data, const char *name, const char **first, const char **last) {
  size_t count = 0;
  for (const char *at = strstr(data, name); at; at = strstr(*last, name)) {
    if (count++ == 0) *first = at + strlen(name);
    *last = at + strlen(name);
  }
  return count;
}

static void show(const char *task, const char *value) {
  if (!strcmp(task, "parse")) {
    wdt_response *response = parse();
    const char *data = wdt_response_data(response, NULL), *first = NULL, *last = NULL, *barcode = NULL;
    size_t goods = find(data, "\"goods_no\":", &first, &last);
    if (!find(data, "\"retail_price\":", &first, &last) || !find(data, "\"barcode\":\"", &barcode, &barcode))
      die("no price");
    printf("%zu\t%.*s\t%.*s\n", goods, (int)strcspn(first, ","), first, (int)strcspn(barcode, "\""), barcode);
    wdt_response_free(response);
    return;
  }
  struct sync_info info = DOCUMENTED;
  if (value) info.syn_stock = value;
  wdt_error *error = NULL;
  wdt_request *request = build(task, &info, &error);
  if (request) {
    printf("%s\t%s\n", wdt_request_query(request, NULL), wdt_request_body(request, NULL));
  } else { /* one issue a line, and an answer is one line */
    const char *message = wdt_error_message(error, NULL);
    printf("!%.*s\n", (int)strcspn(message, "\n"), message);
  }
  wdt_request_free(request);
  wdt_error_free(error);
}

int main(int argc, char **argv) {
  char line[256];
  if (argc != 2) die("give the folder of the inputs");
  raw = read_file(argv[1], "raw.json");
  reply = read_file(argv[1], "reply.json");
  if (wdt_credentials_new("wdtapi3", 7, "appkey", 6, "testsecret:testsalt", 19, &credentials, NULL) ||
      wdt_options_new(&unchecked, NULL) || wdt_options_set_level(unchecked, WDT_LEVEL_OFF, NULL))
    die("no credentials");
  while (fgets(line, sizeof line, stdin)) {
    char *command = strtok(line, " \n"), *task = strtok(NULL, " \n"), *rest = strtok(NULL, " \n");
    if (!command || !task) die("no command");
    if (!strcmp(command, "run") && rest)
      run(task, strtoul(rest, NULL, 10));
    else
      show(task, rest);
    fflush(stdout);
  }
  wdt_options_free(unchecked);
  wdt_credentials_free(credentials);
  free(raw.data);
  free(reply.data);
  return 0;
}
