package dev.weft.protocol.repository;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of addresses in the notation of RFC 4632, {@code 10.0.0.0/8}; a single address means
 * itself.
 *
 * @param bits number of leading bits that count
 */
public record AddressRange(InetAddress first, int bits) {
    /** The allowed texts, for messages. */
    public static final String ALLOWED =
            "a range of addresses like 10.0.0.0/8, 127.0.0.1 or fc00::/7";

    private static final Pattern SHAPE =
            Pattern.compile(
                    "(\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/(\\d{1,3}))?");

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException if the text is not a range; says what is allowed
     */
    public static AddressRange of(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw refused(text);
        }
        InetAddress first;
        try {
            first = InetAddress.ofLiteral(matcher.group(1));
        } catch (IllegalArgumentException e) {
            throw refused(text);
        }
        int all = first.getAddress().length * 8;
        int bits = matcher.group(2) == null ? all : Integer.parseInt(matcher.group(2));
        if (bits > all) {
            throw refused(text);
        }
        return new AddressRange(first, bits);
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("'" + text + "' is not allowed: " + ALLOWED);
    }

    /** True if an address lies in the range. */
    public boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        int shift = mine.length * 8 - bits;
        return new BigInteger(1, mine)
                .shiftRight(shift)
                .equals(new BigInteger(1, other).shiftRight(shift));
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
