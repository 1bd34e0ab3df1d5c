package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.format.npy.NpyArray;
import dev.weft.format.npy.NpyType;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.constraint.TokenConstraint;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import dev.weft.inference.tensorrtllm.guide.Guide;
import dev.weft.inference.tensorrtllm.guide.XGrammarRules;
import dev.weft.inference.tensorrtllm.stream.Draws;
import dev.weft.inference.tensorrtllm.triton.InferenceInputs;
import dev.weft.inference.tensorrtllm.triton.OutputName;
import dev.weft.inference.tensorrtllm.triton.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests as the model {@code tensorrt_llm} takes them. Every tensor has the batch's
 * dimension in front. A value that is not asked for is not sent, so that the engine's default
 * holds.
 */
final class TokenInputs {
    static final OutputName OUTPUT_IDS = new OutputName("output_ids");
    static final OutputName SEQUENCE_LENGTH = new OutputName("sequence_length");
    static final OutputName LOG_PROBABILITIES = new OutputName("output_log_probs");
    static final OutputName LOGITS = new OutputName("generation_logits");

    /**
     * The only token that TensorRT-LLM can hold back as the end token but not as a bad word
     * (ban_bad_words in cpp/tensorrt_llm/kernels/banBadWords.cu).
     */
    static final int NEVER_BAD = 0;

    private static final long[] SCALAR = {1, 1};

    private final TokenModel model;

    TokenInputs(TokenModel model) {
        this.model = model;
    }

    /**
     * The part of an answer that one request asks for.
     *
     * @param told tokens of the answer so far; they count as prompt
     * @param count tokens at most
     * @param held whether none of the tokens that {@code min_tokens} holds back may come
     */
    record Part(List<Integer> told, int count, boolean held) {
        Part {
            told = List.copyOf(told);
        }

        static Part heldBack(List<Integer> told, int count) {
            return new Part(told, count, true);
        }

        static Part open(List<Integer> told, int count) {
            return new Part(told, count, false);
        }
    }

    /**
     * Whether tokens other than the end token must be held back: in one request TensorRT-LLM can
     * hold back only that.
     */
    static boolean heldBack(GenerationRequest request) {
        GenerationRequest.Ending ending = request.ending();
        List<Integer> held = ending.heldBack();
        return ending.minTokens() > 0 && (held.size() > 1 || !held.equals(ending.stopTokens()));
    }

    /**
     * The tensors of a part of a request.
     *
     * @param weights whether the adapter's weights come with it
     */
    InferenceInputs inputs(
            GenerationRequest request,
            Part part,
            @Nullable SentAdapter<PackedAdapter> adapter,
            boolean weights) {
        InferenceInputs inputs = new InferenceInputs();
        int[] prompt =
                Stream.concat(request.prompt().stream(), part.told.stream())
                        .mapToInt(Integer::intValue)
                        .toArray();
        inputs.addInts("input_ids", prompt, 1, prompt.length);
        inputs.addInt("input_lengths", prompt.length, SCALAR);
        inputs.addInt("request_output_len", part.count, SCALAR);
        inputs.addBoolean("streaming", true, SCALAR);
        inputs.addBoolean("exclude_input_in_output", true, SCALAR);
        addSampling(inputs, request.sampling(), part.told.size());
        addEnd(inputs, request, part);
        addGuide(inputs, request);
        if (adapter != null) {
            addAdapter(inputs, adapter, weights);
        }
        inputs.want(OUTPUT_IDS);
        inputs.want(SEQUENCE_LENGTH);
        addLogProbabilities(inputs, request);
        return inputs;
    }

    /**
     * The most tokens that a request gets: those that it asks for, as far as the context has room.
     */
    int limit(GenerationRequest request) {
        return Math.min(
                request.ending().maxTokens(),
                model.limits().contextLength() - request.prompt().size());
    }

    /** How many values count in a row of logits, which the engine pads. */
    int vocabulary(int padded) {
        return Math.min(padded, model.config().vocabulary().size());
    }

    /**
     * Adds the sampling; a later part draws from another seed, else it would repeat the first's
     * draws.
     */
    private void addSampling(InferenceInputs inputs, Sampling sampling, int told) {
        if (Draws.takesTheBest(sampling)) {
            inputs.addInt("runtime_top_k", 1, SCALAR);
        } else {
            inputs.addFloat("temperature", (float) sampling.temperature(), SCALAR);
            // 0 and 0 would mean the best token
            inputs.addInt("runtime_top_k", sampling.cut().topK(), SCALAR);
            inputs.addFloat("runtime_top_p", Draws.topP(sampling), SCALAR);
            inputs.addLong("seed", sampling.seed() + told, SCALAR);
        }
        addPenalties(inputs, sampling);
        if (!sampling.logitBias().isEmpty()) {
            float[] bias = new float[model.config().vocabulary().size()];
            for (Map.Entry<Integer, Double> entry : sampling.logitBias().entrySet()) {
                bias[entry.getKey()] = entry.getValue().floatValue();
            }
            inputs.addFloats("embedding_bias", bias, 1, bias.length);
        }
    }

    /**
     * Adds the penalties. TensorRT-LLM subtracts them after it has divided by the temperature
     * (batchApplyPenalty in cpp/tensorrt_llm/kernels/penaltyKernels.cu), so they are divided by it
     * here. The repetition penalty is a factor, and the same before and after.
     */
    private static void addPenalties(InferenceInputs inputs, Sampling sampling) {
        addUnless(1, inputs, "repetition_penalty", (float) sampling.penalties().repetition());
        addUnless(
                0,
                inputs,
                "presence_penalty",
                Draws.afterTemperature(sampling, sampling.penalties().presence()));
        addUnless(
                0,
                inputs,
                "frequency_penalty",
                Draws.afterTemperature(sampling, sampling.penalties().frequency()));
    }

    private static void addUnless(float none, InferenceInputs inputs, String name, float value) {
        if (value != none) {
            inputs.addFloat(name, value, SCALAR);
        }
    }

    /**
     * The first stop token is the end token, which {@code min_tokens} holds back; others are words
     * of one token. A part that holds all of them back has them as bad words.
     */
    private static void addEnd(InferenceInputs inputs, GenerationRequest request, Part part) {
        List<List<Integer>> bad = new ArrayList<>(request.sampling().badWords());
        List<Integer> stop = request.ending().stopTokens();
        if (part.held) {
            addHeldBack(inputs, request.ending().heldBack(), part.count, bad);
        } else if (!stop.isEmpty()) {
            addEndToken(inputs, stop.getFirst());
            addWords(inputs, "stop_words_list", stop.stream().skip(1).map(List::of).toList());
            if (request.ending().minTokens() > part.told.size()) {
                inputs.addInt("min_tokens", request.ending().minTokens(), SCALAR);
            }
        }
        addWords(inputs, "bad_words_list", bad);
    }

    /** Asks XGrammar for the form that {@link TokenGeneration} also tests the tokens with. */
    private void addGuide(InferenceInputs inputs, GenerationRequest request) {
        TokenConstraint constraint = request.constraint();
        XGrammarRules guides = model.guides();
        if (constraint != null && guides != null) {
            Guide guide = guides.of(request, constraint.guide().orElseThrow());
            inputs.addText("guided_decoding_guide_type", List.of(guide.type()), SCALAR);
            inputs.addText("guided_decoding_guide", List.of(guide.text()), SCALAR);
        }
    }

    private static void addHeldBack(
            InferenceInputs inputs, List<Integer> held, int count, List<List<Integer>> bad) {
        for (int token : held) {
            if (token == NEVER_BAD) {
                addEndToken(inputs, token);
                inputs.addInt("min_tokens", count, SCALAR);
            } else {
                bad.add(List.of(token));
            }
        }
    }

    private static void addEndToken(InferenceInputs inputs, int token) {
        inputs.addInt("end_id", token, SCALAR);
        inputs.addInt("pad_id", token, SCALAR);
    }

    /** {@code [1, 2, n]}: the tokens of all words, then where each ends, padded with -1. */
    private static void addWords(InferenceInputs inputs, String name, List<List<Integer>> words) {
        int length = words.stream().mapToInt(List::size).sum();
        if (length == 0) {
            return;
        }
        int[] list = new int[2 * length];
        Arrays.fill(list, length, 2 * length, -1);
        int end = 0;
        for (int word = 0; word < words.size(); word++) {
            for (int token : words.get(word)) {
                list[end++] = token;
            }
            list[length + word] = end;
        }
        inputs.addInts(name, list, 1, 2, length);
    }

    private static void addAdapter(
            InferenceInputs inputs, SentAdapter<PackedAdapter> adapter, boolean weights) {
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
