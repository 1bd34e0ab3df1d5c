package dev.weft.catalog.alias;

import dev.weft.catalog.version.AliasTargetBody;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** An alias as the admin API shows it. */
@Schema(
        name = "Alias",
        description = "A name that leads to versions by weight",
        requiredProperties = {"name", "tenant", "revision", "targets", "updatedAt"})
record AliasBody(
        @Schema(description = "What clients type in `model`", example = "sql-prod") String name,
        @Schema(description = "Whose it is", example = "default") String tenant,
        @Schema(description = "Grows with every change; also the ETag", example = "3")
                long revision,
        @Schema(description = "Where it leads") List<AliasTargetBody> targets,
        @Schema(description = "When it was changed last") Instant updatedAt) {
    static AliasBody of(Alias alias) {
        return new AliasBody(
                alias.id().name(),
                alias.id().tenant(),
                alias.revision(),
                AliasTargetBody.of(alias.targets()),
                alias.updated());
    }
}
