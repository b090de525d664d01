import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Plain Java: a small writer of JSON, for the JDK has none, MessageDigest, URLEncoder; BigDecimal for decimals.
 * The driver, benches/contest.py, says what the commands mean.
 */
final class Contestant {
    private static final String SID = "wdtapi3", KEY = "appkey", SECRET = "testsecret", SALT = "testsalt";
    private static final String METHOD = "sales.StockSync.syncFail";
    private static final long UNIX_TIME = 1775791716L;
    private static final HexFormat HEX = HexFormat.of();

    record Request(String query, byte[] body) {}

    static void json(StringBuilder out, Object value) {
        if (value instanceof String text) {
            text(out, text);
        } else if (value instanceof BigDecimal number) {
            out.append(number.toPlainString());
        } else if (value instanceof Map<?, ?> members) {
            char before = '{';
            for (Map.Entry<?, ?> member : members.entrySet()) {
                out.append(before);
                text(out, (String) member.getKey());
                out.append(':');
                json(out, member.getValue());
                before = ',';
            }
            out.append(before == '{' ? "{}" : "}");
        } else if (value instanceof List<?> elements) {
            char before = '[';
            for (Object element : elements) {
                out.append(before);
                json(out, element);
                before = ',';
            }
            out.append(before == '[' ? "[]" : "]");
        } else {
            out.append(value);
        }
    }

    static void text(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    static Request build(String body) {
        TreeMap<String, String> params = new TreeMap<>();
        params.put("sid", SID);
        params.put("key", KEY);
        params.put("salt", SALT);
        params.put("method", METHOD);
        params.put("timestamp", Long.toString(UNIX_TIME - 1325347200L));
        params.put("v", "1.0");
        params.put("body", body);
        StringBuilder text = new StringBuilder(SECRET);
        params.forEach((key, value) -> text.append(key).append(value));
        byte[] signed = text.append(SECRET).toString().getBytes(StandardCharsets.UTF_8);
        params.remove("body");
        params.put("sign", HEX.formatHex(md5().digest(signed)));
        StringJoiner query = new StringJoiner("&");
        params.forEach((key, value) -> query.add(key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return new Request(query.toString(), body.getBytes(StandardCharsets.UTF_8));
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Request build(Map<String, Object> info) {
        StringBuilder body = new StringBuilder(512);
        json(body, List.of(2447, info));
        return build(body.toString());
    }

    static Map<String, Object> documented(BigDecimal stock) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("syn_stock", stock);
        info.put("stock_change_count", 2);
        info.put("stock_syn_rule_id", -10000);
        info.put("stock_syn_rule_no", "");
        info.put("stock_syn_warehouses", "6");
        info.put("stock_syn_mask", 0);
        info.put("stock_syn_percent", 100);
        info.put("stock_syn_plus", new BigDecimal("1.0000"));
        info.put("stock_syn_min", new BigDecimal("1.0000"));
        info.put("stock_syn_max", new BigDecimal("550.0000"));
        info.put("is_auto_listing", true);
        info.put("is_auto_delisting", true);
        return info;
    }

    static Map<String, Object> sixteen() {
        Map<String, Object> info = new LinkedHashMap<>();
        documented(new BigDecimal("1.0000")).forEach((key, value) -> {
            if (key.equals("stock_syn_warehouses")) {
                info.put("stock_syn_other", "");
            }
            info.put(key, value);
        });
        info.put("stock_change_count", new BigDecimal("2.0000"));
        info.put("stock_syn_warehouses", "6,12");
        info.put("is_syn_success", false);
        info.put("is_manual", false);
        info.put("syn_result", "平台接口限流，稍后重试");
        return info;
    }

    private static long kept; // the work of every call, so that none is left out

    public static void main(String[] args) throws Exception {
        String raw = Files.readString(Path.of(args[0], "raw.json"));
        Map<String, Object> info = documented(BigDecimal.ONE);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            boolean typed = words[1].equals("typed");
            if (words[0].equals("run")) {
                out.println(typed ? runTyped(info, Long.parseLong(words[2])) : runRaw(raw, Long.parseLong(words[2])));
                continue;
            }
            Request request = switch (words[1]) {
                case "typed" -> build(words.length > 2 ? documented(new BigDecimal(words[2])) : info);
                case "sixteen" -> build(sixteen());
                default -> build(raw);
            };
            out.println(request.query() + "\t" + new String(request.body(), StandardCharsets.UTF_8));
        }
        if (kept < 0) {
            out.println(kept);
        }
    }

    static long runTyped(Map<String, Object> info, long times) {
        long start = System.nanoTime();
        for (long i = 0; i < times; i++) {
            Request request = build(info);
            kept += request.query().length() + request.body().length;
        }
        return System.nanoTime() - start;
    }

    static long runRaw(String raw, long times) {
        long start = System.nanoTime();
        for (long i = 0; i < times; i++) {
            Request request = build(raw);
            kept += request.query().length() + request.body().length;
        }
        return System.nanoTime() - start;
    }
}
