/* The parts of the extension and what they share. */
#ifndef PHP_WDT_H
#define PHP_WDT_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stddef.h>

#include "php.h"
#include "zend_smart_str.h"

#include <wdt.h>

#if PHP_VERSION_ID < 80100
#error "the wdt extension needs PHP 8.1 or newer"
#endif

#define PHP_WDT_VERSION "0.1.0"

/* As many arrays and objects may be open at once, and as many bytes long a body may be, as libwdt takes by default. */
#define WDT_MAX_DEPTH 128
#define WDT_MAX_BYTES ((size_t) 32 << 20)

extern zend_module_entry wdt_module_entry;
#define phpext_wdt_ptr &wdt_module_entry

/* A text that people read, in both languages. */
typedef struct {
	const char *en;
	const char *zh;
} wdt_words;

/* A text that C gives as pointer and length. */
#define WDT_TEXT(string) ZSTR_VAL(string), ZSTR_LEN(string)

/* wdt_classes.c: the classes; the order of their properties is that of the enums. */

extern zend_class_entry *wdt_ce_credentials, *wdt_ce_pager, *wdt_ce_decimal, *wdt_ce_request, *wdt_ce_response;
extern zend_class_entry *wdt_ce_report, *wdt_ce_issue, *wdt_ce_explanation, *wdt_ce_call;

enum { PAGER_PAGE_SIZE, PAGER_PAGE_NO, PAGER_CALC_TOTAL };
enum { DECIMAL_TEXT };
enum { REPORT_OK, REPORT_ISSUES, REPORT_OMITTED };
enum { EXPLANATION_CANONICAL, EXPLANATION_LENGTH, EXPLANATION_SIGN };
enum { CALL_SID, CALL_KEY, CALL_METHOD, CALL_TIMESTAMP, CALL_PAGER };

/* wdt_advice.c: what to write instead of an array that was sent as something else. */

/* The PHP values that a body was made of: the arguments, or the second of them alone. NULL: there are none. */
typedef struct {
	HashTable *values;
	bool is_second;
} wdt_given;

/* Advice for an issue of this code at this place, to be put behind its message; NULL for none. */
const wdt_words *wdt_advice(const wdt_given *given, const char *pointer, const char *code);

void wdt_register_classes(void);
/* The handle of Credentials; NULL before its constructor has run, which libwdt refuses. */
const wdt_credentials *wdt_credentials_of(zval *object);
/* These make objects of handles, which they take over. */
void wdt_new_request(zval *out, wdt_request *request);
void wdt_new_response(zval *out, wdt_response *response);
/* The handle of a Response. */
const wdt_response *wdt_response_of(zval *object);
/* The same for a report about arguments that were PHP values (NULL: JSON): with advice on arrays. */
void wdt_new_report(zval *out, wdt_report *report, const wdt_given *given);
/* The same for a report that belongs to typed rows, about a reply. */
void wdt_report_of_rows(zval *out, const wdt_report *report);
/* An array of Issue objects; `given` as above. */
void wdt_new_issues(zval *out, const wdt_report *report, const wdt_given *given);
void wdt_new_issue(zval *out, zend_string *pointer, const char *code, zend_string *message, zend_string *message_zh);
void wdt_set_text(zval *object, uint32_t property, const char *text, size_t len);
/* A `$unixTime`: null means now. */
int64_t wdt_unix_time_or_now(zend_long given, bool is_null);
/* Takes an argument out of the frame, so that no trace shows it. */
void wdt_take_secret(zend_execute_data *execute_data, uint32_t number, zval *secret);
bool wdt_secret_is_string(uint32_t number, zval *secret);

/* wdt_errors.c: the exceptions. */

extern zend_class_entry *wdt_ce_exception, *wdt_ce_credentials_exception, *wdt_ce_validation_exception;
extern zend_class_entry *wdt_ce_api_exception, *wdt_ce_malformed_exception, *wdt_ce_verify_exception;

void wdt_register_exceptions(void);
/* Whether the person's environment asks for Chinese. */
bool wdt_speaks_chinese(void);

/* The text in the person's language. A macro, so that the compiler holds both against their arguments. */
#define WDT_SAY(en, zh) (wdt_speaks_chinese() ? (zh) : (en))
/* Throws what libwdt refused and frees it. `given` as for wdt_new_report. */
void wdt_throw(wdt_error *error, const wdt_given *given);
/* Throws a MalformedResponseException with this text. */
void wdt_throw_malformed(wdt_words words);
/* The same for an error of the server's, which comes with a response. */
void wdt_throw_api(wdt_error *error, wdt_response *response);
/* Throws a ValidationException of issues that the extension found; takes the array over. */
void wdt_throw_issues(zend_string *message, zend_string *message_zh, zval *issues);
/* The same with one issue that is about no place in a body. */
void wdt_throw_issue(const char *code, wdt_words words);

/* wdt_write.c: PHP values to JSON text. */

/* Writes the array of the positional arguments; false with an exception. */
bool wdt_write_args(HashTable *args, smart_str *out);
/* Writes argument `index` alone. */
bool wdt_write_arg(HashTable *arg, zend_ulong index, smart_str *out);
bool wdt_is_json_number(const char *text, size_t len);

/* wdt_read.c: exact JSON text to PHP values; false where the text is no JSON or too deep. */

bool wdt_read_json(const char *text, size_t len, zval *out);
/* The same for typed rows: decimals become Decimal, what stands at one of the `times` a DateTimeImmutable. */
bool wdt_read_rows(const char *text, size_t len, const size_t *times, size_t count, zval *out);

#endif
