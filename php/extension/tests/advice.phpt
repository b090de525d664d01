--TEST--
Arrays that JSON reads otherwise: what to write instead
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

$fail = 'sales.StockSync.syncFail';
$batch = 'sales.StockSync.batchCalcStock';
$good = ['api_goods_id' => 1, 'force_sync' => true];
$rows = [
    'an empty array for an object' => ['/1', 'new stdClass', fn () => Wdt\build_request(credentials(), $fail, [1, []])],
    'the same in a report' => ['/1', 'new stdClass', fn () => Wdt\sync_fail(credentials(), 1, [])],
    'gaps' => ['/0', 'array_values()', fn () => Wdt\build_request(credentials(), $batch, [[1 => $good]])],
    'gaps at the root' => ['', 'array_values()', fn () => Wdt\build_request(credentials(), $fail, [1 => 1, 2 => info()])],
    'gaps in explain' => ['', 'array_values()', fn () => Wdt\explain(credentials(), $fail, [3 => 1])],
    'below an object' => ['/0/0', 'new stdClass', fn () => Wdt\build_request(credentials(), $batch, [[[], $good]])],
    'an array for a text' => ['/1/syn_result', null, fn () => Wdt\sync_fail(credentials(), 1, info(['syn_result' => []]))],
    'within a stdClass' => ['/1/syn_result', 'array_values()', fn () => Wdt\build_request(credentials(), $fail, [1, (object) info(['syn_result' => [5 => 1]])])],
    'a map is meant' => ['/1/syn_result', null, fn () => Wdt\sync_fail(credentials(), 1, info(['syn_result' => ['a' => 1]]))],
    'a list is meant' => ['/1', null, fn () => Wdt\sync_fail(credentials(), 1, [1, 2])],
    'a number' => ['/0', null, fn () => Wdt\build_request(credentials(), $fail, ['x', info()])],
    'text' => ['/1', 'new stdClass', fn () => Wdt\build_request(credentials(), $fail, '[1,[]]')],
];
foreach ($rows as $name => [$pointer, $advice, $run]) {
    $error = thrown($run);
    $found = array_values(array_filter($error->getIssues(), fn (Wdt\Issue $issue): bool => $issue->pointer === $pointer));
    same("$name, its place", 1, count($found));
    foreach ([[$found[0]->message, $error->getMessageEn()], [$found[0]->messageZh, $error->getMessageZh()]] as [$line, $all]) {
        same($name, $advice !== null, str_contains($line, $advice ?? 'PHP'));
        // The exception's text has the same lines.
        same("$name, in the whole", true, in_array($line, explode("\n", $all), true));
        same("$name, once a line", substr_count($line, 'PHP'), substr_count($all, 'PHP'));
    }
}
$report = Wdt\validate($fail, [1, []]);
same('a report', true, str_contains($report->issues[0]->message, 'new stdClass') && str_contains($report->issues[0]->messageZh, 'new stdClass'));
same('followed', true, Wdt\validate($fail, [1, new stdClass()])->issues[0]->code !== 'type');
finish();
?>
--EXPECT--
ok
