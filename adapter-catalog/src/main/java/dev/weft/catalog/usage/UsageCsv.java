package dev.weft.catalog.usage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Usage as comma-separated values (RFC 4180). Columns are those of the JSON. */
final class UsageCsv {
    private static final String END = "\r\n";
    private static final String HEAD =
            "day,tenant,key,keyName,base,owner,adapter,version,digest,requests,errors,promptTokens,"
                    + "cachedTokens,completionTokens,cost";

    private UsageCsv() {}

    static String of(List<UsagePageBody.Item> items) {
        List<String> lines = new ArrayList<>();
        lines.add(HEAD);
        items.forEach(item -> lines.add(line(item)));
        return String.join(END, lines) + END;
    }

    private static String line(UsagePageBody.Item item) {
        Stream<@Nullable Object> fields =
                Arrays.stream(
                        new @Nullable Object[] {
                            item.day(),
                            item.tenant(),
                            item.key(),
                            item.keyName(),
                            item.base(),
                            item.owner(),
                            item.adapter(),
                            item.version(),
                            item.digest(),
                            item.requests(),
                            item.errors(),
                            item.promptTokens(),
                            item.cachedTokens(),
                            item.completionTokens(),
                            item.cost().toPlainString()
                        });
        return fields.map(UsageCsv::field).collect(Collectors.joining(","));
    }

    /**
     * Quotes a value that needs it. A text that a spreadsheet would take for a formula gets an
     * apostrophe, since the names of signed tokens come from their issuer.
     */
    private static String field(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (!text.isEmpty() && "=+-@\t".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
