<?php
/** All vectors of crates/wdt-proto/testdata through plain PHP and FFI. Exits with 1 on a difference. */

declare(strict_types=1);

require __DIR__ . '/../wdt.php';

// The traces of exceptions are to be looked at with their arguments.
ini_set('zend.exception_ignore_args', '0');

$wdt = new Wdt\Library();
$failures = 0;

function same(string $name, mixed $expected, mixed $actual): void
{
    global $failures;
    if ($expected !== $actual) {
        $failures++;
        echo "$name:\n  expected ", var_export($expected, true), "\n  got      ", var_export($actual, true), "\n";
    }
}

function vectors(string $file): array
{
    $path = dirname(__DIR__, 3) . "/crates/wdt-proto/testdata/$file";
    return json_decode(file_get_contents($path), true, 64, JSON_THROW_ON_ERROR);
}

/** @return array{array<string, mixed>, ?Wdt\Failure} */
function attempt(callable $run): array
{
    try {
        return [$run(), null];
    } catch (Wdt\Failure $failure) {
        return [null, $failure];
    }
}

$counts = [];

$signing = vectors('signing.json');
same('the epoch', $signing['epoch_unix'], $wdt->constant('WDT_EPOCH_UNIX'));
foreach ($signing['cases'] as $case) {
    $name = $case['name'];
    $repeat = $case['body_repeat'] ?? null;
    $body = $case['body'] ?? $repeat['prefix'] . str_repeat($repeat['unit'], $repeat['times']) . $repeat['suffix'];
    $secret = explode(':', $case['app_secret'], 2)[0];
    $pager = $case['pager'] === null ? null : array_values($case['pager']);
    $credentials = $wdt->credentials($case['sid'], $case['key'], $case['app_secret']);
    $options = $wdt->options('WDT_LEVEL_OFF', $pager);

    $parts = [$credentials, $case['method'], $body, $case['unix_time'], $options];
    $explanation = $wdt->make('wdt_explain', 'wdt_explanation', ...$parts);
    if ($case['canonical'] !== null) {
        $inner = substr($case['canonical'], strlen($secret), -strlen($secret));
        same($name, "***$inner***", $wdt->text('wdt_explanation_canonical', $explanation));
        same($name, strlen($case['canonical']), $wdt->get('wdt_explanation_length', $explanation));
        same($name, $case['sign'], md5($case['canonical']));
    }
    same($name, $case['sign'], $wdt->text('wdt_explanation_sign', $explanation));
    same($name, $case['sign'], $wdt->sign($secret, $case['query'] + ['body' => $body]));

    $request = $wdt->request(...$parts);
    parse_str($wdt->text('wdt_request_query', $request), $query);
    ksort($query);
    $expected = $case['query'];
    ksort($expected);
    same($name, $expected, $query);
    same($name, $case['sign'], $wdt->text('wdt_request_sign', $request));
    same($name, $case['timestamp'], $wdt->get('wdt_request_timestamp', $request));
    same($name, $body, $wdt->text('wdt_request_body', $request));

    $lookup = function (string $sid, string $key) use ($case): string {
        same($case['name'], [$case['sid'], $case['key']], [$sid, $key]);
        return $case['app_secret'];
    };
    $call = $wdt->verify($wdt->text('wdt_request_query', $request), $body, $lookup, $case['unix_time']);
    same($name, $case['method'], $wdt->text('wdt_call_method', $call));
    same($name, $case['timestamp'], $wdt->get('wdt_call_timestamp', $call));
}
$counts['signing'] = count($signing['cases']);

$responses = vectors('responses.json')['cases'];
foreach ($responses as $case) {
    $name = $case['name'];
    [$response, $failure] = attempt(fn () => $wdt->parse($case['body']));
    if ($case['outcome'] === 'ok') {
        same($name, null, $failure);
        if (array_key_exists('data', $case)) {
            same($name, $case['data'], $wdt->text('wdt_response_data', $response));
        }
        same($name, $case['total'] ?? null, $wdt->total($response));
    } elseif ($case['outcome'] === 'api_error') {
        same($name, $wdt->constant('WDT_ERR_API'), $failure?->status);
        same($name, $case['status'], $failure->details['server_status']);
        foreach (['kind', 'retryable', 'message', 'data'] as $field) {
            if (array_key_exists($field, $case)) {
                same($name, $case[$field], $failure->details[$field]);
            }
        }
    } else {
        same($name, $wdt->constant('WDT_ERR_MALFORMED'), $failure?->status);
        same($name, $case['body'], $failure->details['body']);
    }
}
$counts['response'] = count($responses);

$validation = vectors('validation.json')['cases'];
foreach ($validation as $case) {
    foreach (['WDT_LEVEL_DOCUMENTED' => 2, 'WDT_LEVEL_STRICT' => 3] as $level => $column) {
        $name = "$case[name], $level";
        $parts = [null, $case['method'], $case['body'], $wdt->options($level)];
        $report = $wdt->make('wdt_validate', 'wdt_report', ...$parts);
        $expected = array_map(fn (array $issue): array => [$issue[0], $issue[1], $issue[$column]], $case['issues']);
        $issues = $wdt->issues($report);
        $actual = array_map(fn (array $issue): array => [$issue['pointer'], $issue['code'], $issue['severity']], $issues);
        sort($expected);
        sort($actual);
        same($name, $expected, $actual);
        same($name, !in_array('error', array_column($expected, 2), true), $wdt->get('wdt_report_ok', $report));
    }
}
$counts['validation'] = count($validation);

$calculations = vectors('sync_info.json')['cases'];
foreach ($calculations as $case) {
    $name = $case['name'];
    [$info, $failure] = attempt(fn () => $wdt->syncInfo($case['calculated'], $case['outcome']['success'], $case['outcome']['result']));
    if (!isset($case['error'])) {
        same($name, [$case['info'], null], [$info, $failure]);
        continue;
    }
    ['field' => $field, 'code' => $code] = $case['error'];
    same($name, $wdt->constant('WDT_ERR_VALIDATION'), $failure?->status);
    $found = array_map(fn (array $issue): array => [$issue['pointer'], $issue['code']], $failure->issues);
    same($name, [[$field === '' ? '' : "/$field", $code]], $found);
    same("$name, in Chinese", 1, preg_match('~\p{Han}~u', $failure->issues[0]['message_zh']));
}
$counts['sync_info'] = count($calculations);

/** Typed rows as the shared cases have them: times as text; decimals are texts with a point here. */
function canonical(mixed $value): mixed
{
    if ($value instanceof DateTimeImmutable) {
        same('the zone', '+08:00', $value->format('P'));
        return preg_replace('~\.000$~', '', $value->format('Y-m-d H:i:s.v'));
    }
    return is_array($value) ? array_map('canonical', $value) : $value;
}

$tables = vectors('typed_rows.json')['cases'];
foreach ($tables as $case) {
    $name = $case['name'];
    if ($name === 'half of a surrogate pair') {
        continue; // json_decode refuses it, here as in data()
    }
    [$rows, $failure] = attempt(function () use ($wdt, $case, &$issues): array {
        return $wdt->typedRows($case['method'], $case['rows'], $issues);
    });
    if (isset($case['error'])) {
        same($name, $wdt->constant('WDT_ERR_VALIDATION'), $failure?->status);
        $issue = $failure->issues[0];
        same($name, $case['error'], ['code' => $issue['code'], 'message' => $issue['message'], 'message_zh' => $issue['message_zh']]);
        continue;
    }
    same($name, null, $failure);
    same($name, Wdt\Library::decode($case['typed']), canonical($rows));
    same($name, array_column($case['issues'], 'pointer'), array_column($issues, 'pointer'));
    same($name, array_column($case['issues'], 'message_zh'), array_column($issues, 'message_zh'));
}
$counts['typed_rows'] = count($tables);

$refusals = vectors('failures.json')['cases'];
foreach ($refusals as $case) {
    $response = $wdt->parse("{\"status\":0,\"data\":$case[data]}");
    same($case['name'], $case['failures'], $wdt->failures($response, $case['method'] ?? ''));
}
$counts['failures'] = count($refusals);

// The texts follow the environment, the statuses do not.
putenv('WDT_LANG=en');
[, $english] = attempt(fn () => $wdt->parse('{"status":1,"message":"验证失败"}'));
putenv('WDT_LANG=zh');
[, $chinese] = attempt(fn () => $wdt->parse('{"status":1,"message":"验证失败"}'));
putenv('WDT_LANG');
same('the status', $english->status, $chinese->status);
same('in English', [$english->messageEn, $chinese->messageEn], [$english->getMessage(), $english->getMessage()]);
same('in Chinese', [$english->messageZh, $chinese->messageZh], [$chinese->getMessage(), $chinese->getMessage()]);
same('two languages', false, $english->getMessage() === $chinese->getMessage());

// Beyond the vectors: digits, NUL bytes, errors that pass through the look-up.
$data = ['n' => '999999999999999.9999', 'e' => '1e3', 'i' => -7, 'big' => '18446744073709551616', 's' => 'a "1.5" \\'];
$json = '{"status":0,"data":{"n":999999999999999.9999,"e":1e3,"i":-7,"big":18446744073709551616,"s":"a \"1.5\" \\\\"}}';
same('data keeps every digit', $data, $wdt->data($wdt->parse($json)));
[, $failure] = attempt(fn () => $wdt->parse("\0gateway\0"));
same('a body with NUL bytes', "\0gateway\0", $failure?->details['body']);
[, $failure] = attempt(fn () => $wdt->credentials('sid', 'key', 'hunter2'));
same('credentials without a colon', $wdt->constant('WDT_ERR_CREDENTIALS'), $failure?->status);
same('no secret in a failure', false, str_contains(print_r($failure, true) . $failure, 'hunter2'));
[, $failure] = attempt(fn () => $wdt->sign("hunter2\xff", ['body' => '[]']));
same('a secret that is no UTF-8', $wdt->constant('WDT_ERR_UTF8'), $failure?->status);
same('no secret in that one', false, str_contains(print_r($failure, true) . $failure, 'hunter2'));

$credentials = $wdt->credentials('sid', 'key', 'hunter2:salt');
$request = $wdt->request($credentials, 'system.Core.now', '[]', 1775791716);
$query = $wdt->text('wdt_request_query', $request);
$draft = $wdt->draft('system.Core.now', '[]');
$first = $wdt->signDraft($draft, $credentials, 1775791746);
unset($draft);
$again = $wdt->signAgain($first, $credentials, 1775791716);
same('signed again', [$query, '[]'], [$wdt->text('wdt_request_query', $again), $wdt->text('wdt_request_body', $again)]);
same('at another time', false, $wdt->text('wdt_request_sign', $first) === $wdt->text('wdt_request_sign', $again));
[, $failure] = attempt(fn () => $wdt->verify($query, '[]', fn () => null, 1775791716));
same('an unknown key', 'unknown_key', $failure?->details['check']);
[, $failure] = attempt(fn () => $wdt->verify($query, '[]', fn () => false, 1775791716));
same('an unknown sid', 'unknown_sid', $failure?->details['check']);
[, $failure] = attempt(fn () => $wdt->verify($query, '[]', fn () => 'hunter3:salt', 1775791716));
same('a wrong secret', 'wrong_signature', $failure?->details['check']);
try {
    $wdt->verify($query, '[]', fn () => throw new DomainException('from the look-up'), 1775791716);
    same('what the look-up throws', 'DomainException', null);
} catch (DomainException $error) {
    same('what the look-up throws', 'from the look-up', $error->getMessage());
    same('its trace can be printed', true, str_contains(print_r($error, true), 'vectors.php'));
}
try {
    $wdt->make('wdt_credentials_new', 'wdt_credentials', 'sid', 'hunter2:salt');
    same('too few arguments', 'FFI\Exception', null);
} catch (FFI\Exception $error) {
    same('no secret in a wrong call', false, str_contains(print_r($error, true) . $error, 'hunter2'));
}

foreach ($counts as $sort => $count) {
    echo "$count $sort cases\n";
}
$enough = $counts['signing'] >= 19 && $counts['response'] >= 34 && $counts['validation'] >= 51 && $counts['sync_info'] >= 60
    && $counts['typed_rows'] >= 40 && $counts['failures'] >= 24;
same('the number of cases', true, $enough);
echo $failures === 0 ? "all the same\n" : "$failures differences\n";
exit($failures === 0 ? 0 : 1);
