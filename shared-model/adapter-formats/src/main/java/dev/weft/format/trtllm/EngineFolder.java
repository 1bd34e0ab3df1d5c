package dev.weft.format.trtllm;

import java.nio.file.Path;

/**
 * Where the parts of an engine lie: in the folder that Triton's model has in its repository. It is
 * whole when its record is there: {@code engine build} makes everything in {@link #underWay} and
 * renames it at the end.
 *
 * @param root the model's folder, absolute
 */
public record EngineFolder(Path root) {
    public EngineFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** What trtllm-build made. */
    public Path engine() {
        return root.resolve("engine");
    }

    /** What convert_checkpoint.py made; gone once the engine is there. */
    public Path checkpoint() {
        return root.resolve("checkpoint");
    }

    /** What Triton reads of the model. */
    public Path modelConfig() {
        return root.resolve("config.pbtxt");
    }

    /** The model's version, an empty folder. */
    public Path modelVersion() {
        return root.resolve("1");
    }

    /** How it was built; written last. */
    public Path record() {
        return root.resolve("weft-engine.json");
    }

    /** The folder of the same engine while it is built. */
    public EngineFolder underWay() {
        return new EngineFolder(root.resolveSibling(root.getFileName() + ".building"));
    }
}
