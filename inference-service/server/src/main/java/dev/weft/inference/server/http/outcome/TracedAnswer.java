package dev.weft.inference.server.http.outcome;

import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.http.format.AnswerEvent;
import dev.weft.inference.server.trace.CompletionTrace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** Tells a trace what it learns from an answer's events. One thread at a time. */
public final class TracedAnswer {
    private final CompletionTrace trace;
    private final List<String> ends;
    private final List<StringBuilder> texts;

    public TracedAnswer(int choices, CompletionTrace trace) {
        this.trace = trace;
        this.ends = new ArrayList<>(Collections.nCopies(choices, ""));
        this.texts = Stream.generate(StringBuilder::new).limit(choices).toList();
    }

    public Flux<AnswerEvent> watch(Flux<AnswerEvent> events) {
        // A client that leaves cancels here; its response's writer takes that as an end.
        return trace == CompletionTrace.NONE
                ? events
                : events.doOnNext(this::saw).doOnCancel(trace::cancelled);
    }

    private void saw(AnswerEvent event) {
        switch (event) {
            case AnswerEvent.Update(var update, var _) -> saw(update);
            case AnswerEvent.Done(var usage) -> {
                trace.answered(usage, ends);
                if (trace.content()) {
                    trace.output(
                            TracedContent.output(
                                    texts.stream().map(StringBuilder::toString).toList(), ends));
                }
            }
        }
    }

    private void saw(ChoiceUpdate update) {
        if (trace.content()) {
            texts.get(update.choice()).append(update.text());
        }
        if (update.end() != null) {
            ends.set(update.choice(), update.end().word());
        }
    }
}
