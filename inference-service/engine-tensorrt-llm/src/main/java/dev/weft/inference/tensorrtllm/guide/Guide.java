package dev.weft.inference.tensorrtllm.guide;

import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.GuideException;

/**
 * A guide as the model {@code tensorrt_llm} takes it (getGuidedDecodingParamsFromTensors in
 * triton_backend/inflight_batcher_llm/src/utils.cc). The model silently drops types that it does
 * not know, such as {@code structural_tag}.
 *
 * @param type {@code guided_decoding_guide_type}
 * @param text {@code guided_decoding_guide}
 */
public record Guide(String type, String text) {
    private static final String ANY_OBJECT = "{\"type\":\"object\",\"additionalProperties\":true}";

    /**
     * The guide for an answer.
     *
     * @throws GuideException if XGrammar would hold it to something else
     */
    public static Guide of(AnswerGuide answer) throws GuideException {
        return switch (answer) {
            case AnswerGuide.AnyObject() -> new Guide("json_schema", ANY_OBJECT);
            case AnswerGuide.Schema(String json) ->
                    new Guide("json_schema", GuidedSchema.text(json));
            case AnswerGuide.Regex(String pattern) -> new Guide("regex", GuidedRegex.text(pattern));
            case AnswerGuide.Choice choice -> new Guide("ebnf_grammar", GuidedChoice.text(choice));
        };
    }
}
