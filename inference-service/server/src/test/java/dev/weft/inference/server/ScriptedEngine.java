package dev.weft.inference.server;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.EngineKernels;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.constraint.GuideRules;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.inference.engine.statistics.KvStatistics;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the engine's contract and produces what a script says. One thread steps all generations,
 * one token each, unless it is stopped.
 */
public final class ScriptedEngine implements Engine {
    /** A token in a script that makes the engine fail in its place. */
    public static final int FAILURE = -1;

    public static final int CONTEXT = 200;

    private static final int BLOCK = 20;

    /** Values of a vector. */
    public static final int HIDDEN = 8;

    private final EngineDescription description;
    private final Function<GenerationRequest, List<Integer>> script;
    private final List<Running> running = new ArrayList<>();
    private final Set<AdapterDigest> loaded = new HashSet<>();
    private final Set<AdapterDigest> held = new HashSet<>();
    private final Thread thread = new Thread(this::loop, "scripted-engine");

    /**
     * Tokens of each request's prompt that it says were cached: those of the first, the second...
     */
    public final List<Integer> cachedTokens = new CopyOnWriteArrayList<>();

    private boolean stopped;
    private boolean once;
    private boolean closed;
    private long steps;

    /** Everything that was asked. */
    public final List<GenerationRequest> requests = new CopyOnWriteArrayList<>();

    public final List<String> slotLog = new CopyOnWriteArrayList<>();

    /** Which answers it can be told to give; null for none. */
    public volatile @Nullable GuideRules guides;

    /** Whether it says that it is away. */
    public volatile boolean away;

    /** Whether a merge goes on until it is given up. */
    public volatile boolean mergesUntilUnmerged;

    /** Whether it keeps adapters that have left their slot. */
    public volatile boolean hostCache;

    public ScriptedEngine(int vocabulary, Function<GenerationRequest, List<Integer>> script) {
        this.description =
                new EngineDescription(
                        "scripted",
                        EngineKernels.of("none"),
                        config(vocabulary),
                        new EngineDescription.Limits(CONTEXT, 2, 16, 8),
                        false,
                        true);
        this.script = script;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    @Override
    public Optional<GuideRules> guides() {
        return Optional.ofNullable(guides);
    }

    @Override
    public synchronized EngineStatistics statistics() {
        return new EngineStatistics(
                running.size(),
                0,
                adapters(),
                new KvStatistics(BLOCK, 0, OptionalLong.empty(), CONTEXT / BLOCK),
                steps,
                new EngineStatistics.Tokens(0, steps, 0, 0),
                Optional.empty());
    }

    @Override
    public boolean isAway() {
        return away;
    }

    @Override
    public synchronized int pending() {
        return running.size();
    }

    @Override
    public synchronized long steps() {
        return steps;
    }

    @Override
    public synchronized AdapterSizes adapterSizes() {
        return new AdapterSizes(sizes(loaded), sizes(held));
    }

    private static Map<AdapterDigest, Long> sizes(Set<AdapterDigest> adapters) {
        return adapters.stream().collect(Collectors.toMap(adapter -> adapter, _ -> 10L));
    }

    private AdapterStatistics adapters() {
        return new AdapterStatistics(
                new AdapterStatistics.Tier(loaded.size(), 10L * loaded.size(), 0),
                new AdapterStatistics.Tier(held.size(), 10L * held.size(), 0),
                0,
                0);
    }

    @Override
    public synchronized boolean merge(AdapterDigest digest) {
        slotLog.add("merge " + digest.abbreviated());
        if (mergesUntilUnmerged) {
            throw unmerged();
        }
        return true;
    }

    private synchronized EngineException unmerged() {
        try {
            while (mergesUntilUnmerged) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new EngineException(EngineException.Cause.CLOSED, "it is not merged any more");
    }

    @Override
    public synchronized void unmerge() {
        slotLog.add("unmerge");
        mergesUntilUnmerged = false;
        notifyAll();
    }

    @Override
    public synchronized boolean reload(AdapterDigest digest) {
        if (loaded.contains(digest)) {
            return true;
        }
        if (!held.contains(digest)) {
            return false;
        }
        if (loaded.size() == description.slots()) {
            throw new EngineException(EngineException.Cause.NO_SLOT, "no slot");
        }
        slotLog.add("reload " + digest.abbreviated());
        held.remove(digest);
        return loaded.add(digest);
    }

    @Override
    public synchronized List<AdapterDigest> cached() {
        return List.copyOf(held);
    }

    @Override
    public synchronized void load(AdapterDigest digest, LoraAdapter adapter) {
        if (loaded.size() == description.slots() && !loaded.contains(digest)) {
            throw new EngineException(EngineException.Cause.NO_SLOT, "no slot");
        }
        slotLog.add("load " + digest.abbreviated());
        loaded.add(digest);
    }

    @Override
    public synchronized void unload(AdapterDigest digest) {
        slotLog.add("unload " + digest.abbreviated());
        if (loaded.remove(digest) && hostCache) {
            held.add(digest);
        }
    }

    @Override
    public synchronized Generation start(GenerationRequest request, GenerationListener listener) {
        if (closed) {
            throw new EngineException(EngineException.Cause.CLOSED, "the engine is closed");
        }
        AdapterDigest adapter = request.adapter();
        if (adapter != null && !loaded.contains(adapter)) {
            throw new EngineException(EngineException.Cause.ADAPTER_NOT_LOADED, "not loaded");
        }
        if (request.prompt().size() + (request.pooled() == null ? 1 : 0) > CONTEXT) {
            throw new EngineException(EngineException.Cause.CONTEXT_LENGTH_EXCEEDED, "too long");
        }
        requests.add(request);
        Running one = new Running(request, script.apply(request), listener);
        running.add(one);
        notifyAll();
        return one;
    }

    /** Stops stepping until {@link #release()}. */
    public synchronized void hold() {
        stopped = true;
    }

    public synchronized void release() {
        stopped = false;
        notifyAll();
    }

    /** One token for each generation, while it is stopped. */
    public synchronized void stepOnce() {
        once = true;
        notifyAll();
    }

    /** Generations that hold a row. */
    public synchronized int rows() {
        return running.size();
    }

    @Override
    public void close() {
        List<Running> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(running);
            running.clear();
            notifyAll();
        }
        EngineException error =
                new EngineException(EngineException.Cause.CLOSED, "the engine is closed");
        left.forEach(one -> one.listener.onError(error));
    }

    private void loop() {
        while (true) {
            List<Running> rows = await();
            if (rows == null) {
                return;
            }
            rows.forEach(this::step);
        }
    }

    private synchronized @Nullable List<Running> await() {
        try {
            while (!closed && (running.isEmpty() || (stopped && !once && noneCancelled()))) {
                wait();
            }
        } catch (InterruptedException e) {
            return null;
        }
        steps++;
        List<Running> rows = List.copyOf(running);
        boolean all = !stopped || once;
        once = false;
        return closed ? null : all ? rows : rows.stream().filter(one -> one.cancelled).toList();
    }

    private boolean noneCancelled() {
        return running.stream().noneMatch(one -> one.cancelled);
    }

    private void step(Running one) {
        if (one.cancelled) {
            end(one, FinishReason.CANCELLED);
            return;
        }
        if (one.request.pooled() != null) {
            one.listener.onRow();
            one.listener.onPrompt(0);
            one.listener.onVector(vector(one.request));
            end(one, FinishReason.STOP);
            return;
        }
        if (one.produced == one.script.size()) {
            end(one, FinishReason.LENGTH);
            return;
        }
        int token = one.script.get(one.produced);
        if (token == FAILURE) {
            remove(one);
            one.listener.onError(
                    new EngineException(EngineException.Cause.FAILED, "the script failed"));
            return;
        }
        boolean end = one.request.ending().stopTokens().contains(token);
        if (one.produced == 0) {
            one.listener.onRow();
            one.listener.onPrompt(cachedTokens.isEmpty() ? 0 : cachedTokens.removeFirst());
        }
        one.listener.onToken(event(one, token, end));
        one.produced++;
        if (end) {
            end(one, FinishReason.STOP);
        } else if (one.produced == one.request.ending().maxTokens()) {
            end(one, FinishReason.LENGTH);
        }
    }

    /**
     * Length and last token of the prompt, and zeros; of labels the last token, as many times as
     * the script has tokens.
     */
    private float[] vector(GenerationRequest request) {
        int last = request.prompt().getLast();
        if (request.pooled() == PooledOutput.LABELS) {
            float[] labels = new float[script.apply(request).size()];
            Arrays.fill(labels, last);
            return labels;
        }
        float[] vector = new float[HIDDEN];
        vector[0] = request.prompt().size();
        vector[1] = last;
        return vector;
    }

    private static TokenEvent event(Running one, int token, boolean end) {
        int wanted = one.request.topLogProbabilities();
        List<TokenEvent.TopToken> top = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            top.add(new TokenEvent.TopToken(token + i, -0.25f - i));
        }
        return new TokenEvent(one.produced, token, end, wanted < 0 ? Float.NaN : -0.25f, top);
    }

    private void end(Running one, FinishReason reason) {
        remove(one);
        one.listener.onFinish(reason);
    }

    private synchronized void remove(Running one) {
        running.remove(one);
    }

    private synchronized void wake() {
        notifyAll();
    }

    private static ModelConfig config(int vocabulary) {
        return ModelConfig.parse(
                """
                {"model_type": "qwen2", "hidden_size": %d, "num_hidden_layers": 1,
                 "num_attention_heads": 1, "num_key_value_heads": 1, "intermediate_size": 8,
                 "vocab_size": %d, "tie_word_embeddings": true, "max_position_embeddings": %d}
                """
                        .formatted(HIDDEN, vocabulary, CONTEXT));
    }

    private final class Running implements Generation {
        final GenerationRequest request;
        final List<Integer> script;
        final GenerationListener listener;
        volatile boolean cancelled;
        int produced;

        Running(GenerationRequest request, List<Integer> script, GenerationListener listener) {
            this.request = request;
            this.script = script;
            this.listener = listener;
        }

        @Override
        public void cancel() {
            cancelled = true;
            wake();
        }
    }
}
