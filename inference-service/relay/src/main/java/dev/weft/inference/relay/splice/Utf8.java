package dev.weft.inference.relay.splice;

import dev.weft.protocol.error.InvalidJson;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Finds what is not UTF-8, such as a character in more bytes than it needs. Jackson's parser takes
 * that, and passes over texts that nobody asks for; servers refuse it.
 */
final class Utf8 {
    private static final int CHARS_AT_A_TIME = 4096;

    private Utf8() {}

    /**
     * Checks a body.
     *
     * @throws dev.weft.protocol.error.ApiException 400 if a byte of it belongs to no character
     */
    static void check(byte[] body) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(body);
        CharBuffer characters = CharBuffer.allocate(CHARS_AT_A_TIME);
        CoderResult result = decoder.decode(bytes, characters, true);
        while (result.isOverflow()) {
            characters.clear();
            result = decoder.decode(bytes, characters, true);
        }
        if (result.isError()) {
            throw InvalidJson.encoding(bytes.position());
        }
    }
}
