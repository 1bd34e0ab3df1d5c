package dev.weft.inference.server.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * GPT-2's way to write bytes as visible characters, which byte-level BPE vocabularies use:
 * printable Latin-1 bytes stand for themselves, the others for U+0100 and on, in order.
 */
final class ByteAlphabet {
    private static final int FIRST_SHIFTED = 0x100;

    /** Byte by character; -1 for characters outside the alphabet. */
    private static final int[] BYTE_OF = byteOf();

    private ByteAlphabet() {}

    /**
     * Bytes that a token stands for. A token with a character outside the alphabet (added tokens
     * may have them) stands for its own UTF-8 bytes, as in the tokenizers library.
     */
    static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c >= BYTE_OF.length || BYTE_OF[c] < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) BYTE_OF[c];
        }
        return bytes;
    }

    private static int[] byteOf() {
        int[] table = new int[FIRST_SHIFTED + 256];
        Arrays.fill(table, -1);
        int shifted = FIRST_SHIFTED;
        for (int b = 0; b < 256; b++) {
            table[standsForItself(b) ? b : shifted++] = b;
        }
        return Arrays.copyOf(table, shifted);
    }

    private static boolean standsForItself(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
    }
}
