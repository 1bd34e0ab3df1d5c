package dev.weft.system.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests {@code src/test/install-packages} on distributions that fake apt and dpkg programs imitate.
 */
class InstallPackagesTest {
    @TempDir private Path root;

    @BeforeEach
    void prepare() throws IOException {
        Path script = root.resolve("src/test/install-packages");
        Files.createDirectories(script.getParent());
        Files.copy(Path.of("install-packages"), script);
        Files.createDirectories(root.resolve(".ci"));
        Files.writeString(
                root.resolve(".ci/packages"),
                """
                # the list
                sh-package             sh    nothing
                libcurl4t64|libcurl4   -     TensorRT-LLM
                libnuma1               -     TensorRT-LLM
                gone|gone-too          -     dashboards, queries
                zlib1g                 -     TensorRT-LLM
                """);
        program("dpkg-query", "case \"$*\" in *' zlib1g') echo installed ;; *) exit 1 ;; esac");
        // the packages that the distribution has
        program("apt-cache", "case \"$*\" in *' libcurl4' | *' libnuma1') ;; *) exit 100 ;; esac");
        program(
                "apt-get",
                """
                echo "$*" >> '%s'
                case "$*" in *update | *' libcurl4' | *' libnuma1') ;; *) exit 100 ;; esac
                """
                        .formatted(root.resolve("asked")));
    }

    @Test
    void takesTheNameThatTheDistributionKnowsAndInstallsEachByItself() throws Exception {
        program("id", "echo 0");

        Program.Finished ended = install();

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output())
                .isEqualTo(
                        """
                        weft: installed libcurl4
                        weft: installed libnuma1
                        weft: gone or gone-too can't be had: left out are the tests of dashboards, queries
                        """);
        assertThat(
                        Files.readAllLines(root.resolve("asked")).stream()
                                .map(line -> line.substring(line.lastIndexOf(' ') + 1)))
                .containsExactly(
                        "update", "libcurl4t64", "libcurl4", "libnuma1", "gone", "gone-too");
    }

    @Test
    void tellsAUserWithoutRightsWhatToInstall() throws Exception {
        program("id", "echo 1000");

        Program.Finished ended = install();

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output())
                .isEqualTo(
                        """
                        weft: gone or gone-too can't be had: left out are the tests of dashboards, queries
                        weft: tests want packages that are missing: sudo apt-get install libcurl4 libnuma1
                        """);
        assertThat(root.resolve("asked")).doesNotExist();
    }

    private Program.Finished install() throws Exception {
        ProcessBuilder script =
                new Program(root.resolve("src/test/install-packages")).with(List.of());
        script.environment().merge("PATH", root + ":", (path, own) -> own + path);
        return Program.finish(script, 120);
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(root.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
