package dev.weft.catalog.ingest;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;

/** Checks an adapter's folder against the base of this deployment. */
final class AdapterCheck {
    private final RepositoryRef checkpoint;
    private final int maxRank;

    AdapterCheck(RepositoryRef checkpoint, int maxRank) {
        this.checkpoint = checkpoint;
        this.maxRank = maxRank;
    }

    /** Checks a folder; for any content, the result has every reason that could be found. */
    LoraCheck check(Path folder, ModelConfig base) {
        String baseName = checkpoint.source() == RepositorySource.HF ? checkpoint.repo() : null;
        return LoraFolder.check(folder, base.shape(), maxRank, baseName);
    }

    /** Opens a checked adapter again, without reading its values. */
    LoraCheck reopen(Path folder, ModelConfig base, AdapterDigest digest) {
        return LoraFolder.reopen(folder, base.shape(), maxRank, digest);
    }
}
