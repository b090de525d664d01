--TEST--
A fatal error in a look-up ends the script, and does not jump across libwdt
--INI--
memory_limit=8M
--FILE--
<?php
require __DIR__ . "/helpers.inc";

$request = Wdt\build_request(credentials(), 'system.Core.now', '[]', null, TIME);
register_shutdown_function(function () use ($request): void {
    ini_set('memory_limit', '64M');
    echo Wdt\verify($request->query, '[]', fn () => 'hunter2:testsalt', TIME)->key, "\n";
});
Wdt\verify($request->query, '[]', fn () => str_repeat('x', 1 << 30), TIME);
echo "not reached\n";
?>
--EXPECTF--
Fatal error: Allowed memory size of 8388608 bytes exhausted%s
appkey
