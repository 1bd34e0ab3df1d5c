package dev.weft.catalog.version;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weft.protocol.adapter.Reason;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a version was rejected, or a warning for its owner. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        name = "Reason",
        description = "Fields that do not apply are left out",
        requiredProperties = {"code", "message"})
record ReasonBody(
        @Schema(description = "Stable, upper snake case", example = "RANK_OVER_MAXIMUM")
                String code,
        @Schema(description = "File of the adapter's folder") @Nullable String file,
        @Schema(description = "Tensor or key of that file") @Nullable String tensor,
        @Schema(description = "What stands there") @Nullable String found,
        @Schema(description = "What may stand there") @Nullable String allowed,
        @Schema(description = "One sentence with all of the above") String message) {
    static List<ReasonBody> of(List<Reason> reasons) {
        return reasons.stream()
                .map(r ->
                        new ReasonBody(
                                r.code(),
                                r.file(),
                                r.tensor(),
                                r.found(),
                                r.allowed(),
                                r.message()))
                .toList();
    }
}
