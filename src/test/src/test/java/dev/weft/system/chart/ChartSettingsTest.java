package dev.weft.system.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.AccessSettings;
import dev.weft.access.tls.TestAuthority;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentFile;
import dev.weft.deployment.EffectiveDeployment;
import dev.weft.gateway.settings.DiscoverySettings;
import dev.weft.gateway.settings.GatewaySettings;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.inference.server.beside.RelayPlan;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.RelaySettings;
import dev.weft.service.settings.AddressSettings;
import dev.weft.service.settings.EngineSettings;
import dev.weft.standalone.launch.RunCommand;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Reads what the chart tells the services as they read it themselves. */
class ChartSettingsTest {
    private static final List<String> SERVICES = List.of("catalog", "worker", "gateway");

    /** Variables of the launcher and of commands that are no settings. */
    private static final Set<String> NO_SETTINGS = Set.of("WEFT_TOKEN", "WEFT_TRUST");

    /** What secrets hold, by the variable that gets it. */
    private static final Map<String, String> SECRETS =
            Map.of(
                    "WEFT_CATALOG_DATABASE", "jdbc:postgresql://weft:hush@postgres:5432/weft",
                    "WEFT_GATEWAY_LIMITS_REDIS", "redis://weft:hush@redis:6379/0");

    /** Where the chart mounts the secret with the files of TLS. */
    private static final String TLS = "/etc/weft-tls/";

    @TempDir private static Path secret;
    @TempDir private Path folder;

    @BeforeAll
    static void issue() throws Exception {
        TestAuthority.Issued own =
                new TestAuthority(secret.resolve("tls")).issue("tls", "dns:localhost");
        assertThat(own.certificate().getFileName()).hasToString("tls.crt");
    }

    @ParameterizedTest
    @EnumSource
    void everyVariableAndOptionIsASettingThatCounts(ChartCase given) throws Exception {
        Chart chart = given.render(folder);
        for (String service : SERVICES) {
            Map<String, String> environment = environment(chart.container(service));
            String listing = effective(chart, service).listing();
            for (String variable : environment.keySet()) {
                if (variable.startsWith("WEFT_") && !NO_SETTINGS.contains(variable)) {
                    assertThat(listing).as(service).containsPattern("(?m) " + variable + "$");
                }
            }
            List<String> arguments = arguments(chart.container(service));
            assertThat(arguments.subList(0, 2)).containsExactly("run", service);
            new CommandLine(new RunCommand())
                    .parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @EnumSource
    void probesAskThePortsOfTheServices(ChartCase given) throws Exception {
        Chart chart = given.render(folder);
        for (String service : SERVICES) {
            AddressSettings addresses =
                    effective(chart, service).deployment().settings(AddressSettings.class);
            int port =
                    switch (service) {
                        case "catalog" -> addresses.catalog().port();
                        case "worker" -> addresses.inference().port();
                        default -> addresses.gateway().port();
                    };
            JsonNode container = chart.container(service);
            assertThat(container.at("/ports/0/name").asString()).isEqualTo("http");
            assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(port);
            assertThat(container.at("/ports/1/containerPort").asInt()).isEqualTo(port + 1000);
            assertThat(
                            chart.pod(service)
                                    .at("/metadata/annotations")
                                    .path("prometheus.io/port")
                                    .asString())
                    .isEqualTo(String.valueOf(port + 1000));
            boolean tls = given == ChartCase.TLS_AND_KEYS;
            for (Map.Entry<String, String> probe :
                    Map.of("startup", "liveness", "liveness", "liveness", "readiness", "readiness")
                            .entrySet()) {
                JsonNode asked = container.path(probe.getKey() + "Probe").path("httpGet");
                assertThat(asked.path("path").asString())
                        .isEqualTo("/actuator/health/" + probe.getValue());
                assertThat(asked.path("port").asString()).isEqualTo("http");
                assertThat(asked.path("scheme").asString()).isEqualTo(tls ? "HTTPS" : "HTTP");
            }
        }
    }

    /** The process needs 2 s more than the requests that are under way. */
    @ParameterizedTest
    @EnumSource
    void podsMayEndAsSlowlyAsTheirRequests(ChartCase given) throws Exception {
        Chart chart = given.render(folder);
        for (String service : List.of("worker", "gateway")) {
            Deployment deployment = effective(chart, service).deployment();
            long drain =
                    service.equals("worker")
                            ? deployment
                                    .settings(InferenceSettings.class)
                                    .drainTimeout()
                                    .toSeconds()
                            : deployment.settings(GatewaySettings.class).drainTimeout().toSeconds();
            int pause = chart.container(service).at("/lifecycle/preStop/sleep/seconds").asInt();

            assertThat(drain).isEqualTo(60);
            assertThat(pause).isPositive();
            assertThat(chart.pod(service).at("/spec/terminationGracePeriodSeconds").asLong())
                    .isGreaterThanOrEqualTo(pause + drain + 10);
        }
    }

    @Test
    void gatewaysLookForWorkersBehindTheService() throws Exception {
        Chart chart = ChartCase.DEFAULTS.render(folder);
        Deployment deployment = effective(chart, "gateway").deployment();
        AddressSettings addresses = deployment.settings(AddressSettings.class);
        var kubernetes = deployment.settings(DiscoverySettings.class).kubernetes();
        JsonNode service =
                chart.get("Service", Objects.requireNonNull(kubernetes.service())).path("spec");

        assertThat(service.path("clusterIP").asString()).isEqualTo("None");
        assertThat(service.at("/ports/0/name").asString()).isEqualTo(kubernetes.port());
        // pods that are not ready stand in its slices anyhow, and as what they are
        assertThat(service.has("publishNotReadyAddresses")).isFalse();
        assertThat(addresses.catalog().url()).isEqualTo(URI.create("http://weft-catalog:8081"));
        assertThat(chart.get("Service", "weft-catalog").at("/spec/ports/0/port").asInt())
                .isEqualTo(8081);
    }

    @Test
    void vllmIsStartedAsAWorkerWouldStartIt() throws Exception {
        Chart chart = ChartCase.RELAY.render(folder);
        Deployment deployment = effective(chart, "worker").deployment();
        JsonNode vllm = chart.pod("worker").at("/spec/initContainers/0");
        assertThat(vllm.path("restartPolicy").asString()).isEqualTo("Always");
        assertThat(deployment.settings(EngineSettings.class).engine())
                .isEqualTo(EngineSettings.Choice.VLLM);
        RelaySettings relay = deployment.settings(RelaySettings.class);
        Path shared = Objects.requireNonNull(relay.sharedDir());
        Dialect.Launch launch =
                Dialect.of("vllm")
                        .launch(
                                new ServerPlan(
                                        new ServerPlan.Base(
                                                Path.of("base"),
                                                deployment.base().servedName(),
                                                List.of()),
                                        Objects.requireNonNull(relay.url()).getPort(),
                                        new ServerPlan.Folders(shared, Path.of("none")),
                                        RelayPlan.limits(deployment)));

        List<String> words = arguments(vllm);
        for (Dialect.Option option : launch.options()) {
            assertThat(words).contains(option.name());
            if (!option.value().isEmpty()) {
                assertThat(words).containsSubsequence(option.name(), option.value());
            }
        }
        assertThat(words)
                .containsSubsequence("--model", deployment.base().checkpoint().repo())
                .containsSubsequence("--revision", deployment.base().checkpoint().revision())
                .containsSubsequence("--gpu-memory-utilization", "0.8");
        assertThat(environment(vllm)).containsAllEntriesOf(launch.environment());
        assertThat(vllm.path("volumeMounts").toString()).contains("\"/lora\"");
        assertThat(chart.container("worker").path("volumeMounts").toString()).contains("\"/lora\"");
    }

    /** Null is nothing, for the chart as for the worker. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "max_lora_rank: 16 | max_lora_rank: null",
                "max_lora_rank: 16 | lora_configuration: null",
                "max_lora_rank: 16 | lora_configuration: {max_lora_rank: 32}",
                "served_model_name: \"Qwen2.5-Coder-base\" | served_model_name: null",
                "served_model_name: \"Qwen2.5-Coder-base\" | # nothing"
            })
    void vllmGetsWhatTheWorkerReads(String line, String instead) throws Exception {
        String file = Chart.seed().replace(line, instead);
        Chart chart = Chart.render(folder, Chart.deployment(file) + "relay: {enabled: true}\n");
        Deployment deployment = effective(chart, "worker").deployment();
        List<String> words = arguments(chart.pod("worker").at("/spec/initContainers/0"));

        assertThat(words)
                .containsSubsequence("--served-model-name", deployment.base().servedName());
        int rank = Integer.parseInt(words.get(words.indexOf("--max-lora-rank") + 1));
        assertThat(rank).isGreaterThanOrEqualTo(deployment.lora().maxRank()).isLessThan(33);
    }

    /** The file of docs/gpu.md, by which a worker starts a server itself. */
    @Test
    void vllmStandsBesideTheWorkerWhateverTheFileSaysOfItsStart() throws Exception {
        String file =
                Chart.seed()
                        + "weft: {engine: vllm, relay: {command: vllm serve, server-dir: /srv}}\n";
        Chart chart = Chart.render(folder, Chart.deployment(file) + "relay: {enabled: true}\n");
        RelaySettings relay = effective(chart, "worker").deployment().settings(RelaySettings.class);
        assertThat(relay.command()).isEmpty();
        assertThat(relay.url()).isEqualTo(URI.create("http://127.0.0.1:8000"));
        assertThat(relay.serverDir()).isEqualTo(relay.sharedDir());
    }

    @Test
    void aWorkerOfAClusterWithIpv6ReportsAnAddress() throws Exception {
        Chart chart = ChartCase.DEFAULTS.render(folder);
        JsonNode worker = chart.container("worker");
        Map<String, String> environment = new TreeMap<>(environment(worker));
        environment.replaceAll((_, value) -> value.replace("10.0.0.1", "fd00::5"));
        Deployment deployment =
                DeploymentFile.readEffective(chart.deploymentFile(folder), List.of(), environment)
                        .deployment();
        assertThat(deployment.settings(AddressSettings.class).inference().address())
                .isEqualTo(URI.create("http://[fd00::5]:8082"));
    }

    @Test
    void aTextThatStandsThereAsANumberIsRefused() throws Exception {
        String file = Chart.seed().replaceAll("revision: \"2e1f[0-9a-f]+\"", "revision: 1.0");
        assertThatThrownBy(() ->
                        Chart.render(folder, Chart.deployment(file) + "relay: {enabled: true}\n"))
                .hasMessageContaining(
                        "trt_llm.build.checkpoint_repository.revision: write it in quotes");
    }

    /** A secret of the file's own stays beside the chart's. */
    @Test
    void theFilesOwnSecretsStay() throws Exception {
        Chart chart =
                Chart.render(
                        folder,
                        Chart.deployment(
                                Chart.seed()
                                        + "weft: {secrets: {minio: {env: MINIO}}, sources:"
                                        + " {credentials: [s3=minio]}}\n"));

        assertThat(effective(chart, "catalog").json()).contains("\"minio\"", "\"servicetoken\"");
    }

    /** What clients need and where probes ask. */
    @Test
    void theFileAsksForTokensAndHasNoSayInPorts() throws Exception {
        Chart chart =
                Chart.render(
                        folder,
                        Chart.deployment(
                                Chart.seed()
                                        + """
                                        weft:
                                          access: {keys: true}
                                          gateway: {port: 9000, management-port: 9001}
                                          catalog: {port: 9002, management-port: 9003}
                                          inference: {port: 9004, management-port: 9005}
                                        """));

        for (String service : SERVICES) {
            Deployment deployment = effective(chart, service).deployment();
            AddressSettings addresses = deployment.settings(AddressSettings.class);
            AddressSettings.Ports ports =
                    switch (service) {
                        case "catalog" -> addresses.catalog();
                        case "worker" -> addresses.inference();
                        default -> addresses.gateway();
                    };
            JsonNode given = chart.container(service).path("ports");
            assertThat(deployment.settings(AccessSettings.class).keys()).as(service).isTrue();
            assertThat(ports.port()).isEqualTo(given.at("/0/containerPort").asInt());
            assertThat(ports.managementPort()).isEqualTo(given.at("/1/containerPort").asInt());
        }
    }

    private EffectiveDeployment effective(Chart chart, String service) throws Exception {
        JsonNode container = chart.container(service);
        List<String> arguments = arguments(container);
        List<String> overrides = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals("--set")) {
                overrides.add(arguments.get(i + 1));
            }
        }
        return DeploymentFile.readEffective(
                chart.deploymentFile(folder), overrides, environment(container));
    }

    private static List<String> arguments(JsonNode container) {
        List<String> arguments = new ArrayList<>();
        container.path("args").forEach(argument -> arguments.add(argument.asString()));
        return arguments;
    }

    /** As the kubelet would make it of a pod with an address. */
    private static Map<String, String> environment(JsonNode container) {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode variable : container.path("env")) {
            String name = variable.path("name").asString();
            String value =
                    variable.has("valueFrom")
                            ? SECRETS.getOrDefault(name, "weft_" + "k".repeat(43))
                            : variable.path("value").asString();
            assertThat(
                            environment.put(
                                    name,
                                    value.replace("$(POD_IP)", "10.0.0.1")
                                            .replace(TLS, secret.resolve("tls") + "/")))
                    .as(name)
                    .isNull();
        }
        return environment;
    }
}
