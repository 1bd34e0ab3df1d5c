package dev.weft.inference.relay.splice;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Places in a text that are replaced; for one thread. */
final class Splices {
    private record Splice(int from, int to, String text) {}

    private final List<Splice> splices = new ArrayList<>();

    /** Replaces the bytes from {@code from} to before {@code to}; places may not overlap. */
    void replace(int from, int to, String text) {
        splices.add(new Splice(from, to, text));
    }

    void remove(int from, int to) {
        replace(from, to, "");
    }

    void insert(int at, String text) {
        replace(at, at, text);
    }

    /** The text with its replacements; the same array if there are none. */
    byte[] apply(byte[] text) {
        if (splices.isEmpty()) {
            return text;
        }
        splices.sort(Comparator.comparingInt(Splice::from));
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 256);
        int at = 0;
        for (Splice splice : splices) {
            out.write(text, at, splice.from - at);
            out.writeBytes(splice.text.getBytes(StandardCharsets.UTF_8));
            at = splice.to;
        }
        out.write(text, at, text.length - at);
        return out.toByteArray();
    }
}
