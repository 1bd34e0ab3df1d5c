package dev.weft.inference.server.residency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.residency.AdapterArrival.From;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final AdapterDigest ONE = new AdapterDigest("1".repeat(64));

    private long now = 100;
    private final Arrivals arrivals = new Arrivals(() -> now);

    @Test
    void whatWasThereBeforeItWasAskedForIsResident() {
        arrivals.loaded(ONE, 1, 2);
        now = 200;
        assertThat(arrivals.of(ONE, 150)).isEqualTo(AdapterArrival.RESIDENT);
        assertThat(arrivals.of(new AdapterDigest("2".repeat(64)), 150))
                .isEqualTo(AdapterArrival.RESIDENT);
    }

    @Test
    void whoWaitedIsToldTheStagesWhoeverAskedFirst() {
        arrivals.brought(ONE, From.CATALOG, "fetch", 7);
        now = 200;
        arrivals.loaded(ONE, 1, 2);
        assertThat(arrivals.of(ONE, 150))
                .isEqualTo(
                        new AdapterArrival(
                                From.CATALOG, Map.of("fetch", 7L, "read", 1L, "load", 2L)));
    }

    @Test
    void aLaterLoadIsFromTheDiskAndAReloadFromTheHost() {
        arrivals.brought(ONE, From.CATALOG, "fetch", 7);
        arrivals.loaded(ONE, 1, 2);
        arrivals.left(ONE);
        arrivals.loaded(ONE, 3, 4);
        assertThat(arrivals.of(ONE, 50))
                .isEqualTo(new AdapterArrival(From.DISK, Map.of("read", 3L, "load", 4L)));
        arrivals.left(ONE);
        arrivals.reloaded(ONE);
        assertThat(arrivals.of(ONE, 50).from()).isEqualTo(From.HOST);
    }
}
