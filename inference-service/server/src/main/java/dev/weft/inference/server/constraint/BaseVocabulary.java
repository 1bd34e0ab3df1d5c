package dev.weft.inference.server.constraint;

import dev.weft.grammar.walk.TokenVocabulary;
import dev.weft.inference.server.text.Tokenizer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The base's tokens as bytes; made when they are first needed. Any thread. */
public final class BaseVocabulary {
    private final Tokenizer tokenizer;
    private final int size;
    private volatile @Nullable TokenVocabulary made;

    /**
     * The vocabulary of a base.
     *
     * @param size of the model's vocabulary; the tokenizer may know fewer ids, or more
     */
    public BaseVocabulary(Tokenizer tokenizer, int size) {
        this.tokenizer = tokenizer;
        this.size = size;
    }

    /** The vocabulary if it was made. */
    Optional<TokenVocabulary> made() {
        return Optional.ofNullable(made);
    }

    /** The vocabulary; the first call makes it. It has no end tokens. */
    synchronized TokenVocabulary get() {
        TokenVocabulary known = made;
        if (known == null) {
            known = TokenVocabulary.of(bytes(), Set.of());
            made = known;
        }
        return known;
    }

    private byte[] @Nullable [] bytes() {
        byte[] @Nullable [] bytes = new byte @Nullable [size][];
        for (int token = 0; token < Math.min(size, tokenizer.size()); token++) {
            bytes[token] = tokenizer.isAdded(token) ? added(token) : tokenizer.bytes(token);
        }
        return bytes;
    }

    private byte[] added(int token) {
        byte[] text = tokenizer.bytes(token);
        byte[] marked = new byte[text.length + 1];
        marked[0] = TokenVocabulary.ADDED;
        System.arraycopy(text, 0, marked, 1, text.length);
        return marked;
    }

    /** Whether a token stands for text. */
    boolean isText(int token) {
        return !tokenizer.isAdded(token) && tokenizer.bytes(token).length > 0;
    }
}
