package dev.weft.inference.server.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.weft.chat.EncodingFlags;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokenizer of a checkpoint, from its tokenizer.json and the added tokens of its
 * tokenizer_config.json. The native library turns text into tokens, a {@link Detokenizer} tokens
 * into text. Nothing is truncated or padded. Any thread; not after {@link #close()}.
 */
public final class Tokenizer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tokenizer.class);
    private static final String FILE = "tokenizer.json";

    /**
     * Characters of white space that take a few milliseconds, or half a second if they take
     * quadratic time.
     */
    private static final int PROBE = 8_000;

    private static final long PROBE_NANOS = 100_000_000;

    /** Characters of white space that take no tokenizer long. */
    private static final int FEW_SPACES = 1_000;

    static {
        // the library asks a server for updates otherwise
        System.setProperty("ai.djl.offline", "true");
    }

    private final HuggingFaceTokenizer library;
    private final TokenBytes table;
    private final TextRuns runs;

    private Tokenizer(HuggingFaceTokenizer library, TokenBytes table) {
        this.library = library;
        this.table = table;
        this.runs = new TextRuns(longestSpace(library));
    }

    /** Finds out whether white space takes quadratic time; a second try is for a busy machine. */
    private static int longestSpace(HuggingFaceTokenizer library) {
        String text = "x" + " ".repeat(PROBE) + "1";
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            TokenizersLibrary.LIB.deleteEncoding(
                    TokenizersLibrary.LIB.encode(library.getHandle(), text, false));
            if (System.nanoTime() - start < PROBE_NANOS) {
                return TextRuns.LONGEST;
            }
        }
        return FEW_SPACES;
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
        EncodingFlags flags = flags(folder);
        String text = text(file);
        TokenizerFile own = TokenizerFile.read(file, text);
        String json = flags.fixesMistralRegex() ? MistralRegex.fixed(folder, own, text) : text;
        try {
            Optional<String> merged = AddedTokens.merge(folder, own, json);
            if (merged.isPresent()) {
                TokenizerFile both = TokenizerFile.read(file, merged.get());
                return open(file, merged.get(), both, _ -> true);
            }
        } catch (SpaceTokens.EndingTokensException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn(
                    "{} is used as it is, without the added tokens of tokenizer_config.json: {}",
                    file,
                    e.getMessage());
        }
        return open(file, json, own, own.special()::get);
    }

    private static EncodingFlags flags(Path folder) throws IOException {
        EncodingFlags flags;
        try {
            flags = EncodingFlags.read(folder);
        } catch (IOException e) {
            LOG.warn("no flag of tokenizer_config.json counts: {}", e.getMessage());
            return EncodingFlags.NONE;
        }
        if (flags.unserved().isPresent()) {
            throw new IOException(
                    "%s: tokenizer_config.json: %s is true; allowed: false, or no such flag"
                            .formatted(folder, flags.unserved().get()));
        }
        return flags;
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8 text", e);
        }
    }

    private static Tokenizer open(Path file, String json, TokenizerFile read, IntPredicate checked)
            throws IOException {
        SpaceTokens.check(file, read.addedTokens());
        TokenBytes table = new TokenBytes(read);
        try (InputStream in = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {
            Map<String, String> options = Map.of("truncation", "false", "padding", "false");
            Tokenizer tokenizer =
                    new Tokenizer(HuggingFaceTokenizer.newInstance(in, options), table);
            tokenizer.checkAddedTokens(file, checked);
            return tokenizer;
        } catch (RuntimeException e) {
            // the native library has no exception of its own
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Checks added tokens' ids: the library numbers them itself if the file's don't follow the
     * vocabulary. Both the library and this class decode each id, since a decoder may write a token
     * otherwise than the file spells it.
     */
    private void checkAddedTokens(Path file, IntPredicate checked) throws IOException {
        for (Map.Entry<String, Integer> added : table.added().entrySet()) {
            int id = added.getValue();
            if (!checked.test(id)) {
                continue;
            }
            Detokenizer own = detokenizer(List.of(), false);
            String expected = own.add(id) + own.finish();
            String decoded = decode(List.of(id));
            if (!decoded.strip().equals(expected.strip())) {
                close();
                throw new IOException(
                        file
                                + ": added token '"
                                + added.getKey()
                                + "' has id "
                                + id
                                + ", which is '"
                                + decoded
                                + "' to the tokenizers library");
            }
        }
    }

    /**
     * Tokens of a text; special tokens that it spells out are parsed as such. Half a surrogate pair
     * counts as U+FFFD.
     *
     * @param addSpecialTokens whether to add those that the file's post-processor puts around a
     *     text, such as bos; not wanted for a rendered chat, whose template wrote them
     * @throws TextRuns.LongRunException if a run is too long for the native library
     */
    public List<Integer> encode(String text, boolean addSpecialTokens) {
        return ids(
                TokenizersLibrary.LIB.encode(
                        library.getHandle(), runs.checked(text), addSpecialTokens));
    }

    /**
     * Tokens of two texts, joined as the file's post-processor joins a pair.
     *
     * @throws TextRuns.LongRunException if a run is too long for the native library
     */
    public List<Integer> encodePair(String text, String other, boolean addSpecialTokens) {
        return ids(
                TokenizersLibrary.LIB.encodeDual(
                        library.getHandle(),
                        runs.checked(text),
                        runs.checked(other),
                        addSpecialTokens));
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
     * Begins one answer to a prompt; some special tokens show in the answer.
     *
     * @param shown special tokens that add their text all the same
     */
    public Detokenizer detokenizer(
            List<Integer> prompt, boolean skipSpecialTokens, Set<Integer> shown) {
        boolean atStart =
                prompt.stream()
                        .allMatch(token ->
                                skipSpecialTokens
                                        && table.isSpecial(token)
                                        && !shown.contains(token));
        return new Detokenizer(table, skipSpecialTokens, shown, atStart);
    }

    /** Bytes that a token adds to a text; a part of a character's bytes if the token is one. */
    public byte[] bytes(int token) {
        return table.bytes(token);
    }

    /**
     * The bytes that each token adds to a text, by id; null for added tokens that stand for more
     * than their text ({@link #isAdded}), and for ids that no token has.
     */
    public byte[] @Nullable [] vocabulary() {
        byte[] @Nullable [] all = new byte[size()][];
        for (int id = 0; id < all.length; id++) {
            byte[] own = table.bytes(id);
            all[id] = own.length == 0 || table.isAdded(id) ? null : own;
        }
        return all;
    }

    /**
     * Whether a token was added and stands for more than its text: special ones, and all others but
     * blanks.
     */
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
