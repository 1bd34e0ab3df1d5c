package dev.weft.catalog.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRootsTest {
    @TempDir private Path folder;

    /** Every tenant's adapters are there, and by default it lies below the only root. */
    @Test
    void weftsOwnDataIsNoSourceWhateverRootIsAboveIt() throws Exception {
        Path own = Files.createDirectories(folder.resolve(".weft/catalog/artifacts/ab/files"));
        Path beside = Files.createDirectories(folder.resolve(".weft/catalog-of-adapters"));
        Files.createSymbolicLink(folder.resolve("link"), own);
        FileRoots roots =
                new FileRoots(
                        folder,
                        List.of(folder),
                        List.of(folder),
                        List.of(folder.resolve(".weft/catalog")));

        for (String repo :
                List.of(
                        ".weft/catalog/artifacts/ab/files",
                        ".weft/catalog",
                        ".weft/catalog/ingest/7",
                        "./.weft/../.weft/catalog/x",
                        own.toString(),
                        "link")) {
            assertThatThrownBy(() -> roots.locate(repo))
                    .as(repo)
                    .isInstanceOf(FileNotAllowedException.class)
                    .hasMessageContaining("but not the data of Weft itself");
        }
        assertThat(roots.contains(own.toRealPath())).isFalse();
        assertThat(roots.locate(".weft/catalog-of-adapters")).isEqualTo(beside.toRealPath());
    }
}
