package dev.weft.inference.server;

import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.residency.artifact.AdapterReader;

/** Opens an engine and reads its adapters. */
interface WorkerParts {
    EngineFactory engine();

    AdapterReader adapters(EngineDescription engine);
}
