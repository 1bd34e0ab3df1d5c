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
 * The options of a catalog.
 *
 * @param settings {@code weft.catalog}
 * @param bindAddress address to listen on
 * @param data folder for the H2 file, artifacts and unfinished files; created if it is missing
 * @param checkpoint the base that adapters must fit; a FILE folder is absolute
 * @param servedModelName the clients' name for the base, which no adapter may have; empty if no
 *     base is served
 * @param sources how repositories are reached
 * @param maxLoraRank largest accepted rank
 * @param arrays type of the values in TensorRT-LLM's arrays, that of the engine's LoRA plugin
 * @param declaredFolders the folders that the deployment file names as FILE sources
 * @param access who may use the admin API
 * @param internalToken an admin's token that only this process knows, for its other services; null
 *     for none
 * @param management the listener for metrics
 * @param tls the certificate that it shows and those that it trusts
 * @param tracing settings for the traces of ingests
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

    /** The options without the token. */
    @Override
    public String toString() {
        return "CatalogOptions[" + bindAddress + ", data=" + data + "]";
    }
}
