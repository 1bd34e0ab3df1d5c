package dev.weft.inference.server.http.bridge;

import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.inference.server.answer.Answer;
import dev.weft.inference.server.completion.CompletionEvent;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.RequestWatch;
import dev.weft.inference.server.http.format.AnswerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request's events into updates of its choices.
 *
 * @param checks the check of each choice's calls
 */
record AnswerReading(Answer answer, List<CallCheck> checks, RequestWatch timing)
        implements EventReading<AnswerEvent> {
    AnswerReading {
        checks = List.copyOf(checks);
    }

    AnswerReading(Answer answer, CompletionRequest request, RequestWatch timing) {
        this(answer, checks(request), timing);
    }

    private static List<CallCheck> checks(CompletionRequest request) {
        ReplyRule.@Nullable Calls calls = request.settings().reading().rule().calls();
        return Stream.generate(() -> new CallCheck(calls))
                .limit(request.choices().count())
                .toList();
    }

    @Override
    public List<AnswerEvent> accept(CompletionEvent event) {
        List<AnswerEvent> events = new ArrayList<>(2);
        answer.accept(event)
                .ifPresent(update -> {
                    checks.get(update.choice()).accept(update);
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
