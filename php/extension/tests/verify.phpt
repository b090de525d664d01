--TEST--
The receiving side, with look-ups of all sorts
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

$request = Wdt\build_request(credentials(), 'system.Core.now', '[]', new Wdt\Pager(50, 3), TIME, 'off');
$query = $request->query;
$found = fn (string $sid, string $key): string => 'hunter2:testsalt';

$call = Wdt\verify("?$query", '[]', $found, TIME);
same('call', ['wdtapi3', 'appkey', 'system.Core.now', TIME - Wdt\EPOCH_UNIX], [$call->sid, $call->key, $call->method, $call->timestamp]);
same('pager', [50, 3, false], [$call->pager->pageSize, $call->pager->pageNo, $call->pager->calcTotal]);
same('both ends', 'system.Core.now', Wdt\verify($query, '[]', $found, TIME + 120)->method);
$now = Wdt\build_request(credentials(), 'system.Core.now', '[]');
same('now', null, Wdt\verify($now->query, '[]', $found)->pager);

final class Shops
{
    public int $asked = 0;

    public function secret(string $sid, string $key): ?string
    {
        $this->asked++;
        return $sid === 'wdtapi3' && $key === 'appkey' ? 'hunter2:testsalt' : null;
    }

    public static function none(): ?string
    {
        return null;
    }

    public function __invoke(string $sid, string $key): string
    {
        return 'hunter2:testsalt';
    }
}
$shops = new Shops();
foreach ([[$shops, 'secret'], $shops->secret(...), $shops] as $i => $lookup) {
    same("callable $i", 'appkey', Wdt\verify($query, '[]', $lookup, TIME)->key);
}
same('once a call', 2, $shops->asked);

$checks = [
    'wrong_signature' => [$query, '[1]', $found, TIME],
    'stale_timestamp' => [$query, '[]', $found, TIME + 121],
    'unknown_key' => [$query, '[]', 'Shops::none', TIME],
    'unknown_sid' => [$query, '[]', fn () => false, TIME],
];
foreach ($checks as $check => $parts) {
    $error = thrown(fn () => Wdt\verify(...$parts));
    same($check, [Wdt\VerifyException::class, $check], [get_class($error), $error->getCheck()]);
    same($check, true, $error->getStatus() !== 0 && $error->getStatus() === $error->getCode() && $error->getVendorMessage() !== '');
}
same('a wrong salt', Wdt\VerifyException::class, get_class(thrown(fn () => Wdt\verify($query, '[]', fn () => 'hunter2:other', TIME))));
same('no query', Wdt\VerifyException::class, get_class(thrown(fn () => Wdt\verify('', '', $found, TIME))));
same('no secret', Wdt\CredentialsException::class, get_class(thrown(fn () => Wdt\verify($query, '[]', fn () => 'hunter2', TIME))));

$error = thrown(fn () => Wdt\verify($query, '[]', fn () => throw new DomainException('down'), TIME));
same('what the look-up throws', [DomainException::class, 'down', null], [get_class($error), $error->getMessage(), $error->getPrevious()]);
$type = 'Wdt\verify(): the lookup must return string, false or null, int returned';
$error = thrown(fn () => Wdt\verify($query, '[]', fn () => 7, TIME));
same('another type', [TypeError::class, $type], [get_class($error), $error->getMessage()]);

// Look-ups that call back into the extension, and that wait in a fiber.
$nested = fn (): string => Wdt\verify($query, '[]', $found, TIME)->sid === 'wdtapi3' ? 'hunter2:testsalt' : '';
same('nested', 'appkey', Wdt\verify($query, '[]', $nested, TIME)->key);
$fiber = new Fiber(fn () => Wdt\verify($query, '[]', fn () => Fiber::suspend('waits'), TIME)->key);
same('fiber', 'waits', $fiber->start());
$fiber->resume('hunter2:testsalt');
same('fiber', 'appkey', $fiber->getReturn());
$left = new Fiber(fn () => Wdt\verify($query, '[]', fn () => Fiber::suspend(), TIME));
$left->start();
unset($left);
gc_collect_cycles();
finish();
?>
--EXPECT--
ok
