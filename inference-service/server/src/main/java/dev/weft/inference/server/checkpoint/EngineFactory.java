package dev.weft.inference.server.checkpoint;

import dev.weft.inference.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Opens an engine on a checkpoint folder; blocks until the engine takes requests. */
@FunctionalInterface
public interface EngineFactory {
    Engine open(Path checkpoint, Consumer<String> progress) throws IOException;
}
