/* Exact JSON text to PHP values: no number becomes a float. */
#include "php_wdt.h"

#include <errno.h>

#include "ext/date/php_date.h"

typedef struct {
	const char *at;
	const char *end;
	/* Of typed rows: their start, and where in them the next times stand. Else NULL. */
	const char *rows;
	const size_t *times;
	const size_t *times_end;
} reader;

static bool read_value(reader *in, zval *out, int depth);

static void skip_space(reader *in)
{
	while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r')) {
		in->at++;
	}
}

static bool take(reader *in, char wanted)
{
	skip_space(in);
	if (in->at == in->end || *in->at != wanted) {
		return false;
	}
	in->at++;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hex digits; -1 where there are none. */
static int32_t read_unit(const char *at, const char *end)
{
	if (end - at < 4) {
		return -1;
	}
	int32_t unit = 0;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(at[i]);
		if (digit < 0) {
			return -1;
		}
		unit = unit * 16 + digit;
	}
	return unit;
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char) c;
	} else if (c < 0x800) {
		*to++ = (char) (0xC0 | c >> 6);
		*to++ = (char) (0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		*to++ = (char) (0xE0 | c >> 12);
		*to++ = (char) (0x80 | (c >> 6 & 0x3F));
		*to++ = (char) (0x80 | (c & 0x3F));
	} else {
		*to++ = (char) (0xF0 | c >> 18);
		*to++ = (char) (0x80 | (c >> 12 & 0x3F));
		*to++ = (char) (0x80 | (c >> 6 & 0x3F));
		*to++ = (char) (0x80 | (c & 0x3F));
	}
	return to;
}

/* What follows "\u"; a half of a pair becomes U+FFFD, for which UTF-8 has no other form. */
static bool read_escaped_unit(reader *in, const char *end, char **to)
{
	int32_t unit = read_unit(in->at, end);
	if (unit < 0) {
		return false;
	}
	in->at += 4;
	uint32_t c = (uint32_t) unit;
	if (c >= 0xD800 && c < 0xDC00 && end - in->at >= 6 && in->at[0] == '\\' && in->at[1] == 'u') {
		int32_t low = read_unit(in->at + 2, end);
		if (low >= 0xDC00 && low < 0xE000) {
			in->at += 6;
			*to = put_utf8(*to, 0x10000 + ((c - 0xD800) << 10) + ((uint32_t) low - 0xDC00));
			return true;
		}
	}
	*to = put_utf8(*to, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
	return true;
}

static zend_string *read_string(reader *in)
{
	if (!take(in, '"')) {
		return NULL;
	}
	const char *start = in->at;
	bool escaped = false;
	const char *end = start;
	while (end < in->end && *end != '"') {
		if (*end == '\\') {
			escaped = true;
			end++;
		}
		end++;
	}
	if (end >= in->end) {
		return NULL;
	}
	if (!escaped) {
		in->at = end + 1;
		return zend_string_init(start, (size_t) (end - start), 0);
	}
	/* No escape is shorter than the bytes that it stands for. */
	zend_string *text = zend_string_alloc((size_t) (end - start), 0);
	char *to = ZSTR_VAL(text);
	bool good = true;
	while (good && in->at < end) {
		char c = *in->at++;
		if (c != '\\') {
			*to++ = c;
			continue;
		}
		switch (*in->at++) {
			case '"': *to++ = '"'; break;
			case '\\': *to++ = '\\'; break;
			case '/': *to++ = '/'; break;
			case 'b': *to++ = '\b'; break;
			case 'f': *to++ = '\f'; break;
			case 'n': *to++ = '\n'; break;
			case 'r': *to++ = '\r'; break;
			case 't': *to++ = '\t'; break;
			case 'u': good = read_escaped_unit(in, end, &to); break;
			default: good = false;
		}
	}
	if (!good) {
		zend_string_efree(text);
		return NULL;
	}
	in->at = end + 1;
	*to = '\0';
	size_t len = (size_t) (to - ZSTR_VAL(text));
	return zend_string_truncate(text, len, 0);
}

static bool read_number(reader *in, zval *out)
{
	const char *start = in->at;
	bool whole = true;
	while (in->at < in->end && strchr("+-.0123456789eE", *in->at) != NULL && *in->at != '\0') {
		whole = whole && *in->at != '.' && *in->at != 'e' && *in->at != 'E';
		in->at++;
	}
	size_t len = (size_t) (in->at - start);
	if (!wdt_is_json_number(start, len)) {
		return false;
	}
	if (whole) {
		/* The text ends at a byte that is no digit: at the latest at the NUL behind it. */
		errno = 0;
		zend_long number = ZEND_STRTOL(start, NULL, 10);
		if (errno != ERANGE) {
			ZVAL_LONG(out, number);
			return true;
		}
	}
	if (in->rows != NULL && memchr(start, '.', len) != NULL) {
		object_init_ex(out, wdt_ce_decimal);
		wdt_set_text(out, DECIMAL_TEXT, start, len);
		return true;
	}
	ZVAL_STRINGL(out, start, len);
	return true;
}

/* Makes a DateTimeImmutable of a time in Beijing; releases the text. */
static bool make_time(zend_string *text, zval *out)
{
	zend_string *zoned = zend_strpprintf(0, "%s+08:00", ZSTR_VAL(text));
	zend_string_release(text);
	php_date_instantiate(php_date_get_immutable_ce(), out);
	bool good = php_date_initialize(Z_PHPDATE_P(out), ZSTR_VAL(zoned), ZSTR_LEN(zoned), NULL, NULL, 0);
	zend_string_release(zoned);
	return good;
}

static bool read_word(reader *in, const char *word, size_t len)
{
	if ((size_t) (in->end - in->at) < len || memcmp(in->at, word, len) != 0) {
		return false;
	}
	in->at += len;
	return true;
}

static bool read_array(reader *in, zval *out, int depth)
{
	in->at++;
	array_init(out);
	if (take(in, ']')) {
		return true;
	}
	do {
		zval element;
		if (!read_value(in, &element, depth + 1)) {
			return false;
		}
		zend_hash_next_index_insert(Z_ARRVAL_P(out), &element);
	} while (take(in, ','));
	return take(in, ']');
}

static bool read_object(reader *in, zval *out, int depth)
{
	in->at++;
	array_init(out);
	if (take(in, '}')) {
		return true;
	}
	do {
		zend_string *key = read_string(in);
		if (key == NULL) {
			return false;
		}
		zval member;
		bool good = take(in, ':') && read_value(in, &member, depth + 1);
		if (good) {
			zend_symtable_update(Z_ARRVAL_P(out), key, &member);
		}
		zend_string_release(key);
		if (!good) {
			return false;
		}
	} while (take(in, ','));
	return take(in, '}');
}

/* On failure `out` is NULL, with nothing to free. */
static bool read_value(reader *in, zval *out, int depth)
{
	ZVAL_NULL(out);
	skip_space(in);
	if (in->at == in->end) {
		return false;
	}
	bool good;
	switch (*in->at) {
		case '[':
			good = depth < WDT_MAX_DEPTH && read_array(in, out, depth);
			break;
		case '{':
			good = depth < WDT_MAX_DEPTH && read_object(in, out, depth);
			break;
		case '"': {
			bool is_time = in->times != in->times_end && in->at == in->rows + *in->times;
			zend_string *text = read_string(in);
			good = text != NULL;
			if (good && is_time) {
				in->times++;
				good = make_time(text, out);
			} else if (good) {
				ZVAL_STR(out, text);
			}
			break;
		}
		case 't':
			ZVAL_TRUE(out);
			good = read_word(in, ZEND_STRL("true"));
			break;
		case 'f':
			ZVAL_FALSE(out);
			good = read_word(in, ZEND_STRL("false"));
			break;
		case 'n':
			good = read_word(in, ZEND_STRL("null"));
			break;
		default:
			good = read_number(in, out);
	}
	if (!good) {
		zval_ptr_dtor(out);
		ZVAL_NULL(out);
	}
	return good;
}

static bool read_whole(reader *in, zval *out)
{
	if (!read_value(in, out, 0)) {
		return false;
	}
	skip_space(in);
	if (in->at != in->end) {
		zval_ptr_dtor(out);
		ZVAL_NULL(out);
		return false;
	}
	return true;
}

bool wdt_read_json(const char *text, size_t len, zval *out)
{
	return read_whole(&(reader) {text, text + len, NULL, NULL, NULL}, out);
}

bool wdt_read_rows(const char *text, size_t len, const size_t *times, size_t count, zval *out)
{
	return read_whole(&(reader) {text, text + len, text, times, times + count}, out);
}
