--TEST--
The examples of both front pages run; what they send is read only
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

$bodies = [];
foreach (['README.md', 'README.zh-CN.md'] as $file) {
    preg_match_all('~^```php\n(.*?)^```$~ms', file_get_contents(__DIR__ . "/../$file"), $blocks);
    same("$file has two examples", 2, count($blocks[1]));
    ob_start();
    eval($blocks[1][0]);
    [$url, $bodies[]] = explode("\n", ob_get_clean());
    same($file, true, str_starts_with($url, 'https://erp.example/openapi?sid=wdtapi3&'));
    same($file, ['missing', 'missing', 'missing'], array_map(fn (Wdt\Issue $issue): string => $issue->code, $request->warnings));
    // Never run: only its syntax is looked at.
    eval("function () { {$blocks[1][1]} };");
}
same('both the same', $bodies[0], $bodies[1]);
same('decimals', true, str_contains($bodies[0], '"stock_syn_max":550.0000,'));
finish();
?>
--EXPECT--
ok
