--TEST--
Objects: readonly, made by the extension alone, one owner a handle
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

$credentials = credentials();
$request = Wdt\build_request($credentials, 'system.Core.now', []);
$response = Wdt\parse_response('{"status":0,"data":1}');

foreach ([$credentials, $request, $response] as $object) {
    $class = get_class($object);
    same("$class, clone", Error::class, get_class(thrown(fn () => clone $object) ?? new stdClass()));
    same("$class, serialize", Exception::class, get_class(thrown(fn () => serialize($object)) ?? new stdClass()));
    $bare = thrown(fn () => (new ReflectionClass($class))->newInstanceWithoutConstructor());
    same("$class, bare", ReflectionException::class, get_class($bare ?? new stdClass()));
}
foreach (['Request', 'Response', 'Report', 'Issue', 'Explanation', 'Call'] as $class) {
    same("new $class", Error::class, get_class(thrown(fn () => new ('Wdt\\' . $class)()) ?? new stdClass()));
}
foreach (['Credentials', 'Pager', 'Decimal', 'Request', 'Response', 'Report', 'Issue', 'Explanation', 'Call'] as $class) {
    same("$class is final", true, (new ReflectionClass("Wdt\\$class"))->isFinal());
}
same('readonly', 'Cannot modify readonly property Wdt\Request::$sign', thrown(function () use ($request): void {
    $request->sign = 'x';
})?->getMessage());
same('a new property', Error::class, get_class(thrown(function () use ($request): void {
    $request->colour = 'x';
})));
same('twice', 'Wdt\Pager is constructed already', thrown(fn () => (new Wdt\Pager(1))->__construct(2))?->getMessage());
same('twice', 'Wdt\Decimal is constructed already', thrown(fn () => (new Wdt\Decimal('1'))->__construct('2'))?->getMessage());
$bare = (new ReflectionClass(Wdt\Pager::class))->newInstanceWithoutConstructor();
same('a bare pager', Error::class, get_class(thrown(fn () => Wdt\build_request($credentials, 'a', '[]', $bare))));
same('a bare decimal', '', (string) (new ReflectionClass(Wdt\Decimal::class))->newInstanceWithoutConstructor());

// A request outlives what it was made of.
unset($credentials);
gc_collect_cycles();
same('alive', true, str_contains($request->url('https://erp.example'), $request->sign));
same('extension', Wdt\EXTENSION_VERSION, phpversion('wdt'));
finish();
?>
--EXPECT--
ok
