package dev.weft.catalog.ingest;

import dev.weft.catalog.artifact.Artifact;
import dev.weft.catalog.artifact.ArtifactStore;
import dev.weft.catalog.artifact.ContentLedger;
import dev.weft.catalog.artifact.Contents;
import dev.weft.catalog.artifact.FolderTree;
import dev.weft.catalog.fetch.DiskException;
import dev.weft.catalog.fetch.RejectedException;
import dev.weft.catalog.trace.IngestTrace;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.canonical.AlteredException;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Puts a checked adapter into the artifact store: PEFT's files, written in one form whichever tool
 * made them, and its arrays.
 */
final class Storing {
    /** A folder below the adapter's, where none of the adapter's own files can lie. */
    private static final String ARRAYS = "arrays";

    private static final String CANONICAL = "canonical";

    private final ContentLedger contents;
    private final ArtifactStore store;
    private final ArrayConversion conversion;

    /** A stored artifact, with warnings for its owner. */
    record Stored(Artifact artifact, List<Reason> warnings) {}

    /** Local files that are ready to be stored. */
    record Prepared(Contents contents, List<Reason> warnings) {}

    Storing(ContentLedger contents, ArtifactStore store, ArrayConversion conversion) {
        this.contents = contents;
        this.store = store;
        this.conversion = conversion;
    }

    /**
     * Writes the files to store; may be repeated.
     *
     * @param folder with the files that were checked
     * @param check that accepted them
     * @param effect norm of the change that the adapter adds, by module
     * @throws DiskException if they can't be written; ask again later
     */
    Prepared prepare(
            long version,
            Path folder,
            AdapterCheck check,
            AdapterDigest digest,
            Map<LinearModule, Double> effect)
            throws RejectedException, IOException {
        List<String> names = CanonicalAdapter.files(folder);
        Prepared prepared =
                names.contains(LoraArrays.WEIGHTS_FILE)
                        ? new Prepared(
                                new Contents(
                                        names.stream().map(folder::resolve).toList(), List.of()),
                                List.of())
                        : converted(folder, check, digest);
        contents.found(version, digest, effect);
        return prepared;
    }

    /**
     * Stores the files; may be repeated.
     *
     * @throws StoreAwayException if the store can't be used now; ask again later
     */
    Stored put(AdapterDigest digest, Prepared prepared, IngestTrace trace)
            throws StoreAwayException {
        try (IngestTrace.StageSpan traced = trace.stage("store")) {
            return traced.done(new Stored(store.put(digest, prepared.contents), prepared.warnings));
        } catch (IOException e) {
            throw new StoreAwayException(e);
        }
    }

    private Prepared converted(Path folder, AdapterCheck check, AdapterDigest digest)
            throws RejectedException, IOException {
        try {
            return convert(folder, check, digest);
        } catch (AlteredException e) {
            throw e;
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    /** Writes PEFT's files again, and the arrays; leaves nothing of an earlier attempt. */
    private Prepared convert(Path folder, AdapterCheck check, AdapterDigest digest)
            throws RejectedException, IOException {
        return switch (check.reopen(folder, digest)) {
            case LoraCheck.Refused(List<Reason> reasons) -> throw new RejectedException(reasons);
            case LoraCheck.Accepted(LoraAdapter adapter, List<Reason> _) -> {
                try (adapter) {
                    Path canonical = folder.resolve(CANONICAL);
                    FolderTree.delete(canonical);
                    Files.createDirectory(canonical);
                    List<Path> files =
                            CanonicalAdapter.normalise(
                                    folder, adapter, check.shape().decoder(), canonical);
                    ArrayConversion.Converted arrays =
                            conversion.convert(adapter, check.base(), folder.resolve(ARRAYS));
                    yield new Prepared(new Contents(files, arrays.files()), arrays.warnings());
                }
            }
        };
    }
}
