package dev.weft.inference.server.beside;

import dev.weft.chat.TokenizerConfig;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.inference.server.residency.artifact.RecentAdapters;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The chat templates that adapters bring. They are for servers that render the base's template
 * unless a request brings another one. Any thread; may wait for an adapter's files.
 */
public final class AdapterTemplates {
    /** Configurations are small; beyond so many, the least recently used one is dropped. */
    private static final int KEPT = 256;

    private final Map<String, String> ofBase;
    private final ArtifactCache artifacts;
    private final RecentAdapters<TokenizerConfig> known = new RecentAdapters<>(KEPT);

    /**
     * @param ofBase the base's templates, by name
     */
    AdapterTemplates(Map<String, String> ofBase, ArtifactCache artifacts) {
        this.ofBase = Map.copyOf(ofBase);
        this.artifacts = artifacts;
    }

    /**
     * The template that a chat with the adapter is rendered with; empty if it is the base's.
     *
     * @throws ApiException if the adapter's files can't be had or read
     */
    public Optional<String> of(AdapterDigest adapter, boolean withTools, Deadline deadline)
            throws InterruptedException {
        TokenizerConfig own = config(adapter, deadline);
        return own.chatTemplates().isEmpty() || own.chatTemplates().equals(ofBase)
                ? Optional.empty()
                : own.chatTemplate(withTools);
    }

    private TokenizerConfig config(AdapterDigest adapter, Deadline deadline)
            throws InterruptedException {
        Optional<TokenizerConfig> own = known.find(adapter);
        if (own.isPresent()) {
            return own.get();
        }
        try {
            TokenizerConfig config = TokenizerConfig.read(artifacts.folder(adapter, deadline));
            known.keep(adapter, config);
            return config;
        } catch (IOException e) {
            throw new ApiException(
                    ErrorCode.ADAPTER_UNAVAILABLE,
                    "adapter " + adapter + " can't be served: " + e.getMessage(),
                    e);
        }
    }
}
