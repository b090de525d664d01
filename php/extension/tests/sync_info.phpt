--TEST--
The info of a report: the shared cases, from JSON and from PHP values; signing a request again
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

/** What came of it: the info, or the place and the code of the issue. */
function outcome(callable $run): array
{
    try {
        return [$run()];
    } catch (Wdt\ValidationException $error) {
        $issue = $error->getIssues()[0];
        return [count($error->getIssues()), $issue->pointer, $issue->code, $issue->severity];
    }
}

$as_values = 0;
foreach (cases('sync_info.json', 60) as $case) {
    ['success' => $success, 'result' => $result] = $case['outcome'];
    $field = $case['error']['field'] ?? null;
    $expected = $field === null ? [$case['info']] : [1, $field === '' ? '' : "/$field", $case['error']['code'], 'error'];
    same($case['name'], $expected, outcome(fn () => Wdt\sync_info($case['calculated'], $success, $result)));
    // As a reply gives it. An empty object is an empty array there, which is no object.
    if (!isset($case['text_only']) && $case['calculated'] !== '{}') {
        $data = Wdt\parse_response("{\"status\":0,\"data\":$case[calculated]}")->data();
        same("$case[name], as values", $expected, outcome(fn () => Wdt\sync_info($data, $success, $result)));
        $as_values++;
    }
}
same('cases as values', true, $as_values >= 50);

// What it makes, goes into the report to the letter.
$calculated = ['syn_stock' => '12.5000', 'stock_change_count' => 2, 'stock_syn_rule_id' => -1, 'stock_syn_rule_no' => '',
    'stock_syn_warehouses' => '6', 'stock_syn_mask' => 0, 'stock_syn_percent' => 100, 'stock_syn_plus' => new Wdt\Decimal('1.0000'),
    'stock_syn_min' => 1, 'stock_syn_max' => 5, 'is_auto_listing' => 1, 'is_auto_delisting' => false];
$info = Wdt\sync_info($calculated, false, '限流');
$request = Wdt\sync_fail(credentials(), 2447, $info, TIME);
same('the report', "[2447,$info]", $request->body);
same('a float', '/syn_stock', thrown(fn () => Wdt\sync_info(['syn_stock' => 1.5], true))?->getIssues()[0]->pointer);

$again = $request->signAgain(credentials(), TIME + 30);
same('another time', [$request->timestamp + 30, $request->body], [$again->timestamp, $again->body]);
same('another signature', false, $request->sign === $again->sign);
same('its warnings', array_map('strval', $request->warnings), array_map('strval', $again->warnings));
unset($request);
$third = $again->signAgain(credentials(), TIME);
same('as built at once', Wdt\sync_fail(credentials(), 2447, $info, TIME)->query, $third->query);
same('now', true, abs($third->signAgain(credentials())->timestamp + Wdt\EPOCH_UNIX - time()) <= 2);
same('milliseconds', 'unix_time', thrown(fn () => $third->signAgain(credentials(), TIME * 1000))?->getIssues()[0]->label);
finish();
?>
--EXPECT--
ok
