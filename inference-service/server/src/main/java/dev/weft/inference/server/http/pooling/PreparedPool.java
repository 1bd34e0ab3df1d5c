package dev.weft.inference.server.http.pooling;

import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.models.ResolvedModel;
import java.io.OutputStream;

/** A request that was read, and how it wants its answer. */
record PreparedPool(ResolvedModel model, CompletionRequest request, Format format) {
    /** Writes an answer: a JSON document in UTF-8. */
    interface Format {
        /** Closes {@code target}. */
        void write(PooledAnswer answer, OutputStream target);

        /** Bytes of the request that the format keeps in memory until the answer's end. */
        default long heldBytes() {
            return 0;
        }
    }
}
