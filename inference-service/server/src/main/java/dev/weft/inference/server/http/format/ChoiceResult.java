package dev.weft.inference.server.http.format;

import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.answer.ScoredToken;
import dev.weft.inference.server.completion.EndReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A choice as it grows, for an answer in one piece. One thread at a time. */
public final class ChoiceResult {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thought = new StringBuilder();
    private final List<String> names = new ArrayList<>();
    private final List<StringBuilder> arguments = new ArrayList<>();
    private final List<ScoredToken> tokens = new ArrayList<>();
    private @Nullable EndReason end;
    private @Nullable String stop;
    private boolean cut;

    public void add(ChoiceUpdate update) {
        update.parts().forEach(this::add);
        tokens.addAll(update.tokens());
        if (update.end() != null) {
            end = update.end();
            stop = update.stop();
            cut = update.cut();
        }
    }

    /** A call of a tool; its arguments are JSON unless the answer was cut. */
    record Call(String name, String arguments) {}

    private void add(ReplyPart part) {
        switch (part) {
            case ReplyPart.Text(String more) -> text.append(more);
            case ReplyPart.Thinking(String more) -> thought.append(more);
            case ReplyPart.CallBegin(int _, String name) -> {
                names.add(name);
                arguments.add(new StringBuilder());
            }
            case ReplyPart.CallArguments(int call, String json) -> arguments.get(call).append(json);
        }
    }

    String thought() {
        return thought.toString();
    }

    List<Call> calls() {
        List<Call> calls = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            calls.add(new Call(names.get(i), arguments.get(i).toString()));
        }
        return calls;
    }

    String text() {
        return text.toString();
    }

    List<ScoredToken> tokens() {
        return tokens;
    }

    /** The stop string that ended it; null if none did. */
    @Nullable String stop() {
        return stop;
    }

    /** Whether it ended within the arguments of its last call. */
    boolean cut() {
        return cut;
    }

    /** Why it ended; only when it has. */
    EndReason end() {
        if (end == null) {
            throw new IllegalStateException("the choice has not ended");
        }
        return end;
    }
}
