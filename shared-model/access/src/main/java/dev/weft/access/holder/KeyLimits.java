package dev.weft.access.holder;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weft.protocol.adapter.NamePattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much a key may use, and how soon. A number that is null sets no limit.
 *
 * @param models the only ones it may ask for; none means all of its tenant's
 * @param requestsPerMinute 1 or more
 * @param tokensPerMinute of prompts and answers, 1 or more
 * @param concurrentStreams answers that are streamed at once, 1 or more
 * @param budgetTokens of prompts and answers in a calendar month (UTC)
 * @param budgetNanos cost in a calendar month, in billionths of the unit that prices are in
 * @param priority that its requests have at most; null for {@link Priority#NORMAL}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record KeyLimits(
        List<NamePattern> models,
        @Nullable Long requestsPerMinute,
        @Nullable Long tokensPerMinute,
        @Nullable Integer concurrentStreams,
        @Nullable Long budgetTokens,
        @Nullable Long budgetNanos,
        @Nullable Priority priority) {
    /** It may use what it can get. */
    public static final KeyLimits NONE =
            new KeyLimits(List.of(), null, null, null, null, null, null);

    /** The most in a minute; a token bucket grows by one a nanosecond at most. */
    public static final long MOST_PER_MINUTE = 10_000_000_000L;

    public static final long MOST_TOKENS = 1_000_000_000_000_000L;

    public static final int MOST_STREAMS = 1_000_000;
    public static final int MOST_MODELS = 100;

    public KeyLimits {
        models = models == null ? List.of() : List.copyOf(models); // left out of JSON
        if (models.size() > MOST_MODELS) {
            throw new IllegalArgumentException(
                    models.size() + " models: allowed are at most " + MOST_MODELS);
        }
        check("requestsPerMinute", requestsPerMinute, 1, MOST_PER_MINUTE);
        check("tokensPerMinute", tokensPerMinute, 1, MOST_PER_MINUTE);
        check(
                "concurrentStreams",
                concurrentStreams == null ? null : concurrentStreams.longValue(),
                1,
                MOST_STREAMS);
        check("budgetTokens", budgetTokens, 0, MOST_TOKENS);
        check("budgetNanos", budgetNanos, 0, Long.MAX_VALUE);
    }

    private static void check(String name, @Nullable Long value, long least, long most) {
        if (value != null && (value < least || value > most)) {
            throw new IllegalArgumentException(
                    name + " " + value + ": allowed is " + least + " to " + most);
        }
    }

    /** The priority that its requests have at most. */
    @JsonIgnore
    public Priority highest() {
        return priority == null ? Priority.NORMAL : priority;
    }

    /** True if nothing is limited and the priority is the default. */
    @JsonIgnore
    public boolean isNone() {
        return equals(NONE);
    }

    /** True if a month's use is limited. */
    @JsonIgnore
    public boolean hasBudget() {
        return budgetTokens != null || budgetNanos != null;
    }

    /** True if the key may ask for a model of that name. */
    public boolean allows(String name) {
        if (models.isEmpty()) {
            return true;
        }
        for (NamePattern model : models) {
            if (model.matches(name)) {
                return true;
            }
        }
        return false;
    }
}
