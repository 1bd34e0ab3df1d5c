package dev.weft.inference.relay.splice;

import dev.weft.protocol.json.LongStrings;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Finds where the values of a JSON text in UTF-8 begin and end. */
final class JsonPlaces {
    private JsonPlaces() {}

    static JsonParser parser(byte[] text) {
        return LongStrings.JSON.createParser(ObjectReadContext.empty(), text);
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
