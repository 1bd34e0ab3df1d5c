package dev.weft.gateway.limit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The headers by which OpenAI's API tells clients what is left to them. For one request. */
final class LimitHeaders {
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** Adds {@code x-ratelimit-limit-requests} and the like. */
    void add(Allowances.Of allowance, Allowances.Taken taken) {
        String kind = allowance.kind().name().toLowerCase(Locale.ROOT);
        headers.put("x-ratelimit-limit-" + kind, "" + allowance.perMinute());
        headers.put("x-ratelimit-remaining-" + kind, "" + taken.remaining());
        headers.put("x-ratelimit-reset-" + kind, text(taken.reset()));
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
