package dev.weft.catalog.token;

import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Priority;
import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.NamePattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a body that limit a key. A field that is left out changes nothing, null takes a
 * limit away.
 */
final class LimitFields {
    static final List<String> NAMES =
            List.of(
                    "models",
                    "requestsPerMinute",
                    "tokensPerMinute",
                    "concurrentStreams",
                    "budget",
                    "priority");

    private static final String BUDGET =
            "an object with tokens, 0 to "
                    + KeyLimits.MOST_TOKENS
                    + ", or money, 0 to 1000000000 with at most 9 decimals, or both";
    private static final BigDecimal MOST_MONEY = BigDecimal.valueOf(1_000_000_000);

    private LimitFields() {}

    /** The change that a body asks for; the body notes what is wrong. */
    static UnaryOperator<KeyLimits> read(JsonBody body) {
        List<NamePattern> models = models(body);
        Long requests = number(body, "requestsPerMinute", KeyLimits.MOST_PER_MINUTE);
        Long tokens = number(body, "tokensPerMinute", KeyLimits.MOST_PER_MINUTE);
        Long streams = number(body, "concurrentStreams", KeyLimits.MOST_STREAMS);
        Budget budget = budget(body);
        Priority priority = priority(body);
        return old ->
                new KeyLimits(
                        given(body, "models") ? models : old.models(),
                        given(body, "requestsPerMinute") ? requests : old.requestsPerMinute(),
                        given(body, "tokensPerMinute") ? tokens : old.tokensPerMinute(),
                        given(body, "concurrentStreams")
                                ? streams == null ? null : Integer.valueOf(streams.intValue())
                                : old.concurrentStreams(),
                        given(body, "budget") ? budget.tokens : old.budgetTokens(),
                        given(body, "budget") ? budget.nanos : old.budgetNanos(),
                        given(body, "priority") ? priority : old.priority());
    }

    private record Budget(@Nullable Long tokens, @Nullable Long nanos) {
        static final Budget NONE = new Budget(null, null);
    }

    private static boolean given(JsonBody body, String field) {
        return !body.field(field).isMissingNode();
    }

    private static List<NamePattern> models(JsonBody body) {
        JsonNode given = body.field("models");
        List<NamePattern> models = new ArrayList<>();
        boolean right = given.isArray() && given.size() <= KeyLimits.MOST_MODELS;
        for (JsonNode each : given) {
            if (each.isString() && NamePattern.isPattern(each.asString())) {
                models.add(NamePattern.of(each.asString()));
            } else {
                right = false;
            }
        }
        if (!right && !given.isMissingNode() && !given.isNull()) {
            body.fault(
                    "models",
                    given,
                    "a list of at most "
                            + KeyLimits.MOST_MODELS
                            + " patterns, each "
                            + NamePattern.RULE);
        }
        return models;
    }

    private static @Nullable Long number(JsonBody body, String field, long most) {
        JsonNode given = body.field(field);
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        if (given.isIntegralNumber() && given.canConvertToLong()) {
            long number = given.longValue();
            if (number >= 1 && number <= most) {
                return number;
            }
        }
        body.fault(field, given, "a number from 1 to " + most + ", or null for no limit");
        return null;
    }

    private static @Nullable Priority priority(JsonBody body) {
        JsonNode given = body.field("priority");
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        Priority priority =
                given.isString() ? Priority.ofWord(given.asString()).orElse(null) : null;
        if (priority == null) {
            body.fault("priority", given, Priority.ALLOWED + ", or null for normal");
        }
        return priority;
    }

    private static Budget budget(JsonBody body) {
        JsonNode given = body.field("budget");
        if (given.isMissingNode() || given.isNull()) {
            return Budget.NONE;
        }
        if (given.isObject()) {
            body.unknown("budget.", given, Set.of("tokens", "money"));
            Long tokens = tokens(given.path("tokens"));
            Long nanos = nanos(given.path("money"));
            boolean right =
                    (tokens != null || isNone(given.path("tokens")))
                            && (nanos != null || isNone(given.path("money")));
            if (right && (tokens != null || nanos != null)) {
                return new Budget(tokens, nanos);
            }
        }
        body.fault("budget", given, BUDGET);
        return Budget.NONE;
    }

    private static boolean isNone(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static @Nullable Long tokens(JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            return null;
        }
        long tokens = node.longValue();
        return tokens >= 0 && tokens <= KeyLimits.MOST_TOKENS ? Long.valueOf(tokens) : null;
    }

    private static @Nullable Long nanos(JsonNode node) {
        if (!node.isNumber()) {
            return null;
        }
        BigDecimal money = node.decimalValue(BigDecimal.ONE.negate()); // also for one too large
        boolean right =
                money.signum() >= 0
                        && money.compareTo(MOST_MONEY) <= 0
                        && money.stripTrailingZeros().scale() <= 9;
        return right ? Long.valueOf(money.movePointRight(9).longValueExact()) : null;
    }
}
