package dev.weft.catalog.worker;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An order as the admin API shows it. */
@Schema(
        name = "Order",
        description = "What a worker is to hold, and what has come of it",
        requiredProperties = {
            "id",
            "kind",
            "worker",
            "adapter",
            "version",
            "digest",
            "state",
            "failure",
            "createdAt",
            "updatedAt"
        })
record OrderBody(
        @Schema(description = "Number of the order") long id,
        @JsonUnwrapped Asked asked,
        @Schema(description = "What has come of it") WorkerOrder.State state,
        @Schema(
                        types = {"string", "null"},
                        description = "Why the worker could not do it when it last tried")
                @Nullable String failure,
        @Schema(description = "When it was given") Instant createdAt,
        @Schema(description = "When its state last changed") Instant updatedAt) {
    /** What is asked of which worker. */
    record Asked(
            @Schema(description = "What is asked for") WorkerOrder.Kind kind,
            @Schema(description = "The worker's id", example = "w-3f9a1c20") String worker,
            @Schema(description = "Name of the adapter", example = "sql") String adapter,
            @Schema(description = "Number of the version", example = "2") int version,
            @Schema(description = "sha256: and 64 hexadecimal digits") String digest) {}

    static OrderBody of(WorkerOrder order) {
        WorkerOrder.Asked asked = order.asked();
        return new OrderBody(
                order.id(),
                new Asked(
                        asked.kind(),
                        asked.worker(),
                        asked.adapter().name(),
                        asked.version(),
                        asked.digest().toString()),
                order.state(),
                order.failure(),
                order.created(),
                order.updated());
    }
}
