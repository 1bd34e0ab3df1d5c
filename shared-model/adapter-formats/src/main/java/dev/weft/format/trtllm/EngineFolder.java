package dev.weft.format.trtllm;

import java.nio.file.Path;

/**
 * The places of an engine's parts, in the folder that Triton's model has in its repository. The
 * engine is whole when its record is there: {@code engine build} makes everything in {@link
 * #underWay} and renames it at the end.
 *
 * @param root the model's folder, absolute
 */
public record EngineFolder(Path root) {
    public EngineFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** The output of trtllm-build. */
    public Path engine() {
        return root.resolve("engine");
    }

    /** The output of convert_checkpoint.py; removed once the engine is there. */
    public Path checkpoint() {
        return root.resolve("checkpoint");
    }

    /** The model's configuration for Triton. */
    public Path modelConfig() {
        return root.resolve("config.pbtxt");
    }

    /** The model's version, an empty folder. */
    public Path modelVersion() {
        return root.resolve("1");
    }

    /** The record of the build, written last. */
    public Path record() {
        return root.resolve("weft-engine.json");
    }

    /** The folder of the same engine while it is built. */
    public EngineFolder underWay() {
        return new EngineFolder(root.resolveSibling(root.getFileName() + ".building"));
    }
}
