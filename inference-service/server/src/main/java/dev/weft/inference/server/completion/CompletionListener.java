package dev.weft.inference.server.completion;

/**
 * Receives the events of all choices of a request, in order for each choice, from any thread, even
 * two at once. Return quickly: it may be the engine's thread.
 */
public interface CompletionListener {
    /** The adapter is there, and the engine has the choice; its events may have come before. */
    void onQueued(int choice);

    /** A choice waits for the engine no longer; see {@code GenerationListener.onRow}. */
    void onRow(int choice);

    void onEvent(CompletionEvent event);

    /** The request has failed as a whole; its other choices are being cancelled. */
    void onError(RuntimeException error);
}
