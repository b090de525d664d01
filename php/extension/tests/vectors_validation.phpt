--TEST--
The shared vectors of validation, at both levels
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

foreach (cases('validation.json', 51) as $case) {
    foreach (['documented' => 2, 'strict' => 3] as $level => $column) {
        $name = "$case[name], $level";
        $report = Wdt\validate($case['method'], $case['body'], $level);
        $expected = array_map(fn (array $issue): array => [$issue[0], $issue[1], $issue[$column]], $case['issues']);
        $issue = fn (Wdt\Issue $issue): array => [$issue->pointer, $issue->code, $issue->severity];
        $actual = array_map($issue, $report->issues);
        sort($expected);
        sort($actual);
        same($name, $expected, $actual);
        same($name, !in_array('error', array_column($expected, 2), true), $report->ok);
        same($name, 0, $report->omitted);

        $error = thrown(fn () => Wdt\build_request(credentials(), $case['method'], $case['body'], null, TIME, $level));
        same($name, $report->ok ? null : Wdt\ValidationException::class, $error === null ? null : get_class($error));
        if ($error !== null) {
            $errors = array_filter($report->issues, fn (Wdt\Issue $issue): bool => $issue->severity === 'error');
            // A misspelt field's warning stays, since it explains the error.
            same($name, [], array_diff(array_map('strval', $errors), array_map('strval', $error->getIssues())));
            same($name, 0, $error->getOmitted());
        }
    }
}
$issue = Wdt\validate('sales.StockSync.syncFail', [2447, info(['syn_stock' => new Wdt\Decimal('1.00001')])])->issues[0];
same('the label', '最后同步库存量', $issue->label);
same('the message', true, str_starts_with($issue->message, '/1/syn_stock (最后同步库存量): '));
same('level off', true, Wdt\validate('sales.StockSync.syncFail', '[2447]', 'off')->ok);
finish();
?>
--EXPECT--
ok
