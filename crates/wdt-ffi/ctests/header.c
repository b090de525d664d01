/* Compiles as C99, C11 and C++17 without a warning, and links. */
#include <wdt.h>
/* A second time, as two headers of a program may do it. */
#include <wdt.h>

int main(void) {
  wdt_parameter parameter = {"body", 4, "[]", 2};
  wdt_good good = {1, 0};
  (void)good;
  wdt_text *text = 0;
  wdt_status status = wdt_sign("s", 1, &parameter, 1, &text, 0);
  wdt_text_free(text);
  return status != WDT_OK || wdt_abi_version() != WDT_ABI_VERSION;
}
