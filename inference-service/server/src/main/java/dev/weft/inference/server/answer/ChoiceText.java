package dev.weft.inference.server.answer;

import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.completion.Stops;
import dev.weft.inference.server.text.Detokenizer;
import dev.weft.inference.server.text.StopMatcher;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns one choice's tokens into text. Log-probabilities come out with the text of their tokens, so
 * those of a stop string never do. One thread.
 */
final class ChoiceText {
    private record Held(ScoredToken token, int begin, int end) {}

    private final int minTokens;
    private final boolean scored;
    private final Stops stops;
    private final Detokenizer detokenizer;
    private final StopMatcher strings;
    private final Deque<Held> held = new ArrayDeque<>();
    private int produced;

    /**
     * The number of code points in the text of all tokens so far. {@link #released} counts those
     * that were passed on.
     */
    private int seen;

    private int released;
    private boolean over;

    /** Whether the token that ended the answer did so only because the request names it. */
    private boolean stoppedAsAsked;

    ChoiceText(GenerationSettings settings, Detokenizer detokenizer) {
        this.minTokens = settings.minTokens();
        this.scored = settings.topLogProbabilities() >= 0;
        this.detokenizer = detokenizer;
        this.stops = settings.stops();
        this.strings = new StopMatcher(stops.strings());
    }

    /** Tokens produced until the choice was over. */
    int produced() {
        return produced;
    }

    boolean over() {
        return over;
    }

    /** Takes a token; returns what is new, or empty if the token adds nothing yet. */
    Optional<TextUpdate> add(TokenEvent event) {
        if (over) {
            return Optional.empty();
        }
        produced++;
        if (event.endOfSequence()) {
            stoppedAsAsked = stops.isOnlyAsked(event.token());
            return Optional.empty();
        }
        String piece = detokenizer.add(event.token());
        hold(event, piece);
        // a stop string counts from the token after the required ones on
        String text = strings.add(piece, produced > minTokens);
        over = strings.found();
        List<ScoredToken> tokens = release(text);
        if (text.isEmpty() && tokens.isEmpty() && !over) {
            return Optional.empty();
        }
        return Optional.of(update(text, tokens, over ? EndReason.STOP : null));
    }

    /** The engine has ended the generation. */
    Optional<TextUpdate> end(FinishReason reason) {
        if (over) {
            return Optional.empty();
        }
        over = true;
        EndReason end =
                switch (reason) {
                    case STOP -> EndReason.STOP;
                    case LENGTH -> EndReason.LENGTH;
                    case CANCELLED ->
                            throw new ApiException(
                                    ErrorCode.WORKER_FAILED,
                                    "the engine gave the request up before it was finished");
                };
        String tail = detokenizer.finish();
        seen += scored ? tail.codePointCount(0, tail.length()) : 0;
        String text = strings.add(tail, produced > minTokens) + strings.finish();
        return Optional.of(update(text, release(text), strings.found() ? EndReason.STOP : end));
    }

    private TextUpdate update(String text, List<ScoredToken> tokens, @Nullable EndReason end) {
        boolean found = strings.found();
        return new TextUpdate(
                text, tokens, end, found ? strings.stop() : null, found || stoppedAsAsked);
    }

    private void hold(TokenEvent event, String piece) {
        if (scored) {
            int begin = seen;
            seen += piece.codePointCount(0, piece.length());
            held.add(
                    new Held(
                            new ScoredToken(
                                    event.token(), event.logProbability(), event.top(), begin),
                            begin,
                            seen));
        }
    }

    /**
     * Returns the tokens whose whole text is out once {@code text} is; at the end also a token
     * whose text was cut. A token without text of its own, as one that ends within a character, is
     * out once text behind it is: before a stop string's text, it belongs to that.
     */
    private List<ScoredToken> release(String text) {
        if (!scored) {
            return List.of();
        }
        released += text.codePointCount(0, text.length());
        List<ScoredToken> tokens = new ArrayList<>();
        while (!held.isEmpty() && isOut(held.getFirst())) {
            tokens.add(held.removeFirst().token);
        }
        return tokens;
    }

    private boolean isOut(Held token) {
        if (token.begin < token.end) {
            return token.end <= released || (over && token.begin < released);
        }
        return token.begin < released || (over && !strings.found());
    }
}
