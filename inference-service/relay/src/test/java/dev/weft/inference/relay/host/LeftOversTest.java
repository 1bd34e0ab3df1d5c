package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.protocol.adapter.AdapterDigest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class LeftOversTest {
    private static final RelayName NAME =
            new RelayName(AdapterDigest.parse(AdapterDigest.PREFIX + "ab".repeat(32)));

    private final AtomicInteger unloads = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private boolean unload(RelayName name) {
        unloads.incrementAndGet();
        begun.countDown();
        try {
            return name.equals(NAME) && goOn.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aLoadWaitsForTheUnloadThatIsUnderWay() throws Exception {
        try (LeftOvers left = new LeftOvers(_ -> false, this::unload)) {
            left.unload(NAME);
            left.unload(NAME);
            assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(left.keep(NAME, Duration.ofMillis(20))).isFalse();
            left.unload(NAME);
            goOn.countDown();
        }
    }

    @Test
    void whatSomebodyHoldsIsNotUnloaded() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (LeftOvers left =
                new LeftOvers(
                        _ -> {
                            asked.countDown();
                            return true;
                        },
                        this::unload)) {
            left.unload(NAME);
            assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(left.keep(NAME, Duration.ofMinutes(1))).isTrue();
        }
        assertThat(unloads).hasValue(0);
    }
}
