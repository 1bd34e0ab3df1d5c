package dev.weft.catalog.base;

import dev.weft.protocol.adapter.LinearModule;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A base as the admin API shows it. */
@Schema(
        name = "Base",
        description = "A base model whose adapters the catalog takes",
        requiredProperties = {
            "name",
            "source",
            "repo",
            "revision",
            "maxRank",
            "engine",
            "modules",
            "shape",
            "declared",
            "createdAt"
        })
record BaseBody(
        @Schema(description = "What clients type in `model`", example = "llama") String name,
        @Schema(description = "Where its checkpoint lies", example = "HF") String source,
        @Schema(description = "Its repository", example = "owner/name") String repo,
        @Schema(
                        types = {"string", "null"},
                        description = "Branch, tag or commit",
                        example = "main")
                @Nullable String revision,
        @Schema(description = "Largest rank of an adapter", example = "16") int maxRank,
        @Schema(description = "Engine of its workers", example = "auto") String engine,
        @ArraySchema(
                        arraySchema =
                                @Schema(
                                        description =
                                                "Modules that adapters may change; empty if all may"
                                                        + " be changed"),
                        schema = @Schema(example = "q_proj"))
                List<String> modules,
        @Schema(
                        types = {"object", "null"},
                        description =
                                "Sizes of its decoder that adapters were checked against last; null"
                                        + " until one was")
                @Nullable ShapeBody shape,
        @Schema(description = "It comes from a deployment file, and can't be removed here")
                boolean declared,
        @Schema(description = "When the catalog got to know it") Instant createdAt) {
    /** The sizes of a decoder. */
    @Schema(
            name = "BaseShape",
            description = "The sizes of a base's decoder",
            requiredProperties = {"layers", "hiddenSize", "intermediateSize"})
    record ShapeBody(
            @Schema(description = "Its layers", example = "32") int layers,
            @Schema(description = "Width of its hidden states", example = "4096") int hiddenSize,
            @Schema(description = "Width of its MLP", example = "14336") int intermediateSize) {
        static @Nullable ShapeBody of(Base.@Nullable Shape shape) {
            return shape == null
                    ? null
                    : new ShapeBody(shape.layers(), shape.hiddenSize(), shape.intermediateSize());
        }
    }

    static BaseBody of(Base base) {
        return new BaseBody(
                base.name(),
                base.checkpoint().source().name(),
                base.checkpoint().repo(),
                base.checkpoint().revision(),
                base.facts().maxRank(),
                base.facts().engine().word(),
                base.facts().modules().stream().map(LinearModule::shortName).toList(),
                ShapeBody.of(base.shape()),
                base.declared(),
                base.created());
    }
}
