package dev.weft.inference.cpu.lora;

import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.protocol.adapter.AdapterDigest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A greedy answer of twelve tokens, to tell whether adapters compute the same. */
final class TinyAnswer {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    private TinyAnswer() {}

    /** The answer's tokens; null is the base. */
    static List<TokenEvent> of(CpuEngine engine, @Nullable AdapterDigest adapter) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "r",
                        adapter,
                        List.of(5, 9, 2),
                        GenerationRequest.Ending.after(12),
                        Sampling.greedy(),
                        1),
                generation);
        generation.await(DEADLINE);
        return generation.events();
    }
}
