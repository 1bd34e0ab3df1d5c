package dev.weft.system.chart;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chart as Helm renders it, as release {@code weft} in namespace {@code weft}. */
final class Chart {
    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    static final Path FOLDER = ROOT.resolve("deploy/helm/weft");

    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<JsonNode> objects;

    private Chart(List<JsonNode> objects) {
        this.objects = objects;
    }

    /**
     * Renders the chart.
     *
     * @param folder for a copy of the chart, and for a file of values
     * @param values YAML, laid over the chart's own
     */
    static Chart render(Path folder, String values) throws IOException {
        return render(folder, values, "dict");
    }

    /**
     * The same with what the API server says of the token's secret. Helm's own template command
     * asks nobody; the library asks, and fails where nobody answers. So an answer is written into a
     * copy.
     *
     * @param secret as an expression of the template
     */
    static Chart render(Path folder, String values, String secret) throws IOException {
        Path chart = folder.resolve("weft");
        copy(chart);
        Path token = chart.resolve("templates/token.yaml");
        String asks = "lookup \"v1\" \"Secret\" .Release.Namespace $name";
        String text = Files.readString(token);
        if (!text.contains(asks)) {
            throw new AssertionError(token + " does not ask: " + asks);
        }
        Files.writeString(token, text.replace(asks, secret));
        Path file = Files.writeString(folder.resolve("values.yaml"), values);
        return new Chart(
                objects(
                        new Helm(chart)
                                .template()
                                .withName("weft")
                                .withNamespace("weft")
                                .withKubeVersion("1.30.0")
                                .withValuesFile(file)
                                .call()));
    }

    /** What an installation tells people, of the chart itself. */
    static String notes(Path folder, String values) throws IOException {
        Path file = Files.writeString(folder.resolve("values.yaml"), values);
        return new Helm(FOLDER)
                .install()
                .clientOnly()
                .withDryRunOption(DryRun.CLIENT)
                .withName("weft")
                .withNamespace("weft")
                .withKubeVersion("1.30.0")
                .withValuesFile(file)
                .call()
                .getOutput();
    }

    /** With what its links lead to. */
    private static void copy(Path to) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(FOLDER.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static List<JsonNode> objects(String manifests) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<JsonNode> objects = new ArrayList<>();
        for (Object object : new Yaml(options).loadAll(manifests)) {
            if (object != null) {
                objects.add(JSON.valueToTree(object));
            }
        }
        return objects;
    }

    List<JsonNode> objects() {
        return objects;
    }

    Stream<JsonNode> all(String kind) {
        return objects.stream().filter(object -> object.path("kind").asString("").equals(kind));
    }

    /** The one object of that kind and name. */
    JsonNode get(String kind, String name) {
        List<JsonNode> found = all(kind).filter(object -> name(object).equals(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " objects " + kind + " " + name);
        }
        return found.getFirst();
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asString();
    }

    /** Whatever makes pods. */
    List<JsonNode> workloads() {
        return Stream.concat(all("Deployment"), all("StatefulSet")).toList();
    }

    /** The template of the pods of catalog, worker or gateway. */
    JsonNode pod(String service) {
        return workloads().stream()
                .filter(workload -> name(workload).equals("weft-" + service))
                .map(workload -> workload.at("/spec/template"))
                .findFirst()
                .orElseThrow();
    }

    /** The service's own container. */
    JsonNode container(String service) {
        JsonNode containers = pod(service).at("/spec/containers");
        if (containers.size() != 1) {
            throw new AssertionError(containers.toPrettyString());
        }
        return containers.get(0);
    }

    /** The deployment file that the services read, written into a folder; or the sample. */
    Path deploymentFile(Path folder) throws IOException {
        List<JsonNode> files =
                all("ConfigMap").filter(map -> name(map).equals("weft-deployment")).toList();
        return files.isEmpty()
                ? Sample.deploymentFile()
                : Files.writeString(
                        folder.resolve("weft.yaml"),
                        files.getFirst().at("/data/weft.yaml").asString());
    }

    /** The values of a deployment file: one line, whatever the file holds. */
    static String deployment(String file) {
        return "deployment: " + JSON.writeValueAsString(file) + "\n";
    }

    /** The literal example of the page that Weft's deployment file comes from. */
    static String seed() throws IOException {
        return Files.readString(
                ROOT.resolve("deploy/standalone/src/test/resources/dev/weft/deployment/seed.yaml"));
    }
}
