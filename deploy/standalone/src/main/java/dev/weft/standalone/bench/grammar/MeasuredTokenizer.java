package dev.weft.standalone.bench.grammar;

import dev.weft.grammar.walk.TokenVocabulary;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.standalone.failure.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tokenizer of a folder, with the token that ends an answer. */
final class MeasuredTokenizer implements AutoCloseable {
    private static final int MOST_CHARACTERS = 7;

    private final Tokenizer tokenizer;
    private final TokenVocabulary vocabulary;
    private final int end;
    private final TokenSpelling spelling;
    private final Splits splits;

    /** How texts become tokens. */
    enum Splits {
        /** The tokenizer's own split. */
        NATIVE,
        /**
         * Random pieces, each split by itself, as no tokenizer does: a grammar must not rely on a
         * split.
         */
        RANDOM
    }

    private MeasuredTokenizer(Tokenizer tokenizer, int end, Splits splits) {
        this.splits = splits;
        byte[] @Nullable [] bytes = tokenizer.vocabulary();
        this.tokenizer = tokenizer;
        this.end = end;
        this.vocabulary =
                TokenVocabulary.of(
                        Arrays.copyOf(bytes, Math.max(bytes.length, end + 1)), Set.of(end));
        this.spelling = new TokenSpelling(vocabulary);
    }

    /**
     * Opens the tokenizer of a folder. If its tokenizer_config.json names no {@code eos_token}, an
     * id behind the vocabulary ends answers.
     */
    static MeasuredTokenizer open(Path folder, Splits splits) throws CommandException {
        try {
            Tokenizer tokenizer = Tokenizer.open(folder);
            return new MeasuredTokenizer(
                    tokenizer, end(folder, tokenizer).orElse(tokenizer.size()), splits);
        } catch (IOException | JacksonException e) {
            throw new CommandException(
                    "the tokenizer of " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    private static OptionalInt end(Path folder, Tokenizer tokenizer) throws IOException {
        Path file = folder.resolve("tokenizer_config.json");
        if (!Files.isRegularFile(file)) {
            return OptionalInt.empty();
        }
        JsonNode token = JsonMapper.shared().readTree(Files.readString(file)).path("eos_token");
        String text = token.isString() ? token.stringValue() : token.path("content").asString("");
        return text.isEmpty() ? OptionalInt.empty() : tokenizer.id(text);
    }

    /** Tokens whose bytes are the text's; empty if {@link TokenSpelling} finds none. */
    Optional<List<Integer>> encode(String text) {
        if (splits == Splits.NATIVE) {
            return spelling.of(text, tokenizer.encode(text, false));
        }
        Random random = new Random(text.hashCode());
        List<Integer> tokens = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(MOST_CHARACTERS));
            if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
                to++;
            }
            String piece = text.substring(from, to);
            Optional<List<Integer>> spelled = spelling.of(piece, tokenizer.encode(piece, false));
            if (spelled.isEmpty()) {
                return spelled;
            }
            tokens.addAll(spelled.get());
            from = to;
        }
        return Optional.of(tokens);
    }

    TokenVocabulary vocabulary() {
        return vocabulary;
    }

    int end() {
        return end;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
