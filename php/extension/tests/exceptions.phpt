--TEST--
Exceptions: classes, codes, texts
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

$parents = [
    Wdt\WdtException::class => Exception::class,
    Wdt\CredentialsException::class => Wdt\WdtException::class,
    Wdt\ValidationException::class => Wdt\WdtException::class,
    Wdt\ApiException::class => Wdt\WdtException::class,
    Wdt\MalformedResponseException::class => Wdt\WdtException::class,
    Wdt\VerifyException::class => Wdt\WdtException::class,
];
foreach ($parents as $class => $parent) {
    same($class, $parent, get_parent_class($class));
    same($class, ['text', 3], [(new $class('text', 3))->getMessage(), (new $class('text', 3))->getCode()]);
}

foreach ([['', 'k', 's:t'], ['s', '', 's:t'], ['s', 'k', ''], ['s', 'k', 'st'], ['s', 'k', ':t'], ["s\n", 'k', 's:t']] as $i => $parts) {
    same("credentials $i", Wdt\CredentialsException::class, get_class(thrown(fn () => new Wdt\Credentials(...$parts)) ?? new stdClass()));
}
foreach ([[0], [-1], [1, -1], [PHP_INT_MAX], [1, PHP_INT_MAX]] as $i => $parts) {
    same("pager $i", Wdt\ValidationException::class, get_class(thrown(fn () => new Wdt\Pager(...$parts)) ?? new stdClass()));
}
$pager = new Wdt\Pager(100, calcTotal: true);
foreach ([[1, true], [0, false], [true, true]] as [$said, $total]) {
    same('the total as ' . var_export($said, true), $total, (new Wdt\Pager(100, 0, $said))->calcTotal);
}
foreach ([2, '1', null] as $said) {
    same('no total as ' . var_export($said, true), TypeError::class, get_class(thrown(fn () => new Wdt\Pager(100, 0, $said)) ?? $said));
}
same('pager', ['pageSize' => 100, 'pageNo' => 0, 'calcTotal' => true], get_object_vars($pager));

$error = thrown(fn () => Wdt\parse_response('{"status":100,"message":"超过每分钟最大调用频率限制"}'));
same('api', [100, 'rate_limit', true, '超过每分钟最大调用频率限制', null], [
    $error->getStatus(), $error->getKind(), $error->isRetryable(), $error->getServerMessage(), $error->getData(),
]);
same('what to do', true, str_contains($error->getMessage(), 'rest for 5 to 10 minutes'));
same('of its own', [0, '', false], [(new Wdt\ApiException())->getStatus(), (new Wdt\ApiException())->getKind(), (new Wdt\ApiException())->isRetryable()]);
same('no issues of its own', [], (new Wdt\ValidationException())->getIssues());

$request = Wdt\build_request(credentials(), 'system.Core.now', []);
same('now', true, abs($request->timestamp + Wdt\EPOCH_UNIX - time()) <= 2);
same('url', "https://erp.example/openapi?$request->query", $request->url('https://erp.example/'));
foreach (['', 'erp.example', 'ftp://erp.example'] as $base) {
    same("url of \"$base\"", Wdt\ValidationException::class, get_class(thrown(fn () => $request->url($base)) ?? new stdClass()));
}
same('a method that is no UTF-8', Wdt\WdtException::class, get_class(thrown(fn () => Wdt\validate("\xff", '[]'))));
same('a body that is none', 'not_json', thrown(fn () => Wdt\explain(credentials(), 'a', "[\xff]"))?->getIssues()[0]->code);
same('a time before all', Wdt\ValidationException::class, get_class(thrown(fn () => Wdt\build_request(credentials(), 'a', '[]', null, PHP_INT_MIN)) ?? new stdClass()));
$level = 'Wdt\validate(): Argument #3 ($level) must be "documented", "strict" or "off"';
$error = thrown(fn () => Wdt\validate('a', '[]', 'loose'));
same('level', [ValueError::class, $level], [get_class($error), $error->getMessage()]);
same('too few', ArgumentCountError::class, get_class(thrown(fn () => Wdt\validate('a'))));
same('sign', TypeError::class, get_class(thrown(fn () => Wdt\sign('s', ['a' => []]))));
same('sign of ints', Wdt\sign('s', ['1' => '2', 'body' => '[]']), Wdt\sign('s', [1 => 2, 'body' => '[]']));
same('sign of nothing', md5('ss'), Wdt\sign('s', []));
finish();
?>
--EXPECT--
ok
