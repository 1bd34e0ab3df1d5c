package dev.weft.inference.server;

import dev.weft.access.management.Management;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.DeploymentFile;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.constraint.GuideRules;
import dev.weft.inference.server.checkpoint.Checkpoint;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.engine.WorkerParts;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.inference.server.text.TestTokenizers;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceStart;
import dev.weft.service.ServiceToken;
import dev.weft.source.SourceConfiguration;
import dev.weft.source.SourceOptions;
import dev.weft.tracing.TracingOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/** A worker over HTTP with a scripted engine and a byte-level tokenizer. */
public final class TestWorker implements AutoCloseable {
    private static final Path SAMPLE = Path.of("..", "..", "samples", "weft-tiny", "base");

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
                data, script, options(data, catalog, drain, Duration.ofMinutes(1), false), reader);
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
                options(data, catalog, Duration.ZERO, Duration.ofMinutes(1), true),
                TestArtifacts.READER);
    }

    private static TestWorker start(
            Path data,
            Function<GenerationRequest, List<Integer>> script,
            ServiceStart options,
            AdapterReader reader)
            throws IOException {
        return start(script, options, reader, checkpoint(data.resolve("base")));
    }

    /** A worker whose base's folder has more files, by their paths within it. */
    public static TestWorker startWith(
            Path data,
            Function<GenerationRequest, List<Integer>> script,
            URI catalog,
            Map<String, String> files)
            throws IOException {
        return startWith(checkpoint(data.resolve("base")), data, script, catalog, files);
    }

    /** The same without a generation_config.json. */
    public static TestWorker startSilent(
            Path data,
            Function<GenerationRequest, List<Integer>> script,
            URI catalog,
            Map<String, String> files)
            throws IOException {
        Path folder = checkpoint(data.resolve("base"));
        Files.delete(folder.resolve("generation_config.json"));
        return startWith(folder, data, script, catalog, files);
    }

    private static TestWorker startWith(
            Path folder,
            Path data,
            Function<GenerationRequest, List<Integer>> script,
            URI catalog,
            Map<String, String> files)
            throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.writeString(target, file.getValue());
        }
        return start(
                script,
                options(data, catalog, Duration.ZERO, Duration.ofMinutes(1), false),
                TestArtifacts.READER,
                folder);
    }

    /** A worker whose base has that chat template. */
    public static TestWorker startTalking(
            Path data, Function<GenerationRequest, List<Integer>> script, String template)
            throws IOException {
        Path folder = checkpoint(data.resolve("base"));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                JsonMapper.shared()
                        .writeValueAsString(
                                Map.of("eos_token", "<|im_end|>", "chat_template", template)));
        URI nowhere = URI.create("http://127.0.0.1:1");
        return start(
                script,
                options(data, nowhere, Duration.ZERO, Duration.ofMinutes(1), false),
                TestArtifacts.READER,
                folder);
    }

    /** A worker whose engine holds answers to guides by a grammar of its own. */
    public static TestWorker startGuided(
            Path data, Function<GenerationRequest, List<Integer>> script, GuideRules guides)
            throws IOException {
        URI nowhere = URI.create("http://127.0.0.1:1");
        ScriptedEngine engine = new ScriptedEngine(TestTokenizers.IM_END + 1, script);
        engine.guides = guides;
        return start(
                engine,
                options(data, nowhere, Duration.ZERO, Duration.ofMinutes(1), false),
                TestArtifacts.READER,
                checkpoint(data.resolve("base")));
    }

    private static TestWorker start(
            Function<GenerationRequest, List<Integer>> script,
            ServiceStart options,
            AdapterReader reader,
            Path checkpoint)
            throws IOException {
        return start(
                new ScriptedEngine(TestTokenizers.IM_END + 1, script), options, reader, checkpoint);
    }

    private static TestWorker start(
            ScriptedEngine engine, ServiceStart options, AdapterReader reader, Path checkpoint)
            throws IOException {
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
        return new TestWorker(
                engine,
                WorkerService.start(
                        options.with(Checkpoint.class, new Checkpoint(checkpoint))
                                .with(WorkerParts.class, parts)));
    }

    /** A worker that serves the bundled sample on the embedded engine, without a catalog. */
    public static WorkerService sample(Path data) throws IOException {
        return sample(data, SAMPLE.toAbsolutePath());
    }

    /** The same with a chat template that begins a thought in each reply's place. */
    public static WorkerService thinkingSample(Path data) throws IOException {
        Path base = Files.createDirectories(data.resolve("thinking"));
        for (String file :
                List.of(
                        "config.json",
                        "generation_config.json",
                        "tokenizer.json",
                        "model.safetensors")) {
            Files.copy(SAMPLE.resolve(file), base.resolve(file));
        }
        String config = Files.readString(SAMPLE.resolve("tokenizer_config.json"));
        String thinking = config.replace("assistant\\n' }}", "assistant\\n<think>\\n' }}");
        if (thinking.equals(config)) {
            throw new IllegalStateException("no generation prompt in " + config);
        }
        Files.writeString(base.resolve("tokenizer_config.json"), thinking);
        return sample(data, base, "weft.inference.reply.reasoning=think");
    }

    private static WorkerService sample(Path data, Path base, String... settings)
            throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of("weft.engine=cpu", "weft.catalog.url=http://127.0.0.1:1"));
        Deployment deployment =
                deployment(
                        data,
                        "{source: FILE, repo: " + base.normalize() + "}",
                        all.toArray(String[]::new));
        return WorkerService.start(start(deployment, data));
    }

    /** Text as one token per byte. */
    public static List<Integer> bytes(String text) {
        List<Integer> tokens = new ArrayList<>();
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

    private static ServiceStart options(
            Path data, URI catalog, Duration drain, Duration stall, boolean keys)
            throws IOException {
        Deployment deployment =
                deployment(
                        data,
                        "{source: HF, repo: weft/test-base}",
                        "weft.catalog.url=" + catalog,
                        "weft.access.keys=" + keys,
                        "weft.inference.merge-single-adapter=false",
                        "weft.inference.drain-timeout=" + drain.toMillis() + "ms",
                        "weft.inference.stall-timeout=" + stall.toMillis() + "ms");
        return start(deployment, data).with(Clock.class, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** How a worker of a deployment is started, on a free port. */
    static ServiceStart start(Deployment deployment, Path data) {
        return ServiceStart.of(deployment.settings())
                .with(Deployment.class, deployment)
                .with(DataFolder.class, new DataFolder(data))
                .with(SourceOptions.class, SourceConfiguration.fromEnvironment(Map.of()))
                .with(Management.class, Management.SAME_PORT)
                .with(ServiceToken.class, ServiceToken.NONE)
                .with(Clock.class, Clock.systemUTC())
                .with(TracingOptions.class, TracingOptions.OFF);
    }

    /**
     * A small deployment.
     *
     * @param checkpoint repository of the base, in YAML
     */
    static Deployment deployment(Path folder, String checkpoint, String... settings)
            throws IOException {
        Path file =
                Files.writeString(
                        Files.createDirectories(folder).resolve("weft.yaml"),
                        """
                        model_name: %s
                        trt_llm:
                          build:
                            checkpoint_repository: %s
                            max_lora_rank: 16
                        weft:
                          inference:
                            port: 0
                            threads: 1
                            max-loras: 2
                            host-cache-bytes: 1MiB
                            max-rows: 8
                            max-batch-tokens: 256
                            max-queue: 16
                            adapter-timeout: 60s
                        """
                                .formatted(BASE, checkpoint));
        try {
            return DeploymentFile.read(file, List.of(settings));
        } catch (DeploymentException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
