package dev.weft.system.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Wrong values are refused before anything is installed, and by their name. */
class ChartValuesTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway: {replica: 3}                      | replica",
                "gateway: {replicas: lots}                  | replicas",
                "gateway: {replicas: 0}                     | replicas",
                "worker: {drainSeconds: 30s}                | drainSeconds",
                "worker: {persistence: {size: big}}         | size",
                "deployment: {model_name: x}                | deployment",
                "catalog: {artifacts: /var/weft}            | artifacts",
                "image: {pullPolicy: Sometimes}             | pullPolicy",
                "settings: {weft.gateway.port: 9000}        | weft.gateway.port",
                "settings: {weft.secrets.hub.value: hush}   | weft.secrets.hub.value",
                "settings: {gateway.request-timeout: 3s}    | gateway.request-timeout",
                "tls: {existingSecret: A B}                 | existingSecret",
                "postgres: {enabled: true}                  | postgres",
                "catalog: {replicas: 2}                     | catalog.replicas",
                "ingress: {enabled: true}                   | ingress.hosts",
                "httpRoute: {enabled: true}                 | httpRoute.parentRefs",
                "relay: {enabled: true}                     | deployment",
                "serviceAccount: {create: false}            | serviceAccount.name",
            })
    void aWrongValueIsRefusedByItsName(String values, String named) {
        assertThatThrownBy(() -> Chart.render(folder, values))
                .hasMessageContaining(named)
                .message()
                .doesNotContain("hush\"");
    }

    /** Helm leaves a value out that is null, before it asks the schema. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worker: {startSeconds: null}   | startSeconds",
                "gateway: {autoscaling: null}   | autoscaling",
                "relay: {persistence: null}     | persistence",
                "catalog: null                  | catalog",
            })
    void aValueThatIsTakenAwayIsRefusedByItsName(String values, String named) {
        assertThatThrownBy(() -> Chart.render(folder, values)).hasMessageContaining(named);
    }

    @Test
    void namesStayWithinWhatKubernetesAllows() throws Exception {
        Chart chart = Chart.render(folder, "fullnameOverride: " + "n".repeat(60) + "\n");
        for (JsonNode set : chart.all("StatefulSet").toList()) {
            // its pods have a label with the name and 11 characters
            assertThat(set.at("/metadata/name").asString()).hasSizeLessThanOrEqualTo(52);
        }
    }

    /** A value that the schema doesn't know could not be set, one that has no default is hidden. */
    @Test
    void everyValueHasADefaultAndARule() throws Exception {
        String text = Files.readString(Chart.FOLDER.resolve("values.yaml"));
        JsonNode values = JsonMapper.shared().valueToTree(new Yaml().load(text));
        JsonNode schema =
                JsonMapper.shared().readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
        List<String> faults = new ArrayList<>();
        compare("", values, schema, faults);

        assertThat(faults).isEmpty();
    }

    private static void compare(String path, JsonNode values, JsonNode rules, List<String> faults) {
        JsonNode properties = rules.path("properties");
        for (String name : values.propertyNames()) {
            if (!properties.has(name)) {
                faults.add(path + name + " has no rule");
            } else if (properties.path(name).has("properties")) {
                compare(path + name + ".", values.path(name), properties.path(name), faults);
            }
        }
        Set<String> required = new HashSet<>();
        rules.path("required").forEach(name -> required.add(name.asString()));
        for (String name : properties.propertyNames()) {
            if (!values.has(name) && !name.equals("global")) {
                faults.add(path + name + " has no default");
            }
            if (values.has(name) && !required.contains(name)) {
                faults.add(path + name + " may be taken away");
            }
        }
    }
}
