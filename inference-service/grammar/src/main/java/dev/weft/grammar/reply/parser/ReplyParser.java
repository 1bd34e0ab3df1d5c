package dev.weft.grammar.reply.parser;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.Phrase;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.reply.format.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Takes a reply apart as its text comes. What comes out does not depend on how the text was cut. It
 * holds text back as long as that may become a mark, or whitespace before one. A text that begins
 * like a call and goes on otherwise is text. One thread.
 */
public final class ReplyParser {
    private final @Nullable Thought thought;
    private final ReplyRule.@Nullable Calls calls;

    /** The phrase with which calls in text begin; null if there are none in text. */
    private final @Nullable Phrase opening;

    /** Names that calls may have; null for any, since then no text has what calls begin with. */
    private final @Nullable Set<String> names;

    /** Whether whitespace behind a thought is dropped. */
    private final boolean hasGap;

    private final StringBuilder pending = new StringBuilder();
    private final List<ReplyPart> parts = new ArrayList<>();
    private Phase phase;
    private @Nullable ArgumentReader arguments;
    private int begun;

    /** Whether some of the thought has come out, or stands in what the reply goes on with. */
    private boolean thinking;

    private boolean closedThought;

    /** Whether text has come out since the last call. */
    private boolean told;

    /** The part of a reply that the parser is in. */
    private enum Phase {
        BEFORE_THOUGHT,
        THOUGHT,
        /** It is behind a thought, or at the beginning of a reply that may be calls as a whole. */
        START,
        TEXT,
        ARGUMENTS,
        CLOSE,
        BEHIND_CALL
    }

    /** A parser for one reply. */
    public ReplyParser(ReplyRule rule) {
        this.thought = rule.thought();
        this.calls = rule.calls();
        this.hasGap = rule.hasGap();
        this.thinking = thought != null && thought.told();
        this.opening =
                calls == null || rule.text() != ReplyRule.Text.FREE || isAtStart(calls)
                        ? null
                        : calls.syntax().openings().getFirst();
        this.names =
                calls == null || !isAtStart(calls)
                        ? null
                        : calls.tools().stream().map(Tool::name).collect(Collectors.toSet());
        this.phase =
                thought == null
                        ? Phase.START
                        : thought.begun() ? Phase.THOUGHT : Phase.BEFORE_THOUGHT;
    }

    private static boolean isAtStart(ReplyRule.Calls calls) {
        return calls.syntax().place() == CallSyntax.Placement.START;
    }

    /** Calls so far. */
    public int calls() {
        return begun;
    }

    /** Whether the arguments of all calls so far are complete. */
    public boolean complete() {
        return phase != Phase.ARGUMENTS;
    }

    /** Whether what came last is of a thought, of its marks or of the gap behind them. */
    public boolean isWithinThought() {
        return phase == Phase.THOUGHT
                || (closedThought && hasGap && phase == Phase.START && !told && isGap());
    }

    /** Takes more text. */
    public List<ReplyPart> add(String text) {
        pending.append(text);
        run();
        return taken();
    }

    /**
     * Ends the reply: the text that was held back comes out, except for the beginning of a call.
     */
    public List<ReplyPart> finish() {
        switch (phase) {
            case THOUGHT -> think(pending.length());
            case BEFORE_THOUGHT, START -> text(isCallsOnly() ? 0 : pending.length());
            case TEXT -> {
                int trigger = trigger();
                boolean drops = isCallsOnly() || (begun > 0 && isGap());
                text(trigger >= 0 ? endBefore(trigger) : drops ? 0 : pending.length());
            }
            case ARGUMENTS, CLOSE, BEHIND_CALL -> {}
        }
        pending.setLength(0);
        return taken();
    }

    /**
     * Whether the reply must call a tool: any other text is then the beginning of a call that was
     * cut.
     */
    private boolean isCallsOnly() {
        return calls != null && calls.required();
    }

    private boolean isGap() {
        return gap() == pending.length();
    }

    /** Offset behind all whitespace at the beginning. */
    private int gap() {
        int at = 0;
        while (at < pending.length() && Phrase.isGap(pending.charAt(at))) {
            at++;
        }
        return at;
    }

    private List<ReplyPart> taken() {
        List<ReplyPart> all = List.copyOf(parts);
        parts.clear();
        return all;
    }

    /** Goes on as long as something is certain. */
    private void run() {
        boolean more = true;
        while (more) {
            more =
                    switch (phase) {
                        case BEFORE_THOUGHT -> beforeThought();
                        case THOUGHT -> inThought();
                        case START -> start();
                        case TEXT -> inText();
                        case ARGUMENTS -> inArguments();
                        case CLOSE -> close();
                        case BEHIND_CALL -> behindCall();
                    };
        }
    }

    private boolean to(Phase next, int taken) {
        pending.delete(0, taken);
        phase = next;
        return true;
    }

    private boolean beforeThought() {
        int end = new Phrase(" " + mark().open()).match(pending, 0);
        if (end == Phrase.MORE) {
            return false;
        }
        return end == Phrase.NONE ? to(Phase.START, 0) : to(Phase.THOUGHT, end);
    }

    private Thought mark() {
        if (thought == null) {
            throw new IllegalStateException("no thought here");
        }
        return thought;
    }

    private boolean inThought() {
        String close = mark().close();
        int end = pending.indexOf(close);
        if (end < 0) {
            think(held(close));
            return false;
        }
        think(endBefore(end));
        int from = pending.indexOf(close) + close.length();
        closedThought = true;
        return to(Phase.START, from);
    }

    /** Gives out text of a thought; whitespace at its beginning is dropped. */
    private void think(int end) {
        int from = thinking ? 0 : Math.min(gap(), end);
        if (end > from) {
            thinking = true;
            parts.add(new ReplyPart.Thinking(pending.substring(from, end)));
        }
        pending.delete(0, end);
    }

    /** Offset at which the whitespace before an offset begins. */
    private int endBefore(int offset) {
        int end = offset;
        while (end > 0 && Phrase.isGap(pending.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** Offset from which on the text may be the beginning of a mark, or the gap before one. */
    private int held(String mark) {
        int from = Math.max(0, pending.length() - mark.length() + 1);
        while (from < pending.length() && !mark.startsWith(pending.substring(from))) {
            from++;
        }
        return endBefore(from);
    }

    /** Begins the reply's text, or the calls that are in its place. */
    private boolean start() {
        if (pending.isEmpty()) {
            return false;
        }
        if (calls == null || opening != null) {
            return to(Phase.TEXT, 0);
        }
        // as in the grammar: a gap behind a thought, and one before calls at the start
        String gaps = (closedThought && hasGap ? " " : "") + (isAtStart(calls) ? " " : "");
        boolean more = false;
        for (Phrase whole : calls.syntax().openings()) {
            CallHead head = head(new Phrase(gaps + whole.text()), 0);
            if (head.end() >= 0) {
                return begin(head);
            }
            more |= head.end() == Phrase.MORE;
        }
        return !more && to(Phase.TEXT, 0);
    }

    private CallHead head(Phrase of, int from) {
        return CallHead.match(
                of,
                syntax().call().between(),
                name -> names == null || names.contains(name),
                pending,
                from);
    }

    private boolean begin(CallHead head) {
        parts.add(new ReplyPart.CallBegin(begun++, head.name()));
        arguments =
                switch (syntax().call().arguments()) {
                    case CallSyntax.Arguments.Json() -> new JsonArgumentReader();
                    case CallSyntax.Arguments.Named named ->
                            new NamedArgumentReader(
                                    named, syntax().call().close(), parameters(head.name()));
                };
        told = false;
        return to(Phase.ARGUMENTS, head.end());
    }

    private JsonNode parameters(String name) {
        if (calls != null) {
            for (Tool tool : calls.tools()) {
                if (tool.name().equals(name)) {
                    return tool.parameters();
                }
            }
        }
        return MissingNode.getInstance();
    }

    /** Offset of a call's first mark; -1 for none. */
    private int trigger() {
        return opening == null ? -1 : pending.indexOf(opening.head().text());
    }

    private boolean inText() {
        if (opening == null) {
            text(pending.length());
            return false;
        }
        int at = trigger();
        if (at < 0) {
            text(held(opening.head().text()));
            return false;
        }
        CallHead head = head(opening, at);
        if (head.end() >= 0) {
            int before = endBefore(at);
            text(before);
            return begin(new CallHead(head.name(), head.end() - before));
        }
        if (head.end() == Phrase.MORE) {
            text(endBefore(at));
            return false;
        }
        text(at + 1);
        return true;
    }

    /** Gives out text; behind a thought or calls, whitespace at its beginning is dropped. */
    private void text(int end) {
        boolean behind = begun > 0 || (closedThought && hasGap);
        int from = behind && !told ? Math.min(gap(), end) : 0;
        if (end > from) {
            told = true;
            parts.add(new ReplyPart.Text(pending.substring(from, end)));
        }
        pending.delete(0, end);
    }

    private boolean inArguments() {
        ArgumentReader reader = arguments;
        if (reader == null) {
            throw new IllegalStateException("no arguments here");
        }
        StringBuilder json = new StringBuilder();
        pending.delete(0, reader.read(pending, 0, json));
        if (!json.isEmpty()) {
            parts.add(new ReplyPart.CallArguments(begun - 1, json.toString()));
        }
        return reader.done() && to(Phase.CLOSE, 0);
    }

    private boolean close() {
        int end = syntax().call().close().match(pending, 0);
        return end != Phrase.MORE && to(Phase.BEHIND_CALL, Math.max(end, 0));
    }

    private CallSyntax syntax() {
        if (calls == null) {
            throw new IllegalStateException("no calls here");
        }
        return calls.syntax();
    }

    private boolean behindCall() {
        CallSyntax syntax = syntax();
        CallHead next = head(syntax.next(), 0);
        if (next.end() >= 0) {
            return begin(next);
        }
        Phrase close = syntax.section().close();
        int end = close.isEmpty() ? Phrase.NONE : close.match(pending, 0);
        if (end >= 0) {
            return to(Phase.TEXT, end);
        }
        return next.end() != Phrase.MORE && end != Phrase.MORE && to(Phase.TEXT, 0);
    }
}
