package dev.weft.source;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A web server on loopback, and fetches from it. */
@Timeout(60)
abstract class UrlTest {
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String CONFIG = "adapter_config.json";
    static final String POOLING = "1_Pooling/config.json";

    @TempDir Path folder;
    final byte[] weights = new byte[2_000_000];
    @AutoClose FileServerFake server;

    @BeforeEach
    void startServer() throws IOException {
        new Random(7).nextBytes(weights);
        server = new FileServerFake();
    }

    Path target() {
        return folder.resolve("target");
    }

    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(target())) {
            return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
        }
    }

    static RepositoryRef ref(String url, @Nullable String revision) {
        return new RepositoryRef(RepositorySource.REMOTE_URL, url, revision);
    }

    Fetched fetch(String path) throws SourceException {
        return fetch(TestSourceOptions.urls("127.0.0.1"), ref(server.url(path), null));
    }

    Fetched fetch(SourceOptions settings, RepositoryRef ref) throws SourceException {
        return new Repositories(settings, Clock.systemUTC())
                .fetch(ref, FileSelection.ADAPTER, target(), FetchListener.NONE);
    }

    SourceException fails(String path) {
        return fails(TestSourceOptions.urls("127.0.0.1"), ref(server.url(path), null));
    }

    SourceException fails(SourceOptions settings, RepositoryRef ref) {
        return catchThrowableOfType(SourceException.class, () -> fetch(settings, ref));
    }
}
