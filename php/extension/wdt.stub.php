<?php
/**
 * The PHP extension "wdt": the protocol of the Wangdian flagship (旺店通旗舰版) open API. It does no I/O.
 *
 * For editors and static analysis; the extension itself is in C. tests/stub.phpt compares the two.
 */

namespace Wdt;

/** The version of the extension and of the libwdt that it was tested with. */
const EXTENSION_VERSION = "0.1.0";

/** Unix seconds of the platform's epoch, 2012-01-01 00:00:00 Beijing time. */
const EPOCH_UNIX = 1325347200;

/**
 * What signs a request. The secret is in no dump, cannot be read back, and is wiped with the object.
 *
 * @not-serializable
 */
final class Credentials
{
    /** The merchant's account (卖家账号). */
    public readonly string $sid;

    /** The application's key (appkey). */
    public readonly string $key;

    /** The public half of the app secret; every query carries it. */
    public readonly string $salt;

    /**
     * @param string $appSecret the whole "secret:salt" as the platform issued it
     * @throws CredentialsException names the part that is empty, holds a control character or lacks its colon
     */
    public function __construct(string $sid, string $key, #[\SensitiveParameter] string $appSecret) {}
}

/** Which page of a paged method; it travels in the query, never in the body. */
final class Pager
{
    public readonly int $pageSize;

    /** From 0. */
    public readonly int $pageNo;

    /** Whether the total is asked for: slow, so on the first page only. */
    public readonly bool $calcTotal;

    /**
     * $calcTotal may also be 1 or 0.
     *
     * @throws ValidationException for a page size below 1 or a negative page number
     */
    public function __construct(int $pageSize, int $pageNo = 0, bool|int $calcTotal = false) {}
}

/** A number to the last digit: new Decimal("1.0000") is sent as 1.0000. */
final class Decimal implements \Stringable
{
    public readonly string $text;

    /** @throws ValidationException when the text is no JSON number */
    public function __construct(string $text) {}

    public function __toString(): string {}
}

/** A request ready to send: POST url($base) with $headers and exactly $body. Sign anew for every attempt. */
final class Request
{
    /** The signature, also in the query. */
    public readonly string $sign;

    /** The signed time, in seconds since the platform's epoch. */
    public readonly int $timestamp;

    /** The query string, percent-encoded, without "?". It never holds the secret. */
    public readonly string $query;

    /** The bytes to send: do not decode and encode them on the way. */
    public readonly string $body;

    /** @var array<string, string> name to value */
    public readonly array $headers;

    /** @var list<Issue> what the catalogue finds odd and the platform is known to take */
    public readonly array $warnings;

    private function __construct() {}

    /**
     * The whole URL for a server's address, with or without "/openapi" behind it. Prefer https.
     *
     * @throws ValidationException for a base that is no http(s) address
     */
    public function url(string $base): string {}

    /**
     * The same call signed anew, for another attempt; nothing is checked or written again.
     *
     * @param ?int $unixTime Unix seconds; null means now
     * @throws ValidationException for a time that cannot be one
     */
    public function signAgain(Credentials $credentials, ?int $unixTime = null): Request {}
}

/** A reply of success. */
final class Response
{
    private function __construct() {}

    /**
     * The data: objects as arrays, whole numbers as int, numbers with a fraction or exponent and those beyond 64 bits
     * as strings with all their digits, never floats. Half of a surrogate pair becomes U+FFFD.
     */
    public function data(): mixed {}

    /** The data as exact JSON text; null where the reply has none. */
    public function rawData(): ?string {}

    /** The total of a paged query that asked for it. */
    public function total(): ?int {}
}

/** What is wrong with arguments, or odd about them. */
final class Report
{
    /** Whether there is no error; there may be warnings. */
    public readonly bool $ok;

    /** @var list<Issue> in the order of the body: at most 100 errors and as many warnings */
    public readonly array $issues;

    /** How many issues were left out. */
    public readonly int $omitted;

    private function __construct() {}
}

/** One thing that is wrong or odd. The pointer and the code are stable, the messages are for people. */
final class Issue implements \Stringable
{
    /** Where, as a JSON pointer into the body; empty for the body as a whole. */
    public readonly string $pointer;

    /** "missing", "scale", "type", … */
    public readonly string $code;

    /** "error" or "warning". */
    public readonly string $severity;

    /** One line in English, with the pointer and the field's Chinese label. */
    public readonly string $message;

    /** The field's label; empty where there is none. */
    public readonly string $label;

    /** The same line in Chinese, with the same figures. */
    public readonly string $messageZh;

    private function __construct() {}

    /** The message in the person's language: WDT_LANG, LC_ALL, LC_MESSAGES, LANG, the first that is set decides. */
    public function __toString(): string {}
}

/** What is signed, for people who hunt a mismatch. */
final class Explanation
{
    /** The canonical string, with *** where the secret stands. */
    public readonly string $canonical;

    /** The length in bytes of the real one, the secret included twice. */
    public readonly int $length;

    public readonly string $sign;

    private function __construct() {}
}

/** A received call whose signature, time and version are right. */
final class Call
{
    public readonly string $sid;

    public readonly string $key;

    public readonly string $method;

    /** The caller's clock, in seconds since the platform's epoch. */
    public readonly int $timestamp;

    /** The page that the call asks for. */
    public readonly ?Pager $pager;

    private function __construct() {}
}

/**
 * The base of what this extension throws. None of them ever holds a secret.
 *
 * getMessage() is in the person's language: of the environment's WDT_LANG, LC_ALL, LC_MESSAGES and LANG the first that
 * is set decides. Codes, kinds and pointers are the same in both.
 */
class WdtException extends \Exception
{
    private string $messageEn = "";

    private string $messageZh = "";

    /** What failed and what to do, in English. */
    final public function getMessageEn(): string {}

    /** The same in Chinese. */
    final public function getMessageZh(): string {}
}

/** Credentials are empty, lack their colon, or hold a control character. */
class CredentialsException extends WdtException
{
}

/** A request was refused before it was signed. The message has one line an issue. */
class ValidationException extends WdtException
{
    private array $issues = [];

    private int $omitted = 0;

    /** @return list<Issue> */
    final public function getIssues(): array {}

    /** How many issues were left out. */
    final public function getOmitted(): int {}
}

/** The server answered with a status other than 0. */
class ApiException extends WdtException
{
    private int $status = 0;

    private string $kind = "";

    private string $serverMessage = "";

    private bool $retryable = false;

    private mixed $data = null;

    /** The server's status; getCode() gives it too. */
    final public function getStatus(): int {}

    /** "authentication", "parameter", "permission", "timestamp", "rate_limit", "server", "version", "business" or "unknown". */
    final public function getKind(): string {}

    /** The server's own words; getMessage() adds what to do. */
    final public function getServerMessage(): string {}

    /** Whether the same call, signed anew, may succeed later. */
    final public function isRetryable(): bool {}

    /** As Response::data(); null where there is none. */
    final public function getData(): mixed {}
}

/** The body is no reply of the platform's: a gateway's page, a text cut short, … */
class MalformedResponseException extends WdtException
{
    private string $body = "";

    /** The beginning of the body. */
    final public function getBody(): string {}
}

/** A received call failed a check. */
class VerifyException extends WdtException
{
    private string $check = "";

    private int $status = 0;

    private string $vendorMessage = "";

    /** "wrong_signature", "stale_timestamp", "unknown_key", … */
    final public function getCheck(): string {}

    /** The status that the vendor's server answers; getCode() gives it too. */
    final public function getStatus(): int {}

    /** The message that the vendor's server answers. */
    final public function getVendorMessage(): string {}
}

/**
 * Builds and signs a request.
 *
 * $args are the positional arguments. As a string they are the JSON array itself, signed and sent byte for byte. As an
 * array: int, string (UTF-8), bool, null, Decimal, DateTimeInterface (sent as Beijing time, without its fraction of a
 * second), stdClass and arrays; a list is a JSON array, any other array an object, [] a JSON array. A float is refused:
 * it does not keep the digits of a decimal.
 *
 * @param string $method "sales.StockSync.syncFail", say
 * @param ?int $unixTime Unix seconds; null means now
 * @param string $level "documented": an error needs a proof, what is merely odd is a warning; "strict": every
 *     issue refuses; "off": the catalogue is not asked
 * @throws ValidationException whose issues name the places
 */
function build_request(Credentials $credentials, string $method, array|string $args, ?Pager $pager = null, ?int $unixTime = null, string $level = "documented"): Request {}

/**
 * Holds arguments against the catalogue, without building a request.
 *
 * @throws ValidationException for values that cannot be written as JSON, floats above all
 */
function validate(string $method, array|string $args, string $level = "documented"): Report {}

/**
 * Reads a reply.
 *
 * @throws ApiException when the status is not 0, even where there is data
 * @throws MalformedResponseException when the body is no reply of the platform's
 */
function parse_response(string $body): Response {}

/**
 * The rows of a query, each documented field as its type, whatever form it came in: whole numbers as int (one beyond 64
 * bits as it came), amounts as Decimal with all digits, flags as bool, times as DateTimeImmutable at +08:00, texts as
 * string; an empty text in the place of a time as null. What nobody documents is as Response::data() gives it, but for
 * decimals, which are Decimal too; so is what does not fit its field.
 *
 * @param array|string $rows the list of rows or the reply's whole data: as Response::data() gives it, or its JSON
 *     (Response::rawData())
 * @param ?Report $report receives what did not fit: warnings with pointers into the list of rows
 * @return list<mixed>
 * @throws ValidationException for a method that is unknown or without rows, and for what is no list of rows
 */
function typed_rows(string $method, array|string $rows, ?Report &$report = null): array {}

/**
 * What a writing call refused under status 0: such a reply looks like a success.
 *
 * @param string $method the method called. Where it is not known (""), the places of all methods are looked at whose
 *     refusals are objects with a reason
 * @return list<array{key: string, code: string, message: string}> what ties each to what was sent, the server's code and
 *     its reason; empty texts where there are none
 */
function failures(Response $response, string $method = ""): array {}

/**
 * Signs any parameters: the bare algorithm.
 *
 * @param string $secret the part of the app secret before the first colon
 * @param array<string, string|int> $params raw values of the query, and "body"; a "sign" among them is left out
 */
function sign(#[\SensitiveParameter] string $secret, array $params): string {}

/**
 * Shows what build_request would sign. The arguments are not held against the catalogue.
 *
 * @throws ValidationException
 */
function explain(Credentials $credentials, string $method, array|string $args, ?Pager $pager = null, ?int $unixTime = null): Explanation {}

/**
 * Checks a received call: the receiving side, for a server of your own.
 *
 * @param string $query with or without "?"
 * @param string $body the raw bytes: file_get_contents("php://input")
 * @param callable(string $sid, string $key): (string|false|null) $lookup "secret:salt", null for a key that is unknown,
 *     false for a sid that is; what it throws goes through
 * @param ?int $unixTime the server's clock; null means now
 * @throws VerifyException which names the check that failed
 */
function verify(string $query, string $body, callable $lookup, ?int $unixTime = null): Call {}

/**
 * sales.StockSync.getSelfWaitSyncIdListOpen: which goods wait.
 *
 * @param int $count 10 to 5000
 * @param int $position 0 at first, then the one of the reply before
 * @throws ValidationException
 */
function get_self_wait_sync_id_list_open(Credentials $credentials, int $count, int $position = 0, ?int $unixTime = null, string $level = "documented"): Request {}

/**
 * sales.StockSync.calcStock: calculates the stock to set for one good.
 *
 * @throws ValidationException
 */
function calc_stock(Credentials $credentials, int $apiGoodsId, bool $forceSync = false, ?int $unixTime = null, string $level = "documented"): Request {}

/**
 * sales.StockSync.batchCalcStock: calculates many goods at once.
 *
 * @param list<array{api_goods_id: int, force_sync: bool}> $goods
 * @throws ValidationException
 */
function batch_calc_stock(Credentials $credentials, array $goods, ?int $unixTime = null, string $level = "documented"): Request {}

/**
 * sales.StockSync.syncSuccess: reports that the shop took the stock.
 *
 * @param array|string $info the fields of the report; as a string the JSON object itself
 * @throws ValidationException
 */
function sync_success(Credentials $credentials, int $apiGoodsId, array|string $info, ?int $unixTime = null, string $level = "documented"): Request {}

/**
 * sales.StockSync.syncFail: reports that the shop did not take the stock, with the reason in syn_result.
 *
 * @param array|string $info the fields of the report; as a string the JSON object itself
 * @throws ValidationException
 */
function sync_fail(Credentials $credentials, int $apiGoodsId, array|string $info, ?int $unixTime = null, string $level = "documented"): Request {}

/**
 * The info of a report, from one calculated good: what the report must carry over, with every digit. Give the result to
 * sync_success or sync_fail.
 *
 * @param array|string $calculated data of calc_stock's reply, or a row of success_date: as Response::data() gives it, or
 *     its JSON
 * @param bool $success whether the shop took the stock
 * @param string $result why not; may be empty
 * @return string the JSON object
 * @throws ValidationException whose issue names the first field that is missing or cannot be read
 */
function sync_info(array|string $calculated, bool $success, string $result = ""): string {}

/**
 * sales.StockSync.cancelSync: gives up the synchronisation that is under way for a good.
 *
 * @throws ValidationException
 */
function cancel_sync(Credentials $credentials, int $apiGoodsId, int $stockChangeCount, ?int $unixTime = null, string $level = "documented"): Request {}
