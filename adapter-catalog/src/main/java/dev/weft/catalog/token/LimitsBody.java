package dev.weft.catalog.token;

import dev.weft.access.holder.KeyLimits;
import dev.weft.protocol.adapter.NamePattern;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The limits of a key as the admin API shows them. */
record LimitsBody(
        @Schema(
                        description =
                                "Names of models that it may ask for, in which * stands for any"
                                        + " characters; none means all",
                        example = "[\"sql-*\"]")
                List<String> models,
        @Schema(
                        types = {"integer", "null"},
                        format = "int64",
                        description = "Requests that it may send in a minute; null for no limit")
                @Nullable Long requestsPerMinute,
        @Schema(
                        types = {"integer", "null"},
                        format = "int64",
                        description =
                                "Tokens of prompts and answers in a minute; null for no limit")
                @Nullable Long tokensPerMinute,
        @Schema(
                        types = {"integer", "null"},
                        format = "int32",
                        description = "Streams at once; null for no limit")
                @Nullable Integer concurrentStreams,
        @Schema(
                        types = {"object", "null"},
                        description =
                                "What it may use in a calendar month, in UTC; null for no limit")
                @Nullable Budget budget,
        @Schema(
                        allowableValues = {"high", "normal", "low"},
                        description =
                                "How soon its requests go if several wait; clients may ask for"
                                        + " less")
                String priority) {
    /** A budget. */
    @Schema(
            name = "Budget",
            description = "What may be used in a calendar month, in UTC",
            requiredProperties = {"tokens", "money"})
    record Budget(
            @Schema(
                            types = {"integer", "null"},
                            format = "int64",
                            description = "Tokens of prompts and answers; null for no limit")
                    @Nullable Long tokens,
            @Schema(
                            types = {"number", "null"},
                            description =
                                    "Cost in the unit that weft.gateway.usage.prices is in; null"
                                            + " for no limit")
                    @Nullable BigDecimal money) {}

    static LimitsBody of(KeyLimits limits) {
        Long nanos = limits.budgetNanos();
        return new LimitsBody(
                limits.models().stream().map(NamePattern::text).toList(),
                limits.requestsPerMinute(),
                limits.tokensPerMinute(),
                limits.concurrentStreams(),
                limits.hasBudget()
                        ? new Budget(
                                limits.budgetTokens(),
                                nanos == null ? null : BigDecimal.valueOf(nanos, 9))
                        : null,
                limits.highest().word());
    }
}
