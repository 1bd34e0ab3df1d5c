package dev.weft.inference.server.answer;

import dev.weft.grammar.reply.parser.ReplyParser;
import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.ReplyReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Splits one choice's text into thoughts, calls and plain text. One thread. */
final class ChoiceReply {
    private final int choice;
    private final ReplyReading reading;

    /** Null if the whole reply is plain text. */
    private final @Nullable ReplyParser parser;

    /** Log-probabilities of text that the parser holds back. */
    private final List<ScoredToken> held = new ArrayList<>();

    /** The number of code points that the parser has been given. */
    private int read;

    private int thoughtTokens;

    ChoiceReply(int choice, ReplyReading reading) {
        this.choice = choice;
        this.reading = reading;
        this.parser = reading.isText() ? null : new ReplyParser(reading.rule());
    }

    /** The number of tokens up to the end of the thought, as far as the thought has been parsed. */
    int thoughtTokens() {
        return thoughtTokens;
    }

    /**
     * Takes more text; returns what is new, or empty if the text adds nothing yet.
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
     * Passes an update to the parser.
     *
     * @param parts receives the parts that the client gets
     * @return whether any part belonged to a thought
     */
    private boolean read(TextUpdate update, ReplyParser by, List<ReplyPart> parts) {
        boolean thought = false;
        String rest = update.text();
        List<ScoredToken> tokens = update.tokens();
        // token by token, so that the tokens of a thought are known
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
     * Takes a token's text. A token without text (the first of those that make one character)
     * shares the fate of the next token that has text.
     */
    private boolean take(ReplyParser by, String text, List<ReplyPart> parts) {
        return !text.isEmpty() && take(by, by.add(text), parts);
    }

    /**
     * Takes the parts that a token produced. A client that gets no thoughts gets no
     * log-probabilities of a thought or of its marks either, since they name the tokens.
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
