package dev.weft.catalog.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A fault of a request. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        description = "One thing that is wrong with a request",
        requiredProperties = {"field", "allowed"})
public record Fault(
        @Schema(description = "Field of the body, or parameter", example = "source") String field,
        @Schema(description = "What was sent; left out if the field is missing", example = "FTP")
                @Nullable String value,
        @Schema(description = "What may be sent", example = "HF, GCS, S3, AZURE, REMOTE_URL, FILE")
                String allowed) {
    /** The fault in one sentence. */
    public String sentence() {
        return field
                + (value == null ? " is missing" : " '" + value + "' is not allowed")
                + "; allowed: "
                + allowed;
    }
}
