--TEST--
Hostile arguments end in an exception, soon
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

function refusal(array $args): string
{
    $error = thrown(fn () => body($args));
    return $error === null ? 'nothing' : $error->getIssues()[0]->code . ': ' . $error->getMessage();
}

function nested(int $depth): array
{
    for ($value = []; $depth > 1; $depth--) {
        $value = [$value];
    }
    return $value;
}
same('128 levels', str_repeat('[', 128) . str_repeat(']', 128), body(nested(128)));
$deep = 'not_json: nested deeper than 128, or holding itself';
same('129 levels', $deep, refusal(nested(129)));
same('ten thousand levels', $deep, refusal(nested(10000)));

$array = [];
$array['self'] = &$array;
same('an array that holds itself', $deep, refusal([$array]));
$object = new stdClass();
$object->self = $object;
same('an object that holds itself', $deep, refusal([$object]));
same('the info of a report', $deep, thrown(fn () => Wdt\sync_fail(credentials(), 1, ['x' => nested(127)]))?->getIssues()[0]->code
    . ': nested deeper than 128, or holding itself');

foreach (['', '[', ']', '[1', '[1,]', '{}', 'null', "[\xff]", "[\0]", str_repeat('[', 100000)] as $json) {
    same("raw \"$json\"", Wdt\ValidationException::class, get_class(thrown(fn () => body($json)) ?? new stdClass()));
}
// PHP itself leaves cycles to the end of the process.
unset($array, $object);
gc_collect_cycles();
finish();
?>
--EXPECT--
ok
