package dev.weft.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.protocol.repository.RepositoryRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static final RepositoryRef REF = UrlTest.ref("http://x/a.tar.gz", null);

    /** What is packed: gzip around it would hide it from the fuzzer. */
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
                                    new Attempts(TestSettings.ATTEMPTS, REF)))
                    .unpack(archive);
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
