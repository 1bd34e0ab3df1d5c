package dev.weft.inference.server;

import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.WeftSettings;
import dev.weft.format.trtllm.EngineDemands;
import dev.weft.format.trtllm.LoraPlugin;
import dev.weft.format.trtllm.TensorRtSettings;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.inference.server.text.TestTokenizers;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.SourceConfiguration;
import dev.weft.tracing.TracingSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.util.unit.DataSize;

/** A worker over HTTP with a scripted engine and a byte-level tokenizer. */
public final class TestWorker implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    public static final String BASE = "test-base";

    public final ScriptedEngine engine;
    public final WorkerService service;

    private TestWorker(ScriptedEngine engine, WorkerService service) {
        this.engine = engine;
        this.service = service;
    }

    /** Without a catalog. */
    public static TestWorker start(Path data, Function<GenerationRequest, List<Integer>> script)
            throws IOException {
        return start(data, script, URI.create("http://127.0.0.1:1"), TestArtifacts.READER);
    }

    public static TestWorker start(
            Path data,
            Function<GenerationRequest, List<Integer>> script,
            URI catalog,
            AdapterReader reader)
            throws IOException {
        return start(data, script, catalog, reader, Duration.ZERO);
    }

    /** A worker that gives running requests this long when it is closed. */
    public static TestWorker start(
            Path data,
            Function<GenerationRequest, List<Integer>> script,
            URI catalog,
            AdapterReader reader,
            Duration drain)
            throws IOException {
        return start(
                data, script, options(data, catalog, drain, Duration.ofSeconds(30), false), reader);
    }

    /** A worker that lets its engine make no step for this long. */
    public static TestWorker startImpatient(
            Path data, Function<GenerationRequest, List<Integer>> script, Duration stall)
            throws IOException {
        URI nowhere = URI.create("http://127.0.0.1:1");
        return start(
                data,
                script,
                options(data, nowhere, Duration.ZERO, stall, false),
                TestArtifacts.READER);
    }

    /** A worker that asks clients for a token of that catalog. */
    public static TestWorker startAsking(
            Path data, Function<GenerationRequest, List<Integer>> script, URI catalog)
            throws IOException {
        return start(
                data,
                script,
                options(data, catalog, Duration.ZERO, Duration.ofSeconds(30), true),
                TestArtifacts.READER);
    }

    private static TestWorker start(
            Path data,
            Function<GenerationRequest, List<Integer>> script,
            WorkerOptions options,
            AdapterReader reader)
            throws IOException {
        Path checkpoint = checkpoint(data.resolve("base"));
        ScriptedEngine engine = new ScriptedEngine(TestTokenizers.IM_END + 1, script);
        WorkerParts parts =
                new WorkerParts() {
                    @Override
                    public EngineFactory engine() {
                        return (_, _) -> engine;
                    }

                    @Override
                    public AdapterReader adapters(EngineDescription description) {
                        return reader;
                    }
                };
        return new TestWorker(engine, WorkerService.start(options, checkpoint, parts));
    }

    /** Text as one token per byte. */
    public static List<Integer> bytes(String text) {
        List<Integer> tokens = new java.util.ArrayList<>();
        for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            tokens.add(b & 0xFF);
        }
        return tokens;
    }

    @Override
    public void close() {
        service.close();
    }

    private static Path checkpoint(Path folder) throws IOException {
        TestTokenizers.byteLevel(folder);
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                """
                {"eos_token":"<|im_end|>","chat_template":"{% for m in messages %}{% if m.role == \
                'tool' %}{{ raise_exception('no tools here') }}{% endif %}{{ '<|im_start|>' + m.role + \
                '\\\\n' + m.content + '<|im_end|>\\\\n' }}{% endfor %}{% if add_generation_prompt %}{{ \
                '<|im_start|>assistant\\\\n' }}{% endif %}"}
                """);
        Files.writeString(
                folder.resolve("generation_config.json"),
                """
                {"eos_token_id":[268,266],"do_sample":false,"top_k":7}
                """);
        return folder;
    }

    private static WorkerOptions options(
            Path data, URI catalog, Duration drain, Duration stall, boolean keys) {
        return new WorkerOptions(
                new WeftSettings.Inference(
                        0,
                        null,
                        WeftSettings.Precision.BF16,
                        1,
                        2,
                        DataSize.ofMegabytes(1),
                        8,
                        256,
                        0,
                        0,
                        16,
                        Duration.ofSeconds(20),
                        true,
                        List.of("tenant"),
                        Duration.ofMillis(200),
                        false,
                        drain,
                        stall),
                WeftSettings.Metrics.DEFAULT,
                WeftSettings.EngineChoice.CPU,
                new WorkerOptions.Gpu(
                        false,
                        asksOfEngine(),
                        new WeftSettings.Triton(
                                data.resolve("models"), data.resolve("backends"), "tensorrt_llm")),
                "127.0.0.1",
                data,
                new RepositoryRef(RepositorySource.HF, "weft/test-base", null),
                SourceConfiguration.fromEnvironment(Map.of()),
                BASE,
                16,
                catalog,
                null,
                keys,
                Management.SAME_PORT,
                ServiceTls.OFF,
                _ -> {},
                Clock.fixed(NOW, ZoneOffset.UTC),
                TracingSettings.OFF);
    }

    /** The demands on engines of a deployment that doesn't mention TensorRT-LLM. */
    static EngineDemands asksOfEngine() {
        return new EngineDemands(
                LoraPlugin.FLOAT16,
                16,
                0,
                new TensorRtSettings.Build(
                        null,
                        8,
                        512,
                        TensorRtSettings.QuantizationType.NO_QUANT,
                        new TensorRtSettings.Calibration(null, null, null),
                        1,
                        1,
                        null,
                        false,
                        true,
                        true,
                        false,
                        List.of()));
    }
}
