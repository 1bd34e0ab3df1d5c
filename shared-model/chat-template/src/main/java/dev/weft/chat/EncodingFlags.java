package dev.weft.chat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Flags of tokenizer_config.json by which transformers 5.19 makes other tokens of a text, or
 * another text of tokens, than tokenizer.json says.
 *
 * @param splitsSpecialTokens {@code split_special_tokens}: special tokens that stand in a text, a
 *     rendered chat's too, are pieces of text
 * @param fixesMistralRegex {@code fix_mistral_regex}: large vocabularies of Mistral's first
 *     checkpoints split texts by another expression
 * @param cleansUp {@code clean_up_tokenization_spaces}, and the flag that has it apply to BPE:
 *     spaces before punctuation are taken out of answers
 */
public record EncodingFlags(
        boolean splitsSpecialTokens, boolean fixesMistralRegex, boolean cleansUp) {
    /** The name of {@link #fixesMistralRegex}. */
    public static final String FIX_MISTRAL_REGEX = "fix_mistral_regex";

    /** No flag is set. */
    public static final EncodingFlags NONE = new EncodingFlags(false, false, false);

    private static final String SPLIT = "split_special_tokens";
    private static final String CLEAN_UP = "clean_up_tokenization_spaces";
    private static final String CLEAN_UP_OF_BPE =
            "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output";

    /**
     * Reads a folder's flags; none is set if the file is not there.
     *
     * @throws IOException if the file can't be read
     */
    public static EncodingFlags read(Path folder) throws IOException {
        JsonNode config = new TokenizerConfigReader(folder).config();
        return new EncodingFlags(
                isSet(config, SPLIT),
                isSet(config, FIX_MISTRAL_REGEX),
                isSet(config, CLEAN_UP) && isSet(config, CLEAN_UP_OF_BPE));
    }

    private static boolean isSet(JsonNode config, String flag) {
        return config.path(flag).booleanValue(false);
    }

    /** The name of a flag that is set and not served; empty if there is none. */
    public Optional<String> unserved() {
        if (splitsSpecialTokens) {
            return Optional.of(SPLIT);
        }
        return cleansUp ? Optional.of(CLEAN_UP_OF_BPE) : Optional.empty();
    }
}
