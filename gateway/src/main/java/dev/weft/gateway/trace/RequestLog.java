package dev.weft.gateway.trace;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs a line for each request if the deployment asks for it. The line holds no prompt and no
 * answer.
 */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.weft.gateway.request");

    /** The values of a line. */
    record Line(Asked asked, End end, Tokens tokens, long millis, int attempts) {}

    /**
     * What was asked for.
     *
     * @param model a name of the catalog or the base's; {@code unknown} for any other
     * @param id null if the client gave none
     */
    record Asked(String method, String path, String model, @Nullable String id) {}

    /**
     * How it ended.
     *
     * @param status 0 if none was sent
     * @param errorType null if it went well
     */
    record End(int status, String outcome, @Nullable String errorType) {}

    /**
     * The tokens of the prompt and of the answer.
     *
     * @param input negative if the answer did not say
     */
    record Tokens(long input, long output) {}

    private RequestLog() {}

    static void write(Line line) {
        LoggingEventBuilder event =
                LOG.atInfo()
                        .addKeyValue("method", line.asked.method)
                        .addKeyValue("path", line.asked.path)
                        .addKeyValue("adapter", line.asked.model)
                        .addKeyValue("status", line.end.status)
                        .addKeyValue("outcome", line.end.outcome)
                        .addKeyValue("duration_ms", line.millis)
                        .addKeyValue("attempts", line.attempts);
        if (line.end.errorType != null) {
            event = event.addKeyValue("error_type", line.end.errorType);
        }
        if (line.tokens.input >= 0) {
            event =
                    event.addKeyValue("input_tokens", line.tokens.input)
                            .addKeyValue("output_tokens", line.tokens.output);
        }
        if (line.asked.id != null) {
            event = event.addKeyValue("request_id", line.asked.id);
        }
        event.log(text(line));
    }

    private static String text(Line line) {
        String error = line.end.errorType == null ? "" : " (" + line.end.errorType + ")";
        String tokens =
                line.tokens.input < 0
                        ? ""
                        : ", " + line.tokens.input + " + " + line.tokens.output + " tokens";
        return "%s %s %s: %d %s%s, %d ms%s"
                .formatted(
                        line.asked.method,
                        line.asked.path,
                        line.asked.model,
                        line.end.status,
                        line.end.outcome,
                        error,
                        line.millis,
                        tokens);
    }
}
