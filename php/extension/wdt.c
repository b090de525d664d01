/* The functions of the extension. Each takes PHP values apart, calls libwdt, and makes PHP values of what it gives. */
#include "php_wdt.h"

#include "ext/standard/info.h"
#include "arginfo.h"
#include "zend_exceptions.h"
#if PHP_VERSION_ID >= 80200
#include "zend_attributes.h"
#endif

/* Argument `number` is the level; NULL for one that is left out. */
static bool parse_level(zend_string *text, uint32_t number, int32_t *level)
{
	if (text == NULL || zend_string_equals_literal(text, "documented")) {
		*level = WDT_LEVEL_DOCUMENTED;
	} else if (zend_string_equals_literal(text, "strict")) {
		*level = WDT_LEVEL_STRICT;
	} else if (zend_string_equals_literal(text, "off")) {
		*level = WDT_LEVEL_OFF;
	} else {
		zend_argument_value_error(number, "%s", WDT_SAY("must be \"documented\", \"strict\" or \"off\"",
			"只能是 \"documented\"、\"strict\" 或 \"off\""));
		return false;
	}
	return true;
}

/* Throws the error, if there is one; `given` are the PHP values that it is about, or NULL. */
static bool is_good_for(wdt_error *error, const wdt_given *given)
{
	if (error != NULL) {
		wdt_throw(error, given);
		return false;
	}
	return true;
}

static bool is_good(wdt_error *error)
{
	return is_good_for(error, NULL);
}

/* Options of a pager, which may be NULL, and of the level that is argument `number`. */
static bool make_options(zval *pager, zend_string *level_text, uint32_t number, wdt_options **options)
{
	int32_t level;
	*options = NULL;
	if (!parse_level(level_text, number, &level)) {
		return false;
	}
	wdt_error *error;
	wdt_options_new(options, &error);
	if (error == NULL) {
		wdt_options_set_level(*options, level, &error);
	}
	if (error == NULL && pager != NULL) {
		zval *size = OBJ_PROP_NUM(Z_OBJ_P(pager), PAGER_PAGE_SIZE);
		zval *no = OBJ_PROP_NUM(Z_OBJ_P(pager), PAGER_PAGE_NO);
		zval *total = OBJ_PROP_NUM(Z_OBJ_P(pager), PAGER_CALC_TOTAL);
		if (Z_TYPE_P(size) != IS_LONG || Z_TYPE_P(no) != IS_LONG) {
			/* Reflection can leave the constructor out. */
			zend_throw_error(NULL, "%s", WDT_SAY("the Wdt\\Pager is not constructed", "Wdt\\Pager 没有构造完成"));
			wdt_options_free(*options);
			return false;
		}
		wdt_options_set_pager(*options, Z_LVAL_P(size), Z_LVAL_P(no), Z_TYPE_P(total) == IS_TRUE, &error);
	}
	if (!is_good(error)) {
		wdt_options_free(*options);
		return false;
	}
	return true;
}

/* The body of arguments that are an array or JSON already; to be released. NULL with an exception. */
static zend_string *make_body(HashTable *args, zend_string *json)
{
	if (json != NULL) {
		return zend_string_copy(json);
	}
	smart_str body = {0};
	return wdt_write_args(args, &body) ? smart_str_extract(&body) : NULL;
}

static PHP_FUNCTION(Wdt_build_request)
{
	zval *credentials, *pager = NULL;
	zend_string *method, *json = NULL, *level = NULL;
	HashTable *args = NULL;
	zend_long unix_time = 0;
	bool is_now = true;
	ZEND_PARSE_PARAMETERS_START(3, 6)
		Z_PARAM_OBJECT_OF_CLASS(credentials, wdt_ce_credentials)
		Z_PARAM_STR(method)
		Z_PARAM_ARRAY_HT_OR_STR(args, json)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(pager, wdt_ce_pager)
		Z_PARAM_LONG_OR_NULL(unix_time, is_now)
		Z_PARAM_STR(level)
	ZEND_PARSE_PARAMETERS_END();

	wdt_options *options;
	if (!make_options(pager, level, 6, &options)) {
		return;
	}
	zend_string *body = make_body(args, json);
	if (body != NULL) {
		wdt_request *request;
		wdt_error *error;
		wdt_request_build(wdt_credentials_of(credentials), WDT_TEXT(method), WDT_TEXT(body),
			wdt_unix_time_or_now(unix_time, is_now), NULL, options, &request, &error);
		if (is_good_for(error, &(wdt_given) {args, false})) {
			wdt_new_request(return_value, request);
		}
		zend_string_release(body);
	}
	wdt_options_free(options);
}

static PHP_FUNCTION(Wdt_validate)
{
	zend_string *method, *json = NULL, *level = NULL;
	HashTable *args = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 3)
		Z_PARAM_STR(method)
		Z_PARAM_ARRAY_HT_OR_STR(args, json)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(level)
	ZEND_PARSE_PARAMETERS_END();

	wdt_options *options;
	if (!make_options(NULL, level, 3, &options)) {
		return;
	}
	zend_string *body = make_body(args, json);
	if (body != NULL) {
		wdt_report *report;
		wdt_error *error;
		wdt_validate(NULL, WDT_TEXT(method), WDT_TEXT(body), options, &report, &error);
		if (is_good(error)) {
			wdt_new_report(return_value, report, &(wdt_given) {args, false});
		}
		zend_string_release(body);
	}
	wdt_options_free(options);
}

static PHP_FUNCTION(Wdt_parse_response)
{
	zend_string *body;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(body)
	ZEND_PARSE_PARAMETERS_END();

	wdt_response *response;
	wdt_error *error;
	wdt_status status = wdt_response_parse(WDT_TEXT(body), NULL, &response, &error);
	if (status == WDT_ERR_API) {
		wdt_throw_api(error, response);
	} else if (is_good(error)) {
		wdt_new_response(return_value, response);
	}
}

static PHP_FUNCTION(Wdt_typed_rows)
{
	zend_string *method, *json = NULL;
	HashTable *given = NULL;
	zval *report = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 3)
		Z_PARAM_STR(method)
		Z_PARAM_ARRAY_HT_OR_STR(given, json)
		Z_PARAM_OPTIONAL
		Z_PARAM_ZVAL(report)
	ZEND_PARSE_PARAMETERS_END();

	zend_string *text = make_body(given, json);
	if (text == NULL) {
		return;
	}
	wdt_rows *rows;
	wdt_error *error;
	wdt_typed_rows(WDT_TEXT(method), WDT_TEXT(text), NULL, &rows, &error);
	zend_string_release(text);
	if (!is_good(error)) {
		return;
	}
	size_t len, count;
	const char *typed = wdt_rows_json(rows, &len);
	const size_t *times = wdt_rows_times(rows, &count);
	if (!wdt_read_rows(typed, len, times, count, return_value)) {
		zend_throw_error(NULL, "%s", WDT_SAY("the rows nest too deep", "数据行嵌套太深"));
	} else if (report != NULL) {
		zval made;
		wdt_report_of_rows(&made, wdt_rows_report(rows));
		ZEND_TRY_ASSIGN_REF_TMP(report, &made);
	}
	wdt_rows_free(rows);
}

static void add_text(zval *row, const char *name, const char *text, size_t len)
{
	add_assoc_stringl(row, name, text == NULL ? "" : text, len);
}

static PHP_FUNCTION(Wdt_failures)
{
	zval *response;
	zend_string *method = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_OBJECT_OF_CLASS(response, wdt_ce_response)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(method)
	ZEND_PARSE_PARAMETERS_END();

	wdt_failures *failures;
	wdt_error *error;
	wdt_failures_find(wdt_response_of(response), method == NULL ? "" : ZSTR_VAL(method), method == NULL ? 0 : ZSTR_LEN(method),
		NULL, &failures, &error);
	if (!is_good(error)) {
		return;
	}
	size_t count = wdt_failures_len(failures);
	array_init_size(return_value, (uint32_t) count);
	for (size_t i = 0; i < count; i++) {
		zval row;
		size_t len;
		array_init_size(&row, 3);
		const char *text = wdt_failures_key(failures, i, &len);
		add_text(&row, "key", text, len);
		text = wdt_failures_code(failures, i, &len);
		add_text(&row, "code", text, len);
		text = wdt_failures_message(failures, i, &len);
		add_text(&row, "message", text, len);
		add_next_index_zval(return_value, &row);
	}
	wdt_failures_free(failures);
}

static PHP_FUNCTION(Wdt_sign)
{
	zend_string *masked;
	HashTable *params;
	zval secret;
	wdt_take_secret(execute_data, 1, &secret);
	ZEND_PARSE_PARAMETERS_START(2, 2)
		Z_PARAM_STR(masked)
		Z_PARAM_ARRAY_HT(params)
	ZEND_PARSE_PARAMETERS_END_EX(zval_ptr_dtor(&secret); return);
	(void) masked;
	if (!wdt_secret_is_string(1, &secret)) {
		zval_ptr_dtor(&secret);
		return;
	}

	/* The texts are kept until the end: keys and values that are ints have none of their own. */
	size_t count = zend_hash_num_elements(params), filled = 0;
	wdt_parameter *rows = safe_emalloc(count + 1, sizeof(*rows), 0);
	zend_string **texts = safe_emalloc(2 * count + 1, sizeof(*texts), 0);
	zend_ulong index;
	zend_string *key;
	zval *value;
	bool good = true;
	ZEND_HASH_FOREACH_KEY_VAL(params, index, key, value) {
		ZVAL_DEREF(value);
		if (Z_TYPE_P(value) != IS_STRING && Z_TYPE_P(value) != IS_LONG) {
			zend_argument_type_error(2, WDT_SAY("must hold only strings and ints, %s given",
				"只能包含字符串和整数，实际是 %s"), zend_zval_type_name(value));
			good = false;
			break;
		}
		zend_string *name = key != NULL ? zend_string_copy(key) : zend_long_to_str((zend_long) index);
		zend_string *text = zval_get_string(value);
		rows[filled] = (wdt_parameter) {WDT_TEXT(name), WDT_TEXT(text)};
		texts[2 * filled] = name;
		texts[2 * filled + 1] = text;
		filled++;
	} ZEND_HASH_FOREACH_END();
	if (good) {
		wdt_text *sign;
		wdt_error *error;
		wdt_sign(Z_STRVAL(secret), Z_STRLEN(secret), rows, filled, &sign, &error);
		if (is_good(error)) {
			size_t len;
			const char *text = wdt_text_data(sign, &len);
			RETVAL_STRINGL(text, len);
			wdt_text_free(sign);
		}
	}
	for (size_t i = 0; i < 2 * filled; i++) {
		zend_string_release(texts[i]);
	}
	efree(texts);
	efree(rows);
	zval_ptr_dtor(&secret);
}

static PHP_FUNCTION(Wdt_explain)
{
	zval *credentials, *pager = NULL;
	zend_string *method, *json = NULL;
	HashTable *args = NULL;
	zend_long unix_time = 0;
	bool is_now = true;
	ZEND_PARSE_PARAMETERS_START(3, 5)
		Z_PARAM_OBJECT_OF_CLASS(credentials, wdt_ce_credentials)
		Z_PARAM_STR(method)
		Z_PARAM_ARRAY_HT_OR_STR(args, json)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(pager, wdt_ce_pager)
		Z_PARAM_LONG_OR_NULL(unix_time, is_now)
	ZEND_PARSE_PARAMETERS_END();

	wdt_options *options;
	if (!make_options(pager, NULL, 0, &options)) {
		return;
	}
	zend_string *body = make_body(args, json);
	if (body != NULL) {
		wdt_explanation *explanation;
		wdt_error *error;
		wdt_explain(wdt_credentials_of(credentials), WDT_TEXT(method), WDT_TEXT(body),
			wdt_unix_time_or_now(unix_time, is_now), options, &explanation, &error);
		if (is_good_for(error, &(wdt_given) {args, false})) {
			object_init_ex(return_value, wdt_ce_explanation);
			size_t len;
			const char *text = wdt_explanation_canonical(explanation, &len);
			wdt_set_text(return_value, EXPLANATION_CANONICAL, text, len);
			zval *length = OBJ_PROP_NUM(Z_OBJ_P(return_value), EXPLANATION_LENGTH);
			ZVAL_LONG(length, (zend_long) wdt_explanation_length(explanation));
			text = wdt_explanation_sign(explanation, &len);
			wdt_set_text(return_value, EXPLANATION_SIGN, text, len);
			wdt_explanation_free(explanation);
		}
		zend_string_release(body);
	}
	wdt_options_free(options);
}

typedef struct {
	zend_fcall_info call;
	zend_fcall_info_cache cache;
	zval answer; /* readable until wdt_verify has returned */
	bool bailed;
} lookup;

static int32_t look_up(void *context, const char *sid, size_t sid_len, const char *key, size_t key_len,
	const char **app_secret, size_t *app_secret_len)
{
	lookup *to = context;
	zval arguments[2];
	ZVAL_STRINGL(&arguments[0], sid, sid_len);
	ZVAL_STRINGL(&arguments[1], key, key_len);
	to->call.retval = &to->answer;
	to->call.params = arguments;
	to->call.param_count = 2;
	/* A fatal error jumps; it must not jump across libwdt. */
	zend_try {
		zend_call_function(&to->call, &to->cache);
	} zend_catch {
		to->bailed = true;
	} zend_end_try();
	if (to->bailed) {
		return WDT_LOOKUP_UNKNOWN_KEY;
	}
	zval_ptr_dtor(&arguments[0]);
	zval_ptr_dtor(&arguments[1]);
	if (EG(exception)) {
		return WDT_LOOKUP_UNKNOWN_KEY;
	}
	zval *answer = &to->answer;
	ZVAL_DEREF(answer);
	switch (Z_TYPE_P(answer)) {
		case IS_STRING:
			*app_secret = Z_STRVAL_P(answer);
			*app_secret_len = Z_STRLEN_P(answer);
			return WDT_LOOKUP_FOUND;
		case IS_FALSE:
			return WDT_LOOKUP_UNKNOWN_SID;
		case IS_NULL:
			return WDT_LOOKUP_UNKNOWN_KEY;
		default:
			zend_type_error(WDT_SAY("Wdt\\verify(): the lookup must return string, false or null, %s returned",
				"Wdt\\verify()：查找函数只能返回 string、false 或 null，实际返回 %s"), zend_zval_type_name(answer));
			return WDT_LOOKUP_UNKNOWN_KEY;
	}
}

static void new_call(zval *out, wdt_call *call)
{
	object_init_ex(out, wdt_ce_call);
	size_t len;
	const char *text = wdt_call_sid(call, &len);
	wdt_set_text(out, CALL_SID, text, len);
	text = wdt_call_key(call, &len);
	wdt_set_text(out, CALL_KEY, text, len);
	text = wdt_call_method(call, &len);
	wdt_set_text(out, CALL_METHOD, text, len);
	ZVAL_LONG(OBJ_PROP_NUM(Z_OBJ_P(out), CALL_TIMESTAMP), (zend_long) wdt_call_timestamp(call));
	zval *pager = OBJ_PROP_NUM(Z_OBJ_P(out), CALL_PAGER);
	int32_t size, no;
	bool total;
	if (wdt_call_pager(call, &size, &no, &total)) {
		object_init_ex(pager, wdt_ce_pager);
		ZVAL_LONG(OBJ_PROP_NUM(Z_OBJ_P(pager), PAGER_PAGE_SIZE), size);
		ZVAL_LONG(OBJ_PROP_NUM(Z_OBJ_P(pager), PAGER_PAGE_NO), no);
		ZVAL_BOOL(OBJ_PROP_NUM(Z_OBJ_P(pager), PAGER_CALC_TOTAL), total);
	} else {
		ZVAL_NULL(pager);
	}
	wdt_call_free(call);
}

static PHP_FUNCTION(Wdt_verify)
{
	zend_string *query, *body;
	lookup to = {.bailed = false};
	ZVAL_UNDEF(&to.answer);
	zend_long unix_time = 0;
	bool is_now = true;
	ZEND_PARSE_PARAMETERS_START(3, 4)
		Z_PARAM_STR(query)
		Z_PARAM_STR(body)
		Z_PARAM_FUNC(to.call, to.cache)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG_OR_NULL(unix_time, is_now)
	ZEND_PARSE_PARAMETERS_END();

	wdt_call *call;
	wdt_error *error;
	wdt_verify(WDT_TEXT(query), WDT_TEXT(body), wdt_unix_time_or_now(unix_time, is_now), look_up, &to, &call, &error);
	if (to.bailed || EG(exception)) {
		wdt_error_free(error);
		wdt_call_free(call);
	} else if (is_good(error)) {
		new_call(return_value, call);
	}
	if (to.bailed) {
		zend_bailout();
	}
	zval_ptr_dtor(&to.answer);
}

/* Makes an object of the request that a stock-sync call built; `info` are the PHP values of its second argument. */
static void give_request(zval *return_value, wdt_request *request, wdt_error *error, wdt_options *options, HashTable *info)
{
	if (is_good_for(error, &(wdt_given) {info, true})) {
		wdt_new_request(return_value, request);
	}
	wdt_options_free(options);
}

static PHP_FUNCTION(Wdt_get_self_wait_sync_id_list_open)
{
	zval *credentials;
	zend_long count, position = 0, unix_time = 0;
	bool is_now = true;
	zend_string *level = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 5)
		Z_PARAM_OBJECT_OF_CLASS(credentials, wdt_ce_credentials)
		Z_PARAM_LONG(count)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG(position)
		Z_PARAM_LONG_OR_NULL(unix_time, is_now)
		Z_PARAM_STR(level)
	ZEND_PARSE_PARAMETERS_END();

	wdt_options *options;
	if (!make_options(NULL, level, 5, &options)) {
		return;
	}
	wdt_request *request;
	wdt_error *error;
	wdt_stock_sync_get_self_wait_sync_id_list_open(wdt_credentials_of(credentials), count, position,
		wdt_unix_time_or_now(unix_time, is_now), options, &request, &error);
	give_request(return_value, request, error, options, NULL);
}

static PHP_FUNCTION(Wdt_calc_stock)
{
	zval *credentials;
	zend_long id, unix_time = 0;
	bool force = false, is_now = true;
	zend_string *level = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 5)
		Z_PARAM_OBJECT_OF_CLASS(credentials, wdt_ce_credentials)
		Z_PARAM_LONG(id)
		Z_PARAM_OPTIONAL
		Z_PARAM_BOOL(force)
		Z_PARAM_LONG_OR_NULL(unix_time, is_now)
		Z_PARAM_STR(level)
	ZEND_PARSE_PARAMETERS_END();

	wdt_options *options;
	if (!make_options(NULL, level, 5, &options)) {
		return;
	}
	wdt_request *request;
	wdt_error *error;
	wdt_stock_sync_calc_stock(wdt_credentials_of(credentials), id, force, wdt_unix_time_or_now(unix_time, is_now),
		options, &request, &error);
	give_request(return_value, request, error, options, NULL);
}

/* One row of batch_calc_stock; false with an exception. */
static bool read_good(zval *row, wdt_good *good)
{
	ZVAL_DEREF(row);
	zval *id = Z_TYPE_P(row) == IS_ARRAY ? zend_hash_str_find(Z_ARRVAL_P(row), ZEND_STRL("api_goods_id")) : NULL;
	zval *force = Z_TYPE_P(row) == IS_ARRAY ? zend_hash_str_find(Z_ARRVAL_P(row), ZEND_STRL("force_sync")) : NULL;
	if (id != NULL) {
		ZVAL_DEREF(id);
	}
	if (force != NULL) {
		ZVAL_DEREF(force);
	}
	bool forced = force != NULL && Z_TYPE_P(force) == IS_TRUE;
	if (id == NULL || Z_TYPE_P(id) != IS_LONG || force == NULL || (!forced && Z_TYPE_P(force) != IS_FALSE)
		|| zend_hash_num_elements(Z_ARRVAL_P(row)) != 2) {
		zend_argument_type_error(2, "%s", WDT_SAY("must be a list of [\"api_goods_id\" => int, \"force_sync\" => bool]",
			"应为 [\"api_goods_id\" => int, \"force_sync\" => bool] 的列表"));
		return false;
	}
	*good = (wdt_good) {Z_LVAL_P(id), forced};
	return true;
}

static PHP_FUNCTION(Wdt_batch_calc_stock)
{
	zval *credentials;
	HashTable *rows;
	zend_long unix_time = 0;
	bool is_now = true;
	zend_string *level = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 4)
		Z_PARAM_OBJECT_OF_CLASS(credentials, wdt_ce_credentials)
		Z_PARAM_ARRAY_HT(rows)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG_OR_NULL(unix_time, is_now)
		Z_PARAM_STR(level)
	ZEND_PARSE_PARAMETERS_END();

	wdt_options *options;
	if (!make_options(NULL, level, 4, &options)) {
		return;
	}
	wdt_good *goods = safe_emalloc(zend_hash_num_elements(rows) + (size_t) 1, sizeof(*goods), 0);
	size_t count = 0;
	bool good = true;
	zval *row;
	ZEND_HASH_FOREACH_VAL(rows, row) {
		good = read_good(row, &goods[count]);
		if (!good) {
			break;
		}
		count++;
	} ZEND_HASH_FOREACH_END();
	if (good) {
		wdt_request *request;
		wdt_error *error;
		wdt_stock_sync_batch_calc_stock(wdt_credentials_of(credentials), goods, count,
			wdt_unix_time_or_now(unix_time, is_now), options, &request, &error);
		give_request(return_value, request, error, options, NULL);
	} else {
		wdt_options_free(options);
	}
	efree(goods);
}

typedef wdt_status (*report_function)(const wdt_credentials *, int64_t, const char *, size_t, int64_t,
	const wdt_options *, wdt_request **, wdt_error **);

static void report(INTERNAL_FUNCTION_PARAMETERS, report_function call)
{
	zval *credentials;
	zend_long id, unix_time = 0;
	HashTable *info = NULL;
	zend_string *json = NULL, *level = NULL;
	bool is_now = true;
	ZEND_PARSE_PARAMETERS_START(3, 5)
		Z_PARAM_OBJECT_OF_CLASS(credentials, wdt_ce_credentials)
		Z_PARAM_LONG(id)
		Z_PARAM_ARRAY_HT_OR_STR(info, json)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG_OR_NULL(unix_time, is_now)
		Z_PARAM_STR(level)
	ZEND_PARSE_PARAMETERS_END();

	wdt_options *options;
	if (!make_options(NULL, level, 5, &options)) {
		return;
	}
	smart_str text = {0};
	if (json != NULL) {
		smart_str_append(&text, json);
	} else if (!wdt_write_arg(info, 1, &text)) {
		wdt_options_free(options);
		return;
	}
	zend_string *body = smart_str_extract(&text);
	wdt_request *request;
	wdt_error *error;
	call(wdt_credentials_of(credentials), id, WDT_TEXT(body), wdt_unix_time_or_now(unix_time, is_now), options, &request,
		&error);
	give_request(return_value, request, error, options, info);
	zend_string_release(body);
}

static PHP_FUNCTION(Wdt_sync_success)
{
	report(INTERNAL_FUNCTION_PARAM_PASSTHRU, wdt_stock_sync_sync_success);
}

static PHP_FUNCTION(Wdt_sync_fail)
{
	report(INTERNAL_FUNCTION_PARAM_PASSTHRU, wdt_stock_sync_sync_fail);
}

static PHP_FUNCTION(Wdt_sync_info)
{
	HashTable *calculated = NULL;
	zend_string *json = NULL, *result = NULL;
	bool success;
	ZEND_PARSE_PARAMETERS_START(2, 3)
		Z_PARAM_ARRAY_HT_OR_STR(calculated, json)
		Z_PARAM_BOOL(success)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(result)
	ZEND_PARSE_PARAMETERS_END();

	zend_string *text = make_body(calculated, json);
	if (text == NULL) {
		return;
	}
	wdt_text *info;
	wdt_error *error;
	wdt_stock_sync_sync_info(WDT_TEXT(text), success, result == NULL ? "" : ZSTR_VAL(result),
		result == NULL ? 0 : ZSTR_LEN(result), &info, &error);
	if (is_good(error)) {
		size_t len;
		const char *made = wdt_text_data(info, &len);
		RETVAL_STRINGL(made, len);
		wdt_text_free(info);
	}
	zend_string_release(text);
}

static PHP_FUNCTION(Wdt_cancel_sync)
{
	zval *credentials;
	zend_long id, count, unix_time = 0;
	bool is_now = true;
	zend_string *level = NULL;
	ZEND_PARSE_PARAMETERS_START(3, 5)
		Z_PARAM_OBJECT_OF_CLASS(credentials, wdt_ce_credentials)
		Z_PARAM_LONG(id)
		Z_PARAM_LONG(count)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG_OR_NULL(unix_time, is_now)
		Z_PARAM_STR(level)
	ZEND_PARSE_PARAMETERS_END();

	wdt_options *options;
	if (!make_options(NULL, level, 5, &options)) {
		return;
	}
	wdt_request *request;
	wdt_error *error;
	wdt_stock_sync_cancel_sync(wdt_credentials_of(credentials), id, count, wdt_unix_time_or_now(unix_time, is_now), options,
		&request, &error);
	give_request(return_value, request, error, options, NULL);
}

static const zend_function_entry functions[] = {
	ZEND_NS_FALIAS("Wdt", build_request, Wdt_build_request, arginfo_wdt_build_request)
	ZEND_NS_FALIAS("Wdt", validate, Wdt_validate, arginfo_wdt_validate)
	ZEND_NS_FALIAS("Wdt", parse_response, Wdt_parse_response, arginfo_wdt_parse_response)
	ZEND_NS_FALIAS("Wdt", typed_rows, Wdt_typed_rows, arginfo_wdt_typed_rows)
	ZEND_NS_FALIAS("Wdt", failures, Wdt_failures, arginfo_wdt_failures)
	ZEND_NS_FALIAS("Wdt", sign, Wdt_sign, arginfo_wdt_sign)
	ZEND_NS_FALIAS("Wdt", explain, Wdt_explain, arginfo_wdt_explain)
	ZEND_NS_FALIAS("Wdt", verify, Wdt_verify, arginfo_wdt_verify)
	ZEND_NS_FALIAS("Wdt", get_self_wait_sync_id_list_open, Wdt_get_self_wait_sync_id_list_open,
		arginfo_wdt_get_self_wait_sync_id_list_open)
	ZEND_NS_FALIAS("Wdt", calc_stock, Wdt_calc_stock, arginfo_wdt_calc_stock)
	ZEND_NS_FALIAS("Wdt", batch_calc_stock, Wdt_batch_calc_stock, arginfo_wdt_batch_calc_stock)
	ZEND_NS_FALIAS("Wdt", sync_success, Wdt_sync_success, arginfo_wdt_report)
	ZEND_NS_FALIAS("Wdt", sync_fail, Wdt_sync_fail, arginfo_wdt_report)
	ZEND_NS_FALIAS("Wdt", sync_info, Wdt_sync_info, arginfo_wdt_sync_info)
	ZEND_NS_FALIAS("Wdt", cancel_sync, Wdt_cancel_sync, arginfo_wdt_cancel_sync)
	PHP_FE_END
};

static PHP_MINIT_FUNCTION(wdt)
{
	(void) type;
	if (wdt_abi_version() != WDT_ABI_VERSION) {
		zend_error(E_CORE_WARNING, WDT_SAY("wdt: libwdt %s has ABI version %u, the extension was built for %u",
			"wdt：libwdt %s 的 ABI 版本是 %u，扩展是按 %u 编译的"),
			wdt_version(), (unsigned) wdt_abi_version(), (unsigned) WDT_ABI_VERSION);
		return FAILURE;
	}
	REGISTER_NS_STRING_CONSTANT("Wdt", "EXTENSION_VERSION", PHP_WDT_VERSION, CONST_PERSISTENT | CONST_CS);
	REGISTER_NS_LONG_CONSTANT("Wdt", "EPOCH_UNIX", WDT_EPOCH_UNIX, CONST_PERSISTENT | CONST_CS);
	wdt_register_classes();
	wdt_register_exceptions();
#if PHP_VERSION_ID >= 80200
	zend_function *sign = zend_hash_str_find_ptr(CG(function_table), ZEND_STRL("wdt\\sign"));
	zend_add_parameter_attribute(sign, 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
#endif
	return SUCCESS;
}

static PHP_MINFO_FUNCTION(wdt)
{
	(void) zend_module;
	php_info_print_table_start();
	php_info_print_table_row(2, "wdt support", "enabled");
	php_info_print_table_row(2, "extension version", PHP_WDT_VERSION);
	php_info_print_table_row(2, "libwdt version", wdt_version());
	php_info_print_table_end();
}

/* The classes take date's interface for granted. */
static const zend_module_dep dependencies[] = {ZEND_MOD_REQUIRED("date") ZEND_MOD_END};

zend_module_entry wdt_module_entry = {
	STANDARD_MODULE_HEADER_EX,
	NULL,
	dependencies,
	"wdt",
	functions,
	PHP_MINIT(wdt),
	NULL,
	NULL,
	NULL,
	PHP_MINFO(wdt),
	PHP_WDT_VERSION,
	STANDARD_MODULE_PROPERTIES
};

#ifdef COMPILE_DL_WDT
#ifdef ZTS
ZEND_TSRMLS_CACHE_DEFINE()
#endif
ZEND_GET_MODULE(wdt)
#endif
