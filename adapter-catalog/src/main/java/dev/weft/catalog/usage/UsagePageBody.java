package dev.weft.catalog.usage;

import dev.weft.protocol.usage.UsageCounts;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of usage. */
@Schema(
        name = "UsagePage",
        description = "What was used",
        requiredProperties = {"from", "to", "items", "next"})
record UsagePageBody(
        @Schema(description = "First day, in UTC") LocalDate from,
        @Schema(description = "Last day, in UTC") LocalDate to,
        @Schema(description = "The sums of this page") List<Item> items,
        @Schema(
                        types = {"string", "null"},
                        description = "Address of the next page; null after the last one")
                @Nullable String next) {

    /** A sum. Fields by which it is not grouped are null. */
    @Schema(
            name = "Usage",
            description = "A sum; what it is not kept apart by is null",
            requiredProperties = {
                "day",
                "tenant",
                "key",
                "keyName",
                "base",
                "owner",
                "adapter",
                "version",
                "digest",
                "requests",
                "errors",
                "promptTokens",
                "cachedTokens",
                "completionTokens",
                "cost"
            })
    record Item(
            @Schema(
                            types = {"string", "null"},
                            format = "date",
                            description = "In UTC, on which answers ended")
                    @Nullable LocalDate day,
            @Schema(
                            types = {"string", "null"},
                            description = "Whose requests")
                    @Nullable String tenant,
            @Schema(
                            types = {"integer", "null"},
                            format = "int64",
                            description =
                                    "Id of the key, that of the first of the tokens that took each"
                                            + " other's place; null also without a token of the"
                                            + " catalog")
                    @Nullable Long key,
            @Schema(
                            types = {"string", "null"},
                            description = "Its name; anonymous without a token",
                            example = "anna")
                    @Nullable String keyName,
            @Schema(
                            types = {"string", "null"},
                            description = "Served name of the base")
                    @Nullable String base,
            @Schema(
                            types = {"string", "null"},
                            description = "Tenant of the adapter; null also for the base alone")
                    @Nullable String owner,
            @Schema(
                            types = {"string", "null"},
                            description = "Name of the adapter; null also for the base alone",
                            example = "sql")
                    @Nullable String adapter,
            @Schema(
                            types = {"integer", "null"},
                            format = "int32",
                            description = "Number of the version; null also for the base alone")
                    @Nullable Integer version,
            @Schema(
                            types = {"string", "null"},
                            description = "Its content; null also for the base alone")
                    @Nullable String digest,
            @Schema(description = "Requests for a model that is served, whatever became of them")
                    long requests,
            @Schema(description = "Of these, those that ended with an error") long errors,
            @Schema(description = "Tokens of prompts, as clients were told") long promptTokens,
            @Schema(description = "Of these, those that were computed before") long cachedTokens,
            @Schema(description = "Tokens of answers, as clients were told") long completionTokens,
            @Schema(
                            types = {"number"},
                            description = "In the unit that weft.gateway.usage.prices is in")
                    BigDecimal cost) {
        static Item of(UsageSum sum) {
            UsageSum.Model model = sum.model();
            UsageSum.Model adapter = model == null || model.adapter().isEmpty() ? null : model;
            UsageCounts counts = sum.counts();
            return new Item(
                    sum.day(),
                    sum.tenant(),
                    sum.key() == null || sum.key() == 0 ? null : sum.key(),
                    sum.keyName(),
                    model == null || model.base().isEmpty() ? null : model.base(),
                    adapter == null ? null : adapter.owner(),
                    adapter == null ? null : adapter.adapter(),
                    adapter == null ? null : adapter.number(),
                    adapter == null ? null : adapter.digest(),
                    counts.requests(),
                    counts.errors(),
                    counts.promptTokens(),
                    counts.cachedTokens(),
                    counts.completionTokens(),
                    BigDecimal.valueOf(counts.costNanos(), 9));
        }
    }
}
