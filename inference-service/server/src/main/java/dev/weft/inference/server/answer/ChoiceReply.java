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

    /** Code points of the text that the parser has. */
    private int read;

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
                            choice,
                            text,
                            update.tokens(),
                            update.end(),
                            update.stop(),
                            update.asked(),
                            false));
        }
        List<ReplyPart> parts = new ArrayList<>();
        if (read(update, parser, parts)) {
            thoughtTokens = produced;
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
                        update.asked(),
                        update.end() != null && !parser.complete());
        held.clear();
        return Optional.of(told);
    }

    /**
     * Has the parser read an update.
     *
     * @param parts what the reader gets of it
     * @return whether there was something of a thought
     */
    private boolean read(TextUpdate update, ReplyParser by, List<ReplyPart> parts) {
        boolean thought = false;
        String rest = update.text();
        List<ScoredToken> tokens = update.tokens();
        // one by one, so that those of a thought are known
        int alone = reading.thoughts() ? 0 : tokens.size() - 1;
        for (int i = 0; i < alone; i++) {
            held.add(tokens.get(i));
            int next = Math.max(read, tokens.get(i + 1).offset());
            int end = rest.offsetByCodePoints(0, next - read);
            thought |= take(by, rest.substring(0, end), parts);
            rest = rest.substring(end);
            read = next;
        }
        held.addAll(tokens.subList(Math.max(alone, 0), tokens.size()));
        thought |= take(by, rest, parts);
        read += rest.codePointCount(0, rest.length());
        return update.end() == null ? thought : take(by, by.finish(), parts) || thought;
    }

    /**
     * Takes a token's text. One without text, the first of a character's, goes as the next one with
     * text does.
     */
    private boolean take(ReplyParser by, String text, List<ReplyPart> parts) {
        return !text.isEmpty() && take(by, by.add(text), parts);
    }

    /**
     * Takes what came of a token. Of a thought that the reader does not get, and of its marks, it
     * gets no log-probabilities either, which name the tokens.
     */
    private boolean take(ReplyParser by, List<ReplyPart> came, List<ReplyPart> parts) {
        boolean thought = came.stream().anyMatch(ReplyPart.Thinking.class::isInstance);
        if (!reading.thoughts() && (thought || by.isWithinThought())) {
            held.clear();
            came.stream().filter(part -> !(part instanceof ReplyPart.Thinking)).forEach(parts::add);
        } else {
            parts.addAll(came);
        }
        return thought;
    }

    private @Nullable EndReason end(ReplyParser of, @Nullable EndReason end) {
        // a stop string may have cut the last call
        boolean calls = of.calls() > 0 && of.complete();
        return end == EndReason.STOP && reading.endsAsCalls() && calls ? EndReason.TOOL_CALLS : end;
    }
}
