/* A panic in the library comes back as a status. Needs a library built with `test-panic`. */
#include "check.h"

wdt_status wdt_test_panic(wdt_error **error);

int main(void) {
  wdt_error *error = NULL;
  CHECK(wdt_test_panic(&error) == WDT_ERR_PANIC, "status");
  CHECK(wdt_error_code(error) == WDT_ERR_PANIC, "error");
  CHECK(error && strstr(wdt_error_message(error, NULL), "panicked"), "message");
  CHECK(bilingual(wdt_error_message(error, NULL), wdt_error_message_zh(error, NULL)), "both languages");
  CHECK(!wdt_error_report(error) && !wdt_error_body(error, NULL), "details");
  wdt_error_free(error);
  CHECK(wdt_test_panic(NULL) == WDT_ERR_PANIC, "no place for an error");
  /* The library goes on working. */
  wdt_catalogue *catalogue = NULL;
  CHECK_OK(wdt_catalogue_new(&catalogue, &error), error, "afterwards");
  wdt_catalogue_free(catalogue);
  return check_end("panic");
}
