package dev.weft.inference.tensorrtllm;

import dev.weft.inference.tensorrtllm.guide.XGrammarRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a model's config.pbtxt says of guided decoding. */
final class GuidedDecoding {
    private static final Logger LOG = LoggerFactory.getLogger(GuidedDecoding.class);
    private static final String BACKEND = "guided_decoding_backend";
    private static final String TOKENIZER = "xgrammar_tokenizer_info_path";

    private GuidedDecoding() {}

    /**
     * The rules of the model's XGrammar; null if the model has none. They are also null if its
     * XGrammar can't be relied on; the log then says why.
     *
     * @param vocabulary tokens of the base
     */
    static @Nullable XGrammarRules rules(ModelDeclaration model, int vocabulary) {
        String path = model.parameter(TOKENIZER);
        if (!model.parameter(BACKEND).equals("xgrammar") || path.isEmpty()) {
            return null;
        }
        if (model.parameter("batch_scheduler_policy").equals("max_utilization")) {
            LOG.warn(
                    "answers can't have a form: batch_scheduler_policy is max_utilization, and an"
                            + " answer that TensorRT-LLM pauses begins its form anew");
            return null;
        }
        try {
            return rules(JsonMapper.shared().readTree(Files.readString(Path.of(path))), vocabulary);
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            LOG.warn("answers can't have a form: {} {}: {}", TOKENIZER, path, e.getMessage());
            return null;
        }
    }

    private static XGrammarRules rules(JsonNode tokenizer, int vocabulary) {
        int tokens = tokenizer.path("encoded_vocab").size();
        if (tokens == 0 || tokens > vocabulary) {
            throw new IllegalArgumentException(
                    "it has %d tokens (encoded_vocab), the base has %d"
                            .formatted(tokens, vocabulary));
        }
        Set<Integer> stop = new TreeSet<>();
        tokenizer.path("stop_token_ids").forEach(token -> stop.add(token.asInt(-1)));
        if (stop.isEmpty() || stop.stream().anyMatch(token -> token < 0 || token >= vocabulary)) {
            throw new IllegalArgumentException("stop_token_ids are " + stop);
        }
        return new XGrammarRules(stop);
    }
}
