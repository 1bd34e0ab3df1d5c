package dev.weft.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.weft.inference.relay.call.ServerDescription;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.inference.server.beside.RelayPlan;
import dev.weft.inference.server.beside.SaltedPaths;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.RelaySettings;
import dev.weft.service.settings.EngineSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Checks the files for vLLM beside a worker against what the worker itself would start. */
class VllmDeploymentTest {
    private static final Path FILES = Path.of("..", "container", "vllm");
    private static final Path FILE = FILES.resolve("weft.yaml");

    private static Object in(Object map, String name) {
        return Objects.requireNonNull(((Map<?, ?>) map).get(name), name);
    }

    private static Object yaml(String file) throws IOException {
        return new Yaml().load(Files.readString(FILES.resolve(file)));
    }

    /** The environment of a container of the pod; values from elsewhere are left out. */
    private static Map<String, String> variables(Object container) {
        Map<String, String> variables = new TreeMap<>();
        for (Object variable : (Collection<?>) in(container, "env")) {
            Object value = ((Map<?, ?>) variable).get("value");
            if (value != null) {
                variables.put(in(variable, "name").toString(), value.toString());
            }
        }
        return variables;
    }

    private static Map<String, String> texts(Object map) {
        Map<String, String> texts = new TreeMap<>();
        ((Map<?, ?>) map).forEach((name, value) -> texts.put(name.toString(), value.toString()));
        return texts;
    }

    /** vLLM has each option that a worker would start it with, and the worker's own numbers. */
    private static void fit(
            List<String> words, Map<String, String> ofVllm, Map<String, String> ofWeft)
            throws DeploymentException {
        Deployment deployment = DeploymentFile.readEffective(FILE, List.of(), ofWeft).deployment();
        assertThat(deployment.settings(EngineSettings.class).engine())
                .isEqualTo(EngineSettings.Choice.VLLM);
        RelaySettings relay = deployment.settings(RelaySettings.class);
        assertThat(relay.url()).isEqualTo(URI.create("http://127.0.0.1:8000"));
        ServerPlan.Limits limits = RelayPlan.limits(deployment);
        assertThat(limits.slots())
                .isEqualTo(deployment.settings(InferenceSettings.class).maxLoras());
        Path shared = Objects.requireNonNull(relay.sharedDir());
        Dialect.Launch launch =
                Dialect.of("vllm")
                        .launch(
                                new ServerPlan(
                                        new ServerPlan.Base(
                                                Path.of("base"),
                                                deployment.base().servedName(),
                                                List.of()),
                                        8000,
                                        new ServerPlan.Folders(shared, Path.of("none")),
                                        limits));
        for (Dialect.Option option : launch.options()) {
            assertThat(words).contains(option.name());
            if (!option.value().isEmpty()) {
                assertThat(words).containsSubsequence(option.name(), option.value());
            }
        }
        assertThat(ofVllm).containsAllEntriesOf(launch.environment());
    }

    @Test
    void theComposeFileStartsThemAsAWorkerWould() throws Exception {
        Object services = in(yaml("compose.yaml"), "services");
        Object vllm = in(services, "vllm");
        Object weft = in(services, "weft");
        String command = in(vllm, "command").toString();
        fit(
                List.of(command.strip().split("\\s+", -1)),
                texts(in(vllm, "environment")),
                texts(in(weft, "environment")));
        assertThat(command).contains("${BASE:-Qwen/Qwen2.5-1.5B-Instruct}");
        Object net = in(services, "net");
        assertThat(in(net, "ports").toString()).contains("8080:8080");
        for (Object either : List.of(vllm, weft)) {
            assertThat(texts(either)).contains(entry("network_mode", "service:net"));
            assertThat(texts(either)).doesNotContainKey("ports");
            assertThat(in(either, "depends_on").toString()).contains("net=").doesNotContain("weft");
        }
        assertThat(in(weft, "volumes").toString())
                .contains("./weft.yaml:/etc/weft/weft.yaml:ro", "lora:/lora");
        assertThat(in(vllm, "volumes").toString()).contains("lora:/lora:ro");
        assertThat(in(weft, "build").toString()).contains("deploy/container/vllm/Containerfile");
    }

    @Test
    void thePodStartsThemAsAWorkerWould() throws Exception {
        Object spec = in(yaml("pod.yaml"), "spec");
        List<?> containers = List.copyOf((Collection<?>) in(spec, "containers"));
        Object vllm = containers.getFirst();
        Object worker = containers.getLast();
        List<String> words =
                ((Collection<?>) in(vllm, "args")).stream().map(Object::toString).toList();
        Map<String, String> ofWeft = variables(worker);
        assertThat(ofWeft).contains(entry("WEFT_INFERENCE_ADDRESS", "http://$(POD_IP):8082"));
        ofWeft.replace("WEFT_INFERENCE_ADDRESS", "http://10.0.0.1:8082");
        fit(words, variables(vllm), ofWeft);
        for (Object container : containers) {
            assertThat(in(container, "volumeMounts").toString()).contains("mountPath=/lora");
        }
        assertThat(in(vllm, "volumeMounts").toString()).contains("readOnly=true");
    }

    private static Deployment deployment(String engine, String name, String value)
            throws DeploymentException {
        Map<String, String> variables = new TreeMap<>();
        variables.put("WEFT_ENGINE", engine);
        variables.put("WEFT_ACCESS_KEYS", "true");
        variables.put("WEFT_RELAY_COMMAND", "serve");
        variables.put(name, value);
        return DeploymentFile.readEffective(FILE, List.of(), variables).deployment();
    }

    private static Optional<String> sharedPrefixes(String engine, String name, String value)
            throws DeploymentException {
        return sharedPrefixes(engine, "Not Found", name, value);
    }

    private static Optional<String> sharedPrefixes(
            String engine, String description, String name, String value)
            throws DeploymentException {
        return RelayPlan.sharedPrefixes(
                deployment(engine, name, value),
                new SaltedPaths(Dialect.of(engine), ServerDescription.read(description)),
                List.of("/v1/completions", "/v1/messages", "/v1/score"));
    }

    /** Newer versions of SGLang and trtllm-serve take a salt, and describe where. */
    @Test
    void aWorkerSaysAtWhichPathsAServerTakesNoSalt() throws Exception {
        String path =
                """
                "%s":{"post":{"requestBody":{"content":{"application/json":
                {"schema":{"properties":{"%s":{}}}}}}}}\
                """;
        String completions = path.formatted("/v1/completions", "cache_salt");
        String newer = "{\"paths\":{%s}}".formatted(completions);
        String some =
                "{\"paths\":{%s,%s}}"
                        .formatted(completions, path.formatted("/v1/messages", "model"));
        String older = "{\"paths\":{%s}}".formatted(path.formatted("/v1/completions", "model"));
        assertThat(sharedPrefixes("sglang", newer, "WEFT_ACCESS_KEYS", "true")).isEmpty();
        assertThat(sharedPrefixes("sglang", some, "WEFT_ACCESS_KEYS", "true").orElse(""))
                .contains("tenants' requests to /v1/messages apart", "--disable-radix-cache");
        assertThat(sharedPrefixes("sglang", older, "WEFT_ACCESS_KEYS", "true").orElse(""))
                .contains("tenants' requests apart");
        assertThat(sharedPrefixes("trtllm-serve", newer, "WEFT_ACCESS_KEYS", "true")).isEmpty();
        assertThat(sharedPrefixes("trtllm-serve", older, "WEFT_ACCESS_KEYS", "true").orElse(""))
                .contains("tenants' requests apart");
        SaltedPaths salted = new SaltedPaths(Dialect.of("sglang"), ServerDescription.read(some));
        assertThat(salted.takes("/v1/completions")).isTrue();
        assertThat(salted.takes("/v1/messages")).isFalse();
    }

    /** Paths of requests are put behind it, so that each one would be a 404. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://host:8000/v1",
                "http://host:8000?a=b",
                "http://host:8000#a",
                "http://me:secret@host:8000",
                "httpx://host:8000",
                "host:8000",
                "http:///v1"
            })
    void anAddressWithMoreThanHostAndPortIsRefused(String address) {
        assertThatThrownBy(() -> byAddress(address))
                .hasMessageContaining("weft.relay.url")
                .hasMessageContaining("is not allowed: ")
                .message()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://host:8000", "https://host", "http://[::1]:8000"})
    void anAddressMayNameAHostAlone(String address) throws Exception {
        assertThat(byAddress(address).settings(RelaySettings.class).url())
                .isEqualTo(URI.create(address));
    }

    @Test
    void aKeysLineEndIsNoPartOfIt() throws Exception {
        assertThat(byKey("hush\n")).isEqualTo("hush");
        assertThat(byKey("\n")).isNull();
        assertThatThrownBy(() -> byKey("hu\nsh"))
                .hasMessageContaining("weft.relay.api-key")
                .hasMessageContaining("allowed in no header")
                .message()
                .doesNotContain("hu");
    }

    private static @Nullable String byKey(String key) throws DeploymentException {
        Map<String, String> environment =
                Map.of(
                        "WEFT_ENGINE",
                        "vllm",
                        "WEFT_RELAY_URL",
                        "http://host:8000",
                        "WEFT_RELAY_API_KEY",
                        key);
        return DeploymentFile.readEffective(FILE, List.of(), environment)
                .deployment()
                .settings(RelaySettings.class)
                .apiKey();
    }

    private static Deployment byAddress(String address) throws DeploymentException {
        return DeploymentFile.readEffective(
                        FILE, List.of(), Map.of("WEFT_ENGINE", "vllm", "WEFT_RELAY_URL", address))
                .deployment();
    }

    /** A server without a salt shares them, and a worker can't see whether it was told not to. */
    @Test
    void aWorkerSaysWhichServersSharePrefixes() throws Exception {
        String off = "--disable-radix-cache";
        assertThat(sharedPrefixes("sglang", "WEFT_ACCESS_KEYS", "true").orElse(""))
                .contains("weft.access.keys", "tenants' requests apart", off);
        assertThat(sharedPrefixes("vllm", "WEFT_ACCESS_KEYS", "true")).isEmpty();
        assertThat(sharedPrefixes("sglang", "WEFT_ACCESS_KEYS", "false")).isEmpty();
        assertThat(sharedPrefixes("sglang", "WEFT_INFERENCE_PREFIX_SHARING", "all")).isEmpty();
        assertThat(sharedPrefixes("sglang", "WEFT_RELAY_COMMAND", "serve " + off)).isEmpty();
    }

    private static Optional<String> sharedMessages(String description, String name, String value)
            throws DeploymentException {
        return RelayPlan.sharedMessages(
                deployment("vllm", name, value), ServerDescription.read(description));
    }

    /** Versions of vLLM that pass over the salt at that path have no such field. */
    @Test
    void aWorkerSaysWhetherItsServerSharesThePrefixesOfMessages() throws Exception {
        String off = "--no-enable-prefix-caching";
        String described =
                """
                {"paths":{"/v1/messages":{"post":{"requestBody":{"content":{"application/json":
                {"schema":{"properties":{"%s":{}}}}}}}}}}\
                """;
        String older = described.formatted("model");
        assertThat(sharedMessages(older, "WEFT_ACCESS_KEYS", "true").orElse(""))
                .contains("weft.access.keys", "requests to /v1/messages", off);
        assertThat(sharedMessages(described.formatted("cache_salt"), "WEFT_ACCESS_KEYS", "true"))
                .isEmpty();
        assertThat(sharedMessages("Not Found", "WEFT_ACCESS_KEYS", "true")).isEmpty();
        assertThat(sharedMessages(older, "WEFT_ACCESS_KEYS", "false")).isEmpty();
        assertThat(sharedMessages(older, "WEFT_RELAY_COMMAND", "vllm serve " + off)).isEmpty();
    }

    @Test
    void theFilesNameOneBase() throws Exception {
        Deployment deployment = DeploymentFile.read(FILE, List.of());
        String base = deployment.base().checkpoint().repo();
        assertThat(Files.readString(FILES.resolve("compose.yaml"))).contains(base);
        assertThat(Files.readString(FILES.resolve("pod.yaml"))).contains(base);
    }
}
