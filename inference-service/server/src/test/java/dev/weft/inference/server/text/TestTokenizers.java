package dev.weft.inference.server.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Small tokenizer.json files of the two kinds that decoders use. */
public final class TestTokenizers {
    /** Special tokens of the byte-level one. */
    public static final int END_OF_TEXT = 266;

    public static final int IM_START = 267;
    public static final int IM_END = 268;

    private TestTokenizers() {}

    /**
     * Byte-level BPE as Qwen and Llama 3 have it: token b is byte b, tokens from 256 on are a few
     * merges, 266 to 268 are special.
     */
    public static Path byteLevel(Path folder) throws IOException {
        ObjectNode vocab = JsonMapper.shared().createObjectNode();
        for (int b = 0; b < 256; b++) {
            vocab.put(character(b), b);
        }
        ArrayNode merges = JsonMapper.shared().createArrayNode();
        int next = 256;
        for (List<String> pair :
                List.of(
                        List.of("h", "e"),
                        List.of("l", "l"),
                        List.of("he", "ll"),
                        List.of("hell", "o"),
                        List.of("Ġ", "w"),
                        List.of("Ġw", "o"),
                        List.of("Ġwo", "r"),
                        List.of("Ġwor", "l"),
                        List.of("Ġworl", "d"),
                        List.of("ð", "Ł"))) {
            merges.add(String.join(" ", pair));
            vocab.put(String.join("", pair), next++);
        }
        ObjectNode root = root(vocab, merges, false);
        root.set("pre_tokenizer", JsonMapper.shared().readTree(BYTE_LEVEL));
        root.set("decoder", JsonMapper.shared().readTree(BYTE_LEVEL));
        special(
                root,
                Map.of(
                        "<|endoftext|>",
                        END_OF_TEXT,
                        "<|im_start|>",
                        IM_START,
                        "<|im_end|>",
                        IM_END));
        return write(folder, root);
    }

    /**
     * Sentencepiece-like BPE with byte fallback as Llama 2 and Mistral have it: 0 to 2 are special,
     * 3 + b is byte b, then a few pieces.
     */
    public static Path byteFallback(Path folder) throws IOException {
        ObjectNode vocab = JsonMapper.shared().createObjectNode();
        int next = 0;
        for (String token : List.of("<unk>", "<s>", "</s>")) {
            vocab.put(token, next++);
        }
        for (int b = 0; b < 256; b++) {
            vocab.put(String.format("<0x%02X>", b), next++);
        }
        for (String piece : pieces()) {
            vocab.put(piece, next++);
        }
        ArrayNode merges = JsonMapper.shared().createArrayNode();
        merges.add("\u2581 h").add("\u2581h i");
        ObjectNode root = root(vocab, merges, true);
        root.set(
                "normalizer",
                JsonMapper.shared()
                        .readTree(
                                """
                                {"type":"Sequence","normalizers":[
                                {"type":"Prepend","prepend":"\u2581"},
                                {"type":"Replace","pattern":{"String":" "},"content":"\u2581"}]}
                                """));
        root.set(
                "decoder",
                JsonMapper.shared()
                        .readTree(
                                """
                                {"type":"Sequence","decoders":[
                                {"type":"Replace","pattern":{"String":"\u2581"},"content":" "},
                                {"type":"ByteFallback"},{"type":"Fuse"},
                                {"type":"Strip","content":" ","start":1,"stop":0}]}
                                """));
        special(root, Map.of("<unk>", 0, "<s>", 1, "</s>", 2));
        return write(folder, root);
    }

    private static final String BYTE_LEVEL =
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,"
                    + "\"use_regex\":true}";

    private static List<String> pieces() {
        List<String> pieces = new ArrayList<>(List.of("\u2581", "\u2581h", "\u2581hi"));
        for (char c = 'a'; c <= 'z'; c++) {
            pieces.add(String.valueOf(c));
        }
        return pieces;
    }

    private static ObjectNode root(ObjectNode vocab, ArrayNode merges, boolean byteFallback) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE");
        model.put("byte_fallback", byteFallback);
        if (byteFallback) {
            model.put("unk_token", "<unk>");
            model.put("fuse_unk", true);
        }
        model.set("vocab", vocab);
        model.set("merges", merges);
        return root;
    }

    private static void special(ObjectNode root, Map<String, Integer> tokens) {
        ArrayNode added = root.putArray("added_tokens");
        tokens.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(token ->
                        added.addObject()
                                .put("id", token.getValue())
                                .put("content", token.getKey())
                                .put("single_word", false)
                                .put("lstrip", false)
                                .put("rstrip", false)
                                .put("normalized", false)
                                .put("special", true));
    }

    /** The file of a folder, to change it. */
    static ObjectNode json(Path folder) throws IOException {
        String text = Files.readString(folder.resolve("tokenizer.json"));
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }

    static Path write(Path folder, ObjectNode root) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        return folder;
    }

    /** GPT-2's character for a byte, written out here to check the product's table against. */
    static String character(int b) {
        boolean itself = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
        if (itself) {
            return String.valueOf((char) b);
        }
        int shifted = b <= 32 ? b : b <= 160 ? b - 127 + 33 : 67;
        return String.valueOf((char) (256 + shifted));
    }
}
