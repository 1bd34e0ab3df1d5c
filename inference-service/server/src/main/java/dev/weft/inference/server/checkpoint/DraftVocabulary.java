package dev.weft.inference.server.checkpoint;

import dev.weft.inference.server.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Checks that a draft model has the base's vocabulary. */
public final class DraftVocabulary {
    /** A base may have a few tokens more, which its draft model never proposes. */
    private static final double LEAST_SHARE = 0.9;

    private DraftVocabulary() {}

    /**
     * Returns if each id that both vocabularies have means the same token, and if the draft model
     * has most of the base's ids.
     *
     * @throws IOException if a tokenizer can't be read
     * @throws IllegalStateException if not; names a token that differs, or both numbers of tokens
     */
    public static void require(Path base, Path drafts) throws IOException {
        try (Tokenizer own = Tokenizer.open(base);
                Tokenizer other = Tokenizer.open(drafts)) {
            int common = Math.min(own.size(), other.size());
            for (int id = 0; id < common; id++) {
                if (!Arrays.equals(own.bytes(id), other.bytes(id))) {
                    throw refused(
                            drafts,
                            "token %d is '%s' there and '%s' in the base"
                                    .formatted(id, other.text(id), own.text(id)));
                }
            }
            if (common < LEAST_SHARE * own.size()) {
                throw refused(
                        drafts,
                        "it has %d tokens, the base %d".formatted(other.size(), own.size()));
            }
        }
    }

    private static IllegalStateException refused(Path drafts, String why) {
        return new IllegalStateException(
                "weft.inference.draft-model is %s, whose vocabulary is another one: %s; allowed is a checkpoint with the base's tokenizer, e.g. a smaller model of its series"
                        .formatted(drafts, why));
    }
}
