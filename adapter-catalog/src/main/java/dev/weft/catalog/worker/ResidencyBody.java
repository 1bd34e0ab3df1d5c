package dev.weft.catalog.worker;

import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.AdapterDigest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A version on a worker. */
@Schema(
        name = "Residency",
        description = "A version on a worker",
        requiredProperties = {"version", "worker", "address", "held"})
record ResidencyBody(
        @Schema(description = "Number of the version", example = "2") int version,
        @Schema(description = "The worker's id", example = "w-3f9a1c20") String worker,
        @Schema(description = "Where it listens", example = "http://127.0.0.1:8082") String address,
        @Schema(description = "How it holds it") HeldBody held) {
    static Stream<ResidencyBody> of(Version version, List<KnownWorker> workers) {
        Integer number = version.number();
        Optional<AdapterDigest> digest = version.content().map(content -> content.digest());
        if (number == null || digest.isEmpty()) {
            return Stream.empty();
        }
        return workers.stream()
                .flatMap(worker ->
                        worker.held().stream()
                                .filter(held -> held.digest().equals(digest.get()))
                                .map(held ->
                                        new ResidencyBody(
                                                number,
                                                worker.id(),
                                                worker.address(),
                                                HeldBody.of(held))));
    }
}
