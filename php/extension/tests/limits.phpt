--TEST--
Bodies past the limit of 32 MiB are refused without being written whole
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

function refusal(array $args): string
{
    $error = thrown(fn () => body($args));
    return $error === null ? 'nothing' : $error->getIssues()[0]->code . ': ' . $error->getMessage();
}

// Two to the power of thirty leaves, in little memory.
$shared = str_repeat('x', 1000);
for ($i = 0; $i < 30; $i++) {
    $shared = [$shared, $shared];
}
same('shared without end', 'too_long: more than 33554432 bytes, the limit', refusal([$shared]));
same('33 MiB of text', true, str_starts_with(refusal([str_repeat('x', 33 << 20)]), 'too_long: '));
same('32 MiB fit', 32 << 20, strlen(body([str_repeat('x', (32 << 20) - 4)])));
finish();
?>
--EXPECT--
ok
