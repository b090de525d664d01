--TEST--
The six calls of the stock-sync loop
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

$c = credentials();
$bodies = [
    '[500,0]' => Wdt\get_self_wait_sync_id_list_open($c, 500),
    '[500,7]' => Wdt\get_self_wait_sync_id_list_open($c, 500, 7, TIME, 'strict'),
    '[2447,false]' => Wdt\calc_stock($c, 2447),
    '[2447,true]' => Wdt\calc_stock($c, 2447, true, TIME),
    '[[{"api_goods_id":2447,"force_sync":true},{"api_goods_id":1,"force_sync":false}]]' => Wdt\batch_calc_stock($c, [
        ['api_goods_id' => 2447, 'force_sync' => true],
        ['force_sync' => false, 'api_goods_id' => 1],
    ]),
    '[178238,-1]' => Wdt\cancel_sync($c, 178238, -1, TIME, 'strict'),
];
foreach ($bodies as $body => $request) {
    same($body, $body, $request->body);
}
$json = '{"syn_stock":1.0000,"stock_change_count":2,"stock_syn_rule_id":-10000,"stock_syn_rule_no":"",'
    . '"stock_syn_other":"","stock_syn_warehouses":"6","stock_syn_mask":0,"stock_syn_percent":100,'
    . '"stock_syn_plus":1.0000,"stock_syn_min":1.0000,"stock_syn_max":550.0000,"is_auto_listing":true,'
    . '"is_auto_delisting":true,"is_syn_success":false,"is_manual":false,"syn_result":"失败"}';
foreach (['sync_success' => 'syncSuccess', 'sync_fail' => 'syncFail'] as $function => $method) {
    foreach (['an array' => info(), 'JSON' => $json] as $name => $info) {
        $request = ("Wdt\\$function")($c, 2447, $info, TIME, 'strict');
        same("$function, $name", "[2447,$json]", $request->body);
        same("$function, $name", true, str_contains($request->query, "method=sales.StockSync.$method&"));
        same("$function, $name", Wdt\build_request($c, "sales.StockSync.$method", [2447, info()], null, TIME)->sign, $request->sign);
    }
}

$places = [
    '/0' => fn () => Wdt\get_self_wait_sync_id_list_open($c, 9),
    '/0 ' => fn () => Wdt\get_self_wait_sync_id_list_open($c, 1 << 40),
    '/1' => fn () => Wdt\get_self_wait_sync_id_list_open($c, 500, 1 << 40),
    '/1 ' => fn () => Wdt\cancel_sync($c, 1, PHP_INT_MIN),
    '/1/syn_stock' => fn () => Wdt\sync_fail($c, 1, info(['syn_stock' => new Wdt\Decimal('1.00001')])),
];
foreach ($places as $place => $run) {
    same($place, trim($place), thrown($run)?->getIssues()[0]->pointer);
}
same('an info that is two values', Wdt\ValidationException::class, get_class(thrown(fn () => Wdt\sync_fail($c, 1, '{},{}'))));
foreach ([[1], [['api_goods_id' => '1', 'force_sync' => true]], [['api_goods_id' => 1]], [['api_goods_id' => 1, 'force_sync' => 1]],
    [['api_goods_id' => 1, 'force_sync' => true, 'x' => 1]]] as $i => $goods) {
    same("goods $i", TypeError::class, get_class(thrown(fn () => Wdt\batch_calc_stock($c, $goods)) ?? new stdClass()));
}
same('no goods', '[[]]', Wdt\batch_calc_stock($c, [], TIME, 'off')->body);
finish();
?>
--EXPECT--
ok
