# Sourced: say ENGLISH CHINESE prints one of them, in the language that the environment asks for, by the
# rule of wdt_proto::Language. The same as a command: tools/say.sh ENGLISH CHINESE; `tools/say.sh` alone
# prints en or zh.
language() {
	local locale=${WDT_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}}
	locale=${locale%%[!A-Za-z0-9]*}
	case ${locale,,} in zh | zho | chi | chinese) echo zh ;; *) echo en ;; esac
}
say() { if [ "$(language)" = zh ]; then echo "$2"; else echo "$1"; fi; }
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	if [ $# = 0 ]; then language; else say "$@"; fi
fi
