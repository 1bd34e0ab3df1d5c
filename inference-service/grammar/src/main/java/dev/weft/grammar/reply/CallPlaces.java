package dev.weft.grammar.reply;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.json.SharedStates;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.EndSpot;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.Phrase;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.scan.AttemptScan;
import dev.weft.grammar.scan.PhraseScan;
import dev.weft.grammar.walk.TokenVocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The places within calls. */
final class CallPlaces {
    private final Expressions pool;
    private final PhraseScan.Table phrases;
    private final CallSyntax syntax;
    private final boolean several;

    /** Where the arguments of each tool begin, with a gap before them. */
    private final Map<String, Position> arguments = new LinkedHashMap<>();

    /** Matches the name of any tool, and what stands behind names. */
    private final Expression names;

    private @Nullable Position behindCall;
    private @Nullable Position name;

    CallPlaces(
            Expressions pool,
            PhraseScan.Table phrases,
            ReplyRule.Calls calls,
            GrammarOptions options)
            throws GrammarException {
        this.pool = pool;
        this.phrases = phrases;
        this.syntax = calls.syntax();
        this.several = calls.several();
        // the answer's options for its JSON do not apply to arguments, which functions take
        GrammarOptions own =
                options.with(GrammarOptions.KeyOrder.ANY)
                        .with(GrammarOptions.Whitespace.BOUNDED)
                        .with(GrammarOptions.Numbers.TYPED);
        Position behindArguments = closing();
        SharedStates shared = SharedStates.withinText(pool, own);
        List<byte[]> texts = new ArrayList<>();
        for (Tool tool : calls.tools()) {
            texts.add(tool.name().getBytes(StandardCharsets.UTF_8));
            try {
                Position begin =
                        switch (syntax.call().arguments()) {
                            case CallSyntax.Arguments.Json() ->
                                    JsonArguments.at(shared, tool, own, behindArguments);
                            case CallSyntax.Arguments.Named named ->
                                    new NamedArguments(
                                                    shared,
                                                    phrases,
                                                    named,
                                                    tool,
                                                    own,
                                                    syntax.call().close().expression(pool),
                                                    spacedBehindCall())
                                            .begin();
                        };
                arguments.put(tool.name(), spaced(begin));
            } catch (GrammarException e) {
                throw e.ofTool(tool.name());
            }
        }
        this.names = pool.concat(pool.literals(texts), syntax.call().between().expression(pool));
    }

    private Position spaced(Position place) {
        return PhraseSpot.at(phrases, way(Phrase.gap(pool), Behind.of(() -> place)));
    }

    /** The place behind the arguments of a call. */
    private Position closing() {
        Phrase close = syntax.call().close();
        return close.isEmpty()
                ? spacedBehindCall()
                : PhraseSpot.at(phrases, way(close.expression(pool), Behind.of(this::behindCall)));
    }

    /** The place behind a call, made when it is first needed: calls follow calls. */
    private Position spacedBehindCall() {
        return PhraseSpot.at(phrases, way(pool.epsilon(), Behind.of(this::behindCall)));
    }

    private Position behindCall() {
        Position found = behindCall;
        if (found == null) {
            List<PhraseSpot.Way> ways = new ArrayList<>();
            if (several) {
                ways.add(way(syntax.next().expression(pool), Behind.of(this::name)));
            }
            Phrase close = syntax.section().close();
            ways.add(
                    way(
                            close.isEmpty() ? Phrase.gap(pool) : close.expression(pool),
                            Behind.of(() -> EndSpot.END)));
            found = PhraseSpot.at(phrases, ways);
            behindCall = found;
        }
        return found;
    }

    /** Where a tool's name begins. */
    private Position name() {
        Position found = name;
        if (found == null) {
            found =
                    PhraseSpot.at(
                            phrases,
                            way(pool.concat(Phrase.gap(pool), names), call(CallPlaces::named)));
            name = found;
        }
        return found;
    }

    /**
     * The place behind a tool's name. It counts the bytes of the longest call as left: with less,
     * its arguments would seem to lead away from the end.
     *
     * @param named finds the name in a text
     */
    private Behind call(Function<byte[], String> named) {
        return Behind.of(
                text -> arguments.get(named.apply(text)),
                () -> arguments.values().stream().mapToInt(Position::left).max().orElse(0));
    }

    /** Each tool's call, from its arguments on. */
    List<Machine.Part> calls() {
        return arguments.entrySet().stream()
                .map(call -> new Machine.Part("call of '" + call.getKey() + "'", call.getValue()))
                .toList();
    }

    /**
     * The tool's name in a text. There may be something else before it, and there is something
     * behind it.
     */
    private static String named(byte[] text) {
        int from = 0;
        while (!CallSyntax.isNameCharacter((char) (text[from] & 0xFF))) {
            from++;
        }
        int to = from;
        while (CallSyntax.isNameCharacter((char) (text[to] & 0xFF))) {
            to++;
        }
        return new String(text, from, to - from, StandardCharsets.US_ASCII);
    }

    /** The place within an opening, by the rest of it that has to come. */
    Position behind(Phrase rest) {
        return rest.isEmpty()
                ? name()
                : PhraseSpot.at(phrases, way(rest.expression(pool), Behind.of(this::name)));
    }

    /** The start of a reply that has to be calls. */
    Position required() {
        List<PhraseSpot.Way> ways = new ArrayList<>();
        for (Phrase opening : syntax.openings()) {
            Expression phrase = pool.concat(Phrase.gap(pool), opening.expression(pool));
            ways.add(way(phrase, Behind.of(this::name)));
        }
        return PhraseSpot.at(phrases, ways);
    }

    /**
     * The start of a reply that is calls; if it isn't, it is read again from its beginning as
     * something else.
     */
    Position attempt(Supplier<Position> otherwise) {
        List<Expression> openings = new ArrayList<>();
        for (Phrase opening : syntax.openings()) {
            openings.add(opening.expression(pool));
        }
        Expression whole =
                pool.concat(Phrase.gap(pool), pool.or(openings), Phrase.gap(pool), names);
        return new Position(
                new AttemptSpot(call(this::behindOpening), otherwise), AttemptScan.of(pool, whole));
    }

    private String behindOpening(byte[] text) {
        String all = unmarked(text);
        for (Phrase opening : syntax.openings()) {
            int behind = opening.match(all, Phrase.skipGap(all, 0));
            if (behind >= 0) {
                return named(all.substring(behind).getBytes(StandardCharsets.UTF_8));
            }
        }
        throw new IllegalStateException("no opening in '" + all + "'");
    }

    /** A text without the marks of added tokens. */
    private static String unmarked(byte[] text) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(text.length);
        for (byte b : text) {
            if (b != TokenVocabulary.ADDED) {
                all.write(b);
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static PhraseSpot.Way way(Expression phrase, Behind behind) {
        return new PhraseSpot.Way(phrase, behind);
    }
}
