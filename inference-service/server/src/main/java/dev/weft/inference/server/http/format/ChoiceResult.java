package dev.weft.inference.server.http.format;

import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.answer.ScoredToken;
import dev.weft.inference.server.completion.EndReason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A choice as it grows, for an answer in one piece. One thread at a time. */
public final class ChoiceResult {
    private final List<Segment> segments = new ArrayList<>();
    private final List<Segment> calls = new ArrayList<>();
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

    /** Kinds of segments of a reply. */
    enum Kind {
        TEXT,
        THINKING,
        CALL
    }

    /** Adjacent parts of one kind in a reply, or one call. */
    private record Segment(Kind kind, String name, StringBuilder text) {
        Said said() {
            return new Said(kind, name, text.toString());
        }
    }

    /**
     * Text, a thought or a call.
     *
     * @param name of the tool; empty if it is no call
     * @param text the text; for a call its arguments, which are JSON unless the answer was cut
     */
    record Said(Kind kind, String name, String text) {}

    private void add(ReplyPart part) {
        switch (part) {
            case ReplyPart.Text(String more) -> append(Kind.TEXT, more);
            case ReplyPart.Thinking(String more) -> append(Kind.THINKING, more);
            case ReplyPart.CallBegin(int _, String name) -> {
                Segment call = new Segment(Kind.CALL, name, new StringBuilder());
                segments.add(call);
                calls.add(call);
            }
            case ReplyPart.CallArguments(int call, String json) ->
                    calls.get(call).text.append(json);
        }
    }

    private void append(Kind kind, String more) {
        if (more.isEmpty()) {
            return;
        }
        if (segments.isEmpty() || segments.getLast().kind != kind) {
            segments.add(new Segment(kind, "", new StringBuilder()));
        }
        segments.getLast().text.append(more);
    }

    /**
     * The whole reply in order. Adjacent parts of one kind are joined, calls are not.
     *
     * @param thoughts whether thoughts are included
     */
    List<Said> all(boolean thoughts) {
        List<Said> all = new ArrayList<>();
        for (Segment one : segments) {
            Said last = all.isEmpty() ? null : all.getLast();
            if (one.kind == Kind.TEXT && last != null && last.kind == Kind.TEXT) {
                all.removeLast();
                all.add(new Said(Kind.TEXT, "", last.text + one.text));
            } else if (thoughts || one.kind != Kind.THINKING) {
                all.add(one.said());
            }
        }
        return all;
    }

    String thought() {
        return joined(Kind.THINKING);
    }

    String text() {
        return joined(Kind.TEXT);
    }

    private String joined(Kind kind) {
        return segments.stream()
                .filter(one -> one.kind == kind)
                .map(Segment::text)
                .collect(Collectors.joining());
    }

    List<Said> calls() {
        return calls.stream().map(Segment::said).toList();
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

    /** Why the choice ended; call it only when it has. */
    EndReason end() {
        if (end == null) {
            throw new IllegalStateException("the choice has not ended");
        }
        return end;
    }
}
