package dev.weft.inference.tensorrtllm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.tensorrtllm.EngineStart;
import dev.weft.inference.tensorrtllm.TensorRtLlmEngine;
import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model that takes text, with a tokenizer whose tokens are bytes. */
@OnTriton
@Timeout(400)
class LlmApiEngineTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final int END = 0;

    /** Puts itself before every text, as the tokenizers of Llama do; its text is empty here. */
    private static final int BEGIN = 256;

    @TempDir private Path folder;
    private Path base;
    private @Nullable TensorRtLlmEngine engine;

    private static final class Bytes implements TextCodec {
        @Override
        public List<Integer> encode(String text, boolean special) {
            List<Integer> tokens = new ArrayList<>();
            if (special) {
                tokens.add(BEGIN);
            }
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                tokens.add(b & 0xFF);
            }
            return tokens;
        }

        @Override
        public String decode(List<Integer> tokens) {
            StringBuilder text = new StringBuilder();
            tokens.forEach(token ->
                    text.append(token == BEGIN ? "<s>" : String.valueOf((char) (int) token)));
            return text.toString();
        }

        @Override
        public void close() {}
    }

    @BeforeAll
    static void load() {
        TestBackend.load();
    }

    @BeforeEach
    void writeBase() throws IOException {
        base = RandomBase.write(folder.resolve("base"), BEGIN + 1);
    }

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    private TensorRtLlmEngine open(TestEngine model) throws IOException {
        TensorRtLlmEngine opened =
                EngineStart.open(
                        base,
                        TestBackendSettings.of(model.write(folder)),
                        _ -> new Bytes(),
                        _ -> {});
        engine = opened;
        return opened;
    }

    @Test
    void streamsTheSameAnswerThatItGivesAtOnce() throws IOException {
        List<Integer> streamed = tokens(open(TestEngine.of(base).llmapi(true)), null, 30);
        assertThat(streamed).hasSize(30).allMatch(token -> token >= 32 && token < 127);
        open(TestEngine.of(base).llmapi(true).model("decoupled", false));
        assertThat(tokens(current(), null, 30)).isEqualTo(streamed);
    }

    @Test
    void adaptersAnswerDifferentlyAndEachAsItDoesAlone() throws IOException {
        TensorRtLlmEngine served = open(TestEngine.of(base).llmapi(true));
        AdapterDigest one = load(served, RandomBase.adapter(1, 4));
        AdapterDigest two = load(served, RandomBase.adapter(2, 8));
        List<Integer> first = tokens(served, one, 20);
        List<Integer> second = tokens(served, two, 20);
        assertThat(List.of(tokens(served, null, 20), first, second)).doesNotHaveDuplicates();
        RecordedGeneration a = run(served, one, 20, Sampling.greedy());
        RecordedGeneration b = run(served, two, 20, Sampling.greedy());
        assertThat(a.tokensAtTheEnd(DEADLINE)).isEqualTo(first);
        assertThat(b.tokensAtTheEnd(DEADLINE)).isEqualTo(second);
    }

    /** One engine gets matrices, the other a folder: the decoder behind both is the same. */
    @Test
    void anAdapterMeansTheSameToModelsOfBothKinds() throws IOException {
        LoraAdapter adapter = RandomBase.adapter(1, 4);
        TensorRtLlmEngine text = open(TestEngine.of(base).llmapi(true));
        List<Integer> ofText = tokens(text, load(text, adapter), 1);
        text.close();
        TensorRtLlmEngine tokens = open(TestEngine.of(base).built("lora_plugin", "float16"));
        RecordedGeneration generation = new RecordedGeneration();
        tokens.start(
                new GenerationRequest(
                        "same",
                        load(tokens, adapter),
                        new Bytes().encode("Hello", false),
                        GenerationRequest.Ending.after(1),
                        new Sampling(
                                0, Sampling.Cut.NONE, Sampling.Penalties.NONE, 0, onlyPrintable()),
                        -1),
                generation);
        assertThat(generation.tokensAtTheEnd(DEADLINE)).isEqualTo(ofText);
    }

    private static Map<Integer, Double> onlyPrintable() {
        Map<Integer, Double> bias = new java.util.HashMap<>();
        for (int token = 1; token <= BEGIN; token++) {
            if (token < 32 || token > 126) {
                bias.put(token, -100.0);
            }
        }
        return bias;
    }

    @Test
    void seedAndTemperatureReachTheModel() throws IOException {
        TensorRtLlmEngine served = open(TestEngine.of(base).llmapi(true));
        List<Integer> one = run(served, null, 20, Sampling.of(2, 1)).tokensAtTheEnd(DEADLINE);
        List<Integer> two = run(served, null, 20, Sampling.of(2, 2)).tokensAtTheEnd(DEADLINE);
        assertThat(run(served, null, 20, Sampling.of(2, 1)).tokensAtTheEnd(DEADLINE))
                .isEqualTo(one);
        assertThat(two).isNotEqualTo(one);
    }

    @Test
    void endsWithTheEndTokenWhereTheModelStops() throws IOException {
        TensorRtLlmEngine served = open(TestEngine.of(base).llmapi(true));
        for (int seed = 0; seed < 50; seed++) {
            RecordedGeneration generation = run(served, null, 200, Sampling.of(3, seed));
            if (generation.await(DEADLINE) == FinishReason.STOP) {
                assertThat(generation.events().getLast().token()).isEqualTo(END);
                assertThat(generation.events().getLast().endOfSequence()).isTrue();
                return;
            }
        }
        throw new AssertionError("none of 50 random answers ended by itself");
    }

    @Test
    void cancelEndsAGeneration() throws IOException {
        TensorRtLlmEngine served = open(TestEngine.of(base).llmapi(true));
        RecordedGeneration generation = new RecordedGeneration();
        generation.hold();
        Generation handle = served.start(request(null, 400, Sampling.greedy()), generation);
        generation.awaitFirstToken(DEADLINE);
        handle.cancel();
        generation.goOn();
        assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void whatTheModelHasNoInputForIsRefusedByName() throws IOException {
        TensorRtLlmEngine served = open(TestEngine.of(base).llmapi(true));
        for (Map.Entry<String, GenerationRequest> refused : refused().entrySet()) {
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> served.start(refused.getValue(), new RecordedGeneration()))
                    .withMessageContaining(refused.getKey())
                    .satisfies(e ->
                            assertThat(e.reason())
                                    .isEqualTo(EngineException.Cause.INVALID_REQUEST));
        }
    }

    private static Map<String, GenerationRequest> refused() {
        Sampling greedy = Sampling.greedy();
        return Map.of(
                "min_p",
                        request(
                                null,
                                1,
                                new Sampling(
                                        1,
                                        new Sampling.Cut(1, 0, 0.1),
                                        Sampling.Penalties.NONE,
                                        0,
                                        Map.of())),
                "repetition_penalty",
                        request(
                                null,
                                1,
                                new Sampling(
                                        1,
                                        Sampling.Cut.NONE,
                                        new Sampling.Penalties(0, 0, 2),
                                        0,
                                        Map.of())),
                "logit_bias",
                        request(
                                null,
                                1,
                                new Sampling(
                                        1,
                                        Sampling.Cut.NONE,
                                        Sampling.Penalties.NONE,
                                        0,
                                        Map.of(1, 1.0))),
                "bad_words",
                        request(
                                null,
                                1,
                                new Sampling(
                                        0,
                                        Sampling.Cut.NONE,
                                        Sampling.Penalties.NONE,
                                        0,
                                        Map.of(),
                                        List.of(List.of(65)))),
                "min_tokens", request(1, List.of(END), greedy, -1),
                "logprobs", request(0, List.of(END), greedy, 0),
                "ignore_eos", request(0, List.of(), greedy, -1),
                "stop_token_ids with 7", request(0, List.of(END, 7), greedy, -1),
                "no text gives these 2 tokens", prompt(List.of(65, BEGIN)));
    }

    @Test
    void aModelWithoutLoraInputsRefusesAdapters() throws IOException {
        TensorRtLlmEngine served = open(TestEngine.of(base).llmapi(false));
        LoraAdapter adapter = RandomBase.adapter(1, 4);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> served.load(adapter.digest(), adapter))
                .withMessageContaining("lora_id")
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.INVALID_ADAPTER));
        assertThat(tokens(served, null, 3)).hasSize(3);
    }

    @Test
    void foldersOfAdaptersGoWithTheEngine() throws IOException {
        TensorRtLlmEngine served = open(TestEngine.of(base).llmapi(true));
        load(served, RandomBase.adapter(1, 4));
        assertThat(files()).isPositive();
        served.close();
        assertThat(files()).isZero();
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("adapters"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private TensorRtLlmEngine current() {
        return java.util.Objects.requireNonNull(engine);
    }

    private static AdapterDigest load(TensorRtLlmEngine engine, LoraAdapter adapter) {
        engine.load(adapter.digest(), adapter);
        return adapter.digest();
    }

    private static List<Integer> tokens(
            TensorRtLlmEngine engine, @Nullable AdapterDigest adapter, int count) {
        return run(engine, adapter, count, Sampling.greedy()).tokensAtTheEnd(DEADLINE);
    }

    private static RecordedGeneration run(
            TensorRtLlmEngine engine,
            @Nullable AdapterDigest adapter,
            int count,
            Sampling sampling) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(request(adapter, count, sampling), generation);
        return generation;
    }

    private static GenerationRequest request(
            @Nullable AdapterDigest adapter, int count, Sampling sampling) {
        return new GenerationRequest(
                "test",
                adapter,
                new Bytes().encode("Hello", true),
                new GenerationRequest.Ending(count, 0, List.of(END)),
                sampling,
                -1);
    }

    private static GenerationRequest request(
            int minTokens, List<Integer> stop, Sampling sampling, int top) {
        return new GenerationRequest(
                "test",
                null,
                new Bytes().encode("Hello", true),
                new GenerationRequest.Ending(1, minTokens, stop),
                sampling,
                top);
    }

    private static GenerationRequest prompt(List<Integer> tokens) {
        return new GenerationRequest(
                "test",
                null,
                tokens,
                new GenerationRequest.Ending(1, 0, List.of(END)),
                Sampling.greedy(),
                -1);
    }
}
