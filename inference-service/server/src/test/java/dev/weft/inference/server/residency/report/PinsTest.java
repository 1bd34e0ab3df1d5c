package dev.weft.inference.server.residency.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.ArtifactSource;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.HeldAdapter;
import dev.weft.protocol.residency.ResidencyOrders;
import dev.weft.protocol.residency.ResidencyOrders.Order;
import dev.weft.protocol.residency.ResidencyReport.Outcome;
import dev.weft.protocol.residency.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders at a worker with two slots; they run on the thread of the test. */
class PinsTest {
    private static final AdapterDigest A = TestArtifacts.digest("a");
    private static final AdapterDigest B = TestArtifacts.digest("b");
    private static final AdapterDigest GONE = TestArtifacts.digest("gone");

    @TempDir private Path root;

    private final ScriptedEngine engine = new ScriptedEngine(16, _ -> List.of());
    private final LoadThreads loadThreads = LoadThreads.start();
    private final Map<AdapterDigest, String> catalog =
            new ConcurrentHashMap<>(Map.of(A, "a", B, "b"));
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private AdapterResidency residency;
    private Pins pins;

    @BeforeEach
    void prepare() {
        ArtifactSource source =
                (digest, folder) -> {
                    String content = catalog.get(digest);
                    if (content == null) {
                        throw new IOException("the catalog has no such adapter");
                    }
                    Files.writeString(folder.resolve(TestArtifacts.FILE), content);
                };
        ArtifactCache store = new ArtifactCache(root, source, TestArtifacts.READER, loadThreads);
        residency = new AdapterResidency(engine, store, loadThreads);
        InstantSource time = () -> now;
        Clock clock = time.withZone(ZoneOffset.UTC);
        pins = new Pins(residency, 2, Duration.ofSeconds(30), clock, Runnable::run, () -> {});
    }

    @AfterEach
    void close() {
        pins.close();
        engine.close();
        loadThreads.close();
    }

    @Test
    void aPinnedAdapterIsHeldInASlotUntilItIsNotAskedForAnyMore() {
        pins.follow(pinned(new Order(1, A)));
        assertThat(pins.takeOutcomes()).containsExactly(new Outcome(1, null));
        assertThat(residency.held())
                .singleElement()
                .satisfies(held -> {
                    assertThat(held.digest()).isEqualTo(A);
                    assertThat(held.tier()).isEqualTo(Tier.SLOT);
                    assertThat(held.pinned()).isTrue();
                    assertThat(held.loadSeconds()).isPositive();
                    assertThat(held.lastUsed()).isEqualTo(now);
                });
        pins.follow(pinned(new Order(1, A)));
        assertThat(pins.takeOutcomes()).isEmpty();

        pins.follow(pinned());
        assertThat(residency.held()).extracting(HeldAdapter::pinned).containsExactly(false);
    }

    @Test
    void aPrefetchedAdapterIsInASlotAndFreeToGo() {
        pins.follow(new ResidencyOrders(List.of(), List.of(new Order(7, B))));
        assertThat(pins.takeOutcomes()).containsExactly(new Outcome(7, null));
        assertThat(residency.resident()).containsExactly(B);
        assertThat(residency.held()).extracting(HeldAdapter::pinned).containsExactly(false);
    }

    @Test
    void oneSlotIsAlwaysLeftToTheOthers() {
        pins.follow(pinned(new Order(1, A), new Order(2, B)));
        List<Outcome> outcomes = pins.takeOutcomes();
        assertThat(outcomes.getFirst()).isEqualTo(new Outcome(1, null));
        assertThat(outcomes.getLast().failure()).contains("all slots but one are pinned (of 2)");
        assertThat(residency.resident()).containsExactly(A);
    }

    @Test
    void whatFailsIsToldAndAPinIsTriedAgainLater() {
        pins.follow(pinned(new Order(1, GONE)));
        assertThat(pins.takeOutcomes())
                .singleElement()
                .satisfies(o -> assertThat(o.failure()).contains("the catalog has no such"));
        catalog.put(GONE, "gone");
        pins.follow(pinned(new Order(1, GONE)));
        assertThat(pins.takeOutcomes()).isEmpty();
        now = now.plusSeconds(31);
        pins.follow(pinned(new Order(1, GONE)));
        assertThat(pins.takeOutcomes()).containsExactly(new Outcome(1, null));
    }

    @Test
    void outcomesThatWereNotHeardAreToldAgain() {
        pins.follow(pinned(new Order(1, A)));
        List<Outcome> taken = pins.takeOutcomes();
        pins.putBack(taken);
        assertThat(pins.takeOutcomes()).isEqualTo(taken);
    }

    private static ResidencyOrders pinned(Order... orders) {
        return new ResidencyOrders(List.of(orders), List.of());
    }
}
