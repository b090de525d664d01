--TEST--
Floats are refused, all at once, each with its place
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

$error = thrown(fn () => Wdt\build_request(credentials(), 'sales.StockSync.syncFail', [
    2447,
    info(['syn_stock' => 0.1, 'stock_syn_max' => 550.0, 'rows' => [1, ['a/b~c' => NAN]]]),
    INF,
]));
same('class', Wdt\ValidationException::class, get_class($error));
$places = ['/1/syn_stock', '/1/stock_syn_max', '/1/rows/1/a~1b~0c', '/2'];
same('places', $places, array_map(fn (Wdt\Issue $issue): string => $issue->pointer, $error->getIssues()));
$advice = 'a float does not keep the digits of a decimal; give new Wdt\Decimal("1.0000") or an int';
same('message', "/1/syn_stock: $advice", explode("\n", $error->getMessage())[0]);
foreach ($error->getIssues() as $issue) {
    same($issue->pointer, ['type', 'error', ''], [$issue->code, $issue->severity, $issue->label]);
    same($issue->pointer, "$issue->pointer: $advice", (string) $issue);
}

$calls = [
    'off' => ['/0', fn () => Wdt\build_request(credentials(), 'a.b.c', [1.0], null, null, 'off')],
    'validate' => ['/0', fn () => Wdt\validate('a.b.c', [1.0])],
    'explain' => ['/0', fn () => Wdt\explain(credentials(), 'a.b.c', [1.0])],
    'sync_fail' => ['/1/syn_stock', fn () => Wdt\sync_fail(credentials(), 1, ['syn_stock' => 1.0])],
    'sync_success' => ['/1/0', fn () => Wdt\sync_success(credentials(), 1, [1.0])],
];
foreach ($calls as $name => [$place, $run]) {
    same($name, $place, thrown($run)?->getIssues()[0]->pointer);
}
same('at most a hundred issues', 100, count(thrown(fn () => body(array_fill(0, 1000, 0.5)))->getIssues()));
finish();
?>
--EXPECT--
ok
