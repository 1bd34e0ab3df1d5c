package dev.weft.source.object;

import java.util.Set;
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

    private static final Set<String> REFUSALS = Set.of("401", "403");
    private static final Set<String> OF_EGRESS = Set.of("407", "502");

    /** Statuses after which a request may be made again. */
    private static final Set<String> LATER = Set.of("408", "421", "425", "429");

    /** Codes of S3 after which a request may be made again, whatever the status is. */
    private static final Pattern TEMPORARY =
            Pattern.compile("<Code>(?:RequestTimeout|OperationAborted|SlowDown)</Code>");

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
        return REFUSALS.contains(status(e));
    }

    /**
     * True if the store says that the request itself is wrong, which time does not heal: it is for
     * another region's bucket, or one that asks more of its clients.
     */
    static boolean isFinal(OpenDALException e) {
        String status = status(e);
        boolean wrong = status.startsWith("3") || status.startsWith("4");
        return wrong
                && !LATER.contains(status)
                && !TEMPORARY.matcher(String.valueOf(e.getMessage())).find();
    }

    /**
     * True if OpenDAL's message may mean that {@link StoreEgress} made no connection. No store
     * answers 407. A store's own 502 is told apart by the fact that no connection failed there.
     */
    static boolean mayBeOfEgress(OpenDALException e) {
        return String.valueOf(e.getMessage()).contains("tunnel error")
                || OF_EGRESS.contains(status(e));
    }

    /** The HTTP status; empty if the message has none. */
    private static String status(OpenDALException e) {
        Matcher status = STATUS.matcher(String.valueOf(e.getMessage()));
        return status.find() ? status.group(1) : "";
    }

    private static void append(StringBuilder words, Matcher matcher) {
        if (matcher.find()) {
            words.append(' ').append(matcher.group(1));
        }
    }
}
