package dev.weft.system.supply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void hasTheCommandLineForPeople() throws Exception {
        Path script = FOLDER.resolve("weft");

        assertThat(script).isExecutable();
        assertThat(runs(script, "adapters", "list"))
                .startsWith("-XX:TieredStopAtLevel=1 ")
                .endsWith(" -jar /opt/weft/weft.jar adapters list");
    }

    /** As the script of the repository does. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "config show --effective",
                "bench perplexity a.txt",
                "bench grammar a.jsonl",
                "bench gateway",
                "bench routing --minutes 1"
            })
    void givesCommandsThatNeedAnEngineTheFlagsOfAService(String command) throws Exception {
        assertThat(runs(FOLDER.resolve("weft"), command.split(" ")))
                .startsWith("@/opt/weft/jvm.flags ")
                .doesNotContain("Tiered")
                .endsWith(" -jar /opt/weft/weft.jar " + command);
    }

    /** What the script would give to Java. */
    private static String runs(Path script, String... arguments) throws Exception {
        String told =
                Files.readString(script).replace("exec /opt/java/openjdk/bin/java", "exec echo");
        List<String> command = new ArrayList<>(List.of("sh", "-c", told, "weft"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
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
