<?php
/**
 * A real `sales.StockSync.syncFail` (库存同步失败), from arguments to a reply, in plain PHP.
 * Sends nothing unless WDT_BASE_URL is set.
 *
 *     php -d ffi.enable=1 examples/php/sync_fail_ffi.php
 */

declare(strict_types=1);

require __DIR__ . '/../../php/ffi/wdt.php';

$wdt = new Wdt\Library();

// Real ones come from the environment, never from the source.
$credentials = $wdt->credentials(
    getenv('WDT_SID') ?: 'wdtapi3',
    getenv('WDT_APPKEY') ?: 'appkey',
    getenv('WDT_APPSECRET') ?: 'testsecret:testsalt',
);
$base = getenv('WDT_BASE_URL') ?: null;

// The body of the documentation's example. It is JSON text, so a decimal keeps its digits.
$info = '{"stock_syn_min":1.0000,"stock_syn_rule_id":-10000,"stock_syn_mask":0,"stock_syn_warehouses":"6",'
    . '"stock_syn_max":550.0000,"stock_syn_percent":100,"is_auto_delisting":true,"stock_syn_plus":1.0000,'
    . '"is_auto_listing":true,"stock_syn_rule_no":"","syn_stock":1,"stock_change_count":2}';
$parts = [$credentials, 2447, $info, time(), null];
$request = $wdt->make('wdt_stock_sync_sync_fail', 'wdt_request', ...$parts);
$url = $wdt->url($request, $base ?? 'https://erp.example');
$body = $wdt->text('wdt_request_body', $request);

echo "1. The request, ready to send with any HTTP library:\n";
echo "   POST $url\n   Content-Type: application/json\n\n   $body\n";
foreach ($wdt->issues($wdt->get('wdt_request_warnings', $request)) as $issue) {
    echo '   warning: ', $issue[$wdt->speaksChinese() ? 'message_zh' : 'message'], "\n";
}

$unixTime = $wdt->get('wdt_request_timestamp', $request) + $wdt->constant('WDT_EPOCH_UNIX');
$parts = [$credentials, 'sales.StockSync.syncFail', $body, $unixTime, null];
$explanation = $wdt->make('wdt_explain', 'wdt_explanation', ...$parts);
$sign = $wdt->text('wdt_explanation_sign', $explanation);
echo "\n2. What was signed; *** stands for the secret, which is never shown:\n";
echo '   ', $wdt->text('wdt_explanation_canonical', $explanation), "\n";
echo '   ', $wdt->get('wdt_explanation_length', $explanation), " bytes, MD5 $sign\n";
if ($sign !== $wdt->text('wdt_request_sign', $request)) {
    fwrite(STDERR, "explain and the request disagree\n");
    exit(1);
}

echo "\n3. Replies, understood:\n";
$reply = '{"status":0,"data":{"syn_stock":1,"stock_syn_min":1.0000,"stock_syn_max":999999999999999.9999}}';
echo '   calcStock      →  ', json_encode($wdt->data($wdt->parse($reply))), "\n";
try {
    $wdt->parse('{"status":1,"message":"验证失败"}');
} catch (Wdt\Failure $failure) {
    echo "   验证失败       →  {$failure->getMessage()}\n";
}

if ($base === null) {
    echo "\n4. Nothing is sent: WDT_BASE_URL is not set.\n";
    exit(0);
}
echo "\n4. Sent:\n";
$http = [
    'method' => 'POST',
    'header' => 'Content-Type: application/json',
    'content' => $body,
    'timeout' => 30,
    // A redirect would send the signed query to somebody else.
    'follow_location' => 0,
    'ignore_errors' => true,
];
$answer = file_get_contents($url, false, stream_context_create(['http' => $http]));
if ($answer === false) {
    fwrite(STDERR, "   no reply: whether the request arrived is not known\n");
    exit(1);
}
try {
    echo '   ', var_export($wdt->data($wdt->parse($answer)), true), "\n";
} catch (Wdt\Failure $failure) {
    fwrite(STDERR, "   {$failure->getMessage()}\n");
    exit(1);
}
