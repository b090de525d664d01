--TEST--
What PHP values become on the wire
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

$object = (object) ['1' => 'x', 'list' => [], 'none' => new stdClass()];
$shared = 5;
$reference = [&$shared];
$bodies = [
    '[]' => [],
    '[[],{}]' => [[], new stdClass()],
    '[1,-7,0,9223372036854775807,-9223372036854775808]' => [1, -7, 0, PHP_INT_MAX, PHP_INT_MIN],
    '[true,false,null]' => [true, false, null],
    '["1.50","","007"]' => ['1.50', '', '007'],
    '[{"a":1,"7":2,"-1":3}]' => [['a' => 1, '7' => 2, '-1' => 3]],
    '[{"1":"x","0":"y"}]' => [[1 => 'x', 0 => 'y']],
    '[["x","y"]]' => [[0 => 'x', 1 => 'y']],
    '[{"1":"x","list":[],"none":{}}]' => [$object],
    '[5]' => $reference,
    '[1.0000,-0.5,1e3,12E-4,0]' => array_map(fn (string $text): Wdt\Decimal => new Wdt\Decimal($text), ['1.0000', '-0.5', '1e3', '12E-4', '0']),
    '[999999999999999.9999]' => [new Wdt\Decimal('999999999999999.9999')],
    '["库存\"\\\\/\n\r\t\u0000\u001f\u00e9"]' => ["库存\"\\/\n\r\t\0\x1f\\u00e9"],
    '["😀"]' => ['😀'],
];
foreach ($bodies as $expected => $args) {
    same((string) $expected, str_replace('\u00e9', '\\\\u00e9', (string) $expected), body($args));
}
same('a string is sent byte for byte', "[ 2447 ,\n false , 1.0e5 ]", body("[ 2447 ,\n false , 1.0e5 ]"));
same('the array is untouched', [5], $reference);

date_default_timezone_set('America/New_York');
$times = [
    '2012-01-01 00:00:00' => new DateTimeImmutable('@' . Wdt\EPOCH_UNIX),
    '2026-03-01 07:59:59' => new DateTime('2026-02-28T23:59:59Z'),
    '2024-02-29 12:00:00' => new DateTime('2024-02-29 12:00:00.999', new DateTimeZone('Asia/Shanghai')),
    '2000-02-29 00:00:00' => new DateTime('2000-02-29 00:00:00', new DateTimeZone('+08:00')),
    '1970-01-01 07:59:59' => new DateTime('@-1'),
    '0001-01-01 00:00:00' => new DateTime('0001-01-01 00:00:00+08:00'),
    '9999-12-31 23:59:59' => new DateTime('9999-12-31 23:59:59+08:00'),
];
foreach ($times as $expected => $time) {
    same($expected, "[\"$expected\"]", body([$time]));
}
// Every day of some centuries, against PHP's own calendar.
for ($day = -800000; $day < 200000; $day += 97) {
    $time = (new DateTimeImmutable('@' . $day * 86400 + 12345))->setTimezone(new DateTimeZone('+08:00'));
    if ((int) $time->format('Y') >= 1) {
        same("day $day", '["' . $time->format('Y-m-d H:i:s') . '"]', body([$time]));
    }
}

final class Sly extends DateTime
{
    public function getTimestamp(): int
    {
        throw new LogicException('must not be asked');
    }
}
same('a subclass', '["1970-01-01 08:00:00"]', body([new Sly('@0')]));

enum Suit: string
{
    case Hearts = 'H';
}
final class Mine
{
    public int $a = 1;
}
$refused = [
    ['type', ' cannot be written as JSON', [new Mine()]],
    ['type', ' cannot be written as JSON', [Suit::Hearts]],
    ['type', ' cannot be written as JSON', [fn () => 1]],
    ['type', ' cannot be written as JSON', [STDIN]],
    ['type', ' cannot be written as JSON', [credentials()]],
    ['type', 'the Wdt\Decimal holds no number', [unserialize('O:11:"Wdt\Decimal":1:{s:4:"text";s:4:"1],[";}')]],
    ['type', 'the Wdt\Decimal holds no number', [(new ReflectionClass(Wdt\Decimal::class))->newInstanceWithoutConstructor()]],
    ['format', 'a year outside', [new DateTime('9999-12-31 16:00:00Z')]],
    ['format', 'a year outside', [new DateTime('-0001-12-31 16:00:00Z')]],
    ['unsupported_character', 'the string is no UTF-8', ["\xff"]],
    ['unsupported_character', 'a key is no UTF-8', [["\xed\xa0\x80" => 1]]],
];
foreach (["\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe5\xba", "\x80", "a\xf8\x88\x80\x80\x80"] as $bytes) {
    $refused[] = ['unsupported_character', 'the string is no UTF-8', [$bytes]];
}
foreach ($refused as $i => [$code, $text, $args]) {
    $error = thrown(fn () => body($args));
    same("refused $i", Wdt\ValidationException::class, get_class($error ?? new stdClass()));
    same("refused $i", [$code, true], [$error->getIssues()[0]->code, str_contains($error->getMessage(), $text)]);
}
finish();
?>
--EXPECT--
ok
