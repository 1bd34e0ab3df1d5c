package dev.weft.inference.relay.splice;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Finds where the values of a JSON text in UTF-8 begin and end. */
final class JsonPlaces {
    /** A prompt or an image may be one long string; whoever reads the text limits its size. */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private JsonPlaces() {}

    static JsonParser parser(byte[] text) {
        return JSON.createParser(ObjectReadContext.empty(), text);
    }

    /** Index of the first byte of the parser's token. */
    static int start(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** Passes over the parser's value; the index after its last byte. */
    static int skip(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            parser.getStringLength(); // reads it to its end
        }
        parser.skipChildren();
        return (int) parser.currentLocation().getByteOffset();
    }
}
