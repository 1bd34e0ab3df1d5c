package dev.weft.inference.server.http.bridge;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.completion.AnswerConstraints;
import dev.weft.inference.server.completion.CompletionEvent;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a run takes: its prompts, the grammar of its answers, and the part of the answers
 * that is not on its way to the client yet, or all of them if they are sent whole. The grammar's is
 * given back at the run's end; the rest stays with the request, which gives it back at its own. Any
 * thread.
 */
final class RunMemory implements AutoCloseable {
    /** Bytes of a token in a prompt: an Integer and its place in a list. */
    private static final long PROMPT_TOKEN_BYTES = 24;

    /** Bytes of a produced token: its event, its text, its place in a queue. */
    private static final long TOKEN_BYTES = 200;

    /** Bytes of one token's log-probability and text. */
    private static final long SCORE_BYTES = 100;

    private final ProcessMemory.Claim claim;
    private final long promptBytes;
    private final long eventBytes;
    private final boolean whole;
    private final @Nullable AnswerConstraints constraints;
    private volatile boolean ended;

    /**
     * @param claim is not closed here
     * @param whole whether an answer is kept until its end
     */
    RunMemory(ProcessMemory.Claim claim, CompletionRequest request, boolean whole) {
        this.claim = claim;
        this.whole = whole;
        this.constraints = request.settings().constraints();
        this.promptBytes =
                request.choices().prompts().stream()
                        .mapToLong(prompt -> PROMPT_TOKEN_BYTES * prompt.tokens().size())
                        .sum();
        int scores = request.settings().topLogProbabilities() + 1;
        this.eventBytes = TOKEN_BYTES + SCORE_BYTES * Math.max(scores, 0);
    }

    /** Takes the memory of the prompts and the grammar; false if there isn't enough left. */
    boolean begin() {
        return claim.more(promptBytes) && holdGrammar();
    }

    private boolean holdGrammar() {
        return constraints == null || constraints.hold();
    }

    /** Takes an event's memory, unless the run is over; false if there isn't enough left. */
    boolean produced(CompletionEvent event) {
        if (ended) {
            return true;
        }
        if (event instanceof CompletionEvent.Pooled(int _, float[] vector)) {
            return claim.more(TOKEN_BYTES + (long) Float.BYTES * vector.length);
        }
        return !(event instanceof CompletionEvent.Produced)
                || (claim.more(eventBytes) && holdGrammar());
    }

    /** The event is on its way to the client, or joins the events that are kept. */
    void told(CompletionEvent event) {
        if (!whole && event instanceof CompletionEvent.Produced) {
            claim.less(eventBytes);
        }
    }

    static ApiException exhausted() {
        return new ApiException(
                ErrorCode.OVERLOADED,
                "The worker has no memory left for what this request holds; try again");
    }

    @Override
    public void close() {
        ended = true;
        if (constraints != null) {
            constraints.release();
        }
    }
}
