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

    /**
     * The values of a line.
     *
     * @param model a name of the catalog or the base's; {@code unknown} for any other
     * @param status 0 if none was sent
     * @param errorType null if it went well
     * @param inputTokens negative if the answer did not say
     */
    record Line(
            String method,
            String path,
            String model,
            int status,
            String outcome,
            @Nullable String errorType,
            long millis,
            long inputTokens,
            long outputTokens,
            int attempts,
            @Nullable String requestId) {}

    private RequestLog() {}

    static void write(Line line) {
        LoggingEventBuilder event =
                LOG.atInfo()
                        .addKeyValue("method", line.method)
                        .addKeyValue("path", line.path)
                        .addKeyValue("adapter", line.model)
                        .addKeyValue("status", line.status)
                        .addKeyValue("outcome", line.outcome)
                        .addKeyValue("duration_ms", line.millis)
                        .addKeyValue("attempts", line.attempts);
        if (line.errorType != null) {
            event = event.addKeyValue("error_type", line.errorType);
        }
        if (line.inputTokens >= 0) {
            event =
                    event.addKeyValue("input_tokens", line.inputTokens)
                            .addKeyValue("output_tokens", line.outputTokens);
        }
        if (line.requestId != null) {
            event = event.addKeyValue("request_id", line.requestId);
        }
        event.log(text(line));
    }

    private static String text(Line line) {
        String error = line.errorType == null ? "" : " (" + line.errorType + ")";
        String tokens =
                line.inputTokens < 0
                        ? ""
                        : ", " + line.inputTokens + " + " + line.outputTokens + " tokens";
        return "%s %s %s: %d %s%s, %d ms%s"
                .formatted(
                        line.method,
                        line.path,
                        line.model,
                        line.status,
                        line.outcome,
                        error,
                        line.millis,
                        tokens);
    }
}
