package dev.weft.catalog.token;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields that limit a key, as they are sent; {@link LimitFields} reads them. */
record LimitRequestBody(
        @Schema(
                        description =
                                "Names of models that it may ask for, in which * stands for any"
                                        + " characters: as clients write them, without @ and the"
                                        + " number of a version. Others don't exist for it")
                @Nullable List<String> models,
        @Schema(
                        types = {"integer", "null"},
                        format = "int64",
                        description =
                                "Requests that it may send in a minute, 1 to 10,000,000,000: at"
                                        + " each gateway, or at all together if they share limits"
                                        + " through Redis")
                @Nullable Long requestsPerMinute,
        @Schema(
                        types = {"integer", "null"},
                        format = "int64",
                        description =
                                "Tokens of prompts and answers in a minute, 1 to 10,000,000,000,"
                                        + " counted as requests are")
                @Nullable Long tokensPerMinute,
        @Schema(
                        types = {"integer", "null"},
                        format = "int32",
                        description = "Streams at once, 1 to 1,000,000, counted as requests are")
                @Nullable Integer concurrentStreams,
        @Schema(
                        types = {"object", "null"},
                        description = "What it may use in a calendar month, in UTC")
                @Nullable Budget budget,
        @Schema(
                        types = {"string", "null"},
                        allowableValues = {"high", "normal", "low"},
                        description =
                                "How soon its requests go if several wait; clients may ask for"
                                        + " less with the header weft-priority. Null for normal")
                @Nullable String priority) {
    /** A budget. */
    @Schema(name = "BudgetRequest", description = "Tokens, money, or both")
    record Budget(
            @Schema(
                            types = {"integer", "null"},
                            format = "int64",
                            description = "Tokens of prompts and answers")
                    @Nullable Long tokens,
            @Schema(
                            types = {"number", "null"},
                            description = "Cost in the unit that weft.gateway.usage.prices is in")
                    @Nullable BigDecimal money) {}
}
