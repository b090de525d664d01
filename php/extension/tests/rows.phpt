--TEST--
Typed rows and hidden failures: the shared cases, from JSON and from PHP values
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

/** As the shared cases have them: times as text, decimals and numbers that no int holds as text. */
function canonical(mixed $value): mixed
{
    if ($value instanceof DateTimeImmutable) {
        same('the zone', '+08:00', $value->format('P'));
        return preg_replace('~\.000$~', '', $value->format('Y-m-d H:i:s.v'));
    }
    if ($value instanceof Wdt\Decimal) {
        return $value->text;
    }
    return is_array($value) ? array_map('canonical', $value) : $value;
}

$as_values = 0;
foreach (cases('typed_rows.json', 40) as $case) {
    $name = $case['name'];
    $report = null;
    try {
        $rows = Wdt\typed_rows($case['method'], $case['rows'], $report);
    } catch (Wdt\ValidationException $error) {
        $issue = $error->getIssues()[0];
        $told = ['code' => $issue->code, 'message' => $issue->message, 'message_zh' => $issue->messageZh];
        same($name, $case['error'] ?? null, $told);
        continue;
    }
    $expected = Wdt\parse_response("{\"status\":0,\"data\":$case[typed]}")->data();
    same($name, $expected, canonical($rows));
    same($name, true, $report->ok && $report->omitted === 0);
    $told = array_map(fn (Wdt\Issue $i): array => [$i->pointer, $i->code, $i->message, $i->messageZh], $report->issues);
    $issues = array_map(fn (array $i): array => [$i['pointer'], $i['code'], $i['message'], $i['message_zh']], $case['issues']);
    same($name, $issues, $told);
    // As a reply gives them: a number with an exponent is text there, a key that comes twice comes once.
    if ($case['rows'] === '' || preg_match('~[0-9]E|twice|half~', $case['rows'] . $name)) {
        continue;
    }
    $data = Wdt\parse_response("{\"status\":0,\"data\":$case[rows]}")->data();
    if ($data !== null && $case['issues'] === []) {
        same("$name, as values", canonical($rows), canonical(Wdt\typed_rows($case['method'], $data)));
        $as_values++;
    }
}
same('cases as values', true, $as_values >= 15);

foreach (cases('failures.json', 24) as $case) {
    $response = Wdt\parse_response("{\"status\":0,\"data\":$case[data]}");
    same($case['name'], $case['failures'], Wdt\failures($response, $case['method'] ?? ''));
}

[$row] = Wdt\typed_rows('sales.TradeQuery.queryWithDetail', [['paid' => '1.50', 'modified' => 1686712380007, 'is_sealed' => 0, 'trade_id' => '7']]);
var_dump($row['paid']::class, $row['paid']->text, $row['modified']->format(DATE_RFC3339_EXTENDED), $row['is_sealed'], $row['trade_id']);
// Typed once more, and sent as it is.
same('again', canonical([['paid' => $row['paid']]]), canonical(Wdt\typed_rows('sales.TradeQuery.queryWithDetail', [['paid' => $row['paid']]])));
same('sent', '[{"paid":1.50,"modified":"2023-06-14 11:13:00"}]', body([['paid' => $row['paid'], 'modified' => $row['modified']]]));
same('no rows', [], Wdt\typed_rows('sales.TradeQuery.queryWithDetail', []));
try {
    Wdt\typed_rows('sales.TradeQuery.queryWithDetail', [['paid' => 1.5]]);
} catch (Wdt\ValidationException $error) {
    echo $error->getIssues()[0]->pointer, "\n";
}
try {
    Wdt\failures(new stdClass());
} catch (TypeError $error) {
    echo $error->getMessage(), "\n";
}
?>
--EXPECT--
string(11) "Wdt\Decimal"
string(4) "1.50"
string(29) "2023-06-14T11:13:00.007+08:00"
bool(false)
int(7)
/0/paid
Wdt\failures(): Argument #1 ($response) must be of type Wdt\Response, stdClass given
