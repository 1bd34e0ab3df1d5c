package dev.weft.format.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The dictionary at the start of a .npy file: a Python literal with three keys. */
record NpyHeader(NpyType type, List<Long> shape) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** Data begin at a multiple of this. */
    private static final int ALIGNMENT = 64;

    /** Magic, version 1.0 and the length of the dictionary. */
    private static final int PREFIX = 10;

    private static final Pattern ENTRY =
            Pattern.compile(
                    "\\s*'(descr|fortran_order|shape)'\\s*:\\s*('[^']*'|True|False|\\([\\d,\\sL]*\\))"
                        + "\\s*(,|(?=\\}))");

    /** A language model's arrays have no more dimensions. */
    private static final int MAX_DIMENSIONS = 8;

    NpyHeader {
        shape = List.copyOf(shape);
    }

    /** All bytes before the data, as NumPy writes them: version 1.0, padded. */
    byte[] bytes() {
        String sizes =
                shape.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + (shape.size() == 1 ? "," : "");
        String text =
                "{'descr': '"
                        + type.descr()
                        + "', 'fortran_order': False, 'shape': ("
                        + sizes
                        + "), }";
        int whole = (PREFIX + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer bytes = ByteBuffer.allocate(whole).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (whole - PREFIX));
        bytes.put(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.remaining() > 1) {
            bytes.put((byte) ' ');
        }
        return bytes.put((byte) '\n').array();
    }

    /** True if a file begins as .npy files do. */
    static boolean hasMagic(byte[] start) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (i >= start.length || start[i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads the dictionary.
     *
     * @param file its name, for messages
     */
    static NpyHeader parse(String file, String text) throws NpyException {
        String descr = null;
        String order = null;
        String shape = null;
        String literal = text.strip();
        if (!literal.startsWith("{") || !literal.endsWith("}")) {
            throw malformed(file, text);
        }
        String inside = literal.substring(1);
        Matcher entry = ENTRY.matcher(inside);
        int at = 0;
        while (entry.region(at, inside.length()).lookingAt()) {
            switch (entry.group(1)) {
                case "descr" -> descr = entry.group(2);
                case "fortran_order" -> order = entry.group(2);
                default -> shape = entry.group(2);
            }
            at = entry.end();
        }
        boolean whole = inside.substring(at).strip().equals("}");
        if (!whole || descr == null || order == null || shape == null || !shape.startsWith("(")) {
            throw malformed(file, text);
        }
        if (!order.equals("False")) {
            throw new NpyException(
                    file + ": fortran_order is " + order + "; allowed is False (row-major)");
        }
        return new NpyHeader(type(file, descr), sizes(file, shape));
    }

    private static NpyType type(String file, String descr) throws NpyException {
        String name = descr.startsWith("'") ? descr.substring(1, descr.length() - 1) : descr;
        return NpyType.of(name)
                .orElseThrow(() ->
                        new NpyException(
                                file
                                        + ": the type is "
                                        + descr
                                        + "; allowed are "
                                        + NpyType.allowed()));
    }

    private static List<Long> sizes(String file, String tuple) throws NpyException {
        List<Long> sizes = new ArrayList<>();
        for (String size : tuple.replaceAll("[()\\sL]", "").split(",", -1)) {
            if (size.isEmpty()) {
                continue;
            }
            if (size.length() > 15 || sizes.size() == MAX_DIMENSIONS) {
                throw new NpyException(
                        file + ": the shape " + tuple + " is not that of a language model's array");
            }
            sizes.add(Long.parseLong(size));
        }
        return sizes;
    }

    private static NpyException malformed(String file, String text) {
        String start = text.substring(0, Math.min(text.length(), 120)).strip();
        return new NpyException(
                file
                        + ": the header is '"
                        + start
                        + "'; allowed is a dictionary of descr, fortran_order and shape");
    }
}
