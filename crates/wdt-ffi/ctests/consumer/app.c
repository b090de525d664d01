/* A program that uses the installed library. */
#include <stdio.h>
#include <string.h>

#include <wdt.h>

int main(void) {
  wdt_text *sign = NULL;
  /* The first of the shared vectors, in its raw form. */
  const wdt_parameter parameters[] = {
      {"sid", 3, "wdtapi3", 7},       {"key", 3, "wdt_test", 8},
      {"salt", 4, "testsalt", 8},     {"method", 6, "system.Core.now", 15},
      {"timestamp", 9, "450444516", 9}, {"v", 1, "1.0", 3},
      {"body", 4, "[]", 2},
  };
  if (wdt_sign("testsecret", 10, parameters, 7, &sign, NULL) != WDT_OK) return 1;
  int is_right = strcmp(wdt_text_data(sign, NULL), "c9053525ed8fc05e3263c8d7210060ca") == 0;
  printf("libwdt %s signs: %s\n", wdt_version(), wdt_text_data(sign, NULL));
  wdt_text_free(sign);
  return !is_right;
}
