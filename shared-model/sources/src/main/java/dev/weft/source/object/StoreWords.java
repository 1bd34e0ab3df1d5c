package dev.weft.source.object;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.opendal.OpenDALException;

/**
 * The parts of OpenDAL's messages that may be shown: the kind, the HTTP status and the store's own
 * error code. The rest holds request addresses, which may hold signatures.
 */
final class StoreWords {
    private static final Pattern STATUS = Pattern.compile("status: (\\d{3})");
    private static final Pattern CODE =
            Pattern.compile("(?:<Code>|code: \"|x-ms-error-code\": \")([A-Za-z]{3,64})");

    private StoreWords() {}

    static String of(OpenDALException e) {
        String message = String.valueOf(e.getMessage());
        StringBuilder words = new StringBuilder(e.getCode().name());
        append(words, STATUS.matcher(message));
        append(words, CODE.matcher(message));
        return words.toString();
    }

    /** True if the answer was 401 or 403, which OpenDAL does not always recognise. */
    static boolean isRefusal(OpenDALException e) {
        Matcher status = STATUS.matcher(String.valueOf(e.getMessage()));
        return status.find() && (status.group(1).equals("401") || status.group(1).equals("403"));
    }

    /**
     * True if OpenDAL's message may mean that {@link StoreEgress} made no connection. No store
     * answers 407. A store's own 502 is told apart by the fact that no connection failed there.
     */
    static boolean mayBeOfEgress(OpenDALException e) {
        String message = String.valueOf(e.getMessage());
        Matcher status = STATUS.matcher(message);
        return message.contains("tunnel error")
                || (status.find()
                        && (status.group(1).equals("407") || status.group(1).equals("502")));
    }

    private static void append(StringBuilder words, Matcher matcher) {
        if (matcher.find()) {
            words.append(' ').append(matcher.group(1));
        }
    }
}
