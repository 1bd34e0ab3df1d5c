package dev.weft.catalog.ingest;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;

/** Checks an adapter's folder against the base of this deployment. */
final class AdapterCheck {
    private final IngestSettings.Fit fit;

    AdapterCheck(IngestSettings.Fit fit) {
        this.fit = fit;
    }

    /** Checks a folder; for any content, the result has every reason that could be found. */
    LoraCheck check(Path folder, BaseShape base) {
        RepositoryRef checkpoint = fit.checkpoint();
        String baseName = checkpoint.source() == RepositorySource.HF ? checkpoint.repo() : null;
        return LoraFolder.check(folder, base, fit.maxRank(), baseName);
    }

    /** Opens a checked adapter again, without reading its values. */
    LoraCheck reopen(Path folder, BaseShape base, AdapterDigest digest) {
        return LoraFolder.reopen(folder, base, fit.maxRank(), digest);
    }
}
