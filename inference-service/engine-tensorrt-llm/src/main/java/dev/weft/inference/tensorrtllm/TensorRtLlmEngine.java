package dev.weft.inference.tensorrtllm;

import dev.weft.inference.engine.AdapterMemory;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.EngineStatistics;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.tensorrtllm.adapter.AdapterData;
import dev.weft.inference.tensorrtllm.gpu.GpuMetrics;
import dev.weft.inference.tensorrtllm.gpu.Nvml;
import dev.weft.inference.tensorrtllm.stream.Contract;
import dev.weft.inference.tensorrtllm.stream.Counters;
import dev.weft.inference.tensorrtllm.stream.ServedModel;
import dev.weft.inference.tensorrtllm.text.TextCodec;
import dev.weft.inference.tensorrtllm.text.TextContract;
import dev.weft.inference.tensorrtllm.text.TextModel;
import dev.weft.inference.tensorrtllm.tokens.TokenContract;
import dev.weft.inference.tensorrtllm.triton.TritonException;
import dev.weft.inference.tensorrtllm.triton.TritonOptions;
import dev.weft.inference.tensorrtllm.triton.TritonServer;
import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.lora.LoraAdapter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TensorRT-LLM through a Triton server in this process. */
public final class TensorRtLlmEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(TensorRtLlmEngine.class);

    /**
     * For requests to leave, then for the model to go; TensorRT-LLM looks for cancelled requests
     * every 100 ms.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(2);

    private final TritonServer server;
    private final TensorRtLlmSettings settings;
    private final ServedModel<?> model;
    private final EngineDescription description;
    private final Runnable atEnd;
    private final Nvml nvml = Nvml.open();
    private final AtomicBoolean closed = new AtomicBoolean();

    private <W extends AdapterData> TensorRtLlmEngine(
            TritonServer server,
            ModelConfig base,
            TensorRtLlmSettings settings,
            Contract<W> contract,
            Runnable atEnd) {
        this.server = server;
        this.settings = settings;
        this.atEnd = atEnd;
        this.model =
                new ServedModel<>(
                        server,
                        settings.model(),
                        contract,
                        new ServedModel.Limits(
                                settings.slots(), settings.hostCacheBytes(), settings.maxQueue()));
        this.description =
                new EngineDescription(
                        "tensorrt-llm",
                        contract.kernels(),
                        base,
                        contract.contextLength(),
                        settings.slots(),
                        settings.asked().maxLoraRank(),
                        contract.maxRows());
    }

    /**
     * Starts Triton, loads the model and checks that it fits the deployment.
     *
     * @param checkpoint folder of the base that the engine was built from
     * @param tokenizer opens the base's tokenizer, where the model takes text; closed with the
     *     engine
     * @param progress gets lines for a person who waits
     * @throws IllegalStateException where it can't start: says why and what to do
     * @throws IOException where a file can't be read
     */
    public static TensorRtLlmEngine open(
            Path checkpoint,
            TensorRtLlmSettings settings,
            TokenizerSource tokenizer,
            Consumer<String> progress)
            throws IOException {
        ModelConfig base = ModelConfig.read(checkpoint.resolve("config.json"));
        StartChecks checks = StartChecks.ofThisMachine();
        checks.requireFit(settings, base);
        progress.accept("Triton with the model " + settings.model());
        TritonServer server = null;
        try {
            server =
                    TritonServer.start(
                            new TritonOptions(
                                    settings.repository(), settings.backends(), EXIT_TIMEOUT));
            server.load(settings.model());
            ModelDeclaration declaration = new ModelDeclaration(server.config(settings.model()));
            return declaration.hasInput("text_input")
                    ? text(server, declaration, checkpoint, base, settings, tokenizer)
                    : tokens(server, declaration, base, settings);
        } catch (TritonException e) {
            close(server);
            throw new IllegalStateException(
                    "TensorRT-LLM can't start with the model "
                            + settings.model()
                            + " of "
                            + settings.repository()
                            + ": "
                            + e.getMessage()
                            + checks.hint(),
                    e);
        } catch (IOException | RuntimeException e) {
            close(server);
            throw e;
        }
    }

    /** Why the engine can't serve on this machine; empty where a GPU and a built engine are. */
    public static Optional<String> missing(TensorRtLlmSettings settings) {
        return StartChecks.ofThisMachine().missing(settings);
    }

    /**
     * Looks whether the engine can be opened on this machine, as far as that can be told before the
     * base is here.
     *
     * @throws IllegalStateException where libtritonserver is missing or of another version, where
     *     the engine's files are not as they must be, or where it needs more GPUs; says what to do
     */
    public static void require(TensorRtLlmSettings settings) {
        StartChecks.ofThisMachine().require(settings);
    }

    /** Opens a tokenizer of a checkpoint. */
    @FunctionalInterface
    public interface TokenizerSource {
        TextCodec open(Path checkpoint) throws IOException;
    }

    private static TensorRtLlmEngine tokens(
            TritonServer server,
            ModelDeclaration declaration,
            ModelConfig base,
            TensorRtLlmSettings settings) {
        if (!declaration.hasInput("input_ids")) {
            throw new IllegalStateException(
                    "the model "
                            + settings.model()
                            + " takes neither input_ids nor text_input: it is none of"
                            + " TensorRT-LLM's");
        }
        TokenContract contract = new TokenContract(declaration.tokenModel(base, settings));
        return new TensorRtLlmEngine(server, base, settings, contract, () -> {});
    }

    private static TensorRtLlmEngine text(
            TritonServer server,
            ModelDeclaration declaration,
            Path checkpoint,
            ModelConfig base,
            TensorRtLlmSettings settings,
            TokenizerSource tokenizer)
            throws IOException {
        int asked = settings.asked().maxModelLength();
        TextModel model =
                new TextModel(
                        base,
                        asked == 0 ? base.contextLength() : Math.min(asked, base.contextLength()),
                        settings.maxRows(),
                        declaration.isDecoupled(),
                        declaration.hasInput("lora_id"),
                        EndTokens.read(checkpoint));
        TextCodec codec = tokenizer.open(checkpoint);
        return new TensorRtLlmEngine(
                server,
                base,
                settings,
                new TextContract(model, codec, settings.scratch()),
                codec::close);
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    /**
     * Steps, the KV cache and the prefixes in it are TensorRT-LLM's own count, up to 100 ms old and
     * begun anew with each load of the model; of what is in its batches it says nothing.
     */
    @Override
    public EngineStatistics statistics() {
        Counters counters = model.counters();
        int requests = model.requests();
        int running = Math.min(requests, description.maxRows());
        RuntimeGauges gauges = RuntimeGauges.of(runtimeMetrics());
        long prompt = counters.promptTokens();
        return new EngineStatistics(
                running,
                requests - running,
                model.adapters(),
                gauges.kv(),
                gauges.iterations(),
                prompt,
                counters.generatedTokens(),
                prompt,
                Math.min(gauges.kvReused(), prompt),
                Optional.empty());
    }

    @Override
    public long steps() {
        return RuntimeGauges.of(runtimeMetrics()).iterations();
    }

    @Override
    public AdapterMemory adapterMemory() {
        return model.adapterMemory();
    }

    @Override
    public String runtimeMetrics() {
        try {
            return server.metrics() + GpuMetrics.of(nvml.gpus());
        } catch (TritonException e) {
            if (closed.get()) {
                return "";
            }
            throw e;
        }
    }

    @Override
    public void load(AdapterDigest digest, LoraAdapter adapter) {
        model.load(digest, adapter);
    }

    @Override
    public boolean reload(AdapterDigest digest) {
        return model.reload(digest);
    }

    @Override
    public void unload(AdapterDigest digest) {
        model.unload(digest);
    }

    /** TensorRT-LLM applies adapters beside the base. */
    @Override
    public boolean merge(AdapterDigest digest) {
        return false;
    }

    @Override
    public void unmerge() {}

    @Override
    public Generation start(GenerationRequest request, GenerationListener listener) {
        return model.start(request, listener);
    }

    /** Requests that were sent again with their adapter's weights. */
    long sentAgain() {
        return model.counters().sentAgain();
    }

    /** Requests that TensorRT-LLM has. */
    int calls() {
        return server.calls();
    }

    /** As an operator's or a fault's unload would. */
    void unloadModel() {
        server.unload(settings.model());
        await(() -> server.isUnloaded(settings.model()));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        model.close();
        if (!await(() -> server.calls() == 0)) {
            LOG.warn("{} requests have not left TensorRT-LLM after {}", server.calls(), PATIENCE);
        }
        try {
            server.unload(settings.model());
            // else the stop looks again after a second
            await(() -> server.isUnloaded(settings.model()));
        } catch (TritonException e) {
            LOG.warn("the model {} could not be unloaded: {}", settings.model(), e.getMessage());
        }
        server.close();
        atEnd.run();
    }

    private static boolean await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }

    private static void close(@Nullable TritonServer server) {
        if (server != null) {
            server.close();
        }
    }
}
