package dev.weft.catalog.admin;

import dev.weft.catalog.registry.Adapter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** An adapter as the admin API shows it. */
@Schema(
        name = "Adapter",
        description = "A name and its versions",
        requiredProperties = {"name", "versions"})
record AdapterBody(
        @Schema(description = "What clients type in `model`", example = "sql") String name,
        @Schema(description = "Newest first; at most one of each digest")
                List<VersionBody> versions) {
    static AdapterBody of(Adapter adapter) {
        return new AdapterBody(
                adapter.id().name(), adapter.versions().stream().map(VersionBody::of).toList());
    }
}
