/* PHP values to JSON text. All that cannot be written is found in one walk, each with its JSON pointer. */
#include "php_wdt.h"

#include "ext/date/php_date.h"
#include "zend_exceptions.h"

#define MAX_ISSUES 100
#define BEIJING_SECONDS (8 * 3600)

/* The way to a value, from the innermost step outwards. */
typedef struct step {
	const struct step *up;
	zend_string *key; /* NULL for an index */
	zend_ulong index;
} step;

typedef struct {
	smart_str *out;
	zval issues;
	smart_str message;
	smart_str message_zh;
	bool stopped; /* nothing more is worth looking at */
} writer;

static void write_value(writer *to, zval *value, const step *at, int depth);

/* RFC 6901: "~" and "/" in a key are escaped. */
static void append_pointer(smart_str *out, const step *at)
{
	if (at == NULL) {
		return;
	}
	append_pointer(out, at->up);
	smart_str_appendc(out, '/');
	if (at->key == NULL) {
		smart_str_append_unsigned(out, at->index);
		return;
	}
	for (size_t i = 0; i < ZSTR_LEN(at->key); i++) {
		char c = ZSTR_VAL(at->key)[i];
		if (c == '~') {
			smart_str_appends(out, "~0");
		} else if (c == '/') {
			smart_str_appends(out, "~1");
		} else {
			smart_str_appendc(out, c);
		}
	}
}

/* One line about a place, which goes into `all` too; `name` may be NULL and stands before `what`. */
static zend_string *line(smart_str *all, zend_string *place, const char *colon, const char *name, const char *what)
{
	smart_str text = {0};
	smart_str_append(&text, place);
	smart_str_appends(&text, ZSTR_LEN(place) == 0 ? "" : colon);
	smart_str_appends(&text, name == NULL ? "" : name);
	smart_str_appends(&text, what);
	zend_string *made = smart_str_extract(&text);
	if (all->s != NULL) {
		smart_str_appendc(all, '\n');
	}
	smart_str_append(all, made);
	return made;
}

static void refuse(writer *to, const step *at, const char *code, const char *name, wdt_words what)
{
	smart_str pointer = {0};
	append_pointer(&pointer, at);
	zend_string *place = smart_str_extract(&pointer);
	zend_string *en = line(&to->message, place, ": ", name, what.en);
	zend_string *zh = line(&to->message_zh, place, "：", name, what.zh);
	zval issue;
	wdt_new_issue(&issue, place, code, en, zh);
	zend_hash_next_index_insert(Z_ARRVAL(to->issues), &issue);
	to->stopped = to->stopped || zend_hash_num_elements(Z_ARRVAL(to->issues)) >= MAX_ISSUES;
	zend_string_release(place);
	zend_string_release(en);
	zend_string_release(zh);
}

/* The length of the character at `at`; 0 for what is no UTF-8. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
	unsigned char c = at[0];
	if (c < 0x80) {
		return 1;
	}
	size_t len = c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
	if (len == 0 || left < len) {
		return 0;
	}
	for (size_t i = 1; i < len; i++) {
		if ((at[i] & 0xC0) != 0x80) {
			return 0;
		}
	}
	bool overlong = (c == 0xE0 && at[1] < 0xA0) || (c == 0xF0 && at[1] < 0x90);
	bool surrogate = c == 0xED && at[1] >= 0xA0;
	bool too_large = c == 0xF4 && at[1] >= 0x90;
	return overlong || surrogate || too_large ? 0 : len;
}

/* Writes a string; false, with nothing refused yet, where it is no UTF-8. */
static bool append_string(smart_str *out, zend_string *text)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *at = (const unsigned char *) ZSTR_VAL(text);
	size_t left = ZSTR_LEN(text);
	smart_str_appendc(out, '"');
	while (left > 0) {
		size_t len = utf8_length(at, left);
		if (len == 0) {
			return false;
		}
		if (*at == '"' || *at == '\\') {
			smart_str_appendc(out, '\\');
			smart_str_appendc(out, (char) *at);
		} else if (*at == '\n') {
			smart_str_appends(out, "\\n");
		} else if (*at == '\r') {
			smart_str_appends(out, "\\r");
		} else if (*at == '\t') {
			smart_str_appends(out, "\\t");
		} else if (*at < 0x20) {
			smart_str_appends(out, "\\u00");
			smart_str_appendc(out, digits[*at >> 4]);
			smart_str_appendc(out, digits[*at & 15]);
		} else {
			smart_str_appendl(out, (const char *) at, len);
		}
		at += len;
		left -= len;
	}
	smart_str_appendc(out, '"');
	return true;
}

static void write_members(writer *to, HashTable *members, bool list, const step *at, int depth)
{
	smart_str_appendc(to->out, list ? '[' : '{');
	zend_ulong index;
	zend_string *key;
	zval *value;
	zend_ulong position = 0;
	ZEND_HASH_FOREACH_KEY_VAL_IND(members, index, key, value) {
		if (to->stopped) {
			break;
		}
		if (position > 0) {
			smart_str_appendc(to->out, ',');
		}
		step here = {at, list ? NULL : key, list ? position : index};
		position++;
		if (!list && key != NULL) {
			if (!append_string(to->out, key)) {
				/* The pointer must be UTF-8, so it names the object alone. */
				refuse(to, at, "unsupported_character", NULL, (wdt_words) {"a key is no UTF-8; convert text in GBK or another encoding first", "键不是 UTF-8；若是 GBK 等编码，请先转码"});
				continue;
			}
			smart_str_appendc(to->out, ':');
		} else if (!list) {
			smart_str_appendc(to->out, '"');
			smart_str_append_long(to->out, (zend_long) index);
			smart_str_appends(to->out, "\":");
		}
		write_value(to, value, &here, depth);
	} ZEND_HASH_FOREACH_END();
	smart_str_appendc(to->out, list ? ']' : '}');
}

static void write_table(writer *to, HashTable *members, bool list, const step *at, int depth)
{
	if (depth >= WDT_MAX_DEPTH) {
		refuse(to, NULL, "not_json", NULL, (wdt_words) {"nested deeper than 128, or holding itself", "嵌套超过 128 层，或者包含自身"});
		to->stopped = true;
		return;
	}
	/* A lazy object below may run code that changes this table: with a second owner it is copied instead. */
	GC_TRY_ADDREF(members);
	write_members(to, members, list, at, depth + 1);
	if (!(GC_FLAGS(members) & GC_IMMUTABLE) && GC_DELREF(members) == 0) {
		zend_array_destroy(members);
	}
}

/* Beijing time; years outside 1 to 9999 do not fit the format. */
static void write_time(writer *to, zval *value, const step *at)
{
	zend_class_entry *date = php_date_get_date_ce();
	zend_class_entry *base = instanceof_function(Z_OBJCE_P(value), date) ? date : php_date_get_immutable_ce();
	/* The method of the base class: a subclass may have one of its own, which is not asked. */
	zend_function *method = zend_hash_str_find_ptr(&base->function_table, ZEND_STRL("gettimestamp"));
	zval seconds;
	ZVAL_UNDEF(&seconds);
	zend_call_known_instance_method_with_0_params(method, Z_OBJ_P(value), &seconds);
	if (EG(exception) || Z_TYPE(seconds) != IS_LONG) {
		zval_ptr_dtor(&seconds);
		to->stopped = true;
		return;
	}
	/* 0001-01-01 00:00:00 and 9999-12-31 23:59:59, Beijing time. */
	if (Z_LVAL(seconds) < INT64_C(-62135625600) || Z_LVAL(seconds) > INT64_C(253402271999)) {
		refuse(to, at, "format", NULL, (wdt_words) {"a year outside 1 to 9999 does not fit yyyy-MM-dd HH:mm:ss", "年份不在 1 到 9999 之间，写不成 yyyy-MM-dd HH:mm:ss"});
		return;
	}
	/* Days and months counted from 0000-03-01, so that a leap day ends its year. */
	int64_t local = Z_LVAL(seconds) + BEIJING_SECONDS + INT64_C(719468) * 86400;
	int64_t days = local / 86400;
	int clock = (int) (local % 86400);
	int64_t era = days / 146097;
	int day_of_era = (int) (days % 146097);
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month = (5 * day_of_year + 2) / 153;
	int day = day_of_year - (153 * month + 2) / 5 + 1;
	int year = (int) (era * 400) + year_of_era + (month >= 10);
	month = month < 10 ? month + 3 : month - 9;
	smart_str_append_printf(to->out, "\"%04d-%02d-%02d %02d:%02d:%02d\"", year, month, day, clock / 3600,
		clock / 60 % 60, clock % 60);
}

static void write_object(writer *to, zval *value, const step *at, int depth)
{
	zend_class_entry *ce = Z_OBJCE_P(value);
	if (ce == wdt_ce_decimal) {
		/* Looked at again: unserialize() fills the property without the constructor. */
		zval *text = OBJ_PROP_NUM(Z_OBJ_P(value), DECIMAL_TEXT);
		if (Z_TYPE_P(text) != IS_STRING || !wdt_is_json_number(Z_STRVAL_P(text), Z_STRLEN_P(text))) {
			refuse(to, at, "type", NULL, (wdt_words) {"the Wdt\\Decimal holds no number", "Wdt\\Decimal 里没有数字"});
			return;
		}
		smart_str_append(to->out, Z_STR_P(text));
	} else if (instanceof_function(ce, php_date_get_interface_ce())) {
		write_time(to, value, at);
	} else if (ce == zend_standard_class_def) {
		HashTable *members = Z_OBJPROP_P(value);
		if (EG(exception)) {
			to->stopped = true;
			return;
		}
		write_table(to, members, false, at, depth);
	} else {
		refuse(to, at, "type", ZSTR_VAL(ce->name),
			(wdt_words) {
				" cannot be written as JSON; give int, string, bool, null, array, stdClass, Wdt\\Decimal or DateTimeInterface",
				" 写不成 JSON；请给 int、string、bool、null、array、stdClass、Wdt\\Decimal 或 DateTimeInterface",
			});
	}
}

static void write_value(writer *to, zval *value, const step *at, int depth)
{
	if (smart_str_get_len(to->out) > WDT_MAX_BYTES) {
		refuse(to, NULL, "too_long", NULL, (wdt_words) {"more than 33554432 bytes, the limit", "超过上限 33554432 字节"});
		to->stopped = true;
		return;
	}
	ZVAL_DEREF(value);
	switch (Z_TYPE_P(value)) {
		case IS_NULL:
			smart_str_appends(to->out, "null");
			break;
		case IS_TRUE:
			smart_str_appends(to->out, "true");
			break;
		case IS_FALSE:
			smart_str_appends(to->out, "false");
			break;
		case IS_LONG:
			smart_str_append_long(to->out, Z_LVAL_P(value));
			break;
		case IS_DOUBLE:
			refuse(to, at, "type", NULL,
				(wdt_words) {
					"a float does not keep the digits of a decimal; give new Wdt\\Decimal(\"1.0000\") or an int",
					"float 保不住小数的位数；请用 new Wdt\\Decimal(\"1.0000\") 或 int",
				});
			break;
		case IS_STRING:
			if (!append_string(to->out, Z_STR_P(value))) {
				refuse(to, at, "unsupported_character", NULL, (wdt_words) {"the string is no UTF-8; convert text in GBK or another encoding first", "字符串不是 UTF-8；若是 GBK 等编码，请先转码"});
			}
			break;
		case IS_ARRAY:
			write_table(to, Z_ARRVAL_P(value), zend_array_is_list(Z_ARRVAL_P(value)), at, depth);
			break;
		case IS_OBJECT:
			write_object(to, value, at, depth);
			break;
		default:
			refuse(to, at, "type", zend_zval_type_name(value),
				(wdt_words) {" cannot be written as JSON", " 写不成 JSON"});
	}
}

static bool finish(writer *to)
{
	bool good = zend_hash_num_elements(Z_ARRVAL(to->issues)) == 0 && !EG(exception);
	if (good) {
		smart_str_0(to->out);
		smart_str_free(&to->message);
		smart_str_free(&to->message_zh);
		zval_ptr_dtor(&to->issues);
		return true;
	}
	smart_str_free(to->out);
	zend_string *message = smart_str_extract(&to->message);
	zend_string *message_zh = smart_str_extract(&to->message_zh);
	if (EG(exception)) {
		zval_ptr_dtor(&to->issues);
	} else {
		wdt_throw_issues(message, message_zh, &to->issues);
	}
	zend_string_release(message);
	zend_string_release(message_zh);
	return false;
}

static bool write_root(HashTable *members, const step *at, int depth, smart_str *out)
{
	writer to = {.out = out};
	array_init(&to.issues);
	write_table(&to, members, zend_array_is_list(members), at, depth);
	return finish(&to);
}

bool wdt_write_args(HashTable *args, smart_str *out)
{
	return write_root(args, NULL, 0, out);
}

bool wdt_write_arg(HashTable *arg, zend_ulong index, smart_str *out)
{
	step at = {NULL, NULL, index};
	return write_root(arg, &at, 1, out);
}

static size_t digits_at(const char *text, size_t len, size_t from)
{
	size_t at = from;
	while (at < len && text[at] >= '0' && text[at] <= '9') {
		at++;
	}
	return at - from;
}

bool wdt_is_json_number(const char *text, size_t len)
{
	size_t at = len > 0 && text[0] == '-' ? 1 : 0;
	size_t whole = digits_at(text, len, at);
	if (whole == 0 || (whole > 1 && text[at] == '0')) {
		return false;
	}
	at += whole;
	if (at < len && text[at] == '.') {
		size_t fraction = digits_at(text, len, at + 1);
		if (fraction == 0) {
			return false;
		}
		at += 1 + fraction;
	}
	if (at < len && (text[at] == 'e' || text[at] == 'E')) {
		at++;
		at += at < len && (text[at] == '+' || text[at] == '-') ? 1 : 0;
		size_t exponent = digits_at(text, len, at);
		if (exponent == 0) {
			return false;
		}
		at += exponent;
	}
	return at == len;
}
