package dev.weft.inference.server.answer;

import dev.weft.grammar.reply.parser.ReplyParser;
import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.ReplyReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes one choice's text apart. One thread. */
final class ChoiceReply {
    private final int choice;
    private final ReplyReading reading;

    /** Null if all is text. */
    private final @Nullable ReplyParser parser;

    /** Log-probabilities of text that the parser holds back. */
    private final List<ScoredToken> held = new ArrayList<>();

    private int thoughtTokens;

    ChoiceReply(int choice, ReplyReading reading) {
        this.choice = choice;
        this.reading = reading;
        this.parser = reading.isText() ? null : new ReplyParser(reading.rule());
    }

    /** Tokens up to the end of the thought, as far as it is told. */
    int thoughtTokens() {
        return thoughtTokens;
    }

    /**
     * Takes more text; empty if nothing came of it yet.
     *
     * @param produced tokens of the choice so far
     */
    Optional<ChoiceUpdate> add(TextUpdate update, int produced) {
        if (parser == null) {
            List<ReplyPart> text =
                    update.text().isEmpty()
                            ? List.of()
                            : List.of(new ReplyPart.Text(update.text()));
            return Optional.of(
                    new ChoiceUpdate(
                            choice, text, update.tokens(), update.end(), update.stop(), false));
        }
        held.addAll(update.tokens());
        List<ReplyPart> parts = new ArrayList<>(parser.add(update.text()));
        if (update.end() != null) {
            parts.addAll(parser.finish());
        }
        if (parts.stream().anyMatch(ReplyPart.Thinking.class::isInstance)) {
            thoughtTokens = produced;
        }
        if (!reading.thoughts()) {
            parts.removeIf(ReplyPart.Thinking.class::isInstance);
        }
        if (parts.isEmpty() && update.end() == null) {
            return Optional.empty();
        }
        ChoiceUpdate told =
                new ChoiceUpdate(
                        choice,
                        parts,
                        held,
                        end(parser, update.end()),
                        update.stop(),
                        update.end() != null && !parser.complete());
        held.clear();
        return Optional.of(told);
    }

    private @Nullable EndReason end(ReplyParser of, @Nullable EndReason end) {
        // a stop string may have cut the last call
        boolean calls = of.calls() > 0 && of.complete();
        return end == EndReason.STOP && reading.endsAsCalls() && calls ? EndReason.TOOL_CALLS : end;
    }
}
