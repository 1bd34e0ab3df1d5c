package dev.weft.gateway.limit;

import dev.weft.gateway.limit.allowance.Claim;
import dev.weft.gateway.limit.allowance.Levels;
import dev.weft.gateway.limit.allowance.Levels.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers by which OpenAI's API, and Anthropic's for its own clients, tell clients what is left
 * to them. For one request.
 */
final class LimitHeaders {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final boolean messages;
    private final Clock clock;

    /**
     * Begins with no headers.
     *
     * @param messages whether the client reads Anthropic's headers
     */
    LimitHeaders(boolean messages, Clock clock) {
        this.messages = messages;
        this.clock = clock;
    }

    /** Adds {@code x-ratelimit-limit-requests} and the like. */
    void add(Claim claim, Levels levels) {
        add("requests", claim.requestsPerMinute(), levels.requests());
        add("tokens", claim.tokensPerMinute(), levels.tokens());
    }

    private void add(String kind, @Nullable Long perMinute, @Nullable Level level) {
        if (perMinute != null && level != null) {
            headers.put("x-ratelimit-limit-" + kind, "" + perMinute);
            headers.put("x-ratelimit-remaining-" + kind, "" + level.remaining());
            headers.put("x-ratelimit-reset-" + kind, text(level.reset()));
            if (messages) {
                String name = "anthropic-ratelimit-" + kind;
                headers.put(name + "-limit", "" + perMinute);
                headers.put(name + "-remaining", "" + level.remaining());
                headers.put(name + "-reset", moment(level.reset()));
            }
        }
    }

    /** Adds when the request may come again, in whole seconds, 1 or more. */
    void retryAfter(Duration wait) {
        headers.put("Retry-After", "" + Math.max(1, wait.plusMillis(999).toSeconds()));
    }

    /** Says that the request can't go well later either. */
    void never() {
        headers.put("x-should-retry", "false");
    }

    Map<String, String> all() {
        return headers;
    }

    /** RFC 3339, in whole seconds, rounded up. */
    private String moment(Duration wait) {
        Instant then = clock.instant().plus(wait).plusMillis(999);
        return then.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** A duration as OpenAI writes it: {@code 120ms}, {@code 1s}, {@code 6m0s}; rounded up. */
    static String text(Duration duration) {
        long millis = (duration.toNanos() + 999_999) / 1_000_000;
        if (millis < 1_000) {
            return millis + "ms";
        }
        long seconds = (millis + 999) / 1_000;
        long hours = seconds / 3_600;
        long minutes = seconds / 60 % 60;
        String rest = seconds % 60 + "s";
        if (hours > 0) {
            return hours + "h" + minutes + "m" + rest;
        }
        return minutes > 0 ? minutes + "m" + rest : rest;
    }
}
