package dev.weft.inference.server.residency.artifact;

import dev.weft.format.lora.LoraCheck;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Path;

/** Opens the weights of an adapter's folder. */
public interface AdapterReader {
    /** Checks a whole folder against the base model. */
    LoraCheck read(Path folder) throws IOException;

    /** Opens a folder that {@link #read} has accepted and that has not changed since. */
    LoraCheck reopen(Path folder, AdapterDigest digest) throws IOException;
}
