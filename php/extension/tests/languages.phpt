--TEST--
What people read follows the environment; codes, places and figures do not
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

/** @return list<string> the figures in a text, in no order of their own */
function figures(string $text): array
{
    preg_match_all('~\d+~', $text, $found);
    sort($found[0]);
    return $found[0];
}

$refused = [
    'credentials' => fn () => new Wdt\Credentials('s', 'k', 'hunter2'),
    'pager' => fn () => new Wdt\Pager(0),
    'decimal' => fn () => new Wdt\Decimal('1,5'),
    'api' => fn () => Wdt\parse_response('{"status":100,"message":"超过每分钟最大调用频率限制"}'),
    'malformed' => fn () => Wdt\parse_response('<html>502'),
    'catalogue' => fn () => Wdt\build_request(credentials(), 'sales.StockSync.cancelSync', [1, 2147483648]),
    'milliseconds' => fn () => Wdt\build_request(credentials(), 'system.Core.now', [], null, 1775791716000),
    'UTF-8' => fn () => Wdt\validate("\xff", '[]'),
    'float' => fn () => body([1.5]),
    'year' => fn () => body([(new DateTime())->setDate(12000, 1, 1)]),
    'class' => fn () => body([new ArrayObject()]),
    'resource' => fn () => body([STDIN]),
    'string' => fn () => body(["\xff"]),
    'key' => fn () => body([["\xff" => 1]]),
    'depth' => function () {
        $deep = [];
        for ($i = 0; $i < 200; $i++) {
            $deep = [$deep];
        }
        body($deep);
    },
    'sync_info' => fn () => Wdt\sync_info(['is_auto_listing' => '0'], true),
    'verify' => fn () => Wdt\verify('sid=a', '[]', fn () => null),
];
foreach ($refused as $name => $run) {
    putenv('WDT_LANG=en');
    $english = thrown($run);
    putenv('WDT_LANG=zh');
    $chinese = thrown($run);
    same($name, true, $english instanceof Wdt\WdtException);
    same($name, get_class($english), get_class($chinese));
    same("$name in English", [$english->getMessageEn(), $english->getMessageZh()], [$english->getMessage(), $chinese->getMessage()]);
    same("$name in Chinese", $chinese->getMessageZh(), $chinese->getMessage());
    same("$name, Chinese letters", 1, preg_match('~\p{Han}~u', $chinese->getMessage()));
    same("$name, the same figures", figures($english->getMessage()), figures($chinese->getMessage()));
    foreach ($english instanceof Wdt\ValidationException ? $english->getIssues() : [] as $i => $issue) {
        $other = $chinese->getIssues()[$i];
        same($name, [$issue->pointer, $issue->code, $issue->message], [$other->pointer, $other->code, $other->message]);
        same($name, $other->messageZh, (string) $other);
        same($name, figures($issue->message), figures($issue->messageZh));
        same($name, true, str_contains($chinese->getMessage(), $issue->messageZh));
    }
}

// PHP's own classes of errors speak the language too; the frame around an argument's is PHP's.
foreach ([
    'level' => fn () => Wdt\build_request(credentials(), 'system.Core.now', [], null, 1775791716, 'lax'),
    'parameters' => fn () => Wdt\sign('secret', ['a' => 1.5]),
    'lookup' => fn () => Wdt\verify('sid=a&key=b&salt=c&method=m&v=1.0&timestamp=450444516&sign=' . str_repeat('0', 32), '[]', fn () => 5, 1775791716),
] as $name => $run) {
    putenv('WDT_LANG=en');
    $english = thrown($run);
    putenv('WDT_LANG=zh');
    $chinese = thrown($run);
    same("$name is PHP's", true, $english instanceof Error && get_class($english) === get_class($chinese));
    same("$name, no Chinese letters", 0, preg_match('~\p{Han}~u', $english->getMessage()));
    same("$name, Chinese letters", 1, preg_match('~\p{Han}~u', $chinese->getMessage()));
}

// The first that is set and not empty decides; each is asked when a text is made.
$shown = fn (): bool => thrown($refused['decimal'])->getMessage() === thrown($refused['decimal'])->getMessageZh();
foreach (['WDT_LANG', 'LC_ALL', 'LC_MESSAGES', 'LANG'] as $name) {
    putenv("$name=");
}
same('nothing', false, $shown());
putenv('LANG=zh_CN.UTF-8');
same('LANG', true, $shown());
putenv('LC_ALL=C.UTF-8');
same('LC_ALL', false, $shown());

$own = new class('eigen') extends Wdt\WdtException {};
same('one of its own', ['eigen', 'eigen'], [$own->getMessageEn(), $own->getMessageZh()]);
finish();
?>
--EXPECT--
ok
