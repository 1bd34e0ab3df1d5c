package dev.weft.catalog.version;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The progress of a fetch. */
@Schema(
        name = "Progress",
        description = "How far the fetch of a version's files is",
        requiredProperties = {"bytesDone", "bytesTotal", "file"})
record ProgressBody(
        @Schema(description = "Bytes that are here") long bytesDone,
        @Schema(
                        types = {"integer", "null"},
                        description = "Bytes of all files; null until the source has said it")
                @Nullable Long bytesTotal,
        @Schema(description = "The file in progress") String file) {
    static ProgressBody of(Underway.Progress progress) {
        return new ProgressBody(
                progress.bytes(),
                progress.total().isPresent() ? progress.total().getAsLong() : null,
                progress.file());
    }
}
