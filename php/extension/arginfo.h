/* The signatures of wdt.stub.php; tests/stub.phpt compares the two. Not wdt_arginfo.h: phpize has a rule
   that makes a file of that name anew with a tool that it downloads, whenever the stub looks younger. */
#ifndef ARGINFO_H
#define ARGINFO_H

/* Every file needs its own part only. */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-const-variable"
#endif

#define WDT_RETURNS(name, type, allow_null) \
	ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(name, 0, 0, type, allow_null) \
	ZEND_END_ARG_INFO()

WDT_RETURNS(arginfo_wdt_returns_array, IS_ARRAY, 0)
WDT_RETURNS(arginfo_wdt_returns_bool, _IS_BOOL, 0)
WDT_RETURNS(arginfo_wdt_returns_int, IS_LONG, 0)
WDT_RETURNS(arginfo_wdt_returns_int_or_null, IS_LONG, 1)
WDT_RETURNS(arginfo_wdt_returns_mixed, IS_MIXED, 0)
WDT_RETURNS(arginfo_wdt_returns_string, IS_STRING, 0)
WDT_RETURNS(arginfo_wdt_returns_string_or_null, IS_STRING, 1)

ZEND_BEGIN_ARG_INFO_EX(arginfo_wdt_nothing, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_wdt_credentials, 0, 0, 3)
	ZEND_ARG_TYPE_INFO(0, sid, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, appSecret, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_wdt_pager, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, pageSize, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, pageNo, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_MASK(0, calcTotal, MAY_BE_BOOL | MAY_BE_LONG, "false")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_wdt_decimal, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, text, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_wdt_url, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, base, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define WDT_ARG_CREDENTIALS ZEND_ARG_OBJ_INFO(0, credentials, Wdt\\Credentials, 0)
#define WDT_ARG_METHOD ZEND_ARG_TYPE_INFO(0, method, IS_STRING, 0)
#define WDT_ARG_ARGS ZEND_ARG_TYPE_MASK(0, args, MAY_BE_ARRAY | MAY_BE_STRING, NULL)
#define WDT_ARG_PAGER ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, pager, Wdt\\Pager, 1, "null")
#define WDT_ARG_TIME ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, unixTime, IS_LONG, 1, "null")
#define WDT_ARG_LEVEL ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, level, IS_STRING, 0, "\"documented\"")
#define WDT_ARG_ID ZEND_ARG_TYPE_INFO(0, apiGoodsId, IS_LONG, 0)

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_build_request, 0, 3, Wdt\\Request, 0)
	WDT_ARG_CREDENTIALS
	WDT_ARG_METHOD
	WDT_ARG_ARGS
	WDT_ARG_PAGER
	WDT_ARG_TIME
	WDT_ARG_LEVEL
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_validate, 0, 2, Wdt\\Report, 0)
	WDT_ARG_METHOD
	WDT_ARG_ARGS
	WDT_ARG_LEVEL
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_parse_response, 0, 1, Wdt\\Response, 0)
	ZEND_ARG_TYPE_INFO(0, body, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_wdt_typed_rows, 0, 2, IS_ARRAY, 0)
	WDT_ARG_METHOD
	ZEND_ARG_TYPE_MASK(0, rows, MAY_BE_ARRAY | MAY_BE_STRING, NULL)
	ZEND_ARG_OBJ_TYPE_MASK(1, report, Wdt\\Report, MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_wdt_failures, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_OBJ_INFO(0, response, Wdt\\Response, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, method, IS_STRING, 0, "\"\"")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_wdt_sign, 0, 2, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, secret, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, params, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_explain, 0, 3, Wdt\\Explanation, 0)
	WDT_ARG_CREDENTIALS
	WDT_ARG_METHOD
	WDT_ARG_ARGS
	WDT_ARG_PAGER
	WDT_ARG_TIME
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_verify, 0, 3, Wdt\\Call, 0)
	ZEND_ARG_TYPE_INFO(0, query, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, body, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, lookup, IS_CALLABLE, 0)
	WDT_ARG_TIME
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_get_self_wait_sync_id_list_open, 0, 2, Wdt\\Request, 0)
	WDT_ARG_CREDENTIALS
	ZEND_ARG_TYPE_INFO(0, count, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, position, IS_LONG, 0, "0")
	WDT_ARG_TIME
	WDT_ARG_LEVEL
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_calc_stock, 0, 2, Wdt\\Request, 0)
	WDT_ARG_CREDENTIALS
	WDT_ARG_ID
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, forceSync, _IS_BOOL, 0, "false")
	WDT_ARG_TIME
	WDT_ARG_LEVEL
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_batch_calc_stock, 0, 2, Wdt\\Request, 0)
	WDT_ARG_CREDENTIALS
	ZEND_ARG_TYPE_INFO(0, goods, IS_ARRAY, 0)
	WDT_ARG_TIME
	WDT_ARG_LEVEL
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_report, 0, 3, Wdt\\Request, 0)
	WDT_ARG_CREDENTIALS
	WDT_ARG_ID
	ZEND_ARG_TYPE_MASK(0, info, MAY_BE_ARRAY | MAY_BE_STRING, NULL)
	WDT_ARG_TIME
	WDT_ARG_LEVEL
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_wdt_sync_info, 0, 2, IS_STRING, 0)
	ZEND_ARG_TYPE_MASK(0, calculated, MAY_BE_ARRAY | MAY_BE_STRING, NULL)
	ZEND_ARG_TYPE_INFO(0, success, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, result, IS_STRING, 0, "\"\"")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_sign_again, 0, 1, Wdt\\Request, 0)
	WDT_ARG_CREDENTIALS
	WDT_ARG_TIME
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_wdt_cancel_sync, 0, 3, Wdt\\Request, 0)
	WDT_ARG_CREDENTIALS
	WDT_ARG_ID
	ZEND_ARG_TYPE_INFO(0, stockChangeCount, IS_LONG, 0)
	WDT_ARG_TIME
	WDT_ARG_LEVEL
ZEND_END_ARG_INFO()

#endif
