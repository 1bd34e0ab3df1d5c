package dev.weft.inference.server.residency;

import dev.weft.model.lora.LoraCheck;
import java.io.IOException;
import java.nio.file.Path;

/** Checks an adapter's folder against the base model and opens its weights. */
@FunctionalInterface
public interface AdapterReader {
    LoraCheck read(Path folder) throws IOException;
}
