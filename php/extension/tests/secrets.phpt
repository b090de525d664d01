--TEST--
The secret is in no dump, no text, no trace
--INI--
zend.exception_ignore_args=0
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

/** Everything that PHP shows of a value. */
function shown(mixed $value): string
{
    ob_start();
    print_r($value);
    var_dump($value);
    var_export($value);
    debug_zval_dump($value);
    $text = ob_get_clean() . json_encode($value);
    return $value instanceof Throwable ? $text . $value . print_r($value->getTrace(), true) : $text;
}

function leaks(mixed $value): bool
{
    return str_contains(shown($value), 'hunter2');
}

$credentials = credentials();
same('the dump has the sid', true, str_contains(shown($credentials), 'wdtapi3'));
same('Credentials', false, leaks($credentials));
same('(array)', ['sid' => 'wdtapi3', 'key' => 'appkey', 'salt' => 'testsalt'], (array) $credentials);
same('reflection', ['sid', 'key', 'salt'], array_map(
    fn (ReflectionProperty $property): string => $property->getName(),
    (new ReflectionObject($credentials))->getProperties(),
));
same('serialize', "Serialization of 'Wdt\Credentials' is not allowed", thrown(fn () => serialize($credentials))?->getMessage());
$forged = 'O:15:"Wdt\Credentials":0:{}';
same('unserialize', "Unserialization of 'Wdt\Credentials' is not allowed", thrown(fn () => unserialize($forged))?->getMessage());
same('clone', 'Trying to clone an uncloneable object of class Wdt\Credentials', thrown(fn () => clone $credentials)?->getMessage());

$request = Wdt\sync_fail($credentials, 2447, info(), TIME);
same('Request', false, leaks($request));
same('url', false, str_contains($request->url('https://erp.example'), 'hunter2'));
same('explain', false, leaks(Wdt\explain($credentials, 'system.Core.now', '[]')));

// Exceptions: from the constructor with a good and a bad secret, wrong types beside it, and below.
$wrong = [
    'no colon' => fn () => new Wdt\Credentials('sid', 'key', 'hunter2'),
    'a line break' => fn () => new Wdt\Credentials('sid', "k\n", 'hunter2:salt'),
    'a wrong sid' => fn () => new Wdt\Credentials([], 'key', 'hunter2:salt'),
    'a wrong secret' => fn () => new Wdt\Credentials('sid', 'key', ['hunter2:salt']),
    'one too many' => fn () => new Wdt\Credentials('sid', 'key', 'hunter2:salt', 1),
    'by name' => fn () => new Wdt\Credentials(key: 'key', appSecret: 'hunter2', sid: 'sid'),
    'constructed twice' => fn () => $credentials->__construct('sid', 'key', 'hunter2:salt'),
    'sign, wrong params' => fn () => Wdt\sign('hunter2', ['a' => 1.5]),
    'sign, no array' => fn () => Wdt\sign('hunter2', 'a'),
    'sign, wrong secret' => fn () => Wdt\sign(['hunter2'], []),
    'sign, no UTF-8' => fn () => Wdt\sign("hunter2\xff", []),
    'a refused body' => fn () => Wdt\build_request($credentials, 'system.Core.now', '{'),
    'a wrong level' => fn () => Wdt\build_request($credentials, 'system.Core.now', '[]', null, null, 'x'),
];
foreach ($wrong as $name => $run) {
    $error = thrown($run);
    same("$name throws", true, $error instanceof Throwable);
    same($name, false, leaks($error));
}
same('the trace is there', true, str_contains(print_r(thrown($wrong['no colon'])->getTrace(), true), '[0] => sid'));
$trace = thrown($wrong['no colon'])->getTrace();
same('not even inside its wrapper', false, method_exists($trace[0]['args'][2], 'getValue')
    && str_contains($trace[0]['args'][2]->getValue(), 'hunter2'));
finish();
?>
--EXPECT--
ok
