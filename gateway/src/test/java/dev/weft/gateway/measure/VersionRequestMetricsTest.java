package dev.weft.gateway.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VersionRequestMetricsTest {
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Set<Integer> withdrawn = new HashSet<>();
    private final VersionRequestMetrics metrics =
            new VersionRequestMetrics(
                    registry,
                    "sql",
                    VersionRequestMetrics.MOST,
                    version -> !withdrawn.contains(version.number()));
    private Instant now = Instant.parse("2026-11-25T10:00:00Z");

    @Test
    void eachVersionHasItsOwnFigures() {
        metrics.record(version(1), stream(RequestOutcome.OK, new TokenCount(3, 11)));
        metrics.record(version(2), stream(RequestOutcome.OK, new TokenCount(3, 11)));
        metrics.record(version(2), stream(RequestOutcome.BROKEN, new TokenCount(3, 5)));

        assertThat(requests("1", RequestOutcome.OK)).isEqualTo(1);
        assertThat(requests("2", RequestOutcome.OK)).isEqualTo(1);
        assertThat(requests("2", RequestOutcome.BROKEN)).isEqualTo(1);
        assertThat(registry.get(VersionRequestMetrics.FIRST_TOKEN).tag("weft.version", "2").timer())
                .satisfies(timer -> assertThat(timer.count()).isEqualTo(2));
        // 3 s after the first event, for ten tokens more
        assertThat(registry.get(VersionRequestMetrics.PER_TOKEN).tag("weft.version", "2").timer())
                .satisfies(timer -> {
                    assertThat(timer.count()).isEqualTo(1);
                    assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(300);
                });
    }

    @Test
    void choicesThatComeAtTheSameTimeDoNotMakeTokensFaster() {
        metrics.record(version(1), stream(RequestOutcome.OK, new TokenCount(3, 44, 4)));

        assertThat(
                        registry.get(VersionRequestMetrics.PER_TOKEN)
                                .timer()
                                .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(300);
    }

    @Test
    void aVersionThatHasLeftTheCatalogGoesWhenEveryScraperHasSeenItsLastValues() {
        ask(1);
        ask(2);
        sweepAfter(PAUSE);
        withdrawn.add(1);
        sweepAfter(PAUSE);
        assertThat(versions()).containsExactlyInAnyOrder("1", "2");

        sweepAfter(BusiestAdapters.LINGER);

        assertThat(versions()).containsExactly("2"); // quiet as well, but the catalog still has it
        assertThat(registry.getMeters()).allMatch(meter -> "2".equals(version(meter)));
    }

    @Test
    void thoseAboveTheMostShareALabelUntilAQuietOneGivesWay() {
        for (int number = 1; number <= VersionRequestMetrics.MOST + 2; number++) {
            ask(number);
        }
        assertThat(versions())
                .hasSize(VersionRequestMetrics.MOST + 1)
                .contains("other")
                .doesNotContain("9");
        assertThat(requests("other", RequestOutcome.OK)).isEqualTo(2);

        sweepAfter(PAUSE);
        for (int number = 2; number <= VersionRequestMetrics.MOST + 1; number++) {
            ask(number);
        }
        sweepAfter(BusiestAdapters.LINGER);
        assertThat(versions()).doesNotContain("1").contains("2", "8", "other");
        ask(9);
        assertThat(requests("9", RequestOutcome.OK)).isEqualTo(1);
        assertThat(requests("other", RequestOutcome.OK)).isEqualTo(3); // counts do not move
    }

    @Test
    void nothingIsLeftWhenTheAdaptersLabelGoes() {
        for (int number = 1; number <= VersionRequestMetrics.MOST + 1; number++) {
            ask(number);
        }
        metrics.remove();
        ask(1);
        assertThat(registry.getMeters()).isEmpty();
    }

    private void ask(int number) {
        metrics.record(version(number), stream(RequestOutcome.OK, null));
    }

    private void sweepAfter(Duration pause) {
        now = now.plus(pause);
        metrics.sweep(now);
    }

    private double requests(String version, RequestOutcome outcome) {
        return registry.get(VersionRequestMetrics.REQUESTS)
                .tags("weft.adapter", "sql", "weft.version", version, "weft.outcome", outcome.tag())
                .counter()
                .count();
    }

    private Set<String> versions() {
        return registry.getMeters().stream()
                .map(VersionRequestMetricsTest::version)
                .collect(Collectors.toSet());
    }

    private static String version(Meter meter) {
        return Objects.requireNonNull(meter.getId().getTag("weft.version"));
    }

    private static Answered stream(RequestOutcome outcome, @Nullable TokenCount told) {
        return new Answered(Operation.CHAT, outcome, "", 4_000_000_000L, 0, 1_000_000_000L, told);
    }

    private static ServedVersion version(int number) {
        return new ServedVersion(
                AdapterId.of("sql"),
                number,
                new AdapterDigest("%064x".formatted(number)),
                new LoraFacts(
                        8, 16, false, new TreeSet<>(EnumSet.of(LinearModule.Q)), "BF16", 4096),
                "HF:weft/sql@0123",
                Instant.EPOCH);
    }
}
