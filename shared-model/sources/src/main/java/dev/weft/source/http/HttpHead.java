package dev.weft.source.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The head of a request or an answer of HTTP/1.1.
 *
 * @param line the first line
 * @param fields header lines as they came
 */
record HttpHead(String line, List<String> fields) {
    private static final int LONGEST = 64 << 10;
    private static final int END = 0x0d0a0d0a;
    private static final Set<String> OF_THE_CONNECTION =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "upgrade");

    /**
     * Reads a head to its empty line, and nothing after it.
     *
     * @throws ProtocolException if it is longer than 64 KiB, or a line ends with CR or LF alone
     */
    static HttpHead read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int lastFour = 0;
        while (lastFour != END) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no whole head");
            }
            head.write(next);
            lastFour = lastFour << 8 | next;
            if (head.size() > LONGEST) {
                throw new ProtocolException("a head of more than " + LONGEST + " bytes");
            }
        }
        List<String> lines =
                Arrays.asList(head.toString(StandardCharsets.ISO_8859_1).split("\r\n"));
        // Some readers take a line with a bare CR or LF as one, others as two: such a line may not
        // be passed on, since it could change its meaning.
        if (lines.stream().anyMatch(line -> line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0)) {
            throw new ProtocolException("a line that does not end with CR LF");
        }
        return lines.isEmpty()
                ? new HttpHead("", List.of())
                : new HttpHead(lines.getFirst(), lines.subList(1, lines.size()));
    }

    /** The value of a header that occurs once at most. */
    Optional<String> header(String name) {
        return fields.stream()
                .filter(field -> name(field).equals(name))
                .map(field -> field.substring(field.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** The head to be passed on with another first line, as the last one of its connection. */
    byte[] sentOn(String otherLine) {
        StringBuilder head = new StringBuilder(otherLine).append("\r\n");
        fields.stream()
                .filter(field -> !OF_THE_CONNECTION.contains(name(field)))
                .forEach(field -> head.append(field).append("\r\n"));
        return head.append("Connection: close\r\n\r\n")
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String name(String field) {
        return field.substring(0, Math.max(0, field.indexOf(':'))).strip().toLowerCase(Locale.ROOT);
    }
}
