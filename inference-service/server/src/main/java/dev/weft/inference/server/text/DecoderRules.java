package dev.weft.inference.server.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * How tokens become text, from the {@code decoder} of tokenizer.json: byte-level (GPT-2's
 * alphabet), or in sentencepiece's manner with replacements such as U+2581 for a space, and byte
 * tokens such as {@code <0xE2>} for what the vocabulary lacks. A Metaspace decoder drops each of
 * its marks in a text's first token. Other decoders are refused by name.
 *
 * @param byteLevel whether tokens are spelled in the byte alphabet
 * @param byteFallback whether tokens like {@code <0xE2>} stand for a byte
 * @param replacements in order, applied to each token
 * @param leadingSpaces spaces cut from the start of a whole text
 */
record DecoderRules(
        boolean byteLevel,
        boolean byteFallback,
        List<Replacement> replacements,
        int leadingSpaces) {
    private static final Pattern BYTE_TOKEN = Pattern.compile("<0x([0-9A-Fa-f]{2})>");

    /**
     * A literal text and its replacement.
     *
     * @param first the replacement in the first token of a text
     */
    record Replacement(String text, String by, String first) {}

    DecoderRules {
        replacements = List.copyOf(replacements);
    }

    /**
     * Reads a decoder.
     *
     * @throws IOException names the decoder that is not served
     */
    static DecoderRules read(JsonNode decoder) throws IOException {
        List<JsonNode> parts = new ArrayList<>();
        flatten(decoder, parts);
        Builder builder = new Builder();
        for (JsonNode part : parts) {
            builder.add(part);
        }
        if (builder.byteLevel && (builder.byteFallback || !builder.replacements.isEmpty())) {
            throw refused(decoder, "ByteLevel together with others");
        }
        if (!builder.byteLevel && builder.replacements.isEmpty()) {
            throw refused(decoder, parts.isEmpty() ? "none" : "no way to write a space");
        }
        return new DecoderRules(
                builder.byteLevel,
                builder.byteFallback,
                builder.replacements,
                builder.leadingSpaces);
    }

    /** Bytes that a token adds to a text that has begun. */
    byte[] bytes(String token) {
        return bytes(token, false);
    }

    /** Bytes that a token adds to a text as its first one, but for {@link #leadingSpaces}. */
    byte[] firstBytes(String token) {
        return bytes(token, true);
    }

    /** Whether some tokens add other bytes as the first ones of a text. */
    boolean firstDiffers() {
        return replacements.stream().anyMatch(r -> !r.first.equals(r.by));
    }

    private byte[] bytes(String token, boolean first) {
        if (byteLevel) {
            return ByteAlphabet.bytes(token);
        }
        Optional<Byte> single = singleByte(token);
        if (single.isPresent()) {
            return new byte[] {single.get()};
        }
        String text = token;
        for (Replacement replacement : replacements) {
            text = text.replace(replacement.text, first ? replacement.first : replacement.by);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The byte that a byte token stands for. */
    Optional<Byte> singleByte(String token) {
        var matcher = BYTE_TOKEN.matcher(token);
        return byteFallback && matcher.matches()
                ? Optional.of((byte) Integer.parseInt(matcher.group(1), 16))
                : Optional.empty();
    }

    private static void flatten(JsonNode decoder, List<JsonNode> parts) {
        if (decoder.path("type").asString("").equals("Sequence")) {
            decoder.path("decoders").forEach(part -> flatten(part, parts));
        } else if (decoder.isObject()) {
            parts.add(decoder);
        }
    }

    private static IOException refused(JsonNode decoder, String what) {
        return new IOException(
                "tokenizer.json: decoder "
                        + decoder
                        + " is not served ("
                        + what
                        + "); served are ByteLevel, Metaspace, and Replace with ByteFallback, Fuse"
                        + " and Strip");
    }

    private static final class Builder {
        private final List<Replacement> replacements = new ArrayList<>();
        private boolean byteLevel;
        private boolean byteFallback;
        private int leadingSpaces;

        void add(JsonNode part) throws IOException {
            String type = part.path("type").asString("");
            switch (type) {
                case "ByteLevel" -> byteLevel = true;
                case "ByteFallback" -> byteFallback = true;
                case "Fuse" -> {
                    // joins the other parts' results; that is done anyway
                }
                case "Replace" -> addReplace(part);
                case "Strip" -> addStrip(part);
                case "Metaspace" -> addMetaspace(part);
                default -> throw refused(part, type.isEmpty() ? "no type" : type);
            }
        }

        private void addReplace(JsonNode part) throws IOException {
            JsonNode pattern = part.path("pattern").path("String");
            if (!pattern.isString() || pattern.stringValue().isEmpty()) {
                throw refused(part, "Replace by a regular expression");
            }
            String by = part.path("content").asString("");
            replacements.add(new Replacement(pattern.stringValue(), by, by));
        }

        private void addStrip(JsonNode part) throws IOException {
            if (!part.path("content").asString("").equals(" ") || part.path("stop").asInt(0) != 0) {
                throw refused(part, "Strip of other than leading spaces");
            }
            leadingSpaces += part.path("start").asInt(0);
        }

        private void addMetaspace(JsonNode part) {
            String mark = part.path("replacement").asString("\u2581");
            boolean prepended =
                    part.has("prepend_scheme")
                            ? !part.path("prepend_scheme").asString("").equals("never")
                            : part.path("add_prefix_space").asBoolean(true);
            replacements.add(new Replacement(mark, " ", prepended ? "" : " "));
        }
    }
}
