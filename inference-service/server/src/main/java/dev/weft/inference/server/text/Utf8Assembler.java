package dev.weft.inference.server.text;

/**
 * Makes characters of bytes that arrive in pieces: a character appears with its last byte. Bytes
 * that can't be part of one become U+FFFD, one for each maximal part of a character (Unicode 3.9,
 * "U+FFFD substitution of maximal subparts", what Rust and browsers do), or one for each byte, as
 * the ByteFallback decoder of the tokenizers library has it.
 */
final class Utf8Assembler {
    private static final char REPLACEMENT = '\uFFFD';

    private final boolean perByte;
    private int codePoint;
    private int seen;
    private int needed;
    private int lower = 0x80;
    private int upper = 0xBF;

    Utf8Assembler(boolean perByte) {
        this.perByte = perByte;
    }

    void append(byte[] bytes, int from, int to, StringBuilder out) {
        for (int i = from; i < to; i++) {
            int b = bytes[i] & 0xFF;
            if (needed > 0 && (b < lower || b > upper)) {
                flush(out);
            }
            if (needed == 0) {
                begin(b, out);
            } else {
                proceed(b, out);
            }
        }
    }

    /** Ends the text: bytes that wait for more become U+FFFD. */
    void flush(StringBuilder out) {
        for (int i = 0; i < (perByte ? seen : Math.min(seen, 1)); i++) {
            out.append(REPLACEMENT);
        }
        reset();
    }

    private void begin(int b, StringBuilder out) {
        if (b < 0x80) {
            out.append((char) b);
        } else if (b < 0xC2 || b > 0xF4) {
            out.append(REPLACEMENT);
        } else {
            needed = b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
            seen = 1;
            codePoint = b & (0xFF >> (needed + 1));
            // no overlong forms, no surrogates, nothing beyond U+10FFFF
            lower = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
            upper = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
        }
    }

    private void proceed(int b, StringBuilder out) {
        codePoint = codePoint << 6 | (b & 0x3F);
        seen++;
        lower = 0x80;
        upper = 0xBF;
        if (seen == needed) {
            out.appendCodePoint(codePoint);
            reset();
        }
    }

    private void reset() {
        needed = 0;
        seen = 0;
        lower = 0x80;
        upper = 0xBF;
    }
}
