package dev.weft.grammar.place;

import java.util.Arrays;

/** The bytes of an answer so far. While tokens are tried, their bytes stand behind these. */
public final class Trail {
    private byte[] bytes = new byte[256];
    private int length;

    public int length() {
        return length;
    }

    public void add(byte b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = b;
    }

    public void addAll(byte[] more, int count) {
        while (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        System.arraycopy(more, 0, bytes, length, count);
        length += count;
    }

    public void cut(int newLength) {
        length = newLength;
    }

    public byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    public byte at(int offset) {
        return bytes[offset];
    }
}
