package dev.weft.source.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.fetch.AttemptLimits;
import dev.weft.source.fetch.FetchAttempts;
import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** An archive leaves files of the wanted names in the target and nothing outside, or is refused. */
class TarFuzzTest {
    private static final Path FOLDER = scratch();

    private static Path scratch() {
        try {
            return Files.createTempDirectory("weft-fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final RepositoryRef REF =
            new RepositoryRef(RepositorySource.REMOTE_URL, "http://x/a.tar.gz", null);
    private static final AttemptLimits ATTEMPTS =
            new AttemptLimits(Duration.ofSeconds(40), 3, Duration.ofMillis(1));

    /** The input is the unpacked tar: gzip around it would hide it from the fuzzer. */
    @FuzzTest
    void unpacksOrRefuses(byte[] tar) throws IOException {
        Path archive = Files.write(FOLDER.resolve("a.tar.gz"), gzip(tar));
        Path target = Files.createDirectories(FOLDER.resolve("target"));
        try {
            new TarGzip(
                            new FetchContext(
                                    REF,
                                    FileSelection.ADAPTER,
                                    target,
                                    FetchListener.NONE,
                                    new FetchAttempts(ATTEMPTS, REF)))
                    .unpack(archive, () -> {});
        } catch (SourceException e) {
            assertThat(e.fault())
                    .isIn(SourceFault.CORRUPT, SourceFault.NOT_ALLOWED, SourceFault.NOT_FOUND);
        }
        try (Stream<Path> all = Files.list(target)) {
            for (Path file : all.toList()) {
                assertThat(FileSelection.ADAPTER.wanted().test(file.getFileName().toString()))
                        .isTrue();
                Files.delete(file);
            }
        }
        assertThat(FOLDER).isDirectoryNotContaining("glob:**/adapter_*");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }
}
