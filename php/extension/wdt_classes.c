/* The classes: plain values with readonly properties, and three that hold a handle of libwdt's. */
#include "php_wdt.h"

#include <time.h>

#include "arginfo.h"
#include "zend_exceptions.h"
#include "zend_interfaces.h"
#if PHP_VERSION_ID >= 80200
#include "zend_attributes.h"
#endif

zend_class_entry *wdt_ce_credentials, *wdt_ce_pager, *wdt_ce_decimal, *wdt_ce_request, *wdt_ce_response;
zend_class_entry *wdt_ce_report, *wdt_ce_issue, *wdt_ce_explanation, *wdt_ce_call;

enum { CREDENTIALS_SID, CREDENTIALS_KEY, CREDENTIALS_SALT };
enum { REQUEST_SIGN, REQUEST_TIMESTAMP, REQUEST_QUERY, REQUEST_BODY, REQUEST_HEADERS, REQUEST_WARNINGS };
enum { ISSUE_POINTER, ISSUE_CODE, ISSUE_SEVERITY, ISSUE_MESSAGE, ISSUE_LABEL, ISSUE_MESSAGE_ZH };

typedef struct {
	void *handle;
	zval data; /* of a Response that was asked for it */
	zend_object std;
} holder;

static zend_object_handlers credentials_handlers, request_handlers, response_handlers;

static holder *holder_of(zend_object *object)
{
	return (holder *) ((char *) object - offsetof(holder, std));
}

static zend_object *create(zend_class_entry *ce, const zend_object_handlers *handlers)
{
	holder *made = zend_object_alloc(sizeof(holder), ce);
	made->handle = NULL;
	ZVAL_UNDEF(&made->data);
	zend_object_std_init(&made->std, ce);
	object_properties_init(&made->std, ce);
	made->std.handlers = handlers;
	return &made->std;
}

#define HOLDER(name) \
	static zend_object *create_##name(zend_class_entry *ce) \
	{ \
		return create(ce, &name##_handlers); \
	} \
	static void free_##name(zend_object *object) \
	{ \
		holder *held = holder_of(object); \
		wdt_##name##_free(held->handle); \
		zval_ptr_dtor(&held->data); \
		zend_object_std_dtor(object); \
	}

HOLDER(credentials)
HOLDER(request)
HOLDER(response)

const wdt_credentials *wdt_credentials_of(zval *object)
{
	return holder_of(Z_OBJ_P(object))->handle;
}

void wdt_set_text(zval *object, uint32_t property, const char *text, size_t len)
{
	ZVAL_STRINGL(OBJ_PROP_NUM(Z_OBJ_P(object), property), text == NULL ? "" : text, len);
}

static void set_int(zval *object, uint32_t property, int64_t number)
{
	ZVAL_LONG(OBJ_PROP_NUM(Z_OBJ_P(object), property), (zend_long) number);
}

/* A constructor called by hand a second time would change what is readonly. */
static bool is_constructed(zval *object)
{
	if (Z_TYPE_P(OBJ_PROP_NUM(Z_OBJ_P(object), 0)) == IS_UNDEF) {
		return false;
	}
	zend_throw_error(NULL, WDT_SAY("%s is constructed already", "%s 已经构造过，不能再次调用构造函数"), ZSTR_VAL(Z_OBJCE_P(object)->name));
	return true;
}

int64_t wdt_unix_time_or_now(zend_long given, bool is_null)
{
	return is_null ? (int64_t) time(NULL) : (int64_t) given;
}

void wdt_take_secret(zend_execute_data *execute_data, uint32_t number, zval *secret)
{
	ZVAL_UNDEF(secret);
	if (ZEND_NUM_ARGS() >= number) {
		zval *argument = ZEND_CALL_ARG(execute_data, number);
		ZVAL_COPY_VALUE(secret, argument);
		ZVAL_INTERNED_STR(argument, zend_string_init_interned(ZEND_STRL("***"), 0));
	}
}

bool wdt_secret_is_string(uint32_t number, zval *secret)
{
	if (Z_TYPE_P(secret) == IS_STRING) {
		return true;
	}
	zend_argument_type_error(number, WDT_SAY("must be of type string, %s given", "应为 string，实际是 %s"), zend_zval_type_name(secret));
	return false;
}

static PHP_METHOD(Wdt_Credentials, __construct)
{
	zend_string *sid, *key, *masked;
	zval secret;
	wdt_take_secret(execute_data, 3, &secret);
	ZEND_PARSE_PARAMETERS_START(3, 3)
		Z_PARAM_STR(sid)
		Z_PARAM_STR(key)
		Z_PARAM_STR(masked)
	ZEND_PARSE_PARAMETERS_END_EX(goto done);
	(void) masked;
	if (!wdt_secret_is_string(3, &secret) || is_constructed(ZEND_THIS)) {
		goto done;
	}
	wdt_credentials *made;
	wdt_error *error;
	wdt_credentials_new(WDT_TEXT(sid), WDT_TEXT(key), Z_STRVAL(secret), Z_STRLEN(secret), &made, &error);
	if (error != NULL) {
		wdt_throw(error, NULL);
		goto done;
	}
	holder_of(Z_OBJ_P(ZEND_THIS))->handle = made;
	size_t len;
	const char *text = wdt_credentials_sid(made, &len);
	wdt_set_text(ZEND_THIS, CREDENTIALS_SID, text, len);
	text = wdt_credentials_key(made, &len);
	wdt_set_text(ZEND_THIS, CREDENTIALS_KEY, text, len);
	text = wdt_credentials_salt(made, &len);
	wdt_set_text(ZEND_THIS, CREDENTIALS_SALT, text, len);
done:
	zval_ptr_dtor(&secret);
}

static PHP_METHOD(Wdt_Pager, __construct)
{
	zend_long size, no = 0;
	zval *flag = NULL;
	bool total = false;
	ZEND_PARSE_PARAMETERS_START(1, 3)
		Z_PARAM_LONG(size)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG(no)
		Z_PARAM_ZVAL(flag)
	ZEND_PARSE_PARAMETERS_END();
	/* 1 and 0 as the wire has them, under strict types too; all else as PHP takes a bool. */
	if (flag != NULL && Z_TYPE_P(flag) == IS_LONG && (zend_ulong) Z_LVAL_P(flag) <= 1) {
		total = Z_LVAL_P(flag) == 1;
	} else if (flag != NULL && !zend_parse_arg_bool(flag, &total, NULL, false, 3)) {
		zend_argument_type_error(3, "must be of type bool, %s given", zend_zval_type_name(flag));
		RETURN_THROWS();
	}
	if (is_constructed(ZEND_THIS)) {
		return;
	}
	/* The bounds are libwdt's, so it is asked. */
	wdt_options *options;
	wdt_error *error;
	wdt_options_new(&options, &error);
	if (error == NULL) {
		wdt_options_set_pager(options, size, no, total, &error);
	}
	wdt_options_free(options);
	if (error != NULL) {
		wdt_throw(error, NULL);
		return;
	}
	set_int(ZEND_THIS, PAGER_PAGE_SIZE, size);
	set_int(ZEND_THIS, PAGER_PAGE_NO, no);
	ZVAL_BOOL(OBJ_PROP_NUM(Z_OBJ_P(ZEND_THIS), PAGER_CALC_TOTAL), total);
}

static PHP_METHOD(Wdt_Decimal, __construct)
{
	zend_string *text;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(text)
	ZEND_PARSE_PARAMETERS_END();
	if (is_constructed(ZEND_THIS)) {
		return;
	}
	if (!wdt_is_json_number(WDT_TEXT(text))) {
		wdt_throw_issue("type", (wdt_words) {
			"the text of a Wdt\\Decimal must be a JSON number: 1.0000, -7 or 1e3",
			"Wdt\\Decimal 的文本必须是 JSON 数字：1.0000、-7 或 1e3",
		});
		return;
	}
	wdt_set_text(ZEND_THIS, DECIMAL_TEXT, WDT_TEXT(text));
}

static void return_text(zval *object, uint32_t property, zval *return_value)
{
	zval *text = OBJ_PROP_NUM(Z_OBJ_P(object), property);
	if (Z_TYPE_P(text) == IS_STRING) {
		RETURN_COPY(text);
	}
	RETURN_EMPTY_STRING();
}

static PHP_METHOD(Wdt_Decimal, __toString)
{
	ZEND_PARSE_PARAMETERS_NONE();
	return_text(ZEND_THIS, DECIMAL_TEXT, return_value);
}

static PHP_METHOD(Wdt_Issue, __toString)
{
	ZEND_PARSE_PARAMETERS_NONE();
	return_text(ZEND_THIS, wdt_speaks_chinese() ? ISSUE_MESSAGE_ZH : ISSUE_MESSAGE, return_value);
}

/* Private: the extension alone makes these objects. */
static ZEND_COLD PHP_METHOD(Wdt_Request, __construct)
{
	ZEND_PARSE_PARAMETERS_NONE();
}

static PHP_METHOD(Wdt_Request, url)
{
	zend_string *base;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(base)
	ZEND_PARSE_PARAMETERS_END();
	wdt_text *url;
	wdt_error *error;
	wdt_request_url(holder_of(Z_OBJ_P(ZEND_THIS))->handle, WDT_TEXT(base), &url, &error);
	if (error != NULL) {
		wdt_throw(error, NULL);
		return;
	}
	size_t len;
	const char *text = wdt_text_data(url, &len);
	RETVAL_STRINGL(text, len);
	wdt_text_free(url);
}

static PHP_METHOD(Wdt_Request, signAgain)
{
	zval *credentials;
	zend_long unix_time = 0;
	bool is_now = true;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_OBJECT_OF_CLASS(credentials, wdt_ce_credentials)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG_OR_NULL(unix_time, is_now)
	ZEND_PARSE_PARAMETERS_END();
	wdt_request *again;
	wdt_error *error;
	wdt_request_sign_again(holder_of(Z_OBJ_P(ZEND_THIS))->handle, wdt_credentials_of(credentials),
		wdt_unix_time_or_now(unix_time, is_now), &again, &error);
	if (error != NULL) {
		wdt_throw(error, NULL);
		return;
	}
	wdt_new_request(return_value, again);
}

static PHP_METHOD(Wdt_Response, data)
{
	ZEND_PARSE_PARAMETERS_NONE();
	holder *held = holder_of(Z_OBJ_P(ZEND_THIS));
	if (Z_ISUNDEF(held->data)) {
		size_t len;
		const char *text = wdt_response_data(held->handle, &len);
		zval data;
		ZVAL_NULL(&data);
		if (text != NULL && !wdt_read_json(text, len, &data)) {
			wdt_throw_malformed((wdt_words) {
				"the data cannot be read; rawData() has its text",
				"data 读不出来；原文用 rawData() 取",
			});
			return;
		}
		ZVAL_COPY_VALUE(&held->data, &data);
	}
	RETURN_COPY(&held->data);
}

static PHP_METHOD(Wdt_Response, rawData)
{
	ZEND_PARSE_PARAMETERS_NONE();
	size_t len;
	const char *text = wdt_response_data(holder_of(Z_OBJ_P(ZEND_THIS))->handle, &len);
	if (text == NULL) {
		RETURN_NULL();
	}
	RETURN_STRINGL(text, len);
}

static PHP_METHOD(Wdt_Response, total)
{
	ZEND_PARSE_PARAMETERS_NONE();
	uint64_t total;
	if (!wdt_response_total(holder_of(Z_OBJ_P(ZEND_THIS))->handle, &total)) {
		RETURN_NULL();
	}
	if (total > (uint64_t) ZEND_LONG_MAX) {
		wdt_throw_malformed((wdt_words) {"the total is more than an int holds", "total 超出 int 的范围"});
		return;
	}
	RETURN_LONG((zend_long) total);
}

void wdt_new_request(zval *out, wdt_request *request)
{
	object_init_ex(out, wdt_ce_request);
	holder_of(Z_OBJ_P(out))->handle = request;
	size_t len;
	const char *text = wdt_request_sign(request, &len);
	wdt_set_text(out, REQUEST_SIGN, text, len);
	set_int(out, REQUEST_TIMESTAMP, wdt_request_timestamp(request));
	text = wdt_request_query(request, &len);
	wdt_set_text(out, REQUEST_QUERY, text, len);
	text = wdt_request_body(request, &len);
	wdt_set_text(out, REQUEST_BODY, text, len);
	zval *headers = OBJ_PROP_NUM(Z_OBJ_P(out), REQUEST_HEADERS);
	array_init(headers);
	add_assoc_string(headers, "Content-Type", "application/json");
	wdt_new_issues(OBJ_PROP_NUM(Z_OBJ_P(out), REQUEST_WARNINGS), wdt_request_warnings(request), NULL);
}

const wdt_response *wdt_response_of(zval *object)
{
	return holder_of(Z_OBJ_P(object))->handle;
}

void wdt_new_response(zval *out, wdt_response *response)
{
	object_init_ex(out, wdt_ce_response);
	holder_of(Z_OBJ_P(out))->handle = response;
}

static void set_report(zval *out, const wdt_report *report, const wdt_given *given)
{
	object_init_ex(out, wdt_ce_report);
	ZVAL_BOOL(OBJ_PROP_NUM(Z_OBJ_P(out), REPORT_OK), wdt_report_ok(report));
	wdt_new_issues(OBJ_PROP_NUM(Z_OBJ_P(out), REPORT_ISSUES), report, given);
	set_int(out, REPORT_OMITTED, (int64_t) wdt_report_omitted(report));
}

void wdt_new_report(zval *out, wdt_report *report, const wdt_given *given)
{
	set_report(out, report, given);
	wdt_report_free(report);
}

void wdt_report_of_rows(zval *out, const wdt_report *report)
{
	set_report(out, report, NULL);
}

/* A message of libwdt's, with advice behind it where there is some. */
static void set_message(zval *issue, uint32_t property, const char *message, size_t len, const char *advice)
{
	smart_str text = {0};
	smart_str_appendl(&text, message, len);
	smart_str_appends(&text, advice);
	ZVAL_STR(OBJ_PROP_NUM(Z_OBJ_P(issue), property), smart_str_extract(&text));
}

void wdt_new_issues(zval *out, const wdt_report *report, const wdt_given *given)
{
	array_init(out);
	for (size_t i = 0; i < wdt_report_len(report); i++) {
		zval issue;
		object_init_ex(&issue, wdt_ce_issue);
		size_t len;
		const wdt_words *advice = wdt_advice(given, wdt_report_pointer(report, i, NULL), wdt_report_code(report, i, NULL));
		const char *text = wdt_report_pointer(report, i, &len);
		wdt_set_text(&issue, ISSUE_POINTER, text, len);
		text = wdt_report_code(report, i, &len);
		wdt_set_text(&issue, ISSUE_CODE, text, len);
		text = wdt_report_is_error(report, i) ? "error" : "warning";
		wdt_set_text(&issue, ISSUE_SEVERITY, text, strlen(text));
		text = wdt_report_message(report, i, &len);
		set_message(&issue, ISSUE_MESSAGE, text, len, advice == NULL ? "" : advice->en);
		text = wdt_report_message_zh(report, i, &len);
		set_message(&issue, ISSUE_MESSAGE_ZH, text, len, advice == NULL ? "" : advice->zh);
		text = wdt_report_label(report, i, &len);
		wdt_set_text(&issue, ISSUE_LABEL, text, len);
		zend_hash_next_index_insert(Z_ARRVAL_P(out), &issue);
	}
}

void wdt_new_issue(zval *out, zend_string *pointer, const char *code, zend_string *message, zend_string *message_zh)
{
	object_init_ex(out, wdt_ce_issue);
	wdt_set_text(out, ISSUE_POINTER, WDT_TEXT(pointer));
	wdt_set_text(out, ISSUE_CODE, code, strlen(code));
	wdt_set_text(out, ISSUE_SEVERITY, ZEND_STRL("error"));
	wdt_set_text(out, ISSUE_MESSAGE, WDT_TEXT(message));
	wdt_set_text(out, ISSUE_LABEL, "", 0);
	wdt_set_text(out, ISSUE_MESSAGE_ZH, WDT_TEXT(message_zh));
}

static const zend_function_entry credentials_methods[] = {
	PHP_ME(Wdt_Credentials, __construct, arginfo_wdt_credentials, ZEND_ACC_PUBLIC)
	PHP_FE_END
};

static const zend_function_entry pager_methods[] = {
	PHP_ME(Wdt_Pager, __construct, arginfo_wdt_pager, ZEND_ACC_PUBLIC)
	PHP_FE_END
};

static const zend_function_entry decimal_methods[] = {
	PHP_ME(Wdt_Decimal, __construct, arginfo_wdt_decimal, ZEND_ACC_PUBLIC)
	PHP_ME(Wdt_Decimal, __toString, arginfo_wdt_returns_string, ZEND_ACC_PUBLIC)
	PHP_FE_END
};

static const zend_function_entry request_methods[] = {
	PHP_ME(Wdt_Request, __construct, arginfo_wdt_nothing, ZEND_ACC_PRIVATE)
	PHP_ME(Wdt_Request, url, arginfo_wdt_url, ZEND_ACC_PUBLIC)
	PHP_ME(Wdt_Request, signAgain, arginfo_wdt_sign_again, ZEND_ACC_PUBLIC)
	PHP_FE_END
};

static const zend_function_entry response_methods[] = {
	ZEND_MALIAS(Wdt_Request, __construct, __construct, arginfo_wdt_nothing, ZEND_ACC_PRIVATE)
	PHP_ME(Wdt_Response, data, arginfo_wdt_returns_mixed, ZEND_ACC_PUBLIC)
	PHP_ME(Wdt_Response, rawData, arginfo_wdt_returns_string_or_null, ZEND_ACC_PUBLIC)
	PHP_ME(Wdt_Response, total, arginfo_wdt_returns_int_or_null, ZEND_ACC_PUBLIC)
	PHP_FE_END
};

static const zend_function_entry issue_methods[] = {
	ZEND_MALIAS(Wdt_Request, __construct, __construct, arginfo_wdt_nothing, ZEND_ACC_PRIVATE)
	PHP_ME(Wdt_Issue, __toString, arginfo_wdt_returns_string, ZEND_ACC_PUBLIC)
	PHP_FE_END
};

static const zend_function_entry value_methods[] = {
	ZEND_MALIAS(Wdt_Request, __construct, __construct, arginfo_wdt_nothing, ZEND_ACC_PRIVATE)
	PHP_FE_END
};

static zend_class_entry *declare(const char *name, const zend_function_entry *methods)
{
	zend_class_entry ce;
	INIT_CLASS_ENTRY_EX(ce, name, strlen(name), methods);
	zend_class_entry *made = zend_register_internal_class(&ce);
	made->ce_flags |= ZEND_ACC_FINAL | ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	return made;
}

static void declare_readonly(zend_class_entry *ce, const char *name, zend_type type)
{
	zval nothing;
	ZVAL_UNDEF(&nothing);
	zend_string *interned = zend_string_init_interned(name, strlen(name), 1);
	zend_declare_typed_property(ce, interned, &nothing, ZEND_ACC_PUBLIC | ZEND_ACC_READONLY, NULL, type);
	zend_string_release(interned);
}

#define READONLY(ce, name, mask) declare_readonly(ce, name, (zend_type) ZEND_TYPE_INIT_MASK(mask))

/* A handle has one owner and means nothing outside the process. */
static void holds_handle(zend_class_entry *ce, zend_object_handlers *handlers, void (*free_obj)(zend_object *))
{
	ce->ce_flags |= ZEND_ACC_NOT_SERIALIZABLE;
	memcpy(handlers, zend_get_std_object_handlers(), sizeof(*handlers));
	handlers->offset = offsetof(holder, std);
	handlers->free_obj = free_obj;
	handlers->clone_obj = NULL;
}

void wdt_register_classes(void)
{
	wdt_ce_credentials = declare("Wdt\\Credentials", credentials_methods);
	wdt_ce_credentials->create_object = create_credentials;
	holds_handle(wdt_ce_credentials, &credentials_handlers, free_credentials);
	READONLY(wdt_ce_credentials, "sid", MAY_BE_STRING);
	READONLY(wdt_ce_credentials, "key", MAY_BE_STRING);
	READONLY(wdt_ce_credentials, "salt", MAY_BE_STRING);
#if PHP_VERSION_ID >= 80200
	zend_add_parameter_attribute(wdt_ce_credentials->constructor, 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
#endif

	wdt_ce_pager = declare("Wdt\\Pager", pager_methods);
	READONLY(wdt_ce_pager, "pageSize", MAY_BE_LONG);
	READONLY(wdt_ce_pager, "pageNo", MAY_BE_LONG);
	READONLY(wdt_ce_pager, "calcTotal", MAY_BE_BOOL);

	wdt_ce_decimal = declare("Wdt\\Decimal", decimal_methods);
	zend_class_implements(wdt_ce_decimal, 1, zend_ce_stringable);
	READONLY(wdt_ce_decimal, "text", MAY_BE_STRING);

	wdt_ce_request = declare("Wdt\\Request", request_methods);
	wdt_ce_request->create_object = create_request;
	holds_handle(wdt_ce_request, &request_handlers, free_request);
	READONLY(wdt_ce_request, "sign", MAY_BE_STRING);
	READONLY(wdt_ce_request, "timestamp", MAY_BE_LONG);
	READONLY(wdt_ce_request, "query", MAY_BE_STRING);
	READONLY(wdt_ce_request, "body", MAY_BE_STRING);
	READONLY(wdt_ce_request, "headers", MAY_BE_ARRAY);
	READONLY(wdt_ce_request, "warnings", MAY_BE_ARRAY);

	wdt_ce_response = declare("Wdt\\Response", response_methods);
	wdt_ce_response->create_object = create_response;
	holds_handle(wdt_ce_response, &response_handlers, free_response);

	wdt_ce_report = declare("Wdt\\Report", value_methods);
	READONLY(wdt_ce_report, "ok", MAY_BE_BOOL);
	READONLY(wdt_ce_report, "issues", MAY_BE_ARRAY);
	READONLY(wdt_ce_report, "omitted", MAY_BE_LONG);

	wdt_ce_issue = declare("Wdt\\Issue", issue_methods);
	zend_class_implements(wdt_ce_issue, 1, zend_ce_stringable);
	READONLY(wdt_ce_issue, "pointer", MAY_BE_STRING);
	READONLY(wdt_ce_issue, "code", MAY_BE_STRING);
	READONLY(wdt_ce_issue, "severity", MAY_BE_STRING);
	READONLY(wdt_ce_issue, "message", MAY_BE_STRING);
	READONLY(wdt_ce_issue, "label", MAY_BE_STRING);
	READONLY(wdt_ce_issue, "messageZh", MAY_BE_STRING);

	wdt_ce_explanation = declare("Wdt\\Explanation", value_methods);
	READONLY(wdt_ce_explanation, "canonical", MAY_BE_STRING);
	READONLY(wdt_ce_explanation, "length", MAY_BE_LONG);
	READONLY(wdt_ce_explanation, "sign", MAY_BE_STRING);

	wdt_ce_call = declare("Wdt\\Call", value_methods);
	READONLY(wdt_ce_call, "sid", MAY_BE_STRING);
	READONLY(wdt_ce_call, "key", MAY_BE_STRING);
	READONLY(wdt_ce_call, "method", MAY_BE_STRING);
	READONLY(wdt_ce_call, "timestamp", MAY_BE_LONG);
	zend_string *pager = zend_string_init_interned(ZEND_STRL("Wdt\\Pager"), 1);
	declare_readonly(wdt_ce_call, "pager", (zend_type) ZEND_TYPE_INIT_CLASS(pager, 1, 0));
}
