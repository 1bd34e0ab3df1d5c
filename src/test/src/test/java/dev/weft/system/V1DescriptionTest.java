package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.path.ModelPaths;
import dev.weft.system.fleet.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Checks that docs/openapi/v1.json describes gateways and workers: it has every path that their
 * code names, and no other.
 */
class V1DescriptionTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern OF_MODELS = Pattern.compile("ModelPaths\\.([A-Z]+)");
    private static final Pattern PATH =
            Pattern.compile("\"(/v1/[a-z_/]+|/(?:de)?tokenize)(?:/\\{\\*id})?\"");

    @ParameterizedTest
    @CsvSource({
        "gateway, gateway/src/main/java/dev/weft/gateway/forward",
        "gateway, gateway/src/main/java/dev/weft/gateway/models",
        "worker, inference-service/server/src/main/java/dev/weft/inference/server/http"
    })
    void namesEveryPathOfTheCode(String service, String folder) throws IOException {
        assertThat(described(service)).containsAll(inCode(ROOT.resolve(folder)));
    }

    @ParameterizedTest
    @CsvSource({"gateway, gateway", "worker, inference-service/server"})
    void namesNoOther(String service, String module) throws IOException {
        assertThat(inCode(ROOT.resolve(module).resolve("src/main/java")))
                .containsAll(described(service));
    }

    private static Set<String> described(String service) {
        JsonNode paths = Http.JSON.readTree(ROOT.resolve("docs/openapi/v1.json")).path("paths");
        Set<String> described = new TreeSet<>();
        paths.properties()
                .forEach(path ->
                        path.getValue()
                                .forEach(operation -> {
                                    if (operation
                                            .path("x-weft-services")
                                            .toString()
                                            .contains(service)) {
                                        described.add(path.getKey().replace("/{id}", ""));
                                    }
                                }));
        assertThat(described).isNotEmpty();
        return described;
    }

    /** Paths that stand in the code of a folder, or that it takes from those of models. */
    private static Set<String> inCode(Path folder) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String code = Files.readString(file);
                PATH.matcher(code).results().forEach(match -> found.add(match.group(1)));
                for (MatchResult used : OF_MODELS.matcher(code).results().toList()) {
                    found.addAll(ofModels(used.group(1)));
                }
            }
        }
        return found;
    }

    private static List<String> ofModels(String constant) {
        try {
            Object value = ModelPaths.class.getField(constant).get(null);
            return value instanceof String path
                    ? List.of(path)
                    : ((Collection<?>) value).stream().map(String::valueOf).toList();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(constant, e);
        }
    }
}
