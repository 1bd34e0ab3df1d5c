package dev.weft.inference.server.http.answer;

import dev.weft.inference.server.completion.ChoiceUpdate;
import dev.weft.inference.server.completion.Usage;
import java.util.List;

/** How an endpoint writes its answers: JSON documents in UTF-8. */
public interface AnswerFormat {
    /** Events before the first update of any choice. */
    List<byte[]> begin();

    /** Events for an update. */
    List<byte[]> update(ChoiceUpdate update);

    /** The event that tells the usage. */
    byte[] usage(Usage usage);

    /** The answer in one piece. */
    byte[] whole(List<ChoiceResult> choices, Usage usage);
}
