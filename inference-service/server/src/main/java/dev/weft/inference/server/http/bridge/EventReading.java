package dev.weft.inference.server.http.bridge;

import dev.weft.inference.server.completion.CompletionEvent;
import java.util.List;

/** Turns one request's events into results. One thread at a time. */
interface EventReading<T> {
    /** Takes an event; returns the results, of which there may be none. */
    List<T> accept(CompletionEvent event);

    /** Whether nothing comes after this. */
    boolean isLast(T last);
}
