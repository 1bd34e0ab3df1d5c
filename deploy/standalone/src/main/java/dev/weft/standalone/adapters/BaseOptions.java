package dev.weft.standalone.adapters;

import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What a base is and which adapters it takes, as options. */
final class BaseOptions {
    @Option(names = "--source", required = true, description = "One of ${COMPLETION-CANDIDATES}.")
    private RepositorySource source = RepositorySource.HF;

    @Option(names = "--repo", required = true, description = "As for adapters add.")
    private String repo = "";

    @Option(names = "--revision", description = "Branch, tag or commit for HF.")
    private @Nullable String revision;

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
        boolean isFile = source == RepositorySource.FILE;
        body.put("source", source.name())
                .put("repo", isFile ? Path.of(repo).toAbsolutePath().normalize().toString() : repo)
                .put("revision", revision)
                .put("maxRank", maxRank)
                .put("engine", engine);
        if (modules != null) {
            modules.forEach(body.putArray("modules")::add);
        }
    }
}
