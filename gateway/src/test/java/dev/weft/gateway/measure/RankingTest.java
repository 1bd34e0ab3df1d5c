package dev.weft.gateway.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.settings.MetricsSettings;
import dev.weft.settings.bind.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RankingTest {
    @Test
    void ranksOnAfterAFailureThatNobodyThoughtOf() throws Exception {
        CountDownLatch looks = new CountDownLatch(2);
        InstantSource brokenOnce =
                () -> {
                    looks.countDown();
                    if (looks.getCount() == 1) {
                        throw new IllegalStateException("nobody thought of it");
                    }
                    return Instant.EPOCH;
                };
        Clock clock = brokenOnce.withZone(ZoneOffset.UTC);
        Loops loops = new Loops();
        RequestMetrics metrics =
                new RequestMetrics(
                        new SimpleMeterRegistry(),
                        new KnownBases(ServedBases.of("base"), new CatalogView()),
                        new CatalogView(),
                        TestSettings.of().get(MetricsSettings.class));
        try (Ranking ranking = new Ranking(metrics, clock, loops)) {
            ranking.start();
            assertThat(looks.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(loops.failures()).containsEntry("adapter-ranking", 1L);
    }
}
