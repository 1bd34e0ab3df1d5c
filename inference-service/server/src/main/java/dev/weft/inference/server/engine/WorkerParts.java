package dev.weft.inference.server.engine;

import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.residency.artifact.AdapterReader;

/** Opens an engine and reads its adapters. */
public interface WorkerParts {
    EngineFactory engine();

    AdapterReader adapters(EngineDescription engine);
}
