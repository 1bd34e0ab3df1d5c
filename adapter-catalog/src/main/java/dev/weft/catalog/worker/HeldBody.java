package dev.weft.catalog.worker;

import dev.weft.protocol.residency.HeldAdapter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Content that a worker holds. */
@Schema(
        name = "Held",
        description = "A content that a worker holds",
        requiredProperties = {"digest", "tier", "lastUsed", "loadSeconds", "pinned"})
record HeldBody(
        @Schema(description = "sha256: and 64 hexadecimal digits") String digest,
        @Schema(
                        description = "The fastest tier that it is in",
                        allowableValues = {"slot", "host", "disk"},
                        example = "slot")
                String tier,
        @Schema(
                        types = {"string", "null"},
                        format = "date-time",
                        description = "When a request last had it; null if none did")
                @Nullable Instant lastUsed,
        @Schema(
                        types = {"number", "null"},
                        description = "What its last load into a slot took; null if none was")
                @Nullable Double loadSeconds,
        @Schema(description = "It does not leave its slot") boolean pinned) {
    static HeldBody of(HeldAdapter held) {
        return new HeldBody(
                held.digest().toString(),
                held.tier().word(),
                held.lastUsed(),
                held.loadSeconds(),
                held.pinned());
    }
}
