package dev.weft.inference.tensorrtllm;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.EngineKernels;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RequestCheck;
import dev.weft.inference.engine.constraint.GuideRules;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.inference.tensorrtllm.adapter.AdapterData;
import dev.weft.inference.tensorrtllm.gpu.GpuMetrics;
import dev.weft.inference.tensorrtllm.gpu.Nvml;
import dev.weft.inference.tensorrtllm.stream.Contract;
import dev.weft.inference.tensorrtllm.stream.Counters;
import dev.weft.inference.tensorrtllm.stream.RunningModel;
import dev.weft.inference.tensorrtllm.triton.TritonException;
import dev.weft.inference.tensorrtllm.triton.TritonServer;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TensorRT-LLM through a Triton server in this process. */
public final class TensorRtLlmEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(TensorRtLlmEngine.class);

    private final TritonServer server;
    private final TensorRtLlmSettings settings;
    private final RunningModel<?> model;
    private final EngineDescription description;
    private final Runnable atEnd;
    private final Nvml nvml = Nvml.open();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile StopDeadline.Rules stopRules = StopDeadline.Rules.OF_WORKERS;

    /**
     * An engine on a model that is loaded.
     *
     * @param contract how the model is spoken to
     * @param atEnd run when it is closed
     */
    <W extends AdapterData> TensorRtLlmEngine(
            TritonServer server,
            ModelConfig base,
            TensorRtLlmSettings settings,
            Contract<W> contract,
            Runnable atEnd) {
        this.server = server;
        this.settings = settings;
        this.atEnd = atEnd;
        this.model =
                new RunningModel<>(
                        server,
                        settings.model().name(),
                        contract,
                        new RunningModel.Capacity(settings.adapters(), settings.maxQueue()));
        this.description =
                new EngineDescription(
                        "tensorrt-llm",
                        EngineKernels.of(contract.kernels()),
                        base,
                        new EngineDescription.Limits(
                                contract.contextLength(),
                                settings.adapters().slots(),
                                settings.asked().lora().maxRank(),
                                contract.maxRows()),
                        false,
                        false);
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    @Override
    public Optional<GuideRules> guides() {
        return model.contract().guides();
    }

    /**
     * TensorRT-LLM counts the steps, the KV cache and its prefixes itself. Its counts are up to 100
     * ms old, and begin anew with each load of the model. It says nothing about its batches.
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
                new EngineStatistics.Tokens(
                        prompt,
                        counters.generatedTokens(),
                        prompt,
                        Math.min(gauges.kvReused(), prompt)),
                Optional.empty());
    }

    @Override
    public int pending() {
        return model.requests();
    }

    @Override
    public long steps() {
        return RuntimeGauges.of(runtimeMetrics()).iterations();
    }

    @Override
    public AdapterSizes adapterSizes() {
        return model.adapterSizes();
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

    /** Merges nothing, since TensorRT-LLM applies adapters beside the base. */
    @Override
    public boolean merge(AdapterDigest digest) {
        return false;
    }

    @Override
    public void unmerge() {}

    @Override
    public Generation start(GenerationRequest request, GenerationListener listener) {
        RequestCheck.noPooling(request);
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

    /** Unloads the model as an operator or a fault would. */
    void unloadModel() {
        server.unload(settings.model().name());
        try (StopDeadline deadline = stopRules.begin()) {
            deadline.await(() -> server.isUnloaded(settings.model().name()));
        }
    }

    /** Gives a stop other rules than those of workers. */
    void stopBy(StopDeadline.Rules rules) {
        stopRules = rules;
    }

    /**
     * Ends every generation with an error, has the model unloaded and stops Triton. If that takes
     * over 30 s the process ends, since threads of TensorRT-LLM that go on would keep the JVM from
     * ending well.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        model.close();
        try (StopDeadline deadline = stopRules.begin()) {
            stop(deadline);
            if (!server.isStopped()) {
                deadline.giveUp("Triton holds on to it");
            }
        }
        atEnd.run();
    }

    private void stop(StopDeadline deadline) {
        if (!deadline.await(() -> server.calls() == 0)) {
            LOG.warn("{} requests have not left TensorRT-LLM", server.calls());
        }
        try {
            server.unload(settings.model().name());
            // else the stop looks again after a second
            deadline.await(() -> server.isUnloaded(settings.model().name()));
        } catch (TritonException e) {
            LOG.warn(
                    "the model {} could not be unloaded: {}",
                    settings.model().name(),
                    e.getMessage());
        }
        server.close();
    }
}
