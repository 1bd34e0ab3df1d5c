package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Hostile requests among innocent ones: each innocent request gets the answer that it gets alone,
 * to the bit, and each hostile one ends alone, with its own error. Innocent are greedy and seeded
 * requests to the base and to adapters; hostile ones are in {@link Hostile}.
 */
@Timeout(400)
class HostileRequestsTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final int INNOCENT = 60;
    private static final int OUTSTANDING = 16;

    @TempDir private Path folder;

    /** A request under way, and what it must come to. */
    private record Running(RecordedGeneration generation, Expected expected) {
        void check() {
            expected.check(generation);
        }
    }

    private interface Expected {
        void check(RecordedGeneration generation);
    }

    @BeforeAll
    static void beQuiet() {
        TestLoop.log(false);
    }

    @AfterAll
    static void beLoud() {
        TestLoop.log(true);
    }

    @ParameterizedTest
    @CsvSource({"BF16, 10000", "INT8, 2000"})
    void innocentRequestsAnswerAsTheyDoAlone(Precision precision, int hostile) throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        List<LoraAdapter> adapters = adapters(tiny);
        SplittableRandom random = new SplittableRandom(17);
        Hostile enemies = new Hostile(random, adapters.getLast().digest());
        List<GenerationRequest> innocent = innocent(adapters, random);
        List<List<TokenEvent>> expected = alone(precision, adapters, innocent);
        try (TestLoop loop = TestLoop.open(folder, precision, 7, 40, 24 * 16, adapters)) {
            Deque<Running> running = new ArrayDeque<>();
            for (int i = 0; i < hostile; i++) {
                running.add(attack(loop, enemies.next(adapters)));
                if (i % 3 == 0) {
                    running.add(ask(loop, random.nextInt(INNOCENT), innocent, expected));
                }
                while (running.size() > OUTSTANDING) {
                    running.remove().check();
                }
            }
            running.forEach(Running::check);
            assertThat(loop.slots().statistics().slots().adapters()).isEqualTo(adapters.size());
            adapters.forEach(adapter -> loop.slots().unload(adapter.digest()));
            // none is held by a request that has ended
            assertThat(loop.slots().statistics().slots().adapters()).isZero();
        }
        assertThat(enemies.seen()).containsExactlyInAnyOrder(Hostile.Kind.values());
    }

    private List<List<TokenEvent>> alone(
            Precision precision, List<LoraAdapter> adapters, List<GenerationRequest> requests)
            throws IOException {
        List<List<TokenEvent>> answers = new ArrayList<>();
        try (TestLoop loop = TestLoop.open(folder, precision, 1, 96, 96, adapters)) {
            for (GenerationRequest request : requests) {
                RecordedGeneration generation = new RecordedGeneration();
                loop.start(request, generation);
                generation.await(DEADLINE);
                answers.add(generation.events());
            }
        }
        return answers;
    }

    private static Running attack(TestLoop loop, Hostile.Attack attack) {
        Generation generation = loop.start(attack.request(), attack.listener());
        if (attack.leaves()) {
            generation.cancel();
        }
        return new Running(
                attack.recorded(),
                recorded -> {
                    @Nullable EngineException error = null;
                    try {
                        recorded.await(DEADLINE);
                    } catch (EngineException e) {
                        error = e;
                    }
                    attack.check(error);
                });
    }

    private static Running ask(
            TestLoop loop,
            int index,
            List<GenerationRequest> innocent,
            List<List<TokenEvent>> expected) {
        RecordedGeneration generation = new RecordedGeneration();
        loop.start(innocent.get(index), generation);
        return new Running(
                generation,
                recorded -> {
                    recorded.await(DEADLINE);
                    assertThat(recorded.events())
                            .as("%s", innocent.get(index))
                            .isEqualTo(expected.get(index));
                });
    }

    private static List<GenerationRequest> innocent(
            List<LoraAdapter> adapters, SplittableRandom random) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < INNOCENT; i++) {
            int adapter = random.nextInt(2 * adapters.size());
            @Nullable AdapterDigest digest =
                    adapter < adapters.size() - 1 ? adapters.get(adapter).digest() : null;
            Sampling sampling =
                    i % 2 == 0 ? Sampling.greedy() : Sampling.of(0.8, random.nextLong());
            requests.add(
                    new GenerationRequest(
                            "innocent-" + i,
                            digest,
                            Hostile.prompt(random),
                            GenerationRequest.Ending.after(1 + random.nextInt(8)),
                            sampling,
                            random.nextInt(3)));
        }
        return requests;
    }

    /** The last one overflows. */
    private static List<LoraAdapter> adapters(TinyCheckpoint tiny) {
        return List.of(
                tiny.adapter(1, 16, 0.4f, EnumSet.copyOf(LinearModule.SEPARATE)),
                tiny.adapter(2, 3, 0.9f, EnumSet.of(LinearModule.Q, LinearModule.DOWN)),
                tiny.adapter(3, 8, 1e38f, EnumSet.copyOf(LinearModule.SEPARATE)));
    }
}
