/* The exceptions, and what libwdt refuses as one of them. */
#include "php_wdt.h"

#include "arginfo.h"
#include "zend_exceptions.h"

zend_class_entry *wdt_ce_exception, *wdt_ce_credentials_exception, *wdt_ce_validation_exception;
zend_class_entry *wdt_ce_api_exception, *wdt_ce_malformed_exception, *wdt_ce_verify_exception;

#define GETTER(class_name, method, ce, property) \
	static PHP_METHOD(class_name, method) \
	{ \
		ZEND_PARSE_PARAMETERS_NONE(); \
		zval holder; \
		RETURN_COPY_DEREF(zend_read_property(ce, Z_OBJ_P(ZEND_THIS), ZEND_STRL(property), 0, &holder)); \
	}

bool wdt_speaks_chinese(void)
{
	return wdt_language_of_environment() == WDT_LANGUAGE_CHINESE;
}

/* The message in one language; that of an exception that a program made itself has one only. */
static void return_message(zval *object, const char *property, zval *return_value)
{
	zval holder;
	zval *text = zend_read_property(wdt_ce_exception, Z_OBJ_P(object), property, strlen(property), 0, &holder);
	ZVAL_DEREF(text);
	if (Z_TYPE_P(text) != IS_STRING || Z_STRLEN_P(text) == 0) {
		text = zend_read_property(zend_ce_exception, Z_OBJ_P(object), ZEND_STRL("message"), 0, &holder);
	}
	RETVAL_STR(zval_get_string(text));
}

static PHP_METHOD(Wdt_WdtException, getMessageEn)
{
	ZEND_PARSE_PARAMETERS_NONE();
	return_message(ZEND_THIS, "messageEn", return_value);
}

static PHP_METHOD(Wdt_WdtException, getMessageZh)
{
	ZEND_PARSE_PARAMETERS_NONE();
	return_message(ZEND_THIS, "messageZh", return_value);
}

GETTER(Wdt_ValidationException, getIssues, wdt_ce_validation_exception, "issues")
GETTER(Wdt_ValidationException, getOmitted, wdt_ce_validation_exception, "omitted")
GETTER(Wdt_ApiException, getStatus, wdt_ce_api_exception, "status")
GETTER(Wdt_ApiException, getKind, wdt_ce_api_exception, "kind")
GETTER(Wdt_ApiException, getServerMessage, wdt_ce_api_exception, "serverMessage")
GETTER(Wdt_ApiException, isRetryable, wdt_ce_api_exception, "retryable")
GETTER(Wdt_ApiException, getData, wdt_ce_api_exception, "data")
GETTER(Wdt_MalformedResponseException, getBody, wdt_ce_malformed_exception, "body")
GETTER(Wdt_VerifyException, getCheck, wdt_ce_verify_exception, "check")
GETTER(Wdt_VerifyException, getStatus, wdt_ce_verify_exception, "status")
GETTER(Wdt_VerifyException, getVendorMessage, wdt_ce_verify_exception, "vendorMessage")

static const zend_function_entry no_methods[] = {PHP_FE_END};

static const zend_function_entry base_methods[] = {
	PHP_ME(Wdt_WdtException, getMessageEn, arginfo_wdt_returns_string, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_ME(Wdt_WdtException, getMessageZh, arginfo_wdt_returns_string, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_FE_END
};

static const zend_function_entry validation_methods[] = {
	PHP_ME(Wdt_ValidationException, getIssues, arginfo_wdt_returns_array, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_ME(Wdt_ValidationException, getOmitted, arginfo_wdt_returns_int, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_FE_END
};

static const zend_function_entry api_methods[] = {
	PHP_ME(Wdt_ApiException, getStatus, arginfo_wdt_returns_int, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_ME(Wdt_ApiException, getKind, arginfo_wdt_returns_string, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_ME(Wdt_ApiException, getServerMessage, arginfo_wdt_returns_string, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_ME(Wdt_ApiException, isRetryable, arginfo_wdt_returns_bool, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_ME(Wdt_ApiException, getData, arginfo_wdt_returns_mixed, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_FE_END
};

static const zend_function_entry malformed_methods[] = {
	PHP_ME(Wdt_MalformedResponseException, getBody, arginfo_wdt_returns_string, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_FE_END
};

static const zend_function_entry verify_methods[] = {
	PHP_ME(Wdt_VerifyException, getCheck, arginfo_wdt_returns_string, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_ME(Wdt_VerifyException, getStatus, arginfo_wdt_returns_int, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_ME(Wdt_VerifyException, getVendorMessage, arginfo_wdt_returns_string, ZEND_ACC_PUBLIC | ZEND_ACC_FINAL)
	PHP_FE_END
};

static zend_class_entry *declare(const char *name, const zend_function_entry *methods, zend_class_entry *parent)
{
	zend_class_entry ce;
	INIT_CLASS_ENTRY_EX(ce, name, strlen(name), methods);
	return zend_register_internal_class_ex(&ce, parent);
}

static void declare_private(zend_class_entry *ce, const char *name, uint32_t type, zval *initial)
{
	zend_string *interned = zend_string_init_interned(name, strlen(name), 1);
	zend_declare_typed_property(ce, interned, initial, ZEND_ACC_PRIVATE, NULL, (zend_type) ZEND_TYPE_INIT_MASK(type));
	zend_string_release(interned);
}

void wdt_register_exceptions(void)
{
	zval none, zero, no_text, no, empty;
	ZVAL_NULL(&none);
	ZVAL_LONG(&zero, 0);
	ZVAL_EMPTY_STRING(&no_text);
	ZVAL_FALSE(&no);
	ZVAL_EMPTY_ARRAY(&empty);

	wdt_ce_exception = declare("Wdt\\WdtException", base_methods, zend_ce_exception);
	declare_private(wdt_ce_exception, "messageEn", MAY_BE_STRING, &no_text);
	declare_private(wdt_ce_exception, "messageZh", MAY_BE_STRING, &no_text);
	wdt_ce_credentials_exception = declare("Wdt\\CredentialsException", no_methods, wdt_ce_exception);

	wdt_ce_validation_exception = declare("Wdt\\ValidationException", validation_methods, wdt_ce_exception);
	declare_private(wdt_ce_validation_exception, "issues", MAY_BE_ARRAY, &empty);
	declare_private(wdt_ce_validation_exception, "omitted", MAY_BE_LONG, &zero);

	wdt_ce_api_exception = declare("Wdt\\ApiException", api_methods, wdt_ce_exception);
	declare_private(wdt_ce_api_exception, "status", MAY_BE_LONG, &zero);
	declare_private(wdt_ce_api_exception, "kind", MAY_BE_STRING, &no_text);
	declare_private(wdt_ce_api_exception, "serverMessage", MAY_BE_STRING, &no_text);
	declare_private(wdt_ce_api_exception, "retryable", MAY_BE_BOOL, &no);
	declare_private(wdt_ce_api_exception, "data", MAY_BE_ANY, &none);

	wdt_ce_malformed_exception = declare("Wdt\\MalformedResponseException", malformed_methods, wdt_ce_exception);
	declare_private(wdt_ce_malformed_exception, "body", MAY_BE_STRING, &no_text);

	wdt_ce_verify_exception = declare("Wdt\\VerifyException", verify_methods, wdt_ce_exception);
	declare_private(wdt_ce_verify_exception, "check", MAY_BE_STRING, &no_text);
	declare_private(wdt_ce_verify_exception, "status", MAY_BE_LONG, &zero);
	declare_private(wdt_ce_verify_exception, "vendorMessage", MAY_BE_STRING, &no_text);
}

static void set_text(zend_class_entry *ce, zval *object, const char *name, const char *text, size_t len)
{
	zend_update_property_stringl(ce, Z_OBJ_P(object), name, strlen(name), text == NULL ? "" : text, len);
}

static void set_int(zend_class_entry *ce, zval *object, const char *name, int64_t number)
{
	zend_update_property_long(ce, Z_OBJ_P(object), name, strlen(name), (zend_long) number);
}

/* An exception with its messages and code, not yet thrown. The person's language is what getMessage() gives. */
static void make(zval *object, zend_class_entry *ce, zend_string *en, zend_string *zh, int64_t code)
{
	object_init_ex(object, ce);
	zend_string *shown = wdt_speaks_chinese() ? zh : en;
	set_text(zend_ce_exception, object, "message", WDT_TEXT(shown));
	set_text(wdt_ce_exception, object, "messageEn", WDT_TEXT(en));
	set_text(wdt_ce_exception, object, "messageZh", WDT_TEXT(zh));
	set_int(zend_ce_exception, object, "code", code);
}

/* The same of what libwdt says. */
static void make_of(zval *object, zend_class_entry *ce, const wdt_error *error, int64_t code)
{
	size_t len = 0, zh_len = 0;
	const char *en = wdt_error_message(error, &len), *zh = wdt_error_message_zh(error, &zh_len);
	zend_string *english = zend_string_init(en, len, 0), *chinese = zend_string_init(zh, zh_len, 0);
	make(object, ce, english, chinese, code);
	zend_string_release(english);
	zend_string_release(chinese);
}

/* Puts each piece of advice that the issues got behind the line of its issue. */
static zend_string *advised(const char *message, size_t len, const wdt_report *report, const wdt_given *given, bool zh)
{
	smart_str text = {0};
	const char *at = message, *end = message + len;
	for (size_t i = 0; i < wdt_report_len(report); i++) {
		const wdt_words *advice = wdt_advice(given, wdt_report_pointer(report, i, NULL), wdt_report_code(report, i, NULL));
		size_t line_len;
		const char *line = zh ? wdt_report_message_zh(report, i, &line_len) : wdt_report_message(report, i, &line_len);
		const char *found = zend_memnstr(at, line, line_len, end);
		if (found == NULL) {
			continue;
		}
		smart_str_appendl(&text, at, (size_t) (found - at) + line_len);
		at = found + line_len;
		if (advice != NULL) {
			smart_str_appends(&text, zh ? advice->zh : advice->en);
		}
	}
	smart_str_appendl(&text, at, (size_t) (end - at));
	return smart_str_extract(&text);
}

static void make_validation(zval *object, const wdt_error *error, const wdt_given *given)
{
	const wdt_report *report = wdt_error_report(error);
	size_t len = 0, zh_len = 0;
	const char *en = wdt_error_message(error, &len), *zh = wdt_error_message_zh(error, &zh_len);
	zend_string *english = advised(en, len, report, given, false), *chinese = advised(zh, zh_len, report, given, true);
	make(object, wdt_ce_validation_exception, english, chinese, 0);
	zend_string_release(english);
	zend_string_release(chinese);
	zval issues;
	wdt_new_issues(&issues, report, given);
	zend_update_property(wdt_ce_validation_exception, Z_OBJ_P(object), ZEND_STRL("issues"), &issues);
	set_int(wdt_ce_validation_exception, object, "omitted", (int64_t) wdt_report_omitted(report));
	zval_ptr_dtor(&issues);
}

void wdt_throw(wdt_error *error, const wdt_given *given)
{
	size_t text_len = 0;
	const char *text;
	zval object;
	switch (wdt_error_code(error)) {
		case WDT_ERR_CREDENTIALS:
			make_of(&object, wdt_ce_credentials_exception, error, 0);
			break;
		case WDT_ERR_VALIDATION:
			make_validation(&object, error, given);
			break;
		case WDT_ERR_MALFORMED:
			make_of(&object, wdt_ce_malformed_exception, error, 0);
			text = wdt_error_body(error, &text_len);
			set_text(wdt_ce_malformed_exception, &object, "body", text, text_len);
			break;
		case WDT_ERR_VERIFY:
			make_of(&object, wdt_ce_verify_exception, error, wdt_error_vendor_status(error));
			text = wdt_error_check(error, &text_len);
			set_text(wdt_ce_verify_exception, &object, "check", text, text_len);
			set_int(wdt_ce_verify_exception, &object, "status", wdt_error_vendor_status(error));
			text = wdt_error_vendor_message(error, &text_len);
			set_text(wdt_ce_verify_exception, &object, "vendorMessage", text, text_len);
			break;
		default:
			make_of(&object, wdt_ce_exception, error, 0);
	}
	wdt_error_free(error);
	zend_throw_exception_object(&object);
}

void wdt_throw_malformed(wdt_words words)
{
	zend_string *en = zend_string_init(words.en, strlen(words.en), 0);
	zend_string *zh = zend_string_init(words.zh, strlen(words.zh), 0);
	zval object;
	make(&object, wdt_ce_malformed_exception, en, zh, 0);
	zend_string_release(en);
	zend_string_release(zh);
	zend_throw_exception_object(&object);
}

void wdt_throw_api(wdt_error *error, wdt_response *response)
{
	zend_class_entry *ce = wdt_ce_api_exception;
	size_t len = 0;
	zval object;
	make_of(&object, ce, error, wdt_response_status(response));
	set_int(ce, &object, "status", wdt_response_status(response));
	const char *text = wdt_response_kind(response, &len);
	set_text(ce, &object, "kind", text, len);
	text = wdt_response_message(response, &len);
	set_text(ce, &object, "serverMessage", text, len);
	zend_update_property_bool(ce, Z_OBJ(object), ZEND_STRL("retryable"), wdt_response_retryable(response));
	text = wdt_response_data(response, &len);
	zval data;
	/* libwdt has parsed the text already; should the two ever disagree, the error still gets through. */
	if (text != NULL && wdt_read_json(text, len, &data)) {
		zend_update_property(ce, Z_OBJ(object), ZEND_STRL("data"), &data);
		zval_ptr_dtor(&data);
	}
	wdt_response_free(response);
	wdt_error_free(error);
	zend_throw_exception_object(&object);
}

void wdt_throw_issues(zend_string *message, zend_string *message_zh, zval *issues)
{
	zval object;
	make(&object, wdt_ce_validation_exception, message, message_zh, 0);
	zend_update_property(wdt_ce_validation_exception, Z_OBJ(object), ZEND_STRL("issues"), issues);
	zval_ptr_dtor(issues);
	zend_throw_exception_object(&object);
}

void wdt_throw_issue(const char *code, wdt_words words)
{
	zend_string *en = zend_string_init(words.en, strlen(words.en), 0);
	zend_string *zh = zend_string_init(words.zh, strlen(words.zh), 0);
	zval issues, issue;
	array_init(&issues);
	wdt_new_issue(&issue, ZSTR_EMPTY_ALLOC(), code, en, zh);
	zend_hash_next_index_insert(Z_ARRVAL(issues), &issue);
	wdt_throw_issues(en, zh, &issues);
	zend_string_release(en);
	zend_string_release(zh);
}
