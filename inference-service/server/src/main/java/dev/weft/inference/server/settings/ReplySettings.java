package dev.weft.inference.server.settings;

import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.inference.reply}: how replies are taken apart.
 *
 * @param toolFormat How the base and its adapters call tools; {@code auto} finds it for each by its
 *     response template, by what its chat template makes of a call, or by the marks that this
 *     template tells the model, and takes {@code hermes}, with a warning, if there are none.
 * @param reasoning Whether replies begin with thoughts between {@code <think>} and {@code
 *     </think>}, or the marks of the response template; {@code auto} goes by the templates.
 * @param reasoningFields The fields in which chats tell thoughts.
 */
@ConfigurationProperties("weft.inference.reply")
public record ReplySettings(
        @DefaultValue("auto")
                @Pattern(
                        regexp =
                                "auto|hermes|qwen3_coder|mistral|mistral_v11|phi4_mini|phi4_mini_tag"
                                    + "|granite|granite_tag|deepseek_v3|deepseek_v31|llama3_json"
                                    + "|pythonic",
                        message =
                                "auto, hermes, qwen3_coder, mistral, mistral_v11, phi4_mini,"
                                        + " phi4_mini_tag, granite, granite_tag, deepseek_v3,"
                                        + " deepseek_v31, llama3_json or pythonic")
                String toolFormat,
        @DefaultValue("auto") Reasoning reasoning,
        @DefaultValue("both") ReasoningFields reasoningFields) {
    /** Whether replies begin with thoughts. */
    public enum Reasoning {
        AUTO,
        THINK,
        NONE
    }

    /** Names of the field of a thought: vLLM's, and DeepSeek's older one. */
    public enum ReasoningFields {
        BOTH,
        REASONING,
        REASONING_CONTENT
    }
}
