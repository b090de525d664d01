<?php
/**
 * A real `sales.StockSync.syncFail` (库存同步失败), from arguments to a reply, with the extension.
 * Sends nothing unless WDT_BASE_URL is set.
 *
 *     php -d extension=wdt examples/php/sync_fail.php
 */

declare(strict_types=1);

// Real ones come from the environment, never from the source.
$credentials = new Wdt\Credentials(
    getenv('WDT_SID') ?: 'wdtapi3',
    getenv('WDT_APPKEY') ?: 'appkey',
    getenv('WDT_APPSECRET') ?: 'testsecret:testsalt',
);
$base = getenv('WDT_BASE_URL') ?: null;

// What could not be set in the shop, and why.
$info = [
    'syn_stock' => new Wdt\Decimal('1.0000'),
    'stock_change_count' => 2,
    'stock_syn_rule_id' => -10000,
    'stock_syn_rule_no' => '',
    'stock_syn_other' => '',
    'stock_syn_warehouses' => '6',
    'stock_syn_mask' => 0,
    'stock_syn_percent' => 100,
    'stock_syn_plus' => new Wdt\Decimal('1.0000'),
    'stock_syn_min' => new Wdt\Decimal('1.0000'),
    'stock_syn_max' => new Wdt\Decimal('550.0000'),
    'is_auto_listing' => true,
    'is_auto_delisting' => true,
    'is_syn_success' => false,
    'is_manual' => false,
    'syn_result' => '平台接口限流，稍后重试',
];
$request = Wdt\sync_fail($credentials, 2447, $info);
echo "POST {$request->url($base ?? 'https://erp.example')}\n\n{$request->body}\n\n";
if ($base === null) {
    echo "WDT_BASE_URL is not set: nothing was sent\n";
    exit(0);
}

// Exactly the signed bytes; a proxy or a redirect must not come between.
$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => 'Content-Type: application/json',
    'content' => $request->body,
    'timeout' => 30,
    'follow_location' => 0,
    'ignore_errors' => true,
]]);
$reply = @file_get_contents($request->url($base), false, $context);
if ($reply === false) {
    fwrite(STDERR, "not sent, or the answer was lost: ask which goods still wait before sending it again\n");
    exit(1);
}
try {
    echo 'accepted, data: ', var_export(Wdt\parse_response($reply)->data(), true), "\n";
} catch (Wdt\ApiException $error) {
    $again = $error->isRetryable() ? 'worth' : 'not worth';
    echo "refused: status {$error->getStatus()}, {$error->getKind()}, $again another try: {$error->getMessage()}\n";
    exit(1);
}
