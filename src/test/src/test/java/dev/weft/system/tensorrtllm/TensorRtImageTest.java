package dev.weft.system.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks the image for NVIDIA GPUs without building it, since a build takes NVIDIA's image of 14
 * GB. The parts of the image exist, and the program that it starts is among them.
 */
class TensorRtImageTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path FILE = ROOT.resolve("deploy/container/tensorrt-llm/Containerfile");
    private static final String BASE = "nvcr.io/nvidia/tritonserver:26.07-trtllm-python-py3";

    @Test
    void standsOnTheImageThatTheDocumentationNames() throws IOException {
        List<String> bases = arguments("FROM");

        assertThat(bases.getLast()).isEqualTo(BASE);
        assertThat(bases.getFirst()).startsWith("docker.io/library/eclipse-temurin:25-");
    }

    @Test
    void copiesWhatTheProductIsMadeOf() throws IOException {
        Map<String, Path> copies = copies();

        assertThat(copies).containsOnlyKeys("/opt/weft", "/opt/weft/samples");
        assertThat(copies.values()).allSatisfy(from -> assertThat(from).isDirectory());
        assertThat(copies.get("/opt/weft")).isDirectoryContaining("glob:**/weft.jar");
        assertThat(copies.get("/opt/weft/samples")).isDirectoryContaining("glob:**/weft-tiny.yaml");
    }

    @Test
    void bringsNoTritonOfItsOwn() throws IOException {
        try (Stream<Path> jars = Files.list(product().resolve("lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()))
                    .isNotEmpty()
                    .noneMatch(jar -> jar.contains("redist"));
        }
    }

    @Test
    void startsFilesThatItCopied() throws IOException {
        Path product = product();
        String start = arguments("ENTRYPOINT").getLast();

        List<String> started =
                Stream.of(start.replaceAll("[\\[\\]\",]", " ").split("\\s+"))
                        .map(word -> word.replaceFirst("^@", ""))
                        .filter(word -> word.startsWith("/opt/weft/"))
                        .toList();

        assertThat(started)
                .containsExactly(
                        "/opt/weft/start-beside-triton",
                        "/opt/weft/jvm.flags",
                        "/opt/weft/weft.jar");
        assertThat(started)
                .allSatisfy(file ->
                        assertThat(product.resolve(file.substring("/opt/weft/".length())))
                                .isRegularFile());
        assertThat(product.resolve("jvm.flags"))
                .content()
                .contains("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    }

    /**
     * The product has these jars in one profile only, so an image without them must not be built.
     */
    @Test
    void isNotBuiltWithoutTheJarsOfNvml() throws IOException {
        assertThat(arguments("RUN").getFirst())
                .startsWith("ls /opt/weft/lib/cuda-*-linux-x86_64.jar");
        assertThat(Files.readString(FILE))
                .contains("mvn -P product,gpu -pl deploy/standalone -am package");
        String profile =
                Files.readString(ROOT.resolve("deploy/standalone/pom.xml"))
                        .replaceAll("\\s+", "")
                        .replaceFirst(".*<id>gpu</id>", "");
        assertThat(profile)
                .contains("<artifactId>cuda</artifactId>", "<classifier>linux-x86_64</classifier>");
    }

    /** Forward compatibility of CUDA, and the JVM's signals: the first program sees to both. */
    @Test
    void startsThroughNvidiasEntryPointAndWithLibjsig() throws IOException {
        assertThat(arguments("ENTRYPOINT").getLast())
                .startsWith(
                        "[\"/bin/bash\", \"/opt/weft/start-beside-triton\","
                                + " \"/opt/java/openjdk/bin/java\",");
        assertThat(arguments("RUN"))
                .anyMatch(run ->
                        run.contains("test -x /opt/nvidia/nvidia_entrypoint.sh")
                                && run.contains("test -f /opt/java/openjdk/lib/libjsig.so"));
    }

    @Test
    void saysWhetherItIsWell() throws IOException {
        assertThat(arguments("HEALTHCHECK").getLast())
                .contains("--start-period=", "\"$WEFT_HEALTH_URL\"");
        assertThat(arguments("ENV").getLast())
                .contains("WEFT_HEALTH_URL=http://127.0.0.1:8080/actuator/health/liveness");
        assertThat(ROOT.resolve("docs/operations.md"))
                .content()
                .contains("`/actuator/health/liveness`");
    }

    /**
     * The user is a number, so that Kubernetes' runAsNonRoot can check it; the last instruction
     * counts.
     */
    @Test
    void runsAsAUserWhoIsNotRoot() throws IOException {
        assertThat(arguments("USER").getLast()).matches("[1-9][0-9]{3,}:[1-9][0-9]{3,}");
    }

    @Test
    void needsNothingOfTheImageToBeWritable() throws IOException {
        assertThat(arguments("ENTRYPOINT").getLast())
                .contains(
                        "\"-Dorg.bytedeco.javacpp.cachedir=/tmp/javacpp\"",
                        "\"-DDJL_CACHE_DIR=/tmp/djl\"");
        assertThat(arguments("RUN")).noneMatch(run -> run.contains("mkdir"));
    }

    @Test
    void isDocumentedWithAReadOnlyRootAndNoCapabilities() throws IOException {
        assertThat(ROOT.resolve("docs/tensorrt-llm.md"))
                .content()
                .contains(
                        "--read-only --cap-drop ALL --security-opt no-new-privileges"
                                + " --tmpfs /tmp:exec",
                        "--ulimit memlock=-1",
                        "--stop-timeout 45",
                        "chown " + arguments("USER").getLast() + " /srv/weft");
    }

    private static Path product() throws IOException {
        return Objects.requireNonNull(copies().get("/opt/weft"), "the product is not copied");
    }

    /**
     * The place of each of the repository's folders in the image, without copies between stages.
     */
    private static Map<String, Path> copies() throws IOException {
        Map<String, Path> copies = new LinkedHashMap<>();
        for (String copy : arguments("COPY")) {
            String[] words = copy.split("\\s+");
            if (!copy.startsWith("--from=")) {
                assertThat(words).as(copy).hasSize(2);
                copies.put(words[1], ROOT.resolve(words[0]));
            }
        }
        return copies;
    }

    private static List<String> arguments(String instruction) throws IOException {
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            if (line.startsWith(instruction + " ")) {
                found.add(line.substring(instruction.length()).strip());
            }
        }
        assertThat(found).as(instruction).isNotEmpty();
        return found;
    }
}
