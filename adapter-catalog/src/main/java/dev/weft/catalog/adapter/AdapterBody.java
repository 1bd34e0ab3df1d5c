package dev.weft.catalog.adapter;

import dev.weft.catalog.base.BaseNames;
import dev.weft.catalog.version.AliasTargetBody;
import dev.weft.catalog.version.Underway;
import dev.weft.catalog.version.VersionBody;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An adapter as the admin API shows it. */
@Schema(
        name = "Adapter",
        description = "A name and its versions",
        requiredProperties = {
            "name",
            "tenant",
            "base",
            "sharedWith",
            "held",
            "leadsTo",
            "versions"
        })
record AdapterBody(
        @Schema(description = "What clients type in `model`", example = "sql") String name,
        @Schema(description = "Whose it is", example = "default") String tenant,
        @Schema(
                        types = {"string", "null"},
                        description = "Name of its base; null until it is known",
                        example = "llama")
                @Nullable String base,
        @Schema(description = "Other tenants that may use it; \"*\" stands for all")
                List<String> sharedWith,
        @Schema(
                        description =
                                "True if an alias of the same name says what it leads to; else"
                                        + " it follows the newest version")
                boolean held,
        @Schema(description = "The versions that the name leads to, by weight")
                List<AliasTargetBody> leadsTo,
        @Schema(
                        types = {"string", "null"},
                        description =
                                "What its owner should do about it: it has the base's name, and"
                                        + " gets no requests; null if nothing is wrong")
                @Nullable String hint,
        @Schema(description = "Newest first; at most one of each digest")
                List<VersionBody> versions) {
    static AdapterBody of(Adapter adapter, Underway underway, BaseNames bases) {
        return new AdapterBody(
                adapter.id().name(),
                adapter.id().tenant(),
                bases.name(adapter.base()),
                adapter.audience().tenants(),
                !adapter.held().isEmpty(),
                AliasTargetBody.of(adapter.leadsTo()),
                bases.hint(adapter.id()),
                adapter.versions().stream().map(v -> VersionBody.of(v, underway)).toList());
    }
}
