package dev.weft.source;

import static dev.weft.source.HubFake.COMMIT;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.HubFake.Fault;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub on loopback with one small adapter, and fetches from it. */
@Timeout(60)
abstract class HubTest {
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String CONFIG = "adapter_config.json";

    @TempDir Path folder;
    final byte[] weights = new byte[3_000_000];
    @AutoClose HubFake hub;

    @BeforeEach
    void startHub() throws IOException {
        new Random(7).nextBytes(weights);
        hub =
                new HubFake()
                        .revision("main", COMMIT)
                        .file(COMMIT, CONFIG, "{\"r\":8}")
                        .file(COMMIT, WEIGHTS, weights)
                        .file(COMMIT, "README.md", "not wanted")
                        .file(COMMIT, "training_args.bin", "a pickle");
    }

    /** Cuts as often without progress as there are attempts. */
    void cutForGood(String name) {
        Fault none = new Fault.CutAfter(0);
        hub.fail(
                "storage:/owner/name/resolve/" + COMMIT + "/" + name,
                new Fault.CutAfter(1_500_000),
                none,
                none);
    }

    static Fault status(int code) {
        return new Fault.Status(code, Map.of());
    }

    Path target() {
        return folder.resolve("target");
    }

    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(target())) {
            return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
        }
    }

    SourceOptions settings(@Nullable String token) {
        return TestSourceOptions.of(
                hub.address(), token == null ? Map.of() : Map.of("HF_TOKEN", token));
    }

    static RepositoryRef ref(@Nullable String revision) {
        return new RepositoryRef(RepositorySource.HF, "owner/name", revision);
    }

    Fetched fetch(@Nullable String revision) throws SourceException {
        return fetch(settings(null), revision);
    }

    Fetched fetch(SourceOptions settings, @Nullable String revision) throws SourceException {
        return fetch(settings, ref(revision));
    }

    Fetched fetch(SourceOptions settings, RepositoryRef ref) throws SourceException {
        return new Repositories(settings, Clock.systemUTC())
                .fetch(ref, FileSelection.ADAPTER, target(), FetchListener.NONE);
    }

    SourceException fails(String revision) {
        return catchThrowableOfType(SourceException.class, () -> fetch(revision));
    }

    SourceFault fault(String revision) {
        return fails(revision).fault();
    }
}
