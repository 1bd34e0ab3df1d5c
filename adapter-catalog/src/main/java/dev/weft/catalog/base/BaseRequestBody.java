package dev.weft.catalog.base;

import dev.weft.catalog.fetch.FileRoots;
import dev.weft.catalog.fetch.RepositoryFields;
import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.protocol.residency.ResidencyReport;
import dev.weft.service.settings.EngineSettings;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a POST that adds a base. */
@Schema(name = "BaseRequest", description = "Which base's adapters to take in, and by which name")
record BaseRequestBody(
        @Schema(
                        description = "What clients type in `model`; workers serve it by this name",
                        requiredMode = Schema.RequiredMode.REQUIRED,
                        example = "llama")
                String name,
        @Schema(
                        description = "Where its checkpoint lies",
                        requiredMode = Schema.RequiredMode.REQUIRED,
                        implementation = RepositorySource.class,
                        example = "HF")
                String source,
        @Schema(
                        description = "Its repository, as for adapters",
                        requiredMode = Schema.RequiredMode.REQUIRED,
                        example = "owner/name")
                String repo,
        @Schema(
                        types = {"string", "null"},
                        description = "Its revision, as for adapters",
                        example = "main")
                @Nullable String revision,
        @Schema(
                        description = "Largest rank of an adapter, a power of two from 1 to 256",
                        defaultValue = "8",
                        example = "16")
                int maxRank,
        @Schema(
                        description = "Engine of its workers",
                        defaultValue = "auto",
                        allowableValues = {
                            "auto",
                            "cpu",
                            "tensorrt-llm",
                            "vllm",
                            "trtllm-serve",
                            "sglang"
                        },
                        example = "auto")
                String engine,
        @ArraySchema(
                        arraySchema =
                                @Schema(
                                        types = {"array", "null"},
                                        description =
                                                "Modules that adapters may change, by Hugging"
                                                        + " Face's names or TensorRT-LLM's; all if"
                                                        + " it is missing"),
                        schema = @Schema(example = "q_proj"))
                @Nullable List<String> modules) {
    static final String EXAMPLE =
            """
            {"name": "llama", "source": "HF", "repo": "owner/name", "maxRank": 16}\
            """;

    private static final int USUAL_RANK = 8;
    private static final int MOST_RANK = 256;

    /** Reads a body; collects all its faults. */
    static Base.Facts read(byte @Nullable [] bytes, FileRoots roots) {
        JsonBody body =
                new JsonBody(
                        bytes,
                        Stream.concat(
                                        Stream.of("name", "maxRank", "engine", "modules"),
                                        RepositoryFields.NAMES.stream())
                                .toArray(String[]::new));
        Optional<String> name = body.line("name", true, ResidencyReport.LONGEST_BASE);
        Optional<RepositoryRef> repository = new RepositoryFields(roots).read(body);
        int maxRank = rank(body);
        Optional<String> word = body.text("engine", false, engines(), w -> engine(w).isPresent());
        Set<LinearModule> modules = modules(body);
        body.check();
        return new Base.Facts(
                name.orElseThrow(),
                repository.orElseThrow(),
                maxRank,
                word.flatMap(BaseRequestBody::engine).orElse(EngineSettings.Choice.AUTO),
                modules);
    }

    private static int rank(JsonBody body) {
        JsonNode found = body.field("maxRank");
        if (found.isMissingNode() || found.isNull()) {
            return USUAL_RANK;
        }
        int rank = found.isInt() ? found.asInt() : 0;
        if (rank < 1 || rank > MOST_RANK || Integer.bitCount(rank) != 1) {
            body.fault("maxRank", found, "a power of two from 1 to " + MOST_RANK);
        }
        return rank;
    }

    /** A missing list means all modules. */
    private static Set<LinearModule> modules(JsonBody body) {
        JsonNode found = body.field("modules");
        Set<LinearModule> modules = EnumSet.noneOf(LinearModule.class);
        if (found.isMissingNode() || found.isNull()) {
            return modules;
        }
        boolean fits = found.isArray() && !found.isEmpty();
        for (JsonNode name : found) {
            Optional<LinearModule> module = LinearModule.named(name.asString(""));
            module.ifPresent(modules::add);
            fits &= module.isPresent();
        }
        if (!fits) {
            body.fault("modules", found, "null, or a list of " + moduleNames());
        }
        return modules;
    }

    private static String moduleNames() {
        return Arrays.stream(LinearModule.values())
                .map(LinearModule::shortName)
                .collect(Collectors.joining(", "));
    }

    private static Optional<EngineSettings.Choice> engine(String word) {
        return Arrays.stream(EngineSettings.Choice.values())
                .filter(choice -> choice.word().equals(word))
                .findFirst();
    }

    private static String engines() {
        return Arrays.stream(EngineSettings.Choice.values())
                .map(EngineSettings.Choice::word)
                .collect(Collectors.joining(", "));
    }
}
