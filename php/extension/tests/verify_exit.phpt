--TEST--
exit() in a look-up ends the script
--FILE--
<?php
require __DIR__ . "/helpers.inc";

$request = Wdt\build_request(credentials(), 'system.Core.now', '[]', null, TIME);
Wdt\verify($request->query, '[]', function (): void {
    exit("bye\n");
}, TIME);
echo "not reached\n";
?>
--EXPECT--
bye
