package dev.weft.catalog.ingest;

import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.lora.LoraCheck;
import java.io.IOException;
import java.nio.file.Path;

/** Checks an adapter's folder against the base. */
interface AdapterCheck {
    LoraCheck check(Path folder, ModelConfig base) throws IOException;
}
