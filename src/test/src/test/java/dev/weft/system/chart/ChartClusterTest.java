package dev.weft.system.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.discovery.kubernetes.RealCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives what the chart renders to a real API server, as a server-side dry run in which an unknown
 * field is an error. Nothing runs there.
 */
class ChartClusterTest {
    /** Of other projects, whose definitions the API server does not have. */
    private static final Set<String> ELSEWHERE =
            Set.of("HTTPRoute", "PodMonitor", "PrometheusRule");

    @TempDir private static Path programsFolder;
    private static @Nullable RealCluster cluster;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> programs = RealCluster.programs();
        if (programs.isEmpty()) {
            return;
        }
        cluster = new RealCluster(programs.get(), programsFolder);
        // a controller that is not there would make it, and pods need one
        account("default");
        // that of ChartCase.NUMBERS; pods of one that is not there are refused
        admin().resource(
                        Serialization.unmarshal(
                                """
                                {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass",
                                 "metadata": {"name": "7"}, "value": 7}
                                """,
                                GenericKubernetesResource.class))
                .create();
    }

    private static void account(String name) {
        admin().resource(
                        new ServiceAccountBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .withNamespace("weft")
                                .endMetadata()
                                .build())
                .createOr(existing -> existing.update());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static KubernetesClient admin() {
        RealCluster running = cluster;
        Assumptions.assumeTrue(
                running != null,
                "no kube-apiserver and etcd here, which src/test/kubernetes/install brings");
        return Objects.requireNonNull(running).admin();
    }

    @ParameterizedTest
    @EnumSource
    void takesEveryObject(ChartCase given) throws Exception {
        KubernetesClient admin = admin();
        Set<String> kinds = new LinkedHashSet<>();
        for (JsonNode object : given.render(folder).objects()) {
            String kind = object.path("kind").asString();
            if (!ELSEWHERE.contains(kind)) {
                kinds.add(kind);
                create(admin, object);
            }
        }

        assertThat(kinds)
                .contains("Service", "Deployment", "StatefulSet", "Role", "PodDisruptionBudget");
    }

    /**
     * An API server looks at a StatefulSet's pods only once they are made, by a controller that is
     * not there.
     */
    @ParameterizedTest
    @EnumSource
    void takesThePodsOfEveryWorkload(ChartCase given) throws Exception {
        KubernetesClient admin = admin();
        account("weft-gateway");
        try {
            for (JsonNode workload : given.render(folder).workloads()) {
                create(admin, podOf(workload));
            }
        } finally {
            admin.serviceAccounts().inNamespace("weft").withName("weft-gateway").delete();
        }
    }

    /** What a fault looks like. */
    @Test
    void refusesAFieldThatDoesNotExist() throws Exception {
        KubernetesClient admin = admin();
        JsonNode workload = ChartCase.DEFAULTS.render(folder).get("StatefulSet", "weft-worker");
        ObjectNode pod = podOf(workload);
        ((ObjectNode) pod.at("/spec/containers/0")).put("lifecycles", "none");

        assertThatThrownBy(() -> create(admin, pod))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("lifecycles");
    }

    /** As a controller makes it: with a volume for each claim. */
    private static ObjectNode podOf(JsonNode workload) {
        ObjectNode pod = JsonMapper.shared().createObjectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        JsonNode template = workload.at("/spec/template").deepCopy();
        ObjectNode metadata = (ObjectNode) template.path("metadata");
        metadata.put("name", Chart.name(workload) + "-0").put("namespace", "weft");
        pod.set("metadata", metadata);
        ObjectNode spec = (ObjectNode) template.path("spec");
        pod.set("spec", spec);
        List<String> claims = new ArrayList<>();
        workload.at("/spec/volumeClaimTemplates").forEach(claim -> claims.add(Chart.name(claim)));
        for (String claim : claims) {
            ((ArrayNode) spec.path("volumes")).addObject().put("name", claim).putObject("emptyDir");
        }
        return pod;
    }

    private static void create(KubernetesClient admin, JsonNode object) {
        admin.resource(Serialization.unmarshal(object.toString(), GenericKubernetesResource.class))
                .dryRun()
                .fieldValidation(FieldValidateable.Validation.STRICT)
                .create();
    }
}
