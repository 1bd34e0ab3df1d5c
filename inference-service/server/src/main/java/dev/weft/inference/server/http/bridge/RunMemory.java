package dev.weft.inference.server.http.bridge;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.completion.CompletionEvent;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;

/**
 * Memory that a request holds from when it is read to its end: its prompts, and of its answers what
 * a reader has not taken yet, or all where they are sent whole. Any thread.
 */
final class RunMemory implements AutoCloseable {
    /** Of a token in a prompt: an Integer and its place in a list. */
    private static final long PROMPT_TOKEN_BYTES = 24;

    /** Of a token that was produced: its event, its text, its place in a queue. */
    private static final long TOKEN_BYTES = 200;

    /** Of the log-probability of one token, and of its text. */
    private static final long SCORE_BYTES = 100;

    private final ProcessMemory.Claim claim;
    private final long promptBytes;
    private final long eventBytes;
    private final boolean whole;

    /**
     * @param whole an answer is kept until its end
     */
    RunMemory(ProcessMemory.Claim claim, CompletionRequest request, boolean whole) {
        this.claim = claim;
        this.whole = whole;
        this.promptBytes =
                request.prompts().stream()
                        .mapToLong(prompt -> PROMPT_TOKEN_BYTES * prompt.tokens().size())
                        .sum();
        int scores = request.settings().topLogProbabilities() + 1;
        this.eventBytes = TOKEN_BYTES + SCORE_BYTES * Math.max(scores, 0);
    }

    /** Takes what the prompts hold; false where there is nothing left. */
    boolean begin() {
        return claim.more(promptBytes);
    }

    /** Takes what an event holds; false where there is nothing left. */
    boolean produced(CompletionEvent event) {
        return !(event instanceof CompletionEvent.Produced) || claim.more(eventBytes);
    }

    /** The event is on its way to the client, or to those that are kept. */
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
        claim.close();
    }
}
