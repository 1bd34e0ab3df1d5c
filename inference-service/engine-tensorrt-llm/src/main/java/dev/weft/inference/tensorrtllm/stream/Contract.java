package dev.weft.inference.tensorrtllm.stream;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.constraint.GuideRules;
import dev.weft.inference.tensorrtllm.adapter.AdapterData;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to speak to one kind of model. Any thread.
 *
 * @param <W> the form in which the model gets an adapter
 */
public interface Contract<W extends AdapterData> {
    /** What the linear layers run on, for {@code EngineDescription}. */
    String kernels();

    /** Positions of prompt and answer together. */
    int contextLength();

    /** Requests that share a step at most. */
    int maxRows();

    /** The guides that the model can hold answers to; empty for none. */
    Optional<GuideRules> guides();

    /**
     * Refuses a request that the model can't serve.
     *
     * @throws dev.weft.inference.engine.EngineException {@code INVALID_REQUEST} or {@code
     *     CONTEXT_LENGTH_EXCEEDED}
     */
    void check(GenerationRequest request);

    /**
     * Converts an adapter to the form that the model takes.
     *
     * @throws dev.weft.inference.engine.EngineException {@code INVALID_ADAPTER}
     */
    W convert(LoraAdapter adapter);

    RunningGeneration<W> generation(
            GenerationContext<W> context,
            GenerationRequest request,
            GenerationListener listener,
            @Nullable SentAdapter<W> adapter);
}
