--TEST--
Decimals keep every digit, on the way out and back
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

$number = '999999999999999.9999';
$request = Wdt\sync_fail(credentials(), 2447, info(['syn_stock' => new Wdt\Decimal($number)]), TIME);
same('out', true, str_contains($request->body, "\"syn_stock\":$number,"));
same('no warning', [], $request->warnings);
$data = Wdt\parse_response("{\"status\":0,\"data\":{\"n\":$number}}")->data();
same('back', ['n' => $number], $data);

$json = '{"status":0,"data":[1.0000,-0.10,1e3,1E-7,0,-0,12345678901234567890,-9223372036854775808,9223372036854775807,'
    . '9223372036854775808,0.1]}';
$data = ['1.0000', '-0.10', '1e3', '1E-7', 0, 0, '12345678901234567890', PHP_INT_MIN, PHP_INT_MAX, '9223372036854775808', '0.1'];
$response = Wdt\parse_response($json);
same('numbers', $data, $response->data());
same('once more', $data, $response->data());
same('raw', substr($json, 19, -1), $response->rawData());

foreach (['', '+1', '.5', '1.', '01', '1e', '1e+', '0x1', 'NaN', 'INF', ' 1', "1\n", '1,2', '--1', '1.0.0', "1\0"] as $text) {
    $error = thrown(fn () => new Wdt\Decimal($text));
    same("Decimal of \"$text\"", Wdt\ValidationException::class, get_class($error ?? new stdClass()));
    same("Decimal of \"$text\"", 'type', $error->getIssues()[0]->code);
}
$decimal = new Wdt\Decimal('1.0000');
same('text', ['1.0000', '1.0000'], [$decimal->text, (string) $decimal]);
same('a copy', '1.0000', (clone $decimal)->text);
same('a job queue', '1.0000', unserialize(serialize($decimal))->text);
same('compared by text', [true, false], [$decimal == new Wdt\Decimal('1.0000'), $decimal == new Wdt\Decimal('2')]);
finish();
?>
--EXPECT--
ok
