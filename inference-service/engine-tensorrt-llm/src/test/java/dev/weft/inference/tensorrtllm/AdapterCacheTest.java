package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.tensorrtllm.backend.EngineFixture;
import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Adapters in TensorRT-LLM's cache, which drops them when it likes. */
@OnTriton
class AdapterCacheTest extends EngineFixture {
    private static final int DRAWN = 16;
    private static final Sampling DRAW = Sampling.of(1, 7);

    @Test
    void weightsThatTheCacheDroppedAreSentAgainUnseen() throws IOException {
        long larger = RandomBase.adapter(2, 8).pairs().size() * 2L * longestRow(8);
        TensorRtLlmEngine narrow =
                open(model().model("lora_cache_host_memory_bytes", larger * 7 / 5));
        AdapterDigest first = load(narrow, RandomBase.adapter(1, 4));
        AdapterDigest second = load(narrow, RandomBase.adapter(2, 8));
        List<Integer> expected = tokens(narrow, first, 8);
        assertThat(tokens(narrow, first, 8)).isEqualTo(expected);
        assertThat(narrow.sentAgain()).isZero();

        assertThat(tokens(narrow, second, 8)).isNotEqualTo(expected);
        assertThat(tokens(narrow, first, 8)).isEqualTo(expected);

        assertThat(narrow.sentAgain()).isEqualTo(1);
    }

    @Test
    void aCacheThatIsFullOfAdaptersInUseIsAnErrorOfOverload() throws IOException {
        long larger = RandomBase.adapter(2, 8).pairs().size() * 2L * longestRow(8);
        TensorRtLlmEngine narrow =
                open(model().model("lora_cache_host_memory_bytes", larger * 7 / 5));
        AdapterDigest first = load(narrow, RandomBase.adapter(1, 4));
        AdapterDigest second = load(narrow, RandomBase.adapter(2, 8));
        RecordedGeneration lasting = run(narrow, first, 500, List.of(), Sampling.greedy());
        lasting.awaitFirstToken(DEADLINE);

        RecordedGeneration other = run(narrow, second, 2, List.of(), Sampling.greedy());

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> other.await(DEADLINE))
                .withMessageContaining("Cache is full")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.OVERLOADED));
        assertThat(lasting.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
    }

    /** Then TensorRT-LLM frees what it can, and a check of its pages fails. */
    @Test
    void aCacheThatCanFreeTooLittleIsAnErrorOfOverloadToo() throws IOException {
        long larger = RandomBase.adapter(2, 8).pairs().size() * 2L * longestRow(8);
        TensorRtLlmEngine narrow =
                open(model().model("lora_cache_host_memory_bytes", larger * 8 / 5));
        AdapterDigest inUse = load(narrow, RandomBase.adapter(1, 8));
        AdapterDigest unused = load(narrow, RandomBase.adapter(2, 4));
        assertThat(tokens(narrow, unused, 2)).hasSize(2);
        RecordedGeneration lasting = run(narrow, inUse, 500, List.of(), Sampling.greedy());
        lasting.awaitFirstToken(DEADLINE);
        narrow.unload(unused);
        AdapterDigest other = load(narrow, RandomBase.adapter(3, 8));

        RecordedGeneration refused = run(narrow, other, 2, List.of(), Sampling.greedy());

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> refused.await(DEADLINE))
                .withMessageContaining("Assertion failed: pageIds.has_value()")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.OVERLOADED));
        assertThat(lasting.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aModelThatWasUnloadedIsLoadedAgainAndItsAdaptersWithIt() throws IOException {
        TensorRtLlmEngine served = open(model());
        AdapterDigest adapter = load(served, RandomBase.adapter(1, 8));
        List<Integer> expected = tokens(served, adapter, 8);
        List<Integer> ofBase = tokens(served, null, 8);

        served.unloadModel();
        List<RecordedGeneration> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(run(served, i % 2 == 0 ? adapter : null, 8, List.of(), Sampling.greedy()));
        }

        for (int i = 0; i < 6; i++) {
            assertThat(all.get(i).tokensAtTheEnd(DEADLINE))
                    .isEqualTo(i % 2 == 0 ? expected : ofBase);
        }
    }

    /** The second request of an answer finds its adapter's weights gone. */
    @Test
    void anAdapterThatIsDroppedBetweenTheTwoPartsOfAnAnswerIsSentAgain() throws IOException {
        TensorRtLlmEngine served = open(model());
        AdapterDigest adapter = load(served, RandomBase.adapter(1, 8));
        List<Integer> expected = held(served, adapter).tokensAtTheEnd(DEADLINE);
        assertThat(expected).hasSizeGreaterThanOrEqualTo(4);
        RecordedGeneration again = new RecordedGeneration();
        again.hold();
        served.start(heldRequest(adapter), again);
        again.awaitFirstToken(DEADLINE);

        served.unloadModel();
        again.goOn();

        assertThat(again.tokensAtTheEnd(DEADLINE)).isEqualTo(expected);
    }

    /** TensorRT-LLM's cache keeps what it has under a number, whatever is sent later. */
    @Test
    void digestsThatShareTheirFirst64BitsAreTwoAdapters() throws IOException {
        TensorRtLlmEngine served = open(model());
        AdapterDigest one = new AdapterDigest("ab".repeat(32));
        AdapterDigest two = new AdapterDigest("ab".repeat(8) + "cd".repeat(24));
        served.load(one, RandomBase.adapter(1, 8));
        served.load(two, RandomBase.adapter(2, 8));

        List<Integer> first = drawn(served, one);
        List<Integer> second = drawn(served, two);

        assertThat(second).isNotEqualTo(first);
        assertThat(drawn(served, one)).isEqualTo(first);
        assertThat(drawn(served, two)).isEqualTo(second);
    }

    /** A name that is published again is another digest, so another number. */
    @Test
    void whatAnAdapterWasBeforeDoesNotAnswerForWhatItIsNow() throws IOException {
        TensorRtLlmEngine served = open(model());
        AdapterDigest before = load(served, RandomBase.adapter(1, 8));
        List<Integer> old = drawn(served, before);
        served.unload(before);

        AdapterDigest now = load(served, RandomBase.adapter(2, 8));

        assertThat(drawn(served, now)).isNotEqualTo(old);
        assertThat(served.reload(before)).isTrue();
        assertThat(drawn(served, before)).isEqualTo(old);
    }

    /** Two of three fit; several requests at once find theirs gone, and each sends it again. */
    @Test
    void adaptersThatPushEachOtherOutAnswerAsTheyDoAlone() throws IOException {
        long bytes = RandomBase.adapter(1, 8).pairs().size() * 2L * longestRow(8);
        Path repository = model().model("lora_cache_host_memory_bytes", 2 * bytes).write(folder);
        try (TensorRtLlmEngine narrow =
                EngineStart.open(
                        base,
                        TestBackendSettings.of(repository, 3),
                        TestBackendSettings.NO_TOKENIZER,
                        _ -> {})) {
            List<AdapterDigest> adapters = new ArrayList<>();
            List<List<Integer>> expected = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                adapters.add(load(narrow, RandomBase.adapter(i + 1, 8)));
                expected.add(drawn(narrow, adapters.get(i)));
            }
            assertThat(expected).doesNotHaveDuplicates();
            for (int wave = 0; wave < 6; wave++) {
                List<RecordedGeneration> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    AdapterDigest adapter = adapters.get((wave + i % 2) % 3);
                    all.add(run(narrow, adapter, DRAWN, List.of(), DRAW));
                }
                for (int i = 0; i < 8; i++) {
                    assertThat(all.get(i).tokensAtTheEnd(DEADLINE))
                            .isEqualTo(expected.get((wave + i % 2) % 3));
                }
            }
            assertThat(narrow.sentAgain()).isGreaterThanOrEqualTo(5);
        }
    }

    /** Best tokens may be the same with two adapters; draws are not. */
    private static List<Integer> drawn(TensorRtLlmEngine engine, AdapterDigest adapter) {
        return run(engine, adapter, DRAWN, List.of(), DRAW).tokensAtTheEnd(DEADLINE);
    }

    private static RecordedGeneration held(TensorRtLlmEngine engine, AdapterDigest adapter) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(heldRequest(adapter), generation);
        return generation;
    }

    private static GenerationRequest heldRequest(AdapterDigest adapter) {
        return new GenerationRequest(
                "held",
                adapter,
                PROMPT,
                new GenerationRequest.Ending(12, 4, List.of(1, 2, 3)),
                Sampling.greedy(),
                -1);
    }

    @Test
    void anAdapterThatTheEngineWasNotBuiltForIsRefused() throws IOException {
        TensorRtLlmEngine narrow = open(model().built("modules", "\"attn_q\", \"attn_v\""));
        LoraAdapter wide = RandomBase.adapter(1, 8);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> narrow.load(wide.digest(), wide))
                .withMessageContaining("attn_k")
                .withMessageContaining("--lora_target_modules attn_q attn_v")
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.INVALID_ADAPTER));
        LoraAdapter fits = RandomBase.adapter(2, 8, Set.of(LinearModule.Q, LinearModule.V));
        assertThat(tokens(narrow, load(narrow, fits), 8)).isNotEqualTo(tokens(narrow, null, 8));
    }

    @Test
    void everyDataTypeOfThePluginGivesNearlyTheSameAnswer() throws IOException {
        List<List<Integer>> answers = new ArrayList<>();
        for (TestBackendSettings.Plugin plugin : TestBackendSettings.Plugin.values()) {
            TestEngine model =
                    model().built("lora_plugin", plugin.type.word())
                            .model("lora_type", plugin.declared);
            try (TensorRtLlmEngine served =
                    EngineStart.open(
                            base,
                            TestBackendSettings.of(model.write(folder), plugin.type),
                            TestBackendSettings.NO_TOKENIZER,
                            _ -> {})) {
                answers.add(tokens(served, load(served, RandomBase.adapter(1, 8)), 4));
            }
        }
        assertThat(new HashSet<>(answers)).hasSize(1);
    }

    private static long longestRow(int rank) {
        return RandomBase.adapter(1, rank).pairs().stream()
                .mapToLong(pair -> elements(pair))
                .max()
                .orElseThrow();
    }

    private static long elements(LoraPair pair) {
        return pair.a().elements() + pair.b().elements();
    }
}
