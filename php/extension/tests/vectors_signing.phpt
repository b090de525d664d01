--TEST--
The shared vectors of signing, stage by stage
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

foreach (cases('signing.json', 19) as $case) {
    $name = $case['name'];
    $repeat = $case['body_repeat'] ?? null;
    $body = $case['body'] ?? $repeat['prefix'] . str_repeat($repeat['unit'], $repeat['times']) . $repeat['suffix'];
    $secret = explode(':', $case['app_secret'], 2)[0];
    $pager = $case['pager'] === null ? null : new Wdt\Pager(...array_values($case['pager']));
    $credentials = new Wdt\Credentials($case['sid'], $case['key'], $case['app_secret']);

    $explanation = Wdt\explain($credentials, $case['method'], $body, $pager, $case['unix_time']);
    if ($case['canonical'] !== null) {
        $inner = substr($case['canonical'], strlen($secret), -strlen($secret));
        same($name, "***$inner***", $explanation->canonical);
        same($name, strlen($case['canonical']), $explanation->length);
        same($name, $case['sign'], md5($case['canonical']));
    }
    same($name, $case['sign'], $explanation->sign);
    same($name, $case['sign'], Wdt\sign($secret, $case['query'] + ['body' => $body]));
    same($name, $case['sign'], Wdt\sign($secret, array_reverse($case['query'] + ['body' => $body])));

    $request = Wdt\build_request($credentials, $case['method'], $body, $pager, $case['unix_time'], 'off');
    parse_str($request->query, $query);
    ksort($query);
    $expected = $case['query'];
    ksort($expected);
    same($name, $expected, $query);
    same($name, $case['sign'], $request->sign);
    same($name, $case['timestamp'], $request->timestamp);
    same($name, $case['timestamp'] + Wdt\EPOCH_UNIX, $case['unix_time']);
    same($name, $body, $request->body);
    same($name, ['Content-Type' => 'application/json'], $request->headers);

    $lookup = function (string $sid, string $key) use ($case): string {
        same($case['name'], [$case['sid'], $case['key']], [$sid, $key]);
        return $case['app_secret'];
    };
    $call = Wdt\verify($request->query, $body, $lookup, $case['unix_time']);
    same($name, [$case['sid'], $case['key'], $case['method']], [$call->sid, $call->key, $call->method]);
    same($name, $case['timestamp'], $call->timestamp);
    same($name, $pager === null ? null : get_object_vars($pager), $call->pager === null ? null : get_object_vars($call->pager));
}
finish();
?>
--EXPECT--
ok
