package dev.weft.standalone.adapters;

import dev.weft.protocol.repository.RepositoryRef;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What a base is and which adapters it takes, as options. */
final class BaseOptions {
    @Mixin private RepositoryOptions options = new RepositoryOptions();

    @Option(
            names = "--max-rank",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "Largest rank of an adapter, a power of two from 1 to 256"
                            + " (default: ${DEFAULT-VALUE}).")
    private int maxRank;

    @Option(
            names = "--modules",
            paramLabel = "MODULE",
            split = ",",
            description = "Modules that adapters may change, e.g. q_proj,v_proj (default: all).")
    private @Nullable List<String> modules;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            defaultValue = "auto",
            description = "Engine of its workers, as weft.engine (default: ${DEFAULT-VALUE}).")
    private String engine = "auto";

    void writeTo(ObjectNode body) {
        RepositoryRef repository = options.repository();
        body.put("source", repository.source().name())
                .put("repo", repository.repo())
                .put("revision", repository.revision())
                .put("maxRank", maxRank)
                .put("engine", engine);
        if (modules != null) {
            modules.forEach(body.putArray("modules")::add);
        }
    }
}
