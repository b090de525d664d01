--TEST--
Data of all sorts
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

function data(string $json): mixed
{
    return Wdt\parse_response("{\"status\":0,\"data\":$json}")->data();
}

$json = '{"a":"x","b":[true,false,null,"",[],{}],"7":"seven","n":{"m":[[1]]}}';
same('nested', json_decode($json, true), data($json));
same('white space', ['a' => [1, 2]], data(" {\n\"a\" :\t[ 1 ,\r2 ] } "));
same('escapes', "\"\\/\x08\f\n\r\té中😀\0", data('"\"\\\\\/\b\f\n\r\t\u00e9\u4e2d\ud83d\ude00\u0000"'));
same('keys with escapes', ['a"b' => 1, '中' => 2], data('{"a\"b":1,"\u4e2d":2}'));
same('the last of equal keys', ['a' => 2], data('{"a":1,"a":2}'));
same('scalars', [1, 'x', true, null], [data('1'), data('"x"'), data('true'), data('null')]);
same('half a pair', ["\u{FFFD}", "\u{FFFD}x", "\u{FFFD}\u{FFFD}"], data('["\ud800","\udc00x","\ud800\ud800"]'));
same('none', [null, null], [Wdt\parse_response('{"status":0}')->data(), Wdt\parse_response('{"status":0}')->rawData()]);

$deep = str_repeat('[', 100) . '1' . str_repeat(']', 100);
same('a hundred levels', json_decode($deep, true), data($deep));
$error = thrown(fn () => data(str_repeat('[', 100000) . str_repeat(']', 100000)));
same('too deep', Wdt\MalformedResponseException::class, get_class($error));
$error = thrown(fn () => Wdt\parse_response("<html>\0" . str_repeat('x', 100000)));
same('the beginning alone, NUL and all', true, str_starts_with($error->getBody(), "<html>\0x") && strlen($error->getBody()) < 100000);
same('the total', 7, Wdt\parse_response('{"status":0,"data":[],"total":7}')->total());
same('no total', null, Wdt\parse_response('{"status":0,"data":[]}')->total());

$error = thrown(fn () => Wdt\parse_response('{"status":100,"message":"部分失败","data":{"n":1.10}}'));
same('data of an error', ['n' => '1.10'], $error->getData());
finish();
?>
--EXPECT--
ok
