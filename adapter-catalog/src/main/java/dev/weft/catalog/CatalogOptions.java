package dev.weft.catalog;

import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.WeftSettings;
import dev.weft.format.npy.NpyType;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.SourceSettings;
import dev.weft.tracing.TracingSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a catalog is started with.
 *
 * @param settings {@code weft.catalog}
 * @param bindAddress address to listen on
 * @param data folder for the H2 file, artifacts and files under way; made where it is missing
 * @param checkpoint the base that adapters must fit; a FILE folder is absolute
 * @param servedModelName what clients call the base, so that nothing else may be called that; empty
 *     where nobody serves one
 * @param sources how repositories are reached
 * @param maxLoraRank largest rank that is taken in
 * @param arrays type of the values in TensorRT-LLM's arrays, that of the engine's LoRA plugin
 * @param declaredFolders folders that the deployment file names as FILE sources
 * @param access whom the admin API lets in
 * @param internalToken an admin's token that only this process knows, for its other services; null
 *     for none
 * @param management where metrics are told
 * @param tls what it shows and believes
 * @param tracing where traces of ingests go
 */
public record CatalogOptions(
        WeftSettings.Catalog settings,
        String bindAddress,
        Path data,
        RepositoryRef checkpoint,
        String servedModelName,
        SourceSettings sources,
        int maxLoraRank,
        NpyType arrays,
        List<Path> declaredFolders,
        WeftSettings.Access access,
        @Nullable String internalToken,
        Management management,
        ServiceTls tls,
        Clock clock,
        TracingSettings tracing) {
    public CatalogOptions {
        declaredFolders = List.copyOf(declaredFolders);
        if (maxLoraRank < 1) {
            throw new IllegalArgumentException(
                    "maxLoraRank " + maxLoraRank + ": allowed is 1 or more");
        }
    }

    /** Says nothing of the token. */
    @Override
    public String toString() {
        return "CatalogOptions[" + bindAddress + ", data=" + data + "]";
    }
}
