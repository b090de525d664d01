<?php
/**
 * libwdt from plain PHP (8.1 or newer) through ext-ffi: nothing to compile.
 *
 *     $wdt = new Wdt\Library('/usr/local/lib/libwdt.so');   // or the variable WDT_LIBRARY
 *     $credentials = $wdt->credentials('sid', 'key', 'secret:salt');
 *     $request = $wdt->make('wdt_request_build', 'wdt_request', $credentials, 'system.Core.now', '[]', time(), null, null);
 *     echo $wdt->text('wdt_request_query', $request);
 */

declare(strict_types=1);

namespace Wdt;

use FFI;
use FFI\CData;

/**
 * What libwdt refused, or what the server answered. It never holds a secret.
 *
 * getMessage() is in the person's language (WDT_LANG, LC_ALL, LC_MESSAGES, LANG), $messageEn and $messageZh are both.
 */
final class Failure extends \RuntimeException
{
    /**
     * @param int $status one of the WDT_ERR_ numbers
     * @param string $message in the person's language
     * @param list<array{pointer: string, code: string, severity: string, message: string, label: string, message_zh: string}> $issues
     * @param array<string, mixed> $details what the status has more to say: "body", "check", "vendor_status",
     *     "vendor_message"; of a server's error "server_status", "kind", "message", "retryable", "data"
     */
    public function __construct(
        string $message,
        public readonly int $status,
        public readonly array $issues = [],
        public readonly array $details = [],
        public readonly ?string $messageEn = null,
        public readonly ?string $messageZh = null,
    ) {
        parent::__construct($message, $status);
        self::forgetArguments($this);
    }

    /** Arguments in a trace would show secrets, and PHP crashes where it prints pointers that are no longer valid. */
    public static function forgetArguments(\Throwable $error): void
    {
        for (; $error !== null; $error = $error->getPrevious()) {
            $class = $error instanceof \Exception ? \Exception::class : \Error::class;
            $bare = array_map(static fn (array $frame): array => array_diff_key($frame, ['args' => 0]), $error->getTrace());
            (new \ReflectionProperty($class, 'trace'))->setValue($error, $bare);
        }
    }
}

/** A handle of libwdt's that is freed with its last reference. */
final class Handle
{
    private function __construct(private readonly Library $library, private readonly string $type, private CData $pointer)
    {
    }

    /** @internal */
    public static function own(Library $library, string $type, CData $pointer): self
    {
        return new self($library, $type, $pointer);
    }

    public function pointer(): CData
    {
        return $this->pointer;
    }

    public function __destruct()
    {
        $this->library->ffi->{$this->type . '_free'}($this->pointer);
    }

    private function __clone()
    {
    }

    /** Addresses mean nothing in a dump. */
    public function __debugInfo(): array
    {
        return ['type' => $this->type];
    }
}

/** libwdt, loaded: its functions, its constants, and what makes texts and errors easy. */
final class Library
{
    public readonly FFI $ffi;

    /** @var array<string, int> */
    private array $constants = [];

    /**
     * @param ?string $library path of libwdt.so; by default WDT_LIBRARY, else the source tree's
     * @param ?string $header path of wdt.h; by default WDT_HEADER, else the source tree's
     */
    public function __construct(?string $library = null, ?string $header = null)
    {
        $root = \dirname(__DIR__, 2);
        $library ??= getenv('WDT_LIBRARY') ?: "$root/target/release/libwdt.so";
        $header ??= getenv('WDT_HEADER') ?: "$root/include/wdt.h";
        $text = file_get_contents($header);
        if ($text === false) {
            // Which language is libwdt's to say, and it is not loaded yet.
            throw new \RuntimeException("$header cannot be read; give the path of wdt.h（读不了这个文件，请给出 wdt.h 的路径）");
        }
        $this->ffi = FFI::cdef($this->declarations($text), $library);
        $version = $this->ffi->wdt_abi_version();
        if ($version !== $this->constant('WDT_ABI_VERSION')) {
            throw new \RuntimeException("$library has ABI version $version, $header another（库与头文件的 ABI 版本不一致）");
        }
    }

    /** What FFI::cdef reads; the #define lines become constants on the way. */
    private function declarations(string $header): string
    {
        if (!preg_match('~/\* Declarations: .*?\*/(.*)/\* End of declarations~s', $header, $found)) {
            throw new \RuntimeException('the header has no "Declarations:" and "End of declarations"（不是 libwdt 的头文件）');
        }
        preg_match_all('~^#define (WDT_\w+) (-?\d+)$~m', $found[1], $defines, PREG_SET_ORDER);
        foreach ($defines as [, $name, $value]) {
            $this->constants[$name] = (int) $value;
        }
        $declarations = preg_replace('~^#.*$~m', '', $found[1]);
        // PHP turns "const char *" into a string that ends at the first NUL; "char *" stays a pointer.
        return str_replace('const char ', 'char ', $declarations);
    }

    /** A constant of the header: `constant('WDT_LEVEL_STRICT')`. */
    public function constant(string $name): int
    {
        return $this->constants[$name] ?? throw new \OutOfBoundsException("the header has no $name（头文件里没有这个常量）");
    }

    /** The library's version. */
    public function version(): string
    {
        return FFI::string($this->ffi->wdt_version());
    }

    /**
     * Calls a fallible function that hands out a handle.
     *
     * @param string $function its name
     * @param string $type what it hands out, "wdt_request", say
     * @param mixed ...$arguments all but the last two; a string stands for pointer and length
     * @throws Failure
     */
    public function make(string $function, string $type, #[\SensitiveParameter] mixed ...$arguments): Handle
    {
        $out = $this->ffi->new("$type *");
        $this->run($function, [...$arguments, FFI::addr($out)]);
        return Handle::own($this, $type, $out);
    }

    /**
     * Calls a fallible function that hands out nothing.
     *
     * @throws Failure
     */
    public function call(string $function, mixed ...$arguments): void
    {
        $this->run($function, $arguments);
    }

    /** The text that a getter gives, NUL bytes and all; null for NULL. */
    public function text(string $getter, Handle|CData $handle, int ...$index): ?string
    {
        $len = $this->ffi->new('size_t');
        $pointer = $handle instanceof Handle ? $handle->pointer() : $handle;
        $text = $this->ffi->$getter($pointer, ...[...$index, FFI::addr($len)]);
        return $text === null ? null : FFI::string($text, $len->cdata);
    }

    /** What a getter of numbers and booleans gives. */
    public function get(string $getter, Handle|CData $handle, int ...$index): mixed
    {
        return $this->ffi->$getter($handle instanceof Handle ? $handle->pointer() : $handle, ...$index);
    }

    /** @throws Failure */
    public function credentials(string $sid, string $key, #[\SensitiveParameter] string $appSecret): Handle
    {
        return $this->make('wdt_credentials_new', 'wdt_credentials', $sid, $key, $appSecret);
    }

    /**
     * Options: the level, and the page as [size, number, total].
     *
     * @param ?array{int, int, bool} $pager
     * @throws Failure
     */
    public function options(string $level = 'WDT_LEVEL_DOCUMENTED', ?array $pager = null): Handle
    {
        $options = $this->make('wdt_options_new', 'wdt_options');
        $this->call('wdt_options_set_level', $options, $this->constant($level));
        if ($pager !== null) {
            $this->call('wdt_options_set_pager', $options, ...$pager);
        }
        return $options;
    }

    /** Any request. `$body` is the JSON array of the arguments, sent byte for byte. @throws Failure */
    public function request(Handle $credentials, string $method, string $body, int $unixTime, ?Handle $options = null): Handle
    {
        $parts = [$credentials, $method, $body, $unixTime, null, $options];
        return $this->make('wdt_request_build', 'wdt_request', ...$parts);
    }

    /**
     * A request that is complete but for credentials and time, to be signed for every attempt by `signDraft`.
     *
     * @throws Failure
     */
    public function draft(string $method, string $body, ?Handle $options = null): Handle
    {
        $parts = [$method, $body, null, $options];
        return $this->make('wdt_draft_new', 'wdt_draft', ...$parts);
    }

    /** A request of a draft, which it may outlive. @throws Failure */
    public function signDraft(Handle $draft, Handle $credentials, int $unixTime): Handle
    {
        return $this->make('wdt_draft_sign', 'wdt_request', $draft, $credentials, $unixTime);
    }

    /** The same request signed anew, for another attempt. @throws Failure */
    public function signAgain(Handle $request, Handle $credentials, int $unixTime): Handle
    {
        return $this->make('wdt_request_sign_again', 'wdt_request', $request, $credentials, $unixTime);
    }

    /**
     * The info of a report as JSON text, from the JSON of one calculated good: `data` of calcStock's reply, or a row of
     * `success_date`. `$result` says why the shop did not take the stock.
     *
     * @throws Failure whose issue names the first field that is missing or cannot be read
     */
    public function syncInfo(string $calculated, bool $success, string $result = ''): string
    {
        $info = $this->make('wdt_stock_sync_sync_info', 'wdt_text', $calculated, $success, $result);
        return $this->text('wdt_text_data', $info);
    }

    /**
     * The rows of a query, each documented field as its type: whole numbers as int, decimals as strings with all digits
     * and a point, flags as bool, times as DateTimeImmutable at +08:00, texts as string; an empty text in the place of a
     * time as null. What nobody documents, or does not fit, is as `decode` reads it.
     *
     * @param string $rows JSON: the list of rows, or the reply's data (`wdt_response_data`)
     * @param ?list<array<string, string>> $issues receives what did not fit, with pointers into the list of rows
     * @return list<mixed>
     * @throws Failure for a method that is unknown or without rows, and for what is no list of rows
     */
    public function typedRows(string $method, string $rows, ?array &$issues = null, ?Handle $options = null): array
    {
        $typed = $this->make('wdt_typed_rows', 'wdt_rows', $method, $rows, $options);
        $issues = $this->issues($this->get('wdt_rows_report', $typed));
        $json = $this->text('wdt_rows_json', $typed);
        $count = $this->ffi->new('size_t');
        $times = $this->ffi->wdt_rows_times($typed->pointer(), FFI::addr($count));
        if ($count->cdata === 0) {
            return self::decode($json);
        }
        // Each time becomes an object under a key that nobody else can have.
        $key = bin2hex(random_bytes(16));
        $marked = '';
        $from = 0;
        for ($i = 0; $i < $count->cdata; $i++) {
            $end = strpos($json, '"', $times[$i] + 1) + 1;
            $marked .= substr($json, $from, $times[$i] - $from) . "{\"$key\":" . substr($json, $times[$i], $end - $times[$i]) . '}';
            $from = $end;
        }
        return self::withTimes(self::decode($marked . substr($json, $from)), $key);
    }

    /** @param array<mixed> $values */
    private static function withTimes(array $values, string $key): array
    {
        foreach ($values as $name => $value) {
            if (\is_array($value)) {
                $time = $value[$key] ?? null;
                $values[$name] = $time === null ? self::withTimes($value, $key) : new \DateTimeImmutable("$time+08:00");
            }
        }
        return $values;
    }

    /**
     * What a writing call refused though its status is 0. Where the method is not known (""), the places of all methods
     * are looked at whose refusals are objects with a reason.
     *
     * @return list<array{key: string, code: string, message: string}>
     */
    public function failures(Handle $response, string $method = '', ?Handle $options = null): array
    {
        $failures = $this->make('wdt_failures_find', 'wdt_failures', $response, $method, $options);
        $found = [];
        for ($i = 0; $i < $this->get('wdt_failures_len', $failures); $i++) {
            $found[] = [
                'key' => $this->text('wdt_failures_key', $failures, $i),
                'code' => $this->text('wdt_failures_code', $failures, $i),
                'message' => $this->text('wdt_failures_message', $failures, $i),
            ];
        }
        return $found;
    }

    /** Whether the person's environment asks for Chinese. */
    public function speaksChinese(): bool
    {
        return $this->ffi->wdt_language_of_environment() === $this->constant('WDT_LANGUAGE_CHINESE');
    }

    /** The whole URL of a request. @throws Failure */
    public function url(Handle $request, string $base): string
    {
        return $this->text('wdt_text_data', $this->make('wdt_request_url', 'wdt_text', $request, $base));
    }

    /**
     * Parses a reply. An error of the server's is a Failure of WDT_ERR_API, whose details say what it was.
     *
     * @throws Failure
     */
    public function parse(string $body): Handle
    {
        $out = $this->ffi->new('wdt_response *');
        try {
            $this->run('wdt_response_parse', [$body, null, FFI::addr($out)]);
        } catch (Failure $failure) {
            if ($failure->status !== $this->constant('WDT_ERR_API')) {
                throw $failure;
            }
            // The one error that comes with a handle: it has the server's answer.
            $response = Handle::own($this, 'wdt_response', $out);
            throw new Failure($failure->getMessage(), $failure->status, [], [
                'server_status' => $this->get('wdt_response_status', $response),
                'kind' => $this->text('wdt_response_kind', $response),
                'message' => $this->text('wdt_response_message', $response),
                'retryable' => $this->get('wdt_response_retryable', $response),
                'data' => $this->text('wdt_response_data', $response),
            ], $failure->messageEn, $failure->messageZh);
        }
        return Handle::own($this, 'wdt_response', $out);
    }

    /** The total of a paged query that asked for it. */
    public function total(Handle $response): ?int
    {
        $total = $this->ffi->new('uint64_t');
        $hasTotal = $this->ffi->wdt_response_total($response->pointer(), FFI::addr($total));
        return $hasTotal ? $total->cdata : null;
    }

    /**
     * The data of a reply as PHP values: objects as arrays, whole numbers as int, decimals as strings with all digits.
     */
    public function data(Handle $response): mixed
    {
        $json = $this->text('wdt_response_data', $response);
        return $json === null ? null : self::decode($json);
    }

    /** Exact JSON: json_decode would make floats of decimals, so they are put into quotes first. */
    public static function decode(string $json): mixed
    {
        // A string is matched first and left as it is, so no digit inside one is taken for a number.
        $pattern = '~"(?:[^"\\\\]++|\\\\.)*+"|-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?~s';
        $quote = static fn (array $token): string
            => $token[0][0] === '"' || preg_match('~^-?\d+$~', $token[0]) ? $token[0] : "\"$token[0]\"";
        $quoted = preg_replace_callback($pattern, $quote, $json);
        if ($quoted === null) {
            throw new \RuntimeException('the reply cannot be read（应答读不出来）: ' . preg_last_error_msg());
        }
        return json_decode($quoted, true, 256, JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR);
    }

    /**
     * The issues of a report.
     *
     * @return list<array{pointer: string, code: string, severity: string, message: string, label: string, message_zh: string}>
     */
    public function issues(Handle|CData|null $report): array
    {
        $issues = [];
        $count = $report === null ? 0 : $this->get('wdt_report_len', $report);
        for ($i = 0; $i < $count; $i++) {
            $issues[] = [
                'pointer' => $this->text('wdt_report_pointer', $report, $i),
                'code' => $this->text('wdt_report_code', $report, $i),
                'severity' => $this->get('wdt_report_is_error', $report, $i) ? 'error' : 'warning',
                'message' => $this->text('wdt_report_message', $report, $i),
                'label' => $this->text('wdt_report_label', $report, $i),
                'message_zh' => $this->text('wdt_report_message_zh', $report, $i),
            ];
        }
        return $issues;
    }

    /**
     * The bare algorithm. `$parameters` are the query's raw values and "body".
     *
     * @param array<string, string> $parameters
     * @throws Failure
     */
    public function sign(#[\SensitiveParameter] string $secret, array $parameters): string
    {
        $rows = $this->ffi->new('wdt_parameter[' . max(1, \count($parameters)) . ']');
        $buffers = [];
        $i = 0;
        foreach ($parameters as $key => $value) {
            foreach (['key' => (string) $key, 'value' => $value] as $field => $text) {
                // A struct cannot borrow a PHP string, so the bytes are copied.
                $buffers[] = $buffer = $this->buffer($text);
                $rows[$i]->$field = $this->ffi->cast('char *', FFI::addr($buffer));
                $rows[$i]->{$field . '_len'} = \strlen($text);
            }
            $i++;
        }
        $text = $this->make('wdt_sign', 'wdt_text', $secret, FFI::addr($rows[0]), $i);
        return $this->text('wdt_text_data', $text);
    }

    /**
     * Checks a received call. `$lookup(string $sid, string $key)` gives "secret:salt", null for an unknown key, false
     * for an unknown sid; what it throws goes through.
     *
     * @throws Failure
     */
    public function verify(string $query, string $body, callable $lookup, int $unixTime): Handle
    {
        $thrown = $buffer = null;
        $found = function ($context, $sid, $sidLen, $key, $keyLen, $appSecret, $appSecretLen) use ($lookup, &$thrown, &$buffer): int {
            try {
                $answer = $lookup(FFI::string($sid, $sidLen), FFI::string($key, $keyLen));
                if (!\is_string($answer)) {
                    return $this->constant($answer === false ? 'WDT_LOOKUP_UNKNOWN_SID' : 'WDT_LOOKUP_UNKNOWN_KEY');
                }
                $buffer = $this->buffer($answer);
                $appSecret[0] = $this->ffi->cast('char *', FFI::addr($buffer));
                $appSecretLen[0] = \strlen($answer);
                return $this->constant('WDT_LOOKUP_FOUND');
            } catch (\Throwable $error) {
                // An exception must not cross C.
                Failure::forgetArguments($error);
                $thrown = $error;
                return $this->constant('WDT_LOOKUP_UNKNOWN_KEY');
            }
        };
        try {
            return $this->make('wdt_verify', 'wdt_call', $query, $body, $unixTime, $found, null);
        } catch (Failure $failure) {
            throw $thrown ?? $failure;
        } finally {
            if ($buffer !== null) {
                FFI::memset($buffer, 0, FFI::sizeof($buffer));
            }
        }
    }

    /** A copy of a text that C may keep for a while. */
    private function buffer(#[\SensitiveParameter] string $text): CData
    {
        $buffer = $this->ffi->new('char[' . (\strlen($text) + 1) . ']');
        FFI::memcpy($buffer, $text . "\0", \strlen($text) + 1);
        return $buffer;
    }

    /** @param list<mixed> $arguments */
    private function run(string $function, #[\SensitiveParameter] array $arguments): void
    {
        $error = $this->ffi->new('wdt_error *');
        $flat = [];
        foreach ($arguments as $argument) {
            if (\is_string($argument)) {
                array_push($flat, $argument, \strlen($argument));
            } else {
                $flat[] = $argument instanceof Handle ? $argument->pointer() : $argument;
            }
        }
        try {
            $status = $this->ffi->$function(...[...$flat, FFI::addr($error)]);
        } catch (\Throwable $wrong) {
            // Too few arguments, say.
            Failure::forgetArguments($wrong);
            throw $wrong;
        }
        if ($status === $this->constant('WDT_OK')) {
            return;
        }
        $owned = Handle::own($this, 'wdt_error', $error);
        $details = ['body' => $this->text('wdt_error_body', $owned)];
        if ($status === $this->constant('WDT_ERR_VERIFY')) {
            $details = [
                'check' => $this->text('wdt_error_check', $owned),
                'vendor_status' => $this->get('wdt_error_vendor_status', $owned),
                'vendor_message' => $this->text('wdt_error_vendor_message', $owned),
            ];
        }
        $issues = $this->issues($this->get('wdt_error_report', $owned));
        $english = $this->text('wdt_error_message', $owned);
        $chinese = $this->text('wdt_error_message_zh', $owned);
        $shown = $this->speaksChinese() ? $chinese : $english;
        throw new Failure($shown, $status, $issues, $details, $english, $chinese);
    }
}
