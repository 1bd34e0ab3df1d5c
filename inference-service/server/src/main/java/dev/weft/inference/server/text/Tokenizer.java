package dev.weft.inference.server.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of a checkpoint, from its tokenizer.json alone. The native library turns text into
 * tokens, a {@link Detokenizer} tokens into text. Nothing is truncated or padded. Any thread; not
 * after {@link #close()}.
 */
public final class Tokenizer implements AutoCloseable {
    private static final String FILE = "tokenizer.json";

    static {
        // the library asks a server for updates otherwise
        System.setProperty("ai.djl.offline", "true");
    }

    private final HuggingFaceTokenizer library;
    private final TokenBytes table;

    private Tokenizer(HuggingFaceTokenizer library, TokenBytes table) {
        this.library = library;
        this.table = table;
    }

    /**
     * Opens the tokenizer of a checkpoint folder.
     *
     * @throws IOException if the file is missing, broken, or decodes in a way that is not served
     */
    public static Tokenizer open(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IOException(FILE + " is missing in " + folder);
        }
        TokenBytes table = new TokenBytes(TokenizerFile.read(file));
        try (InputStream in = Files.newInputStream(file)) {
            Map<String, String> options = Map.of("truncation", "false", "padding", "false");
            Tokenizer tokenizer =
                    new Tokenizer(HuggingFaceTokenizer.newInstance(in, options), table);
            tokenizer.checkSpecialTokens(file);
            return tokenizer;
        } catch (RuntimeException e) {
            // the native library has no exception of its own
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Checks the added tokens' ids: the library numbers them itself if the file's don't follow the
     * vocabulary.
     */
    private void checkSpecialTokens(Path file) throws IOException {
        for (Map.Entry<String, Integer> special : table.special().entrySet()) {
            String decoded = decode(List.of(special.getValue()));
            if (!decoded.strip().equals(special.getKey().strip())) {
                close();
                throw new IOException(
                        file
                                + ": added token '"
                                + special.getKey()
                                + "' has id "
                                + special.getValue()
                                + ", which is '"
                                + decoded
                                + "' to the tokenizers library");
            }
        }
    }

    /**
     * Tokens of a text; special tokens that it spells out are parsed as such.
     *
     * @param addSpecialTokens whether to add those that the file's post-processor puts around a
     *     text, such as bos; not wanted for a rendered chat, whose template wrote them
     */
    public List<Integer> encode(String text, boolean addSpecialTokens) {
        return ids(TokenizersLibrary.LIB.encode(library.getHandle(), text, addSpecialTokens));
    }

    /** Tokens of two texts, joined as the file's post-processor joins a pair. */
    public List<Integer> encodePair(String text, String other, boolean addSpecialTokens) {
        return ids(
                TokenizersLibrary.LIB.encodeDual(
                        library.getHandle(), text, other, addSpecialTokens));
    }

    private static List<Integer> ids(long encoding) {
        try {
            long[] ids = TokenizersLibrary.LIB.getTokenIds(encoding);
            List<Integer> tokens = new ArrayList<>(ids.length);
            for (long id : ids) {
                tokens.add((int) id);
            }
            return tokens;
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    /** Text of tokens, special ones included, as the library decodes them. */
    public String decode(List<Integer> tokens) {
        return library.decode(tokens.stream().mapToLong(Integer::longValue).toArray(), false);
    }

    /**
     * Begins one answer to a prompt.
     *
     * @param skipSpecialTokens whether special tokens add no text
     */
    public Detokenizer detokenizer(List<Integer> prompt, boolean skipSpecialTokens) {
        return detokenizer(prompt, skipSpecialTokens, Set.of());
    }

    /**
     * Begins one answer to a prompt, of which some special tokens show.
     *
     * @param shown special tokens that add their text all the same
     */
    public Detokenizer detokenizer(
            List<Integer> prompt, boolean skipSpecialTokens, Set<Integer> shown) {
        boolean atStart = prompt.stream().allMatch(table::isSpecial);
        return new Detokenizer(table, skipSpecialTokens, shown, atStart);
    }

    /** Bytes that a token adds to a text; a part of a character's bytes if the token is one. */
    public byte[] bytes(int token) {
        return table.bytes(token);
    }

    /**
     * The bytes that each token adds to a text, by id; null for added tokens, special or not, since
     * they stand for more than their text, and for ids that no token has.
     */
    public byte[] @Nullable [] vocabulary() {
        byte[] @Nullable [] all = new byte[size()][];
        for (int id = 0; id < all.length; id++) {
            byte[] own = table.bytes(id);
            all[id] = own.length == 0 || table.isAdded(id) ? null : own;
        }
        return all;
    }

    /** Whether a token was added, special or not: it stands for more than its text. */
    public boolean isAdded(int token) {
        return table.isAdded(token);
    }

    /** Id of the added token of a text, special or not. */
    public OptionalInt added(String token) {
        return table.added(token);
    }

    /** Text of one token; {@code bytes:\xe2\x80} if it is a part of a character. */
    public String text(int token) {
        return table.text(token);
    }

    /** Ids of tokens are below this. */
    public int size() {
        return table.size();
    }

    /** The most bytes that a token adds to a text; at least 1. */
    public int longestToken() {
        return table.longest();
    }

    /** Id of the token that a text spells, special or not. */
    public OptionalInt id(String token) {
        OptionalInt added = table.added(token);
        if (added.isPresent()) {
            return added;
        }
        List<Integer> ids = encode(token, false);
        return ids.size() == 1 ? OptionalInt.of(ids.getFirst()) : OptionalInt.empty();
    }

    @Override
    public void close() {
        library.close();
    }
}
