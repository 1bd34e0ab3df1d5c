package dev.weft.model.trtllm;

import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.deployment.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An engine that {@code weft engine build} has finished, its files looked at. Needs no GPU. */
public record BuiltEngine(EngineFolder folder, EngineLimits limits) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String BUILD =
            "weft engine build FILE, inside the image of docs/tensorrt-llm.md";

    /**
     * Opens the engine of a deployment and holds it against the file.
     *
     * @param base config.json of the checkpoint that is served
     * @throws BuiltEngineException with everything that is wrong, each with what to do
     */
    public static BuiltEngine open(Deployment deployment, ModelConfig base)
            throws BuiltEngineException {
        var folder = EngineFolder.of(deployment.weft().triton());
        checkFinished(folder);
        JsonNode record = json(folder.record());
        String place = record.path("folder").asString("");
        if (!place.equals(folder.root().toString())) {
            throw fault(
                    folder.root()
                            + " was built to lie at "
                            + place
                            + ", which stands in its config.pbtxt: mount it there, or build it"
                            + " here");
        }
        EngineLimits limits = EngineLimits.of(json(folder.engine().resolve("config.json")));
        checkFiles(folder, limits);
        List<String> faults = limits.faults(deployment, base);
        if (!faults.isEmpty()) {
            throw new BuiltEngineException(faults);
        }
        return new BuiltEngine(folder, limits);
    }

    private static void checkFinished(EngineFolder folder) throws BuiltEngineException {
        if (Files.isRegularFile(folder.record())) {
            return;
        }
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
        String found = Files.exists(folder.root()) ? "no engine that Weft built" : "no engine";
        throw fault(
                "there is "
                        + found
                        + " at "
                        + folder.root()
                        + ": make one with "
                        + BUILD
                        + ", or say where it lies with weft.triton.model-repository");
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

    private static JsonNode json(Path file) throws BuiltEngineException {
        @Nullable String why;
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JacksonException e) {
            why = "no valid JSON: " + e.getOriginalMessage();
        } catch (IOException e) {
            why = e.toString();
        }
        throw fault(file + " can't be read (" + why + "): remove its folder and run " + BUILD);
    }

    private static BuiltEngineException fault(String fault) {
        return new BuiltEngineException(List.of(fault));
    }
}
