/* Counts checks and says where one fails. A test's main returns check_end(). */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include <wdt.h>

static unsigned long check_count, check_failures;

static inline int check_that(int holds, const char *what, const char *about, const char *file, int line) {
  check_count++;
  if (!holds) {
    check_failures++;
    fprintf(stderr, "%s:%d: %s [%s]\n", file, line, what, about ? about : "");
  }
  return holds;
}

#define CHECK(condition, about) check_that((condition) ? 1 : 0, #condition, about, __FILE__, __LINE__)

/* Whether a text that came out has these bytes and a NUL behind them. */
static inline int same(const char *text, size_t len, const char *expected, size_t expected_len) {
  return text && len == expected_len && memcmp(text, expected, len) == 0 && text[len] == '\0';
}

#define CHECK_TEXT(text, len, expected, about) \
  CHECK(same((text), (len), (expected), strlen(expected)), about)

/* Whether the second text is Chinese and lacks no figure of the first (it may say "counted from 0"). */
static inline int bilingual(const char *english, const char *chinese) {
  int digits[10] = {0}, has_chinese = 0;
  if (!english || !chinese || !*english) return 0;
  for (const char *at = english; *at; at++) {
    if (*at >= '0' && *at <= '9') digits[*at - '0']++;
  }
  for (const char *at = chinese; *at; at++) {
    if (*at >= '0' && *at <= '9') digits[*at - '0']--;
    has_chinese |= (unsigned char)*at >= 0xE4 && (unsigned char)*at <= 0xE9;
  }
  for (int i = 0; i < 10; i++) {
    if (digits[i] > 0) return 0;
  }
  return has_chinese && strcmp(english, chinese) != 0;
}

/* A call that must succeed; says why it did not. `error` is a place: a macro's arguments are
   evaluated in any order. */
static inline int check_ok(wdt_status status, wdt_error **error, const char *about, const char *file,
                           int line) {
  const char *message = wdt_error_message(*error, NULL);
  int holds = check_that(status == WDT_OK && !*error, message ? message : "WDT_OK", about, file, line);
  wdt_error_free(*error);
  *error = NULL;
  return holds;
}

#define CHECK_OK(status, error, about) check_ok((status), &(error), about, __FILE__, __LINE__)

static inline int check_end(const char *test) {
  printf("%s: %lu checks, %lu failed\n", test, check_count, check_failures);
  return check_failures != 0 || check_count == 0;
}

#endif
