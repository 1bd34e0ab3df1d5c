package dev.weft.system.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks the image for CPUs without building it: its parts exist, and it starts one of them. */
class ImageTest {
    private static final Path FOLDER = Product.ROOT.resolve("deploy/container/weft");

    @Test
    void copiesWhatTheRepositoryAndTheProductHave() throws IOException {
        List<String> copies = arguments("COPY");

        assertThat(copies)
                .hasSize(4)
                .allSatisfy(copy -> {
                    String[] words = copy.replace("--chmod=755 ", "").split(" ");
                    assertThat(words).as(copy).hasSize(2);
                    assertThat(Product.ROOT.resolve(words[0])).exists();
                })
                .contains("deploy/standalone/target/weft /opt/weft");
        assertThat(Product.FOLDER.resolve("weft.jar")).isRegularFile();
        assertThat(Product.FOLDER.resolve("jvm.flags")).isRegularFile();
    }

    @Test
    void runsAsTheUserOfTheChartAndSaysWhetherItIsWell() throws IOException {
        String user = arguments("USER").getLast();

        assertThat(user).isEqualTo("10001:10001");
        assertThat(Files.readString(Product.ROOT.resolve("deploy/helm/weft/values.yaml")))
                .contains("runAsUser: 10001", "runAsGroup: 10001");
        assertThat(arguments("FROM")).allMatch(base -> base.contains("/eclipse-temurin:25-jre-"));
        assertThat(arguments("STOPSIGNAL")).containsExactly("SIGTERM");
        assertThat(arguments("HEALTHCHECK").getLast()).contains("\"$WEFT_HEALTH_URL\"");
        assertThat(arguments("RUN").getFirst()).isEqualTo("curl --version > /dev/null");
    }

    /** Whoever starts it may say how large the heap is. */
    @Test
    void leavesTheHeapToItsEnvironment() throws IOException {
        assertThat(arguments("ENTRYPOINT").getLast()).doesNotContain("RAMPercentage", "-Xm");
    }

    @Test
    void hasTheCommandLineForPeople() throws IOException {
        Path script = FOLDER.resolve("weft");

        assertThat(script).isExecutable();
        assertThat(Files.readString(script)).contains("-jar /opt/weft/weft.jar \"$@\"");
    }

    private static List<String> arguments(String instruction) throws IOException {
        List<String> found =
                Files.readAllLines(FOLDER.resolve("Containerfile")).stream()
                        .filter(line -> line.startsWith(instruction + " "))
                        .map(line -> line.substring(instruction.length()).strip())
                        .toList();
        assertThat(found).as(instruction).isNotEmpty();
        return found;
    }
}
