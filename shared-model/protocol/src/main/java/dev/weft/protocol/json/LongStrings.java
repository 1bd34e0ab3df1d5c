package dev.weft.protocol.json;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** JSON whose strings may be of any length: a prompt or an image may be one long string. */
public final class LongStrings {
    /** Whoever gives the text to a parser of it limits the text's size. */
    public static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private LongStrings() {}
}
