<?php
// Plain PHP (json_encode, md5, http_build_query) and, where the extension is loaded, ours. The driver,
// benches/contest.py, says what the commands mean.
declare(strict_types=1);

const SID = 'wdtapi3', KEY = 'appkey', SECRET = 'testsecret', SALT = 'testsalt';
const METHOD = 'sales.StockSync.syncFail';
const UNIX_TIME = 1775791716;
// What a careful script sets: no \u, no \/, 1.0 stays 1.0.
const FLAGS = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION;

function build(string $body): array
{
    $params = [
        'sid' => SID, 'key' => KEY, 'salt' => SALT, 'method' => METHOD,
        'timestamp' => (string) (UNIX_TIME - 1325347200), 'v' => '1.0',
    ];
    $signed = $params + ['body' => $body];
    ksort($signed);
    $text = SECRET;
    foreach ($signed as $key => $value) {
        $text .= $key . $value;
    }
    $params['sign'] = md5($text . SECRET);
    return [http_build_query($params), $body];
}

/** The arguments; $number makes the language's usual number, or an exact one. */
function documented(callable $number, ?string $stock = null): array
{
    return [2447, [
        'syn_stock' => $stock === null ? 1 : $number($stock), 'stock_change_count' => 2, 'stock_syn_rule_id' => -10000,
        'stock_syn_rule_no' => '', 'stock_syn_warehouses' => '6', 'stock_syn_mask' => 0, 'stock_syn_percent' => 100,
        'stock_syn_plus' => $number('1.0000'), 'stock_syn_min' => $number('1.0000'),
        'stock_syn_max' => $number('550.0000'), 'is_auto_listing' => true, 'is_auto_delisting' => true,
    ]];
}

function sixteen(callable $number): array
{
    return [2447, [
        'syn_stock' => $number('1.0000'), 'stock_change_count' => $number('2.0000'), 'stock_syn_rule_id' => -10000,
        'stock_syn_rule_no' => '', 'stock_syn_other' => '', 'stock_syn_warehouses' => '6,12', 'stock_syn_mask' => 0,
        'stock_syn_percent' => 100, 'stock_syn_plus' => $number('1.0000'), 'stock_syn_min' => $number('1.0000'),
        'stock_syn_max' => $number('550.0000'), 'is_auto_listing' => true, 'is_auto_delisting' => true,
        'is_syn_success' => false, 'is_manual' => false, 'syn_result' => '平台接口限流，稍后重试',
    ]];
}

[, $folder] = $argv;
$raw = file_get_contents("$folder/raw.json");
$reply = file_get_contents("$folder/reply.json");

if (extension_loaded('wdt')) {
    $number = fn (string $text) => new Wdt\Decimal($text);
    $credentials = new Wdt\Credentials(SID, KEY, SECRET . ':' . SALT);
    $request = function (array|string $args, string $level) use ($credentials): array {
        $request = Wdt\build_request($credentials, METHOD, $args, null, UNIX_TIME, $level);
        return [$request->query, $request->body];
    };
    $arguments = documented($number);
    $tasks = [
        'typed' => fn () => $request($arguments, 'off'),
        'valid' => fn () => $request($arguments, 'documented'),
        'sixteen' => fn () => $request(sixteen($number), 'off'),
        'raw' => fn () => $request($raw, 'off'),
        'raw_valid' => fn () => $request($raw, 'documented'),
        'parse' => fn () => Wdt\parse_response($reply)->data(),
    ];
    $with = fn (string $task, string $value) => $request(documented($number, $value), $task === 'valid' ? 'documented' : 'off');
    $written = fn (mixed $value) => (string) $value;
} else {
    $number = fn (string $text) => (float) $text;
    $arguments = documented($number);
    $tasks = [
        'typed' => fn () => build(json_encode($arguments, FLAGS)),
        'sixteen' => fn () => build(json_encode(sixteen($number), FLAGS)),
        'raw' => fn () => build($raw),
        'parse' => fn () => json_decode($reply, true, 512, JSON_THROW_ON_ERROR)['data'],
    ];
    $with = fn (string $task, string $value) => build(json_encode(documented($number, $value), FLAGS));
    $written = fn (mixed $value) => json_encode($value, FLAGS);
}

function run(Closure $call, int $times): int
{
    $start = hrtime(true);
    for ($i = 0; $i < $times; $i++) {
        $kept = $call();
    }
    unset($kept);
    return hrtime(true) - $start;
}

while (($line = fgets(STDIN)) !== false) {
    $words = explode(' ', rtrim($line, "\n"));
    [$command, $task] = $words;
    try {
        if ($command === 'run') {
            $answer = run($tasks[$task], (int) $words[2]);
        } elseif ($task === 'parse') {
            $goods = $tasks[$task]()['goods_list'];
            $price = $written($goods[0]['spec_list'][0]['retail_price']);
            $answer = implode("\t", [count($goods), $price, end($goods)['spec_list'][2]['barcode']]);
        } else {
            $answer = implode("\t", isset($words[2]) ? $with($task, $words[2]) : $tasks[$task]());
        }
    } catch (Wdt\ValidationException $refused) {
        $answer = '!' . strtr($refused->getMessage(), "\n", ';');
    }
    echo $answer, "\n";
}
