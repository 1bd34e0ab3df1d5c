package dev.weft.inference.cpu.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine with the prefix cache against one without: tokens and log-probabilities are the same to
 * the last bit, and what one adapter has computed is never used for another or for the base.
 */
@Timeout(400)
class PrefixReuseTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final List<Integer> PROMPT =
            IntStream.range(0, 50).map(i -> i * i % 67).boxed().toList();

    @TempDir private Path folder;
    private TinyCheckpoint tiny;
    private CpuEngine sharing;
    private CpuEngine plain;

    @BeforeEach
    void open() throws IOException {
        tiny = TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        sharing = open(true);
        plain = open(false);
    }

    @AfterEach
    void close() {
        sharing.close();
        plain.close();
    }

    @Test
    void aRepeatedPromptComputesOnlyItsEndAndGivesTheSameBits() {
        for (AdapterDigest adapter : adapters()) {
            List<TokenEvent> expected = run(plain, adapter, PROMPT).events();
            RecordedGeneration first = run(sharing, adapter, PROMPT);
            long computed = sharing.statistics().tokens().prompt();
            RecordedGeneration again = run(sharing, adapter, PROMPT);
            assertThat(first.events()).isEqualTo(expected);
            assertThat(again.events()).isEqualTo(expected);
            assertThat(again.cachedTokens()).isEqualTo(48);
            assertThat(sharing.statistics().tokens().prompt() - computed).isEqualTo(2);
            assertThat(run(plain, adapter, PROMPT).cachedTokens()).isZero();
        }
    }

    @Test
    void neitherBaseNorAdaptersUseEachOthersPrefix() {
        List<List<TokenEvent>> answers = new ArrayList<>();
        for (AdapterDigest adapter : adapters()) {
            RecordedGeneration generation = run(sharing, adapter, PROMPT);
            assertThat(generation.cachedTokens()).isZero();
            assertThat(generation.events()).isEqualTo(run(plain, adapter, PROMPT).events());
            answers.add(generation.events());
        }
        assertThat(answers).as("the adapters have an effect").doesNotHaveDuplicates();
    }

    @Test
    void anAdapterWithAnInvocationUsesTheBasesPrefixBeforeIt() {
        AdapterDigest invoked = load(3, PROMPT.subList(35, 38));
        List<TokenEvent> base = run(sharing, null, PROMPT).events();
        List<TokenEvent> expected = run(plain, invoked, PROMPT).events();

        RecordedGeneration first = run(sharing, invoked, PROMPT);

        assertThat(first.cachedTokens()).as("blocks before the invocation's").isEqualTo(32);
        assertThat(first.events()).isEqualTo(expected).isNotEqualTo(base);
        assertThat(run(sharing, invoked, PROMPT).cachedTokens()).isEqualTo(48);
        assertThat(run(sharing, null, PROMPT).events()).isEqualTo(base);
    }

    @Test
    void theLastInvocationCountsAndWithoutOneTheBaseAnswers() {
        List<Integer> invocation = PROMPT.subList(2, 5);
        AdapterDigest invoked = load(3, invocation);
        List<Integer> twice = new ArrayList<>(PROMPT);
        twice.addAll(invocation);
        List<TokenEvent> early = run(sharing, invoked, PROMPT).events();

        RecordedGeneration late = run(sharing, invoked, twice);

        assertThat(early).isEqualTo(run(plain, invoked, PROMPT).events());
        assertThat(late.cachedTokens()).as("computed with the adapter before").isZero();
        assertThat(late.events()).isEqualTo(run(plain, invoked, twice).events());
        List<Integer> without = PROMPT.subList(3, 50);
        assertThat(run(sharing, invoked, without).events())
                .isEqualTo(run(plain, null, without).events());
    }

    @Test
    void ownersWhoShareNothingLearnNothingOfEachOther() {
        for (AdapterDigest adapter : adapters()) {
            GenerationRequest ana = request(adapter, PROMPT, new Owner("ana", "ana"));
            List<TokenEvent> expected = run(sharing, ana).events();
            long computed = sharing.statistics().tokens().prompt();

            RecordedGeneration ben =
                    run(sharing, request(adapter, PROMPT, new Owner("ben", "ben")));

            assertThat(ben.cachedTokens()).isZero();
            assertThat(sharing.statistics().tokens().prompt() - computed).isEqualTo(PROMPT.size());
            assertThat(ben.events()).isEqualTo(expected);
            assertThat(run(sharing, ana).cachedTokens()).isEqualTo(48);
        }
    }

    @Test
    void ownersWhoShareUseEachOthersPrefix() {
        run(sharing, request(null, PROMPT, new Owner("ana", "")));
        assertThat(run(sharing, request(null, PROMPT, new Owner("ben", ""))).cachedTokens())
                .isEqualTo(48);
    }

    @Test
    void anAdapterPublishedAgainStartsAnewAndTheOldOneMayComeBack() {
        AdapterDigest old = load(1);
        List<TokenEvent> expected = run(sharing, old, PROMPT).events();
        sharing.unload(old);
        AdapterDigest changed = load(2);

        RecordedGeneration renewed = run(sharing, changed, PROMPT);

        assertThat(renewed.cachedTokens()).isZero();
        assertThat(renewed.events())
                .isEqualTo(run(plain, changed, PROMPT).events())
                .isNotEqualTo(expected);
        load(1);
        RecordedGeneration back = run(sharing, old, PROMPT);
        assertThat(back.cachedTokens()).isEqualTo(48);
        assertThat(back.events()).isEqualTo(expected);
    }

    @Test
    void aConversationGoesOnFromItsLastAnswer() {
        AdapterDigest adapter = load(1);
        RecordedGeneration first = run(sharing, adapter, PROMPT);
        List<Integer> longer = new ArrayList<>(PROMPT);
        longer.addAll(first.tokens());
        longer.addAll(List.of(1, 2, 3));

        RecordedGeneration second = run(sharing, adapter, longer);

        // 50 + 16 tokens, the last of which was never computed: four full blocks
        assertThat(second.cachedTokens()).isEqualTo(64);
        assertThat(second.events()).isEqualTo(run(plain, adapter, longer).events());
    }

    @Test
    void mixedBatchesShareAndGiveTheSameBits() {
        List<@Nullable AdapterDigest> adapters = adapters();
        List<GenerationRequest> requests = new ArrayList<>();
        for (int common = 8; common <= PROMPT.size(); common += 7) {
            for (AdapterDigest adapter : adapters) {
                List<Integer> prompt = new ArrayList<>(PROMPT.subList(0, common));
                prompt.add(common);
                requests.add(request(adapter, prompt));
            }
        }
        Map<GenerationRequest, List<TokenEvent>> expected = new HashMap<>();
        requests.forEach(request -> expected.put(request, run(plain, request).events()));
        for (int round = 0; round < 3; round++) {
            List<RecordedGeneration> together = new ArrayList<>();
            for (GenerationRequest request : requests) {
                RecordedGeneration generation = new RecordedGeneration();
                sharing.start(request, generation);
                together.add(generation);
            }
            for (int i = 0; i < requests.size(); i++) {
                together.get(i).await(DEADLINE);
                assertThat(together.get(i).events())
                        .as("%s", requests.get(i))
                        .isEqualTo(expected.get(requests.get(i)));
            }
        }
        assertThat(sharing.statistics().tokens().prefixHit()).isGreaterThan(1_000);
        assertThat(new HashSet<>(expected.values())).hasSize(requests.size());
    }

    /** The base and two adapters, in both engines. */
    private List<@Nullable AdapterDigest> adapters() {
        List<@Nullable AdapterDigest> adapters = new ArrayList<>();
        adapters.add(null);
        adapters.add(load(1));
        adapters.add(load(2));
        return adapters;
    }

    private AdapterDigest load(int number, List<Integer> invocation) {
        LoraAdapter always = tiny.adapter(number, 4, 2f, EnumSet.allOf(LinearModule.class));
        LoraAdapter invoked =
                new LoraAdapter(
                        always.digest(),
                        always.facts(),
                        always.pairs(),
                        always.around(),
                        invocation,
                        always.arena());
        sharing.load(invoked.digest(), invoked);
        plain.load(invoked.digest(), invoked);
        return invoked.digest();
    }

    private AdapterDigest load(int number) {
        LoraAdapter adapter =
                tiny.adapter(number, 4 * number, 0.8f, EnumSet.copyOf(LinearModule.SEPARATE));
        sharing.load(adapter.digest(), adapter);
        plain.load(adapter.digest(), adapter);
        return adapter.digest();
    }

    private static RecordedGeneration run(
            CpuEngine engine, @Nullable AdapterDigest adapter, List<Integer> prompt) {
        return run(engine, request(adapter, prompt));
    }

    private static RecordedGeneration run(CpuEngine engine, GenerationRequest request) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(request, generation);
        generation.await(DEADLINE);
        return generation;
    }

    private static GenerationRequest request(
            @Nullable AdapterDigest adapter, List<Integer> prompt) {
        return request(adapter, prompt, Owner.NOBODY);
    }

    private static GenerationRequest request(
            @Nullable AdapterDigest adapter, List<Integer> prompt, Owner owner) {
        return new GenerationRequest(
                "r",
                adapter,
                prompt,
                GenerationRequest.Ending.after(16),
                Sampling.of(0.9, 7),
                3,
                owner);
    }

    private CpuEngine open(boolean prefixCache) throws IOException {
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.AUTO, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(4, 0), 16),
                        new CpuEngineSettings.Batch(9, 24, 64),
                        new CpuEngineSettings.Context(0, 2048, prefixCache));
        return CpuEngine.open(folder, settings, _ -> {});
    }
}
