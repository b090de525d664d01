/* A PHP array that JSON cannot mean otherwise: one whose keys have gaps. Of the empty one libwdt speaks itself. */
#include "php_wdt.h"

static const wdt_words of_gaps = {
	"; the keys of this PHP array are not 0, 1, 2, …, so it is sent as an object, give array_values() of it for a list",
	"；这个 PHP 数组的键不是连续的 0、1、2……，因此发送为对象，要列表请用 array_values()",
};

/* One segment of a JSON pointer without its escapes, and what follows it. */
static zend_string *next_segment(const char **pointer)
{
	smart_str segment = {0};
	const char *at = *pointer + 1;
	for (; *at != '\0' && *at != '/'; at++) {
		if (*at == '~' && (at[1] == '0' || at[1] == '1')) {
			smart_str_appendc(&segment, at[1] == '0' ? '~' : '/');
			at++;
		} else {
			smart_str_appendc(&segment, *at);
		}
	}
	*pointer = at;
	return smart_str_extract(&segment);
}

/* A member of an array or of an object that was written before, so that nothing is left to be made of it. */
static zval *member(zval *of, zend_string *name)
{
	zval *found = NULL;
	if (Z_TYPE_P(of) == IS_ARRAY) {
		found = zend_symtable_find(Z_ARRVAL_P(of), name);
	} else if (Z_TYPE_P(of) == IS_OBJECT && Z_OBJ_P(of)->properties != NULL) {
		found = zend_hash_find(Z_OBJ_P(of)->properties, name);
	}
	if (found != NULL && Z_TYPE_P(found) == IS_INDIRECT) {
		found = Z_INDIRECT_P(found);
	}
	if (found != NULL) {
		ZVAL_DEREF(found);
	}
	return found;
}

/* Whether an array has no key but ints. */
static bool has_int_keys(HashTable *array)
{
	zend_string *key;
	ZEND_HASH_FOREACH_STR_KEY(array, key) {
		if (key != NULL) {
			return false;
		}
	} ZEND_HASH_FOREACH_END();
	return true;
}

const wdt_words *wdt_advice(const wdt_given *given, const char *pointer, const char *code)
{
	if (given == NULL || given->values == NULL || (strcmp(code, "type") != 0 && strcmp(code, "not_an_array") != 0)) {
		return NULL;
	}
	if (given->is_second) {
		if (strncmp(pointer, "/1", 2) != 0 || (pointer[2] != '/' && pointer[2] != '\0')) {
			return NULL;
		}
		pointer += 2;
	}
	zval root, *at = &root;
	ZVAL_ARR(&root, given->values);
	while (at != NULL && *pointer == '/') {
		zend_string *name = next_segment(&pointer);
		at = member(at, name);
		zend_string_release(name);
	}
	if (at == NULL || Z_TYPE_P(at) != IS_ARRAY) {
		return NULL;
	}
	return zend_array_is_list(Z_ARRVAL_P(at)) || !has_int_keys(Z_ARRVAL_P(at)) ? NULL : &of_gaps;
}
