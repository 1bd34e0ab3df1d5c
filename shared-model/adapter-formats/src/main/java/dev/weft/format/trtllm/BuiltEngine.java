package dev.weft.format.trtllm;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.protocol.error.InvalidJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An engine that {@code weft engine build} has finished, with its files checked. This needs no GPU.
 */
public record BuiltEngine(EngineFolder folder, EngineLimits limits) {
    private static final String BUILD =
            "weft engine build FILE, inside the image of docs/tensorrt-llm.md";

    /**
     * Looks for the engine of a model's folder.
     *
     * @return empty if the model is there but was made by something else, which is for Triton to
     *     judge
     * @throws BuiltEngineException if there is no model, or one that can't be loaded: with what to
     *     do
     */
    public static Optional<BuiltEngine> find(EngineFolder folder) throws BuiltEngineException {
        if (!Files.isRegularFile(folder.record())) {
            checkModel(folder);
            return Optional.empty();
        }
        String place = json(folder.record()).path("folder").asString("");
        if (!place.equals(folder.root().toString())) {
            throw fault(
                    folder.root()
                            + " was built to lie at "
                            + place
                            + ", which stands in its config.pbtxt: mount it there, or build it"
                            + " here");
        }
        EngineLimits limits = EngineLimits.read(folder.engine());
        checkFiles(folder, limits);
        return Optional.of(new BuiltEngine(folder, limits));
    }

    /** Checks a model without a record: half built, missing, or not ours. */
    private static void checkModel(EngineFolder folder) throws BuiltEngineException {
        if (Files.exists(folder.underWay().root())) {
            throw fault(
                    "the engine at "
                            + folder.root()
                            + " is half built: go on with "
                            + BUILD
                            + " ("
                            + folder.underWay().root()
                            + " is what there is of it)");
        }
        if (!Files.isRegularFile(folder.modelConfig())) {
            throw fault(
                    "there is no engine at "
                            + folder.root()
                            + (Files.exists(folder.root()) ? " (no config.pbtxt)" : "")
                            + ": make one with "
                            + BUILD
                            + ", or say where it lies with weft.triton.model-repository");
        }
    }

    private static void checkFiles(EngineFolder folder, EngineLimits limits)
            throws BuiltEngineException {
        var needed = new ArrayList<Path>(List.of(folder.modelConfig()));
        for (int rank = 0; rank < limits.gpus(); rank++) {
            needed.add(folder.engine().resolve("rank" + rank + ".engine"));
        }
        List<String> missing = new ArrayList<>();
        for (Path file : needed) {
            if (!Files.isRegularFile(file)) {
                missing.add(file + " is missing: remove " + folder.root() + " and run " + BUILD);
            }
        }
        if (!Files.isDirectory(folder.modelVersion())) {
            missing.add(folder.modelVersion() + ", a folder, is missing: make it; it stays empty");
        }
        if (!missing.isEmpty()) {
            throw new BuiltEngineException(missing);
        }
    }

    /**
     * The demands of a deployment that the engine was not built for, each with what to do.
     *
     * @param base config.json of the checkpoint that is served
     */
    public List<String> faults(EngineDemands asked, ModelConfig base) {
        var faults = new ArrayList<>(limits.misfits(asked, base));
        faults.addAll(limits.changes(asked));
        return faults;
    }

    static JsonNode json(Path file) throws BuiltEngineException {
        @Nullable String why;
        try {
            return JsonMapper.shared().readTree(Files.readString(file));
        } catch (JacksonException e) {
            why = "not valid JSON: " + InvalidJson.words(e);
        } catch (IOException e) {
            why = e.toString();
        }
        throw fault(file + " can't be read (" + why + "): remove its folder and run " + BUILD);
    }

    private static BuiltEngineException fault(String fault) {
        return new BuiltEngineException(List.of(fault));
    }
}
