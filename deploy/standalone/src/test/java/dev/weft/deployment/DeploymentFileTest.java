package dev.weft.deployment;

import static dev.weft.deployment.DeploymentFiles.SMALL;
import static dev.weft.deployment.DeploymentFiles.faults;
import static dev.weft.deployment.DeploymentFiles.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.AccessSettings;
import dev.weft.access.tls.TlsSettings;
import dev.weft.catalog.settings.CatalogSettings;
import dev.weft.catalog.settings.TenantSettings;
import dev.weft.deployment.truss.TensorRtSettings;
import dev.weft.deployment.truss.Truss;
import dev.weft.gateway.limit.LimitSettings;
import dev.weft.gateway.queue.QueueSettings;
import dev.weft.gateway.queue.TenantWeight;
import dev.weft.gateway.routing.RoutingSettings;
import dev.weft.gateway.settings.DiscoverySettings;
import dev.weft.gateway.settings.GatewaySettings;
import dev.weft.gateway.usage.Price;
import dev.weft.gateway.usage.UsageSettings;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.RelaySettings;
import dev.weft.inference.server.settings.ReplySettings;
import dev.weft.inference.server.settings.TritonSettings;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.service.settings.AddressSettings;
import dev.weft.service.settings.EngineSettings;
import dev.weft.service.settings.LogSettings;
import dev.weft.service.settings.MetricsSettings;
import dev.weft.settings.secret.SecretSettings;
import dev.weft.source.SourceSettings;
import dev.weft.tracing.TracingSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

final class DeploymentFileTest {
    @TempDir Path folder;

    /** The records of Weft's own settings. */
    private static List<Record> weft(Deployment deployment) {
        return deployment.settings().all().stream()
                .filter(record -> !(record instanceof Truss))
                .toList();
    }

    @Test
    void everySettingHasADefault() throws DeploymentException {
        Deployment small = read(folder, SMALL).deployment();
        assertThat(small.base().servedName()).isEqualTo("small");
        assertThat(small.useGpu()).isFalse();
        assertThat(small.lora().maxRank()).isEqualTo(8);
        assertThat(small.lora().adapters()).isEmpty();
        assertThat(weft(small))
                .containsExactlyInAnyOrder(
                        new FleetSettings(List.of()),
                        new AddressSettings(
                                "127.0.0.1",
                                new AddressSettings.Gateway(8080, null, List.of()),
                                new AddressSettings.Catalog(8081, null, null),
                                new AddressSettings.Worker(8082, null, null)),
                        DiscoverySettings.NONE,
                        new EngineSettings(EngineSettings.Choice.AUTO),
                        new RoutingSettings(1, 1, 1, 0.5, 0.5, 0.25, true, Duration.ZERO, false),
                        new QueueSettings(
                                1024,
                                DataSize.ofMegabytes(64),
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(15),
                                1,
                                1024,
                                List.of()),
                        new UsageSettings(true, List.of()),
                        new LimitSettings(null, Duration.ofMillis(50)),
                        new GatewaySettings(
                                Duration.ofMinutes(2),
                                Duration.ZERO,
                                DataSize.ofMegabytes(8),
                                Duration.ofSeconds(2)),
                        new CatalogSettings(
                                null,
                                List.of(folder.toAbsolutePath()),
                                Duration.ofMinutes(15),
                                null,
                                Duration.ofHours(24),
                                DataSize.ofGigabytes(20),
                                400,
                                null),
                        new TenantSettings(10_000, 10_000, 100, 10),
                        new InferenceSettings(
                                InferenceSettings.PrecisionChoice.BF16,
                                InferenceSettings.KernelChoice.AUTO,
                                InferenceSettings.InstructionSetChoice.AUTO,
                                DataSize.ofGigabytes(20),
                                0,
                                false,
                                16,
                                null,
                                32,
                                512,
                                0,
                                0,
                                InferenceSettings.CachePrecision.INT16,
                                256,
                                Duration.ofSeconds(60),
                                true,
                                List.of("tenant"),
                                Duration.ofMillis(200),
                                8,
                                null,
                                true,
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(30)),
                        new RelaySettings(
                                null,
                                null,
                                null,
                                null,
                                List.of(),
                                null,
                                0,
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(5)),
                        new ReplySettings(
                                "auto",
                                ReplySettings.Reasoning.AUTO,
                                ReplySettings.ReasoningFields.BOTH),
                        new TritonSettings(
                                Path.of("/models"),
                                Path.of("/opt/tritonserver/backends"),
                                "tensorrt_llm"),
                        new MetricsSettings(true, 200),
                        new AccessSettings(false, null, "weft"),
                        TlsSettings.OFF,
                        new TracingSettings(null, 1, false, List.of()),
                        new LogSettings(LogSettings.Format.TEXT, false),
                        new SourceSettings(
                                List.of(),
                                List.of(),
                                Duration.ofSeconds(30),
                                1024,
                                List.of(),
                                new SourceSettings.Hub(null),
                                new SourceSettings.S3(null, null),
                                new SourceSettings.Gcs(null),
                                new SourceSettings.Azure(null, null)),
                        SecretSettings.NONE);
    }

    @Test
    void everySettingCanBeGiven() throws Exception {
        SelfSigned.write(folder.resolve("tls"), "own");
        SelfSigned.write(folder.resolve("tls"), "ca");
        Path root = Files.createDirectory(folder.resolve("adapters"));
        Deployment given =
                read(
                                folder,
                                SMALL
                                        + """
                                        weft:
                                          bind-address: 0.0.0.0
                                          engine: tensorrt-llm
                                          gateway: {port: 0, management-port: 0, workers: ["http://a:1", "https://b:2/"], discovery: {dns: "http://workers.example:8082", srv: "_http._tcp.a.example,b.example.", name-servers: ["10.0.0.10", "[fd00::10]:54"], refresh: 30s, scheme: https, networks: 10.0.0.0/8, max-workers: 7, catalog: true, kubernetes: {service: workers, namespace: weft, port: http, kubeconfig: kubeconfig}}, request-timeout: 30s, max-request-time: 5m, max-request-bytes: 64KiB, drain-timeout: 45s, queue: {max-requests: 5, max-bytes: 3KB, max-wait: 4s, adapter-wait: 7s, keep-alive: 8s, worker-backlog: 0.5, worker-requests: 6, tenant-weights: [team=3, other=2]}, routing: {load-weight: 0.4, affinity-weight: 0}, limits: {redis: "rediss://u:hush@redis:6380/1", redis-timeout: 20ms}, usage: {enabled: false, prices: ["sql-*=0.15/0.6", "*=1/2"]}}
                                          catalog:
                                            port: 1
                                            management-port: 9
                                            url: http://c:3
                                            database: r2dbc:postgresql://u:p@host:5432/weft
                                            file-roots: adapters
                                            ingest-timeout: 2m
                                            artifacts: s3://weft/artifacts
                                            artifact-grace: 1h
                                            artifact-cache-bytes: 6MiB
                                            usage-days: 500
                                            tenant: {adapters: 11, aliases: 12, rollouts: 13, shadows: 14}
                                            service-token: tempo
                                          access: {keys: true, jwt-issuer: "https://issuer.example/weft", jwt-audience: us}
                                          tracing: {otlp-endpoint: "https://tempo:4318", sample-ratio: 0.25, content: true, headers: Authorization=tempo}
                                          log: {format: json, requests: true}
                                          inference:
                                            port: 2
                                            management-port: 10
                                            address: http://w:4
                                            precision: bf16
                                            kernels: vector
                                            instruction-set: avx512-bf16
                                            packed-weights-bytes: 2GiB
                                            pin-threads: true
                                            threads: 3
                                            max-loras: 4
                                            host-cache-bytes: 3GiB
                                            max-rows: 5
                                            max-batch-tokens: 16
                                            max-model-length: 7
                                            kv-cache-tokens: 8
                                            kv-cache-precision: int8
                                            speculative-tokens: 10
                                            draft-model: /small
                                            max-queue: 9
                                            adapter-timeout: 1500ms
                                            prefix-cache: false
                                            prefix-sharing: small, acme/sql
                                            max-token-gap: 50ms
                                            merge-single-adapter: false
                                            drain-timeout: 40s
                                            stall-timeout: 50s
                                            reply: {tool-format: llama3_json, reasoning: think, reasoning-fields: reasoning-content}
                                          relay: {url: "http://127.0.0.1:8000", api-key: hush, shared-dir: lora, server-dir: /mnt/lora, command: vllm serve, model: base, max-cpu-loras: 8, start-timeout: 20m, silence-timeout: 90s}
                                          tls: {certificate: tls/own.crt, private-key: /tls.key, trust: tls/ca.crt, services: "*.weft.svc,spiffe://example.com/weft"}
                                          triton: {model-repository: repository, backends: /backends, model: other}
                                          metrics: {enabled: false, max-adapters: 12}
                                          sources:
                                            allowed-hosts: ["*.example.com", "files.example.org:8443"]
                                            allowed-addresses: 10.0.0.0/8
                                            stall-timeout: 3s
                                            min-bytes-per-second: 5
                                            credentials: s3=minio,https://files.example.org:8443=files,az://models=azure
                                            hf: {endpoint: "http://hub:1"}
                                            s3: {endpoint: "http://minio:9000", region: eu-central-1}
                                            gcs: {endpoint: "http://gcs:2"}
                                            azure: {endpoint: "http://azurite:10000/account", account: account}
                                          secrets:
                                            minio: {env: MINIO}
                                            files: {file: keys/files}
                                            azure: {value: "a key=="}
                                            tempo: {env: TEMPO}
                                        """
                                                .replace(
                                                        "/tls.key",
                                                        folder.resolve("tls/own.key").toString()))
                        .deployment();
        assertThat(weft(given))
                .containsExactlyInAnyOrder(
                        new FleetSettings(List.of()),
                        new AddressSettings(
                                "0.0.0.0",
                                new AddressSettings.Gateway(
                                        0,
                                        0,
                                        List.of(
                                                URI.create("http://a:1"),
                                                URI.create("https://b:2"))),
                                new AddressSettings.Catalog(1, 9, URI.create("http://c:3")),
                                new AddressSettings.Worker(2, 10, URI.create("http://w:4"))),
                        new DiscoverySettings(
                                List.of(URI.create("http://workers.example:8082")),
                                List.of("_http._tcp.a.example", "b.example."),
                                List.of("10.0.0.10", "[fd00::10]:54"),
                                Duration.ofSeconds(30),
                                DiscoverySettings.Scheme.https,
                                List.of(AddressRange.of("10.0.0.0/8")),
                                7,
                                true,
                                new DiscoverySettings.Kubernetes(
                                        "workers", "weft", "http", folder.resolve("kubeconfig"))),
                        new EngineSettings(EngineSettings.Choice.TENSORRT_LLM),
                        new RoutingSettings(0.4, 1, 1, 0, 0.5, 0.25, true, Duration.ZERO, false),
                        new QueueSettings(
                                5,
                                DataSize.ofBytes(3_000),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(7),
                                Duration.ofSeconds(8),
                                0.5,
                                6,
                                List.of(TenantWeight.of("team=3"), TenantWeight.of("other=2"))),
                        new LimitSettings("rediss://u:hush@redis:6380/1", Duration.ofMillis(20)),
                        new UsageSettings(
                                false, List.of(Price.of("sql-*=0.15/0.6"), Price.of("*=1/2"))),
                        new GatewaySettings(
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(5),
                                DataSize.ofKilobytes(64),
                                Duration.ofSeconds(45)),
                        new CatalogSettings(
                                "r2dbc:postgresql://u:p@host:5432/weft",
                                List.of(root.toAbsolutePath()),
                                Duration.ofMinutes(2),
                                ObjectAddress.parse("s3://weft/artifacts").orElseThrow(),
                                Duration.ofHours(1),
                                DataSize.ofMegabytes(6),
                                500,
                                "tempo"),
                        new TenantSettings(11, 12, 13, 14),
                        new InferenceSettings(
                                InferenceSettings.PrecisionChoice.BF16,
                                InferenceSettings.KernelChoice.VECTOR,
                                InferenceSettings.InstructionSetChoice.AVX512_BF16,
                                DataSize.ofGigabytes(2),
                                3,
                                true,
                                4,
                                DataSize.ofGigabytes(3),
                                5,
                                16,
                                7,
                                8,
                                InferenceSettings.CachePrecision.INT8,
                                9,
                                Duration.ofMillis(1500),
                                false,
                                List.of("small", "acme/sql"),
                                Duration.ofMillis(50),
                                10,
                                Path.of("/small"),
                                false,
                                Duration.ofSeconds(40),
                                Duration.ofSeconds(50)),
                        new RelaySettings(
                                URI.create("http://127.0.0.1:8000"),
                                "hush",
                                root.resolveSibling("lora"),
                                Path.of("/mnt/lora"),
                                List.of("vllm serve"),
                                "base",
                                8,
                                Duration.ofMinutes(20),
                                Duration.ofSeconds(90)),
                        new ReplySettings(
                                "llama3_json",
                                ReplySettings.Reasoning.THINK,
                                ReplySettings.ReasoningFields.REASONING_CONTENT),
                        new TritonSettings(
                                folder.toAbsolutePath().resolve("repository"),
                                Path.of("/backends"),
                                "other"),
                        new MetricsSettings(false, 12),
                        new AccessSettings(true, "https://issuer.example/weft", "us"),
                        new TlsSettings(
                                folder.toAbsolutePath().resolve("tls/own.crt"),
                                folder.resolve("tls/own.key"),
                                folder.toAbsolutePath().resolve("tls/ca.crt"),
                                List.of("*.weft.svc", "spiffe://example.com/weft")),
                        new TracingSettings(
                                URI.create("https://tempo:4318"),
                                0.25,
                                true,
                                List.of(new TracingSettings.Header("authorization", "tempo"))),
                        new LogSettings(LogSettings.Format.JSON, true),
                        new SourceSettings(
                                List.of(
                                        HostPattern.of("*.example.com"),
                                        HostPattern.of("files.example.org:8443")),
                                List.of(AddressRange.of("10.0.0.0/8")),
                                Duration.ofSeconds(3),
                                5,
                                List.of(
                                        new SourceSettings.Credential("s3", "minio"),
                                        new SourceSettings.Credential(
                                                "https://files.example.org:8443", "files"),
                                        new SourceSettings.Credential("az://models", "azure")),
                                new SourceSettings.Hub(URI.create("http://hub:1")),
                                new SourceSettings.S3(
                                        URI.create("http://minio:9000"), "eu-central-1"),
                                new SourceSettings.Gcs(URI.create("http://gcs:2")),
                                new SourceSettings.Azure(
                                        URI.create("http://azurite:10000/account"), "account")),
                        new SecretSettings(
                                Map.of(
                                        "minio",
                                        new SecretSettings.Entry("MINIO", null, null),
                                        "files",
                                        new SecretSettings.Entry(
                                                null,
                                                folder.toAbsolutePath().resolve("keys/files"),
                                                null),
                                        "azure",
                                        new SecretSettings.Entry(null, null, "a key=="),
                                        "tempo",
                                        new SecretSettings.Entry("TEMPO", null, null))));
    }

    @Test
    void memoryIsGivenInBytesOrWithAUnit() throws DeploymentException {
        String key = SMALL + "weft: {inference: {host-cache-bytes: ";
        assertThat(
                        read(folder, key + "0}}\n")
                                .deployment()
                                .settings(InferenceSettings.class)
                                .hostCacheBytes())
                .isEqualTo(DataSize.ofBytes(0));
        EffectiveDeployment large = read(folder, key + "2500MiB}}\n");
        assertThat(large.deployment().settings(InferenceSettings.class).hostCacheBytes())
                .isEqualTo(DataSize.ofMegabytes(2500));
        assertThat(large.json()).contains("\"host-cache-bytes\" : \"2500MiB\"");
        for (String bad : List.of("lots", "-1", "1048577GiB", "999999999999999GiB")) {
            assertThat(faults(folder, key + bad + "}}\n"))
                    .singleElement()
                    .asString()
                    .contains("weft.inference.host-cache-bytes: '" + bad + "' is not allowed")
                    .contains("0 to 1048576GiB, in bytes or with KiB, MiB, GiB");
        }
    }

    @Test
    void tracingAndTheLogRefuseWhatTheyCanNotDo() {
        assertThat(
                        faults(
                                folder,
                                SMALL
                                        + """
                                        weft:
                                          tracing: {otlp-endpoint: "tempo:4317", sample-ratio: 1.5, content: perhaps, headers: "authorization=nobody", endpoint: x}
                                          log: {format: xml}
                                        """))
                .containsExactlyInAnyOrder(
                        "weft.yaml:7: weft.tracing.otlp-endpoint: 'tempo:4317' is not allowed: an"
                                + " address like http://127.0.0.1:8081",
                        "weft.yaml:7: weft.tracing.sample-ratio: '1.5' is not allowed: a number"
                                + " from 0 to 1",
                        "weft.yaml:7: weft.tracing.content: 'perhaps' is not allowed: true, false",
                        "weft.yaml:7: weft.tracing.headers: 'nobody' is not allowed: a secret of"
                                + " weft.secrets, which has none",
                        "weft.yaml:7: weft.tracing.endpoint: is not a key of Weft: did you mean"
                                + " weft.tracing.otlp-endpoint?",
                        "weft.yaml:8: weft.log.format: 'xml' is not allowed: text, json");
    }

    @Test
    void tlsNeedsBothFilesAndWhoAsksForCertificatesNeedsAllThree() throws Exception {
        SelfSigned.write(folder.resolve("tls"), "own");
        assertThat(faults(folder, SMALL + "weft: {tls: {certificate: tls/own.crt}}\n"))
                .containsExactly(
                        "weft.yaml:6: weft.tls.private-key: must be given if"
                                + " weft.tls.certificate is: a file in PEM");
        assertThat(faults(folder, SMALL + "weft: {tls: {private-key: tls/own.key}}\n"))
                .containsExactly(
                        "weft.yaml:6: weft.tls.certificate: must be given if"
                                + " weft.tls.private-key is: a file in PEM");
        assertThat(faults(folder, SMALL + "weft: {tls: {services: gateway}}\n"))
                .containsExactly(
                        "weft.yaml:6: weft.tls.certificate: must be given if weft.tls.services"
                                + " is: a file in PEM",
                        "weft.yaml:6: weft.tls.trust: must be given if weft.tls.services is: a"
                                + " file in PEM");
        assertThat(faults(folder, SMALL + "weft: {tls: {services: ['*', 'a b']}}\n"))
                .first()
                .asString()
                .contains("weft.tls.services: '*' is not allowed: a name like gateway.weft.svc");
    }

    @Test
    void filesOfTlsAreRead() throws Exception {
        SelfSigned.write(folder.resolve("tls"), "own");
        SelfSigned.write(folder.resolve("tls"), "other");
        Path nowhere = folder.toAbsolutePath().resolve("nowhere");
        Path yaml = folder.toAbsolutePath().resolve("weft.yaml");
        String certificates = "' is not allowed: a file with certificates in PEM";
        String key = "' is not allowed: a file with a private key in PEM, without a password";
        assertThat(
                        faults(
                                folder,
                                SMALL
                                        + """
                                        weft:
                                          tls:
                                            certificate: nowhere
                                            private-key: weft.yaml
                                            trust: tls
                                          gateway: {port: ten}
                                        """))
                .satisfiesExactlyInAnyOrder(
                        fault ->
                                assertThat(fault)
                                        .startsWith(
                                                "weft.yaml:8: weft.tls.certificate: '" + nowhere)
                                        .contains(certificates),
                        fault ->
                                assertThat(fault)
                                        .startsWith("weft.yaml:9: weft.tls.private-key: '" + yaml)
                                        .contains(key),
                        fault ->
                                assertThat(fault)
                                        .startsWith("weft.yaml:10: weft.tls.trust: '")
                                        .contains(certificates),
                        fault -> assertThat(fault).startsWith("weft.yaml:11: weft.gateway.port: "));
        assertThat(
                        faults(
                                folder,
                                SMALL
                                        + "weft: {tls: {certificate: tls/own.crt, private-key:"
                                        + " tls/other.key}}\n"))
                .singleElement()
                .asString()
                .contains("weft.tls.private-key: ", "the private key of weft.tls.certificate");
    }

    @Test
    void aModelThatDraftsIsAFolderIfTheEngineOpensIt() {
        String drafts = "weft: {engine: %s, inference: {draft-model: nowhere}}\n";
        for (String engine : List.of("auto", "cpu")) {
            assertThat(faults(folder, SMALL + drafts.formatted(engine)))
                    .containsExactly(
                            "weft.yaml:6: weft.inference.draft-model: '%s' is not allowed: it is not a folder"
                                    .formatted(folder.toAbsolutePath().resolve("nowhere")));
        }
        assertThat(faults(folder, SMALL + drafts.formatted("tensorrt-llm"))).isEmpty();
    }

    @Test
    void theAdaptersWithALabelAreAWholeNumberUpToAHundredThousand() throws DeploymentException {
        String key = SMALL + "weft: {metrics: {max-adapters: ";
        assertThat(
                        read(folder, key + "0}}\n")
                                .deployment()
                                .settings(MetricsSettings.class)
                                .maxAdapters())
                .isZero();
        for (String bad : List.of("many", "-1", "100001", "2.5")) {
            assertThat(faults(folder, key + bad + "}}\n"))
                    .singleElement()
                    .asString()
                    .contains("weft.metrics.max-adapters: ")
                    .contains("is not allowed")
                    .contains("0 to 100000");
        }
    }

    @Test
    void bothSpellingsOfTheRankCount() throws DeploymentException {
        assertThat(read(folder, SMALL + "    max_lora_rank: 32\n").deployment().lora().maxRank())
                .isEqualTo(32);
        EffectiveDeployment nested =
                read(folder, SMALL + "    lora_configuration: {max_lora_rank: 64}\n");
        assertThat(nested.deployment().lora().maxRank()).isEqualTo(64);
        assertThat(nested.json())
                .contains("\"max_lora_rank\" : 64")
                .doesNotContain("max_lora_rank\" : 8,");
        assertThat(
                        faults(
                                folder,
                                SMALL
                                        + "    max_lora_rank: 16\n"
                                        + "    lora_configuration: {max_lora_rank: 64}\n"))
                .containsExactly(
                        "weft.yaml:7: trt_llm.build.lora_configuration.max_lora_rank: 64 is not"
                                + " allowed: trt_llm.build.max_lora_rank says 16, and both mean the"
                                + " same");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-8", "12", "129", "512", "8.5", "eight", "'8 '", "[8]"})
    void aRankIsAPowerOfTwoUpTo256(String rank) {
        List<String> faults = faults(folder, SMALL + "    max_lora_rank: " + rank + "\n");
        if (rank.equals("'8 '")) {
            assertThat(faults).isEmpty();
        } else {
            assertThat(faults)
                    .singleElement()
                    .asString()
                    .startsWith("weft.yaml:6: trt_llm.build.max_lora_rank: ")
                    .endsWith("1, 2, 4, 8, 16, 32, 64, 128 or 256 (1 to 256 and a power of two)");
        }
    }

    @Test
    void allFaultsAreReportedTogether() {
        assertThat(
                        faults(
                                folder,
                                """
                                model_name: base
                                resources: {use_gpu: maybe, memory: lots}
                                trt_llm:
                                  build:
                                    base_model: encoder
                                    checkpoint_repository: {source: HUB, repo: a/b/c}
                                    lora_adapters:
                                      base: {repo: owner/one}
                                      bad name: {repo: owner/two}
                                      three: owner/three
                                      four: {source: FILE, repo: nowhere}
                                      five: {}
                                    plugin_configuration: {lora_plugin: int4}
                                weft:
                                  gatway: {port: 1}
                                  inference: {precision: int4, max-rows: 64, max-batch-tokens: 32}
                                  gateway: {port: 8082, request-timeout: 5}
                                """))
                .containsExactlyInAnyOrder(
                        "weft.yaml:2: resources.use_gpu: 'maybe' is not allowed: true, false",
                        "weft.yaml:2: resources.memory: 'lots' is not allowed: memory as 20Gi,"
                                + " 512Mi or 2G",
                        "weft.yaml:5: trt_llm.build.base_model: 'encoder' is not allowed: decoder"
                                + " (also spelled llama, mistral or qwen, as older files do)",
                        "weft.yaml:6: trt_llm.build.checkpoint_repository.source: 'HUB' is not"
                                + " allowed: HF, GCS, S3, AZURE, REMOTE_URL, FILE",
                        "weft.yaml:6: trt_llm.build.checkpoint_repository.repo: 'a/b/c' is not"
                                + " allowed: owner/name",
                        "weft.yaml:8: trt_llm.build.lora_adapters.base: the name 'base' is not"
                                + " allowed: the base model is served under it",
                        "weft.yaml:9: trt_llm.build.lora_adapters.bad name: the name 'bad name' is"
                                + " not allowed: 1 to 128 letters, digits, '.', '_', '-' or '/',"
                                + " first a letter or a digit",
                        "weft.yaml:10: trt_llm.build.lora_adapters.three: 'owner/three' is not"
                                + " allowed: a mapping with source, repo, revision",
                        "weft.yaml:11: trt_llm.build.lora_adapters.four.repo: 'nowhere' is not"
                                + " allowed: "
                                + folder.toAbsolutePath().resolve("nowhere")
                                + " is not a folder",
                        "weft.yaml:12: trt_llm.build.lora_adapters.five.repo: is missing:"
                                + " owner/name for HF, a folder for FILE, an address for the"
                                + " others",
                        "weft.yaml:13: trt_llm.build.plugin_configuration.lora_plugin: 'int4' is"
                                + " not allowed: float16, float32, bfloat16",
                        "weft.yaml:15: weft.gatway: is not a key of Weft: did you mean"
                                + " weft.gateway?",
                        "weft.yaml:16: weft.inference.precision: 'int4' is not allowed: bf16,"
                                + " int8",
                        "weft.yaml:16: weft.inference.max-batch-tokens: 32 is not allowed: at"
                                + " least weft.inference.max-rows, which is 64",
                        "weft.yaml:17: weft.gateway.request-timeout: '5' is not allowed: 1s to 1h,"
                                + " with the unit ms, s, m or h");
    }

    @Test
    void whatMustBeThereIsMissedByName() {
        assertThat(faults(folder, "trt_llm: {build: {base_model: decoder}}"))
                .containsExactlyInAnyOrder(
                        "weft.yaml:1: model_name: is missing: a name",
                        "weft.yaml:1: trt_llm.build.checkpoint_repository.repo: is missing:"
                                + " owner/name for HF, a folder for FILE, an address for the"
                                + " others");
        assertThat(faults(folder, "")).hasSize(2);
        assertThat(faults(folder, "- a\n- b\n"))
                .containsExactly(
                        "weft.yaml:1: is a list: a mapping with model_name, trt_llm, ... is"
                                + " allowed");
    }

    @Test
    void aFileFolderIsRelativeToTheFile() throws Exception {
        Path base = Files.createDirectory(folder.resolve("base"));
        String yaml =
                SMALL.replace("repo: owner/base", "{source: FILE, repo: base}")
                        .replace("checkpoint_repository:\n      {", "checkpoint_repository: {");
        assertThat(read(folder, yaml).deployment().base().checkpoint().repo())
                .isEqualTo(base.toAbsolutePath().toString());
    }

    @Test
    void keysOfATensorRtEngineAreRead() throws DeploymentException {
        Deployment deployment =
                read(
                                folder,
                                SMALL
                                        + """
                                            quantization_type: fp8_kv
                                            tensor_parallel_count: 2
                                            max_batch_size: 16
                                            lora_configuration: {lora_target_modules: [attn_q, up_proj]}
                                          runtime: {kv_cache_free_gpu_mem_fraction: 0.75, batch_scheduler_policy: max_utilization}
                                        resources: {accelerator: 'H100:2'}
                                        """)
                        .deployment();

        TensorRtSettings tensorRt = deployment.tensorRt();
        assertThat(tensorRt.build().quantization().type())
                .isEqualTo(TensorRtSettings.QuantizationType.FP8_KV);
        assertThat(tensorRt.build().parallelism().tensorParallelCount()).isEqualTo(2);
        assertThat(tensorRt.build().batch().maxBatchSize()).isEqualTo(16);
        assertThat(tensorRt.build().batch().maxNumTokens()).isEqualTo(8192);
        assertThat(tensorRt.build().batch().maxSeqLen()).isNull();
        assertThat(tensorRt.build().loraTargetModules())
                .containsExactly(LinearModule.Q, LinearModule.UP);
        assertThat(tensorRt.serving().kvCacheFreeGpuMemoryFraction()).isEqualTo(0.75);
        assertThat(tensorRt.serving().batchSchedulerPolicy())
                .isEqualTo(TensorRtSettings.SchedulerPolicy.MAX_UTILIZATION);
        assertThat(tensorRt.accelerator()).isEqualTo("H100:2");
    }

    @Test
    void wrongValuesOfATensorRtEngineAreFaults() {
        assertThat(
                        faults(
                                folder,
                                SMALL,
                                "trt_llm.build.quantization_type=int3",
                                "trt_llm.build.max_num_tokens=64",
                                "trt_llm.runtime.kv_cache_free_gpu_mem_fraction=1.5",
                                "trt_llm.build.lora_configuration.lora_target_modules=attn_qkv"))
                .hasSize(4)
                .anySatisfy(fault -> assertThat(fault).contains("'int3'", "weights_kv_int8"))
                .anySatisfy(fault -> assertThat(fault).contains("'64'", "65 to 1048576"))
                .anySatisfy(fault -> assertThat(fault).contains("'1.5'", "over 0 and up to 1"))
                .anySatisfy(fault -> assertThat(fault).contains("'attn_qkv'", "attn_q, attn_k"));
    }

    @Test
    void keysThatOnlyTrussReadsAreKeptAndNamedOnce() throws DeploymentException {
        EffectiveDeployment effective =
                read(
                        folder,
                        """
                        python_version: py311
                        environment_variables: {DEBUG: '1'}
                        """
                                + SMALL
                                + """
                                    speculator: {num_draft_tokens: 4}
                                    skip_build_result: true
                                    max_lora_rnk: 4
                                """
                                + "  runtime: {total_token_limit: 500000}\n");
        assertThat(effective.notice())
                .hasValue(
                        "Weft does not use these keys of the file: python_version,"
                                + " environment_variables, trt_llm.build.speculator,"
                                + " trt_llm.build.skip_build_result, trt_llm.build.max_lora_rnk"
                                + " (did you mean trt_llm.build.max_lora_rank?),"
                                + " trt_llm.runtime.total_token_limit");
        assertThat(effective.unknownBelow("trt_llm.build"))
                .containsKeys(
                        "trt_llm.build.speculator",
                        "trt_llm.build.skip_build_result",
                        "trt_llm.build.max_lora_rnk")
                .hasSize(3);
        assertThat(effective.json())
                .contains("\"num_draft_tokens\" : 4")
                .contains("\"skip_build_result\" : true")
                .contains("\"total_token_limit\" : 500000")
                .contains("\"DEBUG\" : \"1\"");
    }

    @Test
    void faultsOfTheNotationNameTheirPlace() {
        assertThat(faults(folder, "model_name: a\n  trt_llm: {\n"))
                .singleElement()
                .asString()
                .startsWith("weft.yaml:2: not valid YAML (line 2, column 10): ");
        assertThat(faults(folder, SMALL + "model_name: again\n"))
                .containsExactly(
                        "weft.yaml:6: model_name: is there twice, the first time at weft.yaml:1");
        assertThat(faults(folder, "a: &a [*a]\n" + SMALL)).isNotEmpty();
    }

    @Test
    void aFileThatCantBeReadIsNamed() {
        assertThatThrownBy(() -> DeploymentFile.read(folder.resolve("absent.yaml"), List.of()))
                .isInstanceOf(DeploymentException.class)
                .hasMessageEndingWith("absent.yaml: there is no such file");
        assertThatThrownBy(() -> DeploymentFile.read(folder, List.of()))
                .hasMessageEndingWith(": is a folder");
    }
}
