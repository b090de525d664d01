--TEST--
The shared vectors of replies
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

foreach (cases('responses.json', 34) as $case) {
    $name = $case['name'];
    $response = null;
    $error = thrown(function () use ($case, &$response): void {
        $response = Wdt\parse_response($case['body']);
    });
    if ($case['outcome'] === 'ok') {
        same($name, null, $error);
        if (array_key_exists('data', $case)) {
            same($name, $case['data'], $response->rawData());
            // No vector of success has a number that json_decode would change, but for the one about digits.
            if (!str_contains((string) $case['data'], '.')) {
                same($name, $case['data'] === null ? null : json_decode($case['data'], true), $response->data());
            }
        }
        same($name, $case['total'] ?? null, $response->total());
    } elseif ($case['outcome'] === 'api_error') {
        same($name, Wdt\ApiException::class, get_class($error));
        same($name, [$case['status'], $case['status']], [$error->getStatus(), $error->getCode()]);
        $fields = ['kind' => 'getKind', 'retryable' => 'isRetryable', 'message' => 'getServerMessage'];
        foreach ($fields as $field => $getter) {
            if (array_key_exists($field, $case)) {
                same($name, $case[$field], $error->$getter());
            }
        }
        same($name, json_decode($case['data'] ?? 'null', true), $error->getData());
    } else {
        same($name, Wdt\MalformedResponseException::class, get_class($error));
        same($name, $case['body'], $error->getBody());
    }
}
finish();
?>
--EXPECT--
ok
