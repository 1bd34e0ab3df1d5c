package dev.weft.system.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.weft.catalog.token.Tokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the chart renders. */
class ChartTest {
    private static final List<String> SERVICES = List.of("catalog", "worker", "gateway");

    @TempDir private Path folder;

    @Test
    void isWhatHelmsStrictLinterAccepts() {
        LintResult result = new Helm(Chart.FOLDER).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages())
                .allSatisfy(message -> assertThat(message).doesNotContain("[ERROR]", "[WARNING]"));
    }

    @Test
    void givesTheDeploymentFileToTheServicesUnchanged() throws Exception {
        for (String file :
                List.of(
                        Chart.seed(),
                        Chart.seed().strip(),
                        "# ä {{ .Values }}\n\tx: <&>\"'\\\n\n")) {
            assertThat(Chart.render(folder, Chart.deployment(file)).deploymentFile(folder))
                    .content()
                    .isEqualTo(file);
        }
    }

    @Test
    void startsPodsAnewWhenTheFileChanges() throws Exception {
        String checksum = "/metadata/annotations/checksum~1deployment";
        JsonNode before = ChartCase.DEFAULTS.render(folder).pod("worker").at(checksum);
        JsonNode after = ChartCase.SEED.render(folder).pod("worker").at(checksum);

        assertThat(before.asString()).hasSize(64).isNotEqualTo(after.asString());
    }

    /** A Service, policy or budget that selects nobody is refused by no API server. */
    @ParameterizedTest
    @EnumSource
    void selectsThePodsOfOneService(ChartCase given) throws Exception {
        Chart chart = given.render(folder);
        List<JsonNode> selectors = new ArrayList<>();
        chart.all("Service").forEach(each -> selectors.add(each.at("/spec/selector")));
        chart.all("PodDisruptionBudget")
                .forEach(each -> selectors.add(each.at("/spec/selector/matchLabels")));
        chart.all("NetworkPolicy")
                .forEach(each -> {
                    selectors.add(each.at("/spec/podSelector/matchLabels"));
                    each.at("/spec/ingress/0/from")
                            .forEach(peer -> {
                                JsonNode labels = peer.at("/podSelector/matchLabels");
                                if (!labels.isMissingNode()) {
                                    selectors.add(labels);
                                }
                            });
                });

        assertThat(selectors).hasSize(3 + 2 + 3 + 3);
        for (JsonNode selector : selectors) {
            assertThat(
                            chart.workloads().stream()
                                    .map(w -> texts(w.at("/spec/template/metadata/labels")))
                                    .filter(labels ->
                                            labels.entrySet()
                                                    .containsAll(texts(selector).entrySet()))
                                    .count())
                    .as(selector.toString())
                    .isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void runsAsAUserWhoWritesOnlyToVolumes(ChartCase given) throws Exception {
        Chart chart = given.render(folder);
        for (String service : SERVICES) {
            assertThat(chart.pod(service).at("/spec/securityContext/runAsNonRoot").asBoolean())
                    .isTrue();
            JsonNode container = chart.container(service);
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/securityContext/capabilities/drop/0").asString())
                    .isEqualTo("ALL");
            Map<String, String> mounts = new TreeMap<>();
            container
                    .path("volumeMounts")
                    .forEach(mount ->
                            mounts.put(
                                    mount.path("mountPath").asString(),
                                    mount.path("name").asString()));
            assertThat(mounts).containsKeys("/tmp", "/var/lib/weft");
            assertThat(texts(container.path("args"))).containsValue("/var/lib/weft");
        }
    }

    @Test
    void keepsWhatACatalogWritesUnlessADatabaseAndABucketDo() throws Exception {
        assertThat(
                        ChartCase.SEED
                                .render(folder)
                                .get("StatefulSet", "weft-catalog")
                                .at("/spec/volumeClaimTemplates/0/metadata/name")
                                .asString())
                .isEqualTo("data");
        assertThat(
                        ChartCase.POSTGRES
                                .render(folder)
                                .get("Deployment", "weft-catalog")
                                .at("/spec/replicas")
                                .asInt())
                .isEqualTo(2);
        String database = "catalog: {database: {existingSecret: weft-database}}\n";
        assertThat(Chart.render(folder, database).get("StatefulSet", "weft-catalog")).isNotNull();
    }

    @Test
    void makesATokenThatTheCatalogTakesOnce() throws Exception {
        String made = token(ChartCase.DEFAULTS.render(folder));
        Chart later = Chart.render(folder, "", "dict \"data\" (dict \"token\" \"a2VwdA==\")");

        assertThat(Tokens.looksLikeOne(made)).isTrue();
        assertThat(token(later)).isEqualTo("kept");
        assertThat(ChartCase.TLS_AND_KEYS.render(folder).all("Secret")).isEmpty();
    }

    private static String token(Chart chart) {
        String text = chart.get("Secret", "weft-token").at("/data/token").asString();
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    @Test
    void tellsPeopleTheFirstRequest() throws Exception {
        assertThat(Chart.notes(folder, ""))
                .contains(
                        "curl http://127.0.0.1:8080/v1/chat/completions",
                        "{\"model\":\"sql\"",
                        "statefulset/weft-catalog");
        assertThat(Chart.notes(folder, Chart.deployment(Chart.seed()) + "access: {keys: true}\n"))
                .contains("{\"model\":\"lora1\"", "Authorization: Bearer $KEY");
    }

    @Test
    void tellsWhoMayAskAsTheGatewaysDo() throws Exception {
        String file = Chart.seed() + "weft: {access: {keys: true}}\n";
        String everybody = "Whoever reaches the gateway may ask it";
        assertThat(Chart.notes(folder, Chart.deployment(file)))
                .contains("Authorization: Bearer $KEY")
                .doesNotContain(everybody);
        String off = "extraEnv: [{name: WEFT_ACCESS_KEYS, value: 'false'}]\n";
        for (String values :
                List.of(
                        "",
                        Chart.deployment(Chart.seed() + "weft:\n"),
                        Chart.deployment(file) + off)) {
            assertThat(Chart.notes(folder, values)).contains(everybody).doesNotContain("$KEY");
        }
    }

    @Test
    void letsGatewaysSeeEndpointSlicesAsTheSampleDoes() throws Exception {
        Chart chart = ChartCase.DEFAULTS.render(folder);
        Path sample = Chart.ROOT.resolve("samples/kubernetes/gateway-role.yaml");
        Object role = new Yaml().loadAll(Files.readString(sample)).iterator().next();

        assertThat(chart.get("Role", "weft-gateway").path("rules"))
                .isEqualTo(JsonMapper.shared().valueToTree(role).path("rules"));
        assertThat(chart.pod("gateway").at("/spec/serviceAccountName").asString())
                .isEqualTo(Chart.name(chart.get("ServiceAccount", "weft-gateway")));
        for (String service : List.of("catalog", "worker")) {
            JsonNode mounts = chart.pod(service).at("/spec/automountServiceAccountToken");
            assertThat(mounts.isBoolean() && !mounts.asBoolean()).isTrue();
        }
    }

    @Test
    void letsGatewaysAloneReachWorkers() throws Exception {
        JsonNode ingress =
                ChartCase.DEFAULTS.render(folder).get("NetworkPolicy", "weft-worker").at("/spec");

        assertThat(ingress.at("/ingress/0/ports/0/port").asInt()).isEqualTo(8082);
        assertThat(ingress.at("/ingress/0/from")).hasSize(1);
        assertThat(
                        ingress.at("/ingress/0/from/0/podSelector/matchLabels")
                                .path("app.kubernetes.io/component")
                                .asString())
                .isEqualTo("gateway");
    }

    /** YAML takes a bare 2024 for a number, on for a truth and 1e3 for a thousand. */
    @Test
    void namesOfMonitoredObjectsAreTexts() throws Exception {
        Chart chart =
                Chart.render(
                        folder,
                        """
                        fullnameOverride: "2024"
                        token: {existingSecret: "1e3", key: "on"}
                        metrics: {podMonitor: {enabled: true}, prometheusRule: {enabled: true}}
                        """);
        JsonNode monitor = chart.get("PodMonitor", "2024");
        JsonNode credentials = monitor.at("/spec/podMetricsEndpoints/0/authorization/credentials");
        assertThat(credentials).hasToString("{\"name\":\"1e3\",\"key\":\"on\"}");
        for (JsonNode name :
                List.of(
                        monitor.at("/metadata/name"),
                        monitor.at("/spec/selector/matchLabels").path("app.kubernetes.io/instance"),
                        chart.get("PrometheusRule", "2024").at("/metadata/name"))) {
            assertThat(name.isString()).isTrue();
        }
    }

    /** Links in the chart lead to what lies in grafana/. */
    @Test
    void bringsDashboardsAndAlertsOfTheRepository() throws Exception {
        Chart chart = ChartCase.EVERYTHING.render(folder);
        for (String board : List.of("adapter", "catalog", "fleet", "worker")) {
            assertThat(
                            chart.get("ConfigMap", "weft-dashboard-" + board)
                                    .path("data")
                                    .path("weft-" + board + ".json")
                                    .asString())
                    .isEqualTo(
                            Files.readString(
                                    Chart.ROOT.resolve("grafana/dashboards/" + board + ".json")));
        }
        Object rules =
                new Yaml()
                        .load(
                                Files.readString(
                                        Chart.ROOT.resolve("grafana/alerts/weft.rules.yml")));
        assertThat(chart.get("PrometheusRule", "weft").path("spec"))
                .isEqualTo(JsonMapper.shared().valueToTree(rules));
    }

    /** Of an array, by position. */
    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new TreeMap<>();
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                texts.put(String.valueOf(i), node.get(i).asString());
            }
        }
        node.properties().forEach(each -> texts.put(each.getKey(), each.getValue().asString()));
        return texts;
    }
}
