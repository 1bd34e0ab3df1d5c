package dev.weft.inference.server.http.bridge;

import dev.weft.inference.server.completion.CompletionEvent;
import java.util.List;

/** What becomes of one request's events. One thread at a time. */
interface EventReading<T> {
    /** Takes an event; says what came of it, which may be nothing. */
    List<T> accept(CompletionEvent event);

    /** Whether nothing comes after this. */
    boolean isLast(T last);
}
