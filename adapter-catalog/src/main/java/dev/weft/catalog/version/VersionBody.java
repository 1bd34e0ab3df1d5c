package dev.weft.catalog.version;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A version as the admin API shows it. An unknown value is null. */
@Schema(
        name = "Version",
        description = "One registration and what became of it",
        requiredProperties = {
            "id",
            "name",
            "version",
            "digest",
            "state",
            "reasons",
            "warnings",
            "rank",
            "alpha",
            "rsLora",
            "modules",
            "dtype",
            "parameters",
            "task",
            "effect",
            "source",
            "repo",
            "revision",
            "resolvedRevision",
            "createdAt",
            "updatedAt",
            "progress",
            "waiting"
        })
public record VersionBody(
        @JsonUnwrapped Identity identity,
        @JsonUnwrapped Outcome outcome,
        @JsonUnwrapped Shape shape,
        @JsonUnwrapped Origin origin,
        @JsonUnwrapped Times times,
        @JsonUnwrapped Work work) {
    /** What the version is called. */
    record Identity(
            @Schema(description = "Number of the registration, see /admin/v1/versions/{id}")
                    long id,
            @Schema(description = "The adapter's name") String name,
            @Schema(
                            types = {"integer", "null"},
                            description =
                                    "Its number among the contents of the name, as pinned by"
                                        + " `name@number`; the same content keeps it. Null until"
                                        + " known")
                    @Nullable Integer version,
            @Schema(
                            types = {"string", "null"},
                            description = "sha256: and 64 hexadecimal digits; null until known")
                    @Nullable String digest) {}

    /** What has become of it. */
    record Outcome(
            @Schema(description = "Where it stands") VersionState state,
            @Schema(description = "Why it was rejected; empty if it was not")
                    List<ReasonBody> reasons,
            @Schema(description = "What its owner should know although it is served")
                    List<ReasonBody> warnings) {}

    /** What its content looks like; empty and null until it is known. */
    record Shape(
            @Schema(
                            types = {"integer", "null"},
                            description = "Largest rank of its modules; null until known")
                    @Nullable Integer rank,
            @Schema(
                            types = {"number", "null"},
                            description = "lora_alpha; null until known")
                    @Nullable Double alpha,
            @Schema(
                            types = {"boolean", "null"},
                            description = "Scaled by alpha/sqrt(rank); null until known")
                    @Nullable Boolean rsLora,
            @Schema(
                            description = "Modules it changes, in Hugging Face's names",
                            example = "[\"q_proj\"]")
                    List<String> modules,
            @Schema(
                            types = {"string", "null"},
                            description = "How its file stores them; null until known")
                    @Nullable String dtype,
            @Schema(
                            types = {"integer", "null"},
                            description = "Elements of all A and B; null until known")
                    @Nullable Long parameters,
            @Schema(
                            types = {"string", "null"},
                            description =
                                    "What it was trained for, as PEFT's task_type: CAUSAL_LM"
                                            + " (text), FEATURE_EXTRACTION (vectors of texts) or"
                                            + " SEQ_CLS (scores of labels); null until known")
                    @Nullable String task,
            @Schema(
                            description =
                                    "How much it changes: the Frobenius norm of scale * B A over"
                                            + " all layers, by module; empty until known",
                            example = "{\"q_proj\": 12.5}")
                    Map<String, Double> effect) {
        private static final Shape UNKNOWN =
                new Shape(null, null, null, List.of(), null, null, null, Map.of());

        private static Shape of(LoraFacts facts, Map<LinearModule, Double> effect) {
            Map<String, Double> norms = new LinkedHashMap<>();
            effect.forEach((module, norm) -> norms.put(module.shortName(), norm));
            return new Shape(
                    facts.rank(),
                    facts.alpha(),
                    facts.rsLora(),
                    facts.modules().stream().map(LinearModule::shortName).toList(),
                    facts.dtype(),
                    facts.parameters(),
                    facts.task().name(),
                    norms);
        }
    }

    /** Where it came from. */
    record Origin(
            @Schema(description = "As asked") String source,
            @Schema(description = "As asked") String repo,
            @Schema(
                            types = {"string", "null"},
                            description = "As asked; null if none was")
                    @Nullable String revision,
            @Schema(
                            types = {"string", "null"},
                            description =
                                    "The commit that was fetched; null until known, and for FILE")
                    @Nullable String resolvedRevision) {}

    /** When it changed. */
    record Times(
            @Schema(description = "When it was registered") Instant createdAt,
            @Schema(description = "When its state last changed") Instant updatedAt) {}

    /** What is done for it now. */
    record Work(
            @Schema(
                            types = {"object", "null"},
                            description =
                                    "How far the fetch is; null while nothing is fetched, and for"
                                            + " fetches of another instance of the catalog")
                    @Nullable ProgressBody progress,
            @Schema(
                            types = {"string", "null"},
                            description =
                                    "Which source or store does not answer, and when it is tried"
                                        + " again; null while the work goes on, and for the work of"
                                        + " another instance of the catalog")
                    @Nullable String waiting) {}

    public static VersionBody of(Version version, Underway underway) {
        Content content = version.content().orElse(null);
        RepositoryRef asked = version.origin().repository();
        return new VersionBody(
                new Identity(
                        version.id(),
                        version.adapter().name(),
                        version.number(),
                        content == null ? null : content.digest().toString()),
                new Outcome(
                        version.lifecycle().state(),
                        ReasonBody.of(version.reasons()),
                        ReasonBody.of(version.findings().warnings())),
                content == null
                        ? Shape.UNKNOWN
                        : Shape.of(content.facts(), version.findings().effect()),
                new Origin(
                        asked.source().name(),
                        asked.repo(),
                        asked.revision(),
                        version.origin().resolved()),
                new Times(version.times().created(), version.times().updated()),
                new Work(
                        underway.fetch(version.id()).map(ProgressBody::of).orElse(null),
                        underway.waiting(version.id()).orElse(null)));
    }
}
