package dev.weft.inference.tensorrtllm.stream;

import dev.weft.inference.engine.shelf.AdapterShelf;
import dev.weft.inference.tensorrtllm.adapter.AdapterData;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import java.util.function.Consumer;

/**
 * The parts that the generations of a model share.
 *
 * @param ended gets each generation when it has ended
 */
public record GenerationContext<W extends AdapterData>(
        ModelHost model,
        Events events,
        AdapterShelf<SentAdapter<W>> shelf,
        Counters counters,
        GenerationGate gate,
        Consumer<RunningGeneration<W>> ended) {}
