package dev.weft.inference.server.residency.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.BaseAdapters;
import dev.weft.inference.server.residency.SomeBases;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.ArtifactSource;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.residency.HeldAdapter;
import dev.weft.protocol.residency.ResidencyOrders;
import dev.weft.protocol.residency.ResidencyOrders.Order;
import dev.weft.protocol.residency.ResidencyReport.Outcome;
import dev.weft.protocol.residency.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders at a worker of qwen with two slots; they run on the thread of the test. */
class PinsTest {
    private static final AdapterDigest A = TestArtifacts.digest("a");
    private static final AdapterDigest B = TestArtifacts.digest("b");
    private static final AdapterDigest FOREIGN = TestArtifacts.digest("foreign");
    private static final AdapterDigest GONE = TestArtifacts.digest("gone");

    @TempDir private Path root;

    private final ScriptedEngine engine = new ScriptedEngine(16, _ -> List.of());
    private final LoadThreads loadThreads = LoadThreads.start();
    private final Map<AdapterDigest, String> catalog =
            new ConcurrentHashMap<>(Map.of(A, "a", B, "b", FOREIGN, "foreign"));
    private final CatalogView names = new CatalogView();
    private final Queue<Runnable> begun = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private long nanos;
    private boolean slow;
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
        residency = new AdapterResidency(engine, store, loadThreads, () -> now);
        names.apply(SomeBases.snapshot(A, FOREIGN));
        pins = pins(names);
    }

    private Pins pins(CatalogView heard) {
        return new Pins(
                residency,
                new BaseAdapters(heard, "qwen"),
                2,
                Duration.ofSeconds(30),
                () -> nanos,
                this::begin,
                () -> {});
    }

    private void begin(Runnable order) {
        if (slow) {
            begun.add(order);
        } else {
            order.run();
        }
    }

    private void finish() {
        while (!begun.isEmpty()) {
            begun.remove().run();
        }
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
        now = now.minusSeconds(3600); // somebody sets the clock
        nanos += TimeUnit.SECONDS.toNanos(31);
        pins.follow(pinned(new Order(1, GONE)));
        assertThat(pins.takeOutcomes()).containsExactly(new Outcome(1, null));
    }

    @Test
    void anAdapterThatIsPinnedAnewWhileItLoadsIsPinnedOnceAndLetGoOf() {
        slow = true;
        pins.follow(pinned(new Order(1, A)));
        pins.follow(pinned());
        pins.follow(pinned(new Order(2, A)));
        finish();
        assertThat(residency.held()).extracting(HeldAdapter::pinned).containsExactly(true);
        pins.takeOutcomes();
        pins.follow(pinned(new Order(2, A)));
        pins.follow(pinned(new Order(2, A)));
        assertThat(pins.takeOutcomes()).containsExactly(new Outcome(2, null));

        pins.follow(pinned());
        finish();
        assertThat(residency.held()).extracting(HeldAdapter::pinned).containsExactly(false);
    }

    @Test
    void anAdapterThatIsUnpinnedWhileItLoadsKeepsItsPlaceUntilItIsThere() {
        slow = true;
        pins.follow(pinned(new Order(1, A)));
        pins.follow(pinned(new Order(2, B)));
        assertThat(begun).hasSize(1);
        finish();
        assertThat(residency.held()).extracting(HeldAdapter::pinned).containsExactly(false);
        pins.takeOutcomes();

        pins.follow(pinned(new Order(2, B)));
        finish();
        assertThat(pins.takeOutcomes()).containsExactly(new Outcome(2, null));
    }

    @Test
    void adaptersOfAnotherBaseAreRefusedOnceAndNotFetched() {
        ResidencyOrders orders =
                new ResidencyOrders(List.of(new Order(1, FOREIGN)), List.of(new Order(2, FOREIGN)));
        String why =
                "adapter " + FOREIGN + " is not one of the base 'qwen', which this worker serves";
        pins.follow(orders);
        assertThat(pins.takeOutcomes()).containsExactly(new Outcome(1, why), new Outcome(2, why));
        nanos += TimeUnit.SECONDS.toNanos(31);
        pins.follow(orders);
        assertThat(pins.takeOutcomes()).isEmpty();
        assertThat(residency.onDisk()).isEmpty();
    }

    @Test
    void aPinIsLetGoOfOnceItsAdapterIsKnownToBeOfAnotherBase() {
        pins.follow(pinned(new Order(1, B)));
        assertThat(pins.takeOutcomes()).containsExactly(new Outcome(1, null));

        names.apply(SomeBases.snapshot(A, B));
        pins.follow(pinned(new Order(1, B)));

        assertThat(residency.held()).extracting(HeldAdapter::pinned).containsExactly(false);
        assertThat(pins.takeOutcomes())
                .singleElement()
                .satisfies(o -> assertThat(o.failure()).contains("is not one of the base"));
    }

    @Test
    void nothingBeginsBeforeItIsKnownWhichAdaptersAreOfWhichBase() {
        Pins early = pins(new CatalogView());
        early.follow(new ResidencyOrders(List.of(new Order(1, A)), List.of(new Order(2, B))));
        assertThat(early.takeOutcomes()).isEmpty();
        assertThat(residency.onDisk()).isEmpty();
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
