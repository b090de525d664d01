<?php
/** examples/php/sync_fail_ffi.php against a server of our own on 127.0.0.1, which checks the signature of what arrives. */

declare(strict_types=1);

require __DIR__ . '/../wdt.php';

$wdt = new Wdt\Library();
$server = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($server, false);
$environment = [...getenv(), 'WDT_BASE_URL' => "http://$address", 'WDT_SID' => 'shop', 'WDT_APPKEY' => 'key', 'WDT_APPSECRET' => 'hunter2:salt'];
$command = [PHP_BINARY, '-d', 'ffi.enable=1', dirname(__DIR__, 3) . '/examples/php/sync_fail_ffi.php'];
$client = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, null, $environment);

$connection = stream_socket_accept($server, 30);
$head = stream_get_line($connection, 1 << 16, "\r\n\r\n");
preg_match('~^POST /openapi\?(\S+) ~', $head, $line);
preg_match('~^Content-Length: (\d+)~mi', $head, $length);
$body = stream_get_contents($connection, (int) $length[1]);
$lookup = fn (string $sid, string $key): string|false|null => $sid !== 'shop' ? false : ($key === 'key' ? 'hunter2:salt' : null);
$call = $wdt->verify($line[1], $body, $lookup, time());
$reply = '{"status":0,"data":{"seen":' . strlen($body) . ',"stock":999999999999999.9999}}';
fwrite($connection, "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n$reply");
fclose($connection);

$output = stream_get_contents($pipes[1]);
$code = proc_close($client);
$method = $wdt->text('wdt_call_method', $call);
$failed = $code !== 0 || $method !== 'sales.StockSync.syncFail' || !str_contains($output, "'stock' => '999999999999999.9999'");
if ($failed || str_contains($output, 'hunter2')) {
    fwrite(STDERR, "round trip: exit code $code, method $method\n$output");
    exit(1);
}
echo "$method: sent, verified, answered\n";
