package dev.weft.inference.tensorrtllm.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.inference.tensorrtllm.triton.InferenceInputs;
import dev.weft.inference.tensorrtllm.triton.OutputName;
import dev.weft.inference.tensorrtllm.triton.ResponseReceiver;
import dev.weft.inference.tensorrtllm.triton.TensorType;
import dev.weft.inference.tensorrtllm.triton.TritonException;
import dev.weft.inference.tensorrtllm.triton.TritonOptions;
import dev.weft.inference.tensorrtllm.triton.TritonResponse;
import dev.weft.inference.tensorrtllm.triton.TritonServer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The test backend refuses what NVIDIA's refuses, in its words, and more; the engine's other tests
 * rely on that. Requests are made by hand here, since the engine makes no such requests.
 */
@OnTriton
@Timeout(240)
class BackendStrictnessTest {
    private static final String MODEL = "tensorrt_llm";
    private static final OutputName IDS = new OutputName("output_ids");
    private static final OutputName LENGTH = new OutputName("sequence_length");
    private static final int[] PROMPT = {5, 9, 13};
    private static final int COLUMNS = 3;
    private static final int RANK = 4;
    private static final Arena ARENA = Arena.ofAuto();

    private static Lora lora;
    private static long tasks = 100;

    @AutoClose private TritonServer server;
    private Path base;

    /** The two tensors of an adapter, to be spoiled. */
    private static final class Lora {
        private final short[] weights;
        private final int[] config;
        private final int width;

        Lora(short[] weights, int[] config, int width) {
            this.weights = weights;
            this.config = config;
            this.width = width;
        }

        static Lora of(LoraAdapter adapter, Arena arena) throws Exception {
            LoraArrays arrays = LoraArrays.of(adapter, NpyType.FLOAT16, arena);
            return new Lora(
                    arrays.weights().data().toArray(ValueLayout.JAVA_SHORT),
                    arrays.config().data().toArray(ValueLayout.JAVA_INT),
                    arrays.weights().shape().getLast().intValue());
        }

        int rows() {
            return config.length / COLUMNS;
        }

        Lora with(int index, int value) {
            int[] changed = config.clone();
            changed[index] = value;
            return new Lora(weights, changed, width);
        }

        Lora wide(int more) {
            short[] wide = new short[rows() * (width + more)];
            for (int row = 0; row < rows(); row++) {
                System.arraycopy(weights, row * width, wide, row * (width + more), width);
            }
            return new Lora(wide, config, width + more);
        }

        void addTo(InferenceInputs inputs, long task) {
            inputs.addLong("lora_task_id", task, 1, 1);
            addWeights(inputs);
            addConfig(inputs);
        }

        void addWeights(InferenceInputs inputs) {
            MemorySegment segment = ARENA.allocate(2L * weights.length, Long.BYTES);
            MemorySegment.copy(weights, 0, segment, ValueLayout.JAVA_SHORT, 0, weights.length);
            inputs.lend("lora_weights", TensorType.FP16, segment, 1, rows(), width);
        }

        void addConfig(InferenceInputs inputs) {
            inputs.addInts("lora_config", config, 1, rows(), COLUMNS);
        }
    }

    /** The outcome of a request. */
    private static final class Answer implements ResponseReceiver {
        private final List<Integer> tokens = new ArrayList<>();
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        @Override
        public void onResponse(TritonResponse response, boolean last) {
            response.select(LENGTH);
            int count = response.getInt(0);
            response.select(IDS);
            for (int i = 0; i < count; i++) {
                tokens.add(response.getInt(i));
            }
            if (last) {
                end.complete("");
            }
        }

        @Override
        public void onFailure(TritonException failure, boolean last) {
            end.complete(String.valueOf(failure.getMessage()) + (last ? "" : " (not the last)"));
        }

        @Override
        public void onEnd() {
            end.complete("");
        }

        @Override
        public void onClosed() {
            closed.complete(null);
        }
    }

    @BeforeAll
    static void load() throws Exception {
        TestBackend.load();
        lora = Lora.of(RandomBase.adapter(1, RANK), ARENA);
    }

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        base = RandomBase.write(folder.resolve("base"));
        server = serve(TestEngine.of(base).write(folder));
    }

    private static TritonServer serve(Path repository) {
        TritonServer started =
                TritonServer.start(
                        new TritonOptions(
                                repository, TestBackend.backends(), false, Duration.ofMinutes(1)));
        started.load(MODEL);
        return started;
    }

    /**
     * Two servers at once would share the metrics of their models, which belong to the process. The
     * server unloads the model: a server that is deleted as soon as its index calls a model
     * unloaded may still be at its threads, and on a busy machine the process died there now and
     * then.
     */
    @Test
    void answersARequestThatIsWhole() throws Exception {
        assertThat(outcome(whole(inputs -> {}))).isEmpty();
        assertThat(outcome(whole(inputs -> lora.addTo(inputs, 1)))).isEmpty();
    }

    @Test
    void aRequestNeedsItsTokensItsLengthsAndBothOutputs() throws Exception {
        InferenceInputs noTokens = new InferenceInputs();
        noTokens.addInt("input_lengths", 3, 1, 1);
        noTokens.addInt("request_output_len", 4, 1, 1);
        noTokens.want(IDS);
        noTokens.want(LENGTH);
        assertThat(outcome(noTokens))
                .contains("input_ids or encoder_input_features is not present in the request.");

        InferenceInputs noLengths = new InferenceInputs();
        noLengths.addInts("input_ids", PROMPT, 1, PROMPT.length);
        assertThat(outcome(noLengths)).contains("expected").contains("inputs");

        InferenceInputs noLength = whole(inputs -> {}, IDS);
        assertThat(outcome(noLength))
                .contains("sequence_length tensor must be present in list of output tensors");
        InferenceInputs noIds = whole(inputs -> {}, LENGTH);
        assertThat(outcome(noIds))
                .contains("output_ids tensor must be present in list of output tensors");
    }

    @Test
    void tensorsAreOfTheTypesAndShapesThatAreDeclared() throws Exception {
        assertThat(outcome(whole(inputs -> inputs.addInt("seed", 1, 1, 1))))
                .contains("seed")
                .contains("UINT64");
        assertThat(outcome(whole(inputs -> inputs.addFloat("temperature", 1, 1))))
                .contains("temperature")
                .contains("shape");
        assertThat(outcome(whole(inputs -> inputs.addInt("top_k", 1, 1, 1))))
                .contains("unexpected inference input 'top_k'");
        int[] four = new int[lora.rows() * 4];
        assertThat(
                        outcome(
                                whole(inputs -> {
                                    inputs.addLong("lora_task_id", 2, 1, 1);
                                    lora.addWeights(inputs);
                                    inputs.addInts("lora_config", four, 1, lora.rows(), 4);
                                })))
                .contains("unexpected shape for input 'lora_config'");
        assertThat(
                        outcome(
                                whole(inputs -> {
                                    inputs.addLong("lora_task_id", 2, 1, 1);
                                    inputs.addFloats("lora_weights", new float[8], 1, 1, 8);
                                    lora.addConfig(inputs);
                                })))
                .contains("lora_weights")
                .contains("FP16");
    }

    /** NVIDIA's drops guides of types that it does not know, and those without a type. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "json_schema | {} | Request is specified with GuidedDecodingParams, but"
                        + " GuidedDecoder is not setup.",
                "json | - | GuidedDecoder is not setup.",
                "structural_tag | {} | guided_decoding_guide_type structural_tag",
                "JSON | {} | guided_decoding_guide_type JSON",
                "- | {} | guided_decoding_guide without a type",
                "regex | - | The guide string must be provided unless using GuideType::kJSON."
            })
    void aGuideHasATypeThatIsKnownAndAModelThatIsSetUpForIt(
            @Nullable String type, @Nullable String guide, String message) throws Exception {
        assertThat(
                        outcome(
                                whole(inputs -> {
                                    if (type != null) {
                                        inputs.addText(
                                                "guided_decoding_guide_type", List.of(type), 1, 1);
                                    }
                                    if (guide != null) {
                                        inputs.addText(
                                                "guided_decoding_guide", List.of(guide), 1, 1);
                                    }
                                })))
                .contains(message);
    }

    @Test
    void aGuideThatIsNotCompiledEndsAllRequests(@TempDir Path folder) throws Exception {
        Path info =
                Files.writeString(
                        folder.resolve("info.json"),
                        "{\"encoded_vocab\": [\"a\"], \"tokenizer_str\": \"\", \"stop_token_ids\":"
                                + " [0]}");
        server.close();
        server =
                serve(
                        TestEngine.of(base)
                                .model("guided_decoding_backend", "xgrammar")
                                .model("xgrammar_tokenizer_info_path", info)
                                .model("test_hold_after", 2)
                                .write(folder));
        Answer innocent = new Answer();
        server.infer(MODEL, whole(inputs -> {}), innocent);
        assertThat(
                        outcome(
                                whole(inputs -> {
                                    inputs.addText(
                                            "guided_decoding_guide_type",
                                            List.of("ebnf_grammar"),
                                            1,
                                            1);
                                    inputs.addText("guided_decoding_guide", List.of("root"), 1, 1);
                                })))
                .contains("Encountered an error in forwardAsync function: EBNF parser error");
        assertThat(innocent.end.get(90, TimeUnit.SECONDS)).contains("forwardAsync");
    }

    @Test
    void anAdapterHasANumberAndBothOfItsTensorsOrIsThereAlready() throws Exception {
        assertThat(outcome(whole(inputs -> inputs.addLong("lora_task_id", 77, 1, 1))))
                .matches(
                        "Executor failed process requestId \\d+ due to the following error: LoRA"
                                + " task 77 not found in cache. Please send LoRA weights with"
                                + " request");
        assertThat(
                        outcome(
                                whole(inputs -> {
                                    lora.addWeights(inputs);
                                    lora.addConfig(inputs);
                                })))
                .contains("lora_task_id must be set for LoRA inference");
        assertThat(
                        outcome(
                                whole(inputs -> {
                                    inputs.addLong("lora_task_id", 78, 1, 1);
                                    lora.addWeights(inputs);
                                })))
                .contains("Request for LoRA inference must have both lora_weights and lora_keys");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 | lora module attn_qkv not enabled for this model",
                "0 | 8 | lora module INVALID not enabled for this model",
                "0 | -1 | lora module INVALID not enabled for this model",
                "1 | 2 | Expected layerId to be in the range [0, numModelLayers)",
                "1 | -1 | Expected layerId to be in the range [0, numModelLayers)",
                "1 | 1 | rows 0 and 7 are for one layer and module",
                "2 | 0 | Expected adapterSize to be > 0",
                "2 | 17 | lora_weights has to few values for attn_q",
                "2 | 3 | row 0 has more than 288 values"
            })
    void rowsAreOfTheEnginesModulesAndLayersAndHoldWhatTheySay(int index, int value, String message)
            throws Exception {
        assertThat(outcome(withLora(lora.with(index, value)))).contains(message);
    }

    @Test
    void rowsAreNoHigherInRankAndNoLongerThanTheyMustBe() throws Exception {
        assertThat(outcome(withLora(lora.wide(2000).with(2, 17))))
                .contains("Invalid low_rank (17). low_rank must be smaller than mMaxLowRank (16)");
        assertThat(outcome(withLora(lora.wide(1)))).contains("the longest takes");
        Lora fewer =
                new Lora(
                        lora.weights,
                        Arrays.copyOf(lora.config, lora.config.length - COLUMNS),
                        lora.width);
        assertThat(
                        outcome(
                                whole(inputs -> {
                                    inputs.addLong("lora_task_id", tasks++, 1, 1);
                                    lora.addWeights(inputs);
                                    fewer.addConfig(inputs);
                                })))
                .contains("Expected dim1 lora_weights and lora_keys to have the same size");
    }

    /** LoraCache::put looks at the number alone. */
    @Test
    void weightsOfANumberThatIsKnownAreNotReplaced() throws Exception {
        Answer first = send(withTask(lora, 5));
        Answer second = send(withTask(Lora.of(RandomBase.adapter(2, RANK), ARENA), 5));
        Answer other = send(withTask(Lora.of(RandomBase.adapter(2, RANK), ARENA), 6));

        assertThat(first.end.get(90, TimeUnit.SECONDS)).isEmpty();
        assertThat(second.end.get(90, TimeUnit.SECONDS)).isEmpty();
        assertThat(other.end.get(90, TimeUnit.SECONDS)).isEmpty();
        assertThat(second.tokens).isEqualTo(first.tokens);
        assertThat(other.tokens).isNotEqualTo(first.tokens);
    }

    @Test
    void wordsEndAfterOneAnotherAndThenThereIsPadding() throws Exception {
        int[][] spoiled = {{3, 4, 2, 1}, {3, 4, 1, 3}, {3, 4, -1, 2}, {3, 4, 0, 2}, {3, 70, 1, 2}};
        for (int[] list : spoiled) {
            assertThat(outcome(whole(inputs -> inputs.addInts("bad_words_list", list, 1, 2, 2))))
                    .as(Arrays.toString(list))
                    .contains("bad_words_list");
        }
        assertThat(
                        outcome(
                                whole(inputs ->
                                        inputs.addInts(
                                                "bad_words_list",
                                                new int[] {3, 4, 2, -1},
                                                1,
                                                2,
                                                2))))
                .isEmpty();
    }

    @Test
    void settingsAreInTheirRange() throws Exception {
        assertThat(outcome(whole(inputs -> inputs.addInt("min_tokens", 2, 1, 1))))
                .contains("min_tokens 2 without end_id");
        assertThat(outcome(whole(inputs -> inputs.addInt("end_id", 70, 1, 1))))
                .contains("end_id 70");
        assertThat(outcome(whole(inputs -> inputs.addInt("runtime_top_k", 1025, 1, 1))))
                .contains("top_k 1025");
        assertThat(outcome(whole(inputs -> inputs.addFloat("temperature", 0, 1, 1))))
                .contains("temperature 0");
        assertThat(outcome(whole(inputs -> inputs.addFloats("embedding_bias", new float[9], 1, 9))))
                .contains("embedding_bias has 9 values, the vocabulary has 70");
    }

    @Test
    void anEngineOfOtherModulesAndAModelThatDoesNotStream(@TempDir Path folder) throws Exception {
        server.close();
        server =
                serve(
                        TestEngine.of(base)
                                .built("modules", "\"attn_qkv\", \"mlp_gate_up\"")
                                .model("decoupled", false)
                                .write(folder));
        assertThat(outcome(withLora(lora)))
                .contains("lora module attn_q not enabled for this model");
        assertThat(outcome(whole(inputs -> inputs.addBoolean("streaming", true, 1, 1))))
                .contains("Streaming is only supported if model is deployed using decoupled");
    }

    private static InferenceInputs withLora(Lora sent) {
        return withTask(sent, tasks++);
    }

    private static InferenceInputs withTask(Lora sent, long task) {
        return whole(inputs -> sent.addTo(inputs, task));
    }

    private static InferenceInputs whole(Consumer<InferenceInputs> more) {
        return whole(more, IDS, LENGTH);
    }

    private static InferenceInputs whole(Consumer<InferenceInputs> more, OutputName... outputs) {
        InferenceInputs inputs = new InferenceInputs();
        inputs.addInts("input_ids", PROMPT, 1, PROMPT.length);
        inputs.addInt("input_lengths", PROMPT.length, 1, 1);
        inputs.addInt("request_output_len", 6, 1, 1);
        inputs.addBoolean("exclude_input_in_output", true, 1, 1);
        more.accept(inputs);
        for (OutputName output : outputs) {
            inputs.want(output);
        }
        return inputs;
    }

    /** The outcome of a request: empty if it was answered, else why it was refused. */
    private String outcome(InferenceInputs inputs) throws Exception {
        try {
            Answer answer = send(inputs);
            String end = answer.end.get(90, TimeUnit.SECONDS);
            answer.closed.get(90, TimeUnit.SECONDS);
            return end;
        } catch (TritonException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Answer send(InferenceInputs inputs) throws IOException {
        Answer answer = new Answer();
        server.infer(MODEL, inputs, answer);
        return answer;
    }
}
