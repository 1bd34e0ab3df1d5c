package dev.weft.inference.server.http.bridge;

import dev.weft.inference.server.answer.Answer;
import dev.weft.inference.server.completion.CompletionEvent;
import dev.weft.inference.server.completion.RequestWatch;
import dev.weft.inference.server.http.answer.AnswerEvent;
import java.util.ArrayList;
import java.util.List;

/** Makes updates of choices of a request's events. */
record AnswerReading(Answer answer, RequestWatch timing) implements EventReading<AnswerEvent> {
    @Override
    public List<AnswerEvent> accept(CompletionEvent event) {
        List<AnswerEvent> events = new ArrayList<>(2);
        answer.accept(event)
                .ifPresent(update -> {
                    events.add(new AnswerEvent.Update(update, answer.count()));
                    if (update.end() != null) {
                        timing.answered(update.end(), System.nanoTime());
                    }
                });
        if (answer.over()) {
            events.add(new AnswerEvent.Done(answer.usage()));
        }
        return events;
    }

    @Override
    public boolean isLast(AnswerEvent last) {
        return last instanceof AnswerEvent.Done;
    }
}
