package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.tensorrtllm.adapter.HeldAdapter;
import dev.weft.inference.tensorrtllm.triton.InferenceInputs;
import dev.weft.inference.tensorrtllm.triton.OutputName;
import dev.weft.inference.tensorrtllm.triton.TensorType;
import dev.weft.model.npy.NpyArray;
import dev.weft.model.npy.NpyType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests as the model {@code tensorrt_llm} takes them. Every tensor has the batch's
 * dimension in front; what is not asked for is not sent, so that the engine's own defaults hold.
 */
final class TokenRequests {
    static final OutputName OUTPUT_IDS = new OutputName("output_ids");
    static final OutputName SEQUENCE_LENGTH = new OutputName("sequence_length");
    static final OutputName LOG_PROBABILITIES = new OutputName("output_log_probs");
    static final OutputName LOGITS = new OutputName("generation_logits");

    private static final long[] SCALAR = {1, 1};

    private final TokenModel model;

    TokenRequests(TokenModel model) {
        this.model = model;
    }

    /**
     * The tensors of a request.
     *
     * @param weights whether the adapter's weights come with it
     */
    InferenceInputs inputs(
            GenerationRequest request,
            @Nullable HeldAdapter<PackedAdapter> adapter,
            boolean weights) {
        InferenceInputs inputs = new InferenceInputs();
        int[] prompt = request.prompt().stream().mapToInt(Integer::intValue).toArray();
        inputs.addInts("input_ids", prompt, 1, prompt.length);
        inputs.addInt("input_lengths", prompt.length, SCALAR);
        inputs.addInt("request_output_len", limit(request), SCALAR);
        inputs.addBoolean("streaming", true, SCALAR);
        inputs.addBoolean("exclude_input_in_output", true, SCALAR);
        addSampling(inputs, request.sampling());
        addEnd(inputs, request);
        if (adapter != null) {
            addAdapter(inputs, adapter, weights);
        }
        inputs.want(OUTPUT_IDS);
        inputs.want(SEQUENCE_LENGTH);
        addLogProbabilities(inputs, request);
        return inputs;
    }

    /** Tokens that a request may get: what it asks for, within the context. */
    int limit(GenerationRequest request) {
        return Math.min(request.maxTokens(), model.contextLength() - request.prompt().size());
    }

    /** Tokens that count in a row of logits, which the engine pads. */
    int vocabulary(int padded) {
        return Math.min(padded, model.config().vocabularySize());
    }

    private void addSampling(InferenceInputs inputs, Sampling sampling) {
        if (sampling.temperature() == 0) {
            inputs.addInt("runtime_top_k", 1, SCALAR);
        } else {
            inputs.addFloat("temperature", (float) sampling.temperature(), SCALAR);
            // 0 and 0 would mean the best token
            inputs.addInt("runtime_top_k", sampling.topK(), SCALAR);
            inputs.addFloat("runtime_top_p", (float) sampling.topP(), SCALAR);
            inputs.addLong("seed", sampling.seed(), SCALAR);
        }
        addUnless(1, inputs, "repetition_penalty", sampling.repetitionPenalty());
        addUnless(0, inputs, "presence_penalty", sampling.presencePenalty());
        addUnless(0, inputs, "frequency_penalty", sampling.frequencyPenalty());
        if (!sampling.logitBias().isEmpty()) {
            float[] bias = new float[model.config().vocabularySize()];
            for (Map.Entry<Integer, Double> entry : sampling.logitBias().entrySet()) {
                bias[entry.getKey()] = entry.getValue().floatValue();
            }
            inputs.addFloats("embedding_bias", bias, 1, bias.length);
        }
    }

    private static void addUnless(double none, InferenceInputs inputs, String name, double value) {
        if (value != none) {
            inputs.addFloat(name, (float) value, SCALAR);
        }
    }

    /**
     * The first stop token is the end token, which {@code min_tokens} holds back; others are words
     * of one token.
     */
    private static void addEnd(InferenceInputs inputs, GenerationRequest request) {
        List<Integer> stop = request.stopTokens();
        if (!stop.isEmpty()) {
            inputs.addInt("end_id", stop.getFirst(), SCALAR);
            inputs.addInt("pad_id", stop.getFirst(), SCALAR);
        }
        if (stop.size() > 1) {
            int words = stop.size() - 1;
            int[] list = new int[2 * words];
            for (int i = 0; i < words; i++) {
                list[i] = stop.get(i + 1);
                list[words + i] = i + 1;
            }
            inputs.addInts("stop_words_list", list, 1, 2, words);
        }
        if (request.minTokens() > 0) {
            inputs.addInt("min_tokens", request.minTokens(), SCALAR);
        }
    }

    private static void addAdapter(
            InferenceInputs inputs, HeldAdapter<PackedAdapter> adapter, boolean weights) {
        inputs.addLong("lora_task_id", adapter.taskId(), SCALAR);
        if (weights) {
            lend(inputs, "lora_weights", adapter.data().weights());
            lend(inputs, "lora_config", adapter.data().config());
        }
    }

    private static void lend(InferenceInputs inputs, String name, NpyArray array) {
        inputs.lend(
                name,
                type(array.type()),
                array.data(),
                array.shape().stream().mapToLong(Long::longValue).toArray());
    }

    private static TensorType type(NpyType type) {
        return switch (type) {
            case FLOAT16 -> TensorType.FP16;
            case BFLOAT16 -> TensorType.BF16;
            case FLOAT32 -> TensorType.FP32;
            case INT32 -> TensorType.INT32;
        };
    }

    private void addLogProbabilities(InferenceInputs inputs, GenerationRequest request) {
        if (request.topLogProbabilities() < 0) {
            return;
        }
        if (model.logits()) {
            inputs.addBoolean("return_generation_logits", true, SCALAR);
            inputs.want(LOGITS);
        } else {
            inputs.addBoolean("return_log_probs", true, SCALAR);
            inputs.want(LOG_PROBABILITIES);
        }
    }
}
