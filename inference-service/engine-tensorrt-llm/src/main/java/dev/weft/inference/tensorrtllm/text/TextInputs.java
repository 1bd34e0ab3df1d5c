package dev.weft.inference.tensorrtllm.text;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import dev.weft.inference.tensorrtllm.stream.Draws;
import dev.weft.inference.tensorrtllm.triton.InferenceInputs;
import dev.weft.inference.tensorrtllm.triton.OutputName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes requests as the llmapi model takes them. Tensors have no batch dimension. */
final class TextInputs {
    static final OutputName TEXT = new OutputName("text_output");
    static final OutputName FINISH_REASON = new OutputName("finish_reason");

    private static final String SAMPLING = "sampling_param_";
    private static final long[] ONE = {1};

    private final TextModel model;
    private final TextCodec codec;

    TextInputs(TextModel model, TextCodec codec) {
        this.model = model;
        this.codec = codec;
    }

    InferenceInputs inputs(GenerationRequest request, @Nullable SentAdapter<PeftFolder> adapter) {
        InferenceInputs inputs = new InferenceInputs();
        inputs.addText("text_input", List.of(prompt(request)), ONE);
        inputs.addBoolean("streaming", model.streams(), ONE);
        inputs.addInt(SAMPLING + "max_tokens", limit(request), ONE);
        inputs.addBoolean(SAMPLING + "exclude_input_from_output", true, ONE);
        inputs.addBoolean("return_finish_reason", true, ONE);
        addSampling(inputs, request.sampling());
        if (adapter != null) {
            inputs.addLong("lora_id", adapter.taskId(), ONE);
            inputs.addText("lora_name", List.of(adapter.digest().hex()), ONE);
            inputs.addText("lora_path", List.of(adapter.data().folder().toString()), ONE);
        }
        inputs.want(TEXT);
        inputs.want(FINISH_REASON);
        return inputs;
    }

    /**
     * The text whose tokens are the prompt's. The model puts the tokenizer's own tokens around it,
     * so the prompt must have them and the text must not.
     *
     * @throws dev.weft.inference.engine.EngineException {@code INVALID_REQUEST} if no text gives
     *     these tokens: the model would answer another prompt
     */
    String prompt(GenerationRequest request) {
        List<Integer> tokens = request.prompt();
        String whole = codec.decode(tokens);
        if (codec.encode(whole, true).equals(tokens)) {
            return whole;
        }
        String rest = codec.decode(tokens.subList(1, tokens.size()));
        if (codec.encode(rest, true).equals(tokens)) {
            return rest;
        }
        throw EngineException.invalidRequest(
                "prompt: the llmapi model takes text, and no text gives these "
                        + tokens.size()
                        + " tokens");
    }

    private int limit(GenerationRequest request) {
        return Math.min(
                request.ending().maxTokens(), model.contextLength() - request.prompt().size());
    }

    private static void addSampling(InferenceInputs inputs, Sampling sampling) {
        if (Draws.takesTheBest(sampling)) {
            inputs.addInt(SAMPLING + "top_k", 1, ONE);
        } else {
            inputs.addFloat(SAMPLING + "temperature", (float) sampling.temperature(), ONE);
            inputs.addInt(SAMPLING + "top_k", sampling.cut().topK(), ONE);
            inputs.addFloat(SAMPLING + "top_p", Draws.topP(sampling), ONE);
            inputs.addLong(SAMPLING + "seed", sampling.seed(), ONE);
        }
        if (sampling.penalties().presence() != 0) {
            inputs.addFloat(
                    SAMPLING + "presence_penalty", (float) sampling.penalties().presence(), ONE);
        }
        if (sampling.penalties().frequency() != 0) {
            inputs.addFloat(
                    SAMPLING + "frequency_penalty", (float) sampling.penalties().frequency(), ONE);
        }
    }
}
