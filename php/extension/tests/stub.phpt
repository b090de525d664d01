--TEST--
wdt.stub.php says what the extension has: classes, properties, methods, functions, defaults
--FILE--
<?php
declare(strict_types=1);
require __DIR__ . "/helpers.inc";

// The stub once more under another name, so that PHP's reflection shows both.
$stub = str_replace(['<?php', 'namespace Wdt;'], ['', 'namespace Stub;'], file_get_contents(__DIR__ . '/../wdt.stub.php'));
eval($stub);

function named(mixed $text): string
{
    return str_replace('Stub\\', 'Wdt\\', (string) $text);
}

function signature(ReflectionFunctionAbstract $function): array
{
    $parameters = [];
    foreach ($function->getParameters() as $parameter) {
        $parameters[] = [
            $parameter->getName(),
            named($parameter->getType()),
            $parameter->isOptional() ? var_export($parameter->getDefaultValue(), true) : 'required',
            array_map(fn (ReflectionAttribute $attribute): string => $attribute->getName(), $parameter->getAttributes()),
        ];
    }
    return [$parameters, named($function->getReturnType())];
}

function description(ReflectionClass $class): array
{
    $members = [];
    foreach ($class->getProperties() as $property) {
        if (named($property->getDeclaringClass()->getName()) === named($class->getName())) {
            $default = $property->hasDefaultValue() ? var_export($property->getDefaultValue(), true) : 'none';
            $members['$' . $property->getName()] = [$property->getModifiers(), named($property->getType()), $default];
        }
    }
    foreach ($class->getMethods() as $method) {
        if (named($method->getDeclaringClass()->getName()) === named($class->getName())) {
            $members[$method->getName()] = [$method->getModifiers(), signature($method)];
        }
    }
    ksort($members);
    $parent = $class->getParentClass();
    return [$class->isFinal(), $parent === false ? null : named($parent->getName()), $class->getInterfaceNames(), $members];
}

$extension = new ReflectionExtension('wdt');
$of = fn (array $names): array => array_values(array_filter($names, fn (string $name): bool => stripos($name, 'stub\\') === 0));

$classes = array_map('named', $of(get_declared_classes()));
$real = $extension->getClassNames();
sort($classes);
sort($real);
same('classes', $classes, $real);
foreach ($classes as $class) {
    $expected = description(new ReflectionClass(str_replace('Wdt\\', 'Stub\\', $class)));
    same($class, $expected, description(new ReflectionClass($class)));
}

$functions = array_map(fn (string $name): string => substr($name, 5), $of(get_defined_functions()['user']));
$real = array_map(fn (string $name): string => substr($name, 4), array_keys($extension->getFunctions()));
sort($functions);
sort($real);
same('functions', $functions, $real);
foreach ($functions as $function) {
    same($function, signature(new ReflectionFunction("Stub\\$function")), signature(new ReflectionFunction("Wdt\\$function")));
}
same('constants', ['EPOCH_UNIX' => Stub\EPOCH_UNIX, 'EXTENSION_VERSION' => Stub\EXTENSION_VERSION], [
    'EPOCH_UNIX' => Wdt\EPOCH_UNIX,
    'EXTENSION_VERSION' => Wdt\EXTENSION_VERSION,
]);
same('no other constants', 2, count($extension->getConstants()));
finish();
?>
--EXPECT--
ok
