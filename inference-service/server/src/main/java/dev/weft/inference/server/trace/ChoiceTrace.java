package dev.weft.inference.server.trace;

import static dev.weft.tracing.SpanAttributes.CACHED_TOKENS;
import static dev.weft.tracing.SpanAttributes.CHOICE;
import static dev.weft.tracing.SpanAttributes.CHUNKS;
import static dev.weft.tracing.SpanAttributes.END;
import static dev.weft.tracing.SpanAttributes.ERROR_TYPE;
import static dev.weft.tracing.SpanAttributes.PREEMPTIONS;
import static dev.weft.tracing.SpanAttributes.STEPS;
import static dev.weft.tracing.SpanAttributes.TOKENS;

import dev.weft.inference.engine.GenerationWork;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import org.jspecify.annotations.Nullable;

/**
 * One choice's way through the engine: {@code queue}, {@code prefill}, {@code decode}, one after
 * the other. The spans are made when the choice is over. If the engine hands it to another runtime,
 * {@code prefill} begins there and includes the wait in that runtime. One thread at a time, in
 * order.
 */
final class ChoiceTrace {
    private final int choice;
    private final int promptTokens;
    private long queued;
    private long prompted;
    private int cachedTokens;
    private @Nullable GenerationWork work;

    ChoiceTrace(int choice, int promptTokens) {
        this.choice = choice;
        this.promptTokens = promptTokens;
    }

    void queued() {
        queued = System.nanoTime();
    }

    void prompted(int cached) {
        prompted = System.nanoTime();
        cachedTokens = cached;
    }

    void worked(GenerationWork of) {
        work = of;
    }

    void ended(ChildSpans spans, int tokens, String how, boolean failed) {
        long end = System.nanoTime();
        GenerationWork told = work;
        boolean answered = prompted != 0;
        boolean ran = told == null || told.ran();
        long begun = told == null ? queued : Math.min(queued + told.queueNanos(), end);
        if (answered) {
            begun = Math.min(begun, prompted);
        }
        if (told != null) {
            spans.add("queue", queued, begun, last(!ran, how, failed).build(), failed && !ran);
        }
        if (ran) {
            AttributesBuilder prefill = last(!answered, how, failed);
            prefill.put(TOKENS, promptTokens);
            if (answered) {
                prefill.put(CACHED_TOKENS, cachedTokens);
            }
            if (told != null) {
                told.promptSteps().ifPresent(steps -> prefill.put(CHUNKS, steps));
            }
            long over = answered ? prompted : end;
            spans.add("prefill", begun, over, prefill.build(), failed && !answered);
        }
        if (answered) {
            AttributesBuilder decode = last(true, how, failed).put(TOKENS, tokens);
            if (told != null) {
                told.decodeSteps().ifPresent(steps -> decode.put(STEPS, steps));
                told.preemptions().ifPresent(times -> decode.put(PREEMPTIONS, times));
            }
            spans.add("decode", prompted, end, decode.build(), failed);
        }
    }

    /**
     * @param last whether the choice ended in this span
     */
    private AttributesBuilder last(boolean last, String how, boolean failed) {
        AttributesBuilder attributes = Attributes.builder().put(CHOICE, choice);
        if (last) {
            attributes.put(END, how);
        }
        if (last && failed) {
            attributes.put(ERROR_TYPE, how);
        }
        return attributes;
    }
}
