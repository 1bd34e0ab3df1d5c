package dev.weft.inference.server.http.format;

import dev.weft.inference.server.answer.Usage;
import java.io.OutputStream;
import java.util.List;

/** How an endpoint writes its answers: JSON documents in UTF-8. */
public interface AnswerFormat {
    /** The answer as events. */
    StreamFormat stream();

    /** Bytes of the request that the format keeps in memory until the answer's end. */
    default long heldBytes() {
        return 0;
    }

    /** Writes the answer in one piece; closes {@code target}. */
    void whole(List<ChoiceResult> choices, Usage usage, OutputStream target);
}
