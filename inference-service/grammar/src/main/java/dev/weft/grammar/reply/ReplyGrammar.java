package dev.weft.grammar.reply;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.EndSpot;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.Phrase;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.scan.AttemptScan;
import dev.weft.grammar.scan.PhraseScan;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds the grammar of a reply: a thought, then text or calls. */
public final class ReplyGrammar {
    private final Expressions pool;
    private final PhraseScan.Table phrases;

    /** The calls that it may have. */
    private List<Machine.Part> parts = List.of();

    private ReplyGrammar(Expressions pool) {
        this.pool = pool;
        this.phrases = new PhraseScan.Table(pool);
    }

    /**
     * The grammar of a reply.
     *
     * @param text what the reply is if it calls nothing; null for any text
     * @throws GrammarException names the tool that it is about
     */
    public static Machine of(
            Expressions pool, ReplyRule rule, @Nullable Machine text, GrammarOptions options)
            throws GrammarException {
        ReplyGrammar grammar = new ReplyGrammar(pool);
        Position any =
                text == null ? TextSpot.at(List.of(), _ -> EndSpot.END, () -> true) : text.start();
        ReplyRule.Calls calls = rule.calls();
        Position reply = calls == null ? any : grammar.calls(calls, text, any, options);
        Thought thought = rule.thought();
        return thought == null
                ? new ReplyMachine(reply, grammar.parts, pool.budget(), new ReentrantLock(), null)
                : grammar.thinking(thought, reply, rule.hasGap());
    }

    private ReplyMachine thinking(Thought thought, Position reply, boolean hasGap) {
        Position gap =
                hasGap
                        ? PhraseSpot.at(
                                phrases,
                                new PhraseSpot.Way(Phrase.gap(pool), Behind.of(() -> reply)))
                        : reply;
        // a reply that ends within its thought answers nothing: it may end there only if nothing is
        // asked for
        Position within = TextSpot.at(List.of(thought.close()), _ -> gap, reply::mayEnd);
        Position start =
                thought.begun()
                        ? within
                        : attempt(
                                new Phrase(" " + thought.open()),
                                Behind.of(() -> within),
                                () -> reply);
        ThoughtEnd end =
                new ThoughtEnd(
                        within.spot(),
                        thought.close(),
                        mark(Phrase.added(pool, thought.close()), gap),
                        mark(new Phrase(thought.close()).expression(pool), gap));
        return new ReplyMachine(start, parts, pool.budget(), new ReentrantLock(), end);
    }

    private Position mark(Expression mark, Position behind) {
        return PhraseSpot.at(phrases, new PhraseSpot.Way(mark, Behind.of(() -> behind)));
    }

    private Position calls(
            ReplyRule.Calls calls, @Nullable Machine text, Position any, GrammarOptions options)
            throws GrammarException {
        CallPlaces places = new CallPlaces(pool, phrases, calls, options);
        parts = places.calls();
        if (calls.required()) {
            return places.required();
        }
        CallSyntax syntax = calls.syntax();
        if (syntax.place() == CallSyntax.Placement.START) {
            return places.attempt(() -> any);
        }
        Phrase opening = syntax.openings().getFirst();
        Phrase head = opening.head();
        Position rest = places.behind(opening.rest());
        return text == null
                ? TextSpot.at(List.of(head.text()), _ -> rest, () -> true)
                : attempt(head, Behind.of(() -> rest), () -> any);
    }

    private Position attempt(Phrase phrase, Behind matched, Supplier<Position> otherwise) {
        return new Position(
                new AttemptSpot(matched, otherwise), AttemptScan.of(pool, phrase.expression(pool)));
    }
}
