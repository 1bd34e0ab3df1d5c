package dev.weft.catalog.worker;

import dev.weft.catalog.audit.Requester;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker as the admin API shows it. */
@Schema(
        name = "Worker",
        description = "A worker as it last reported",
        requiredProperties = {"id", "address", "base", "slots", "alive", "seenAt", "held"})
record WorkerBody(
        @Schema(description = "The same after a restart", example = "w-3f9a1c20") String id,
        @Schema(description = "Where it listens", example = "http://127.0.0.1:8082") String address,
        @Schema(
                        types = {"string", "null"},
                        description = "Name of the base that it serves; null if it did not say",
                        example = "llama")
                @Nullable String base,
        @Schema(description = "Adapters that its engine holds at once", example = "16") int slots,
        @Schema(description = "It has reported within the last 15 seconds") boolean alive,
        @Schema(description = "When it last reported") Instant seenAt,
        @Schema(description = "What it held then; empty for a tenant's token")
                List<HeldBody> held) {
    /** Leaves out held contents and their times of use if a tenant asks: they may be others'. */
    static WorkerBody of(KnownWorker worker, Requester requester) {
        List<HeldBody> held =
                requester.seesAll() ? worker.held().stream().map(HeldBody::of).toList() : List.of();
        return new WorkerBody(
                worker.id(),
                worker.address(),
                worker.base(),
                worker.slots(),
                worker.alive(),
                worker.seen(),
                held);
    }
}
