package dev.weft.gateway.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.settings.MetricsSettings;
import dev.weft.settings.bind.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class RankingTest {
    @Test
    void ranksOnAfterAFailureThatNobodyThoughtOf() throws Exception {
        CountDownLatch looks = new CountDownLatch(2);
        LongSupplier brokenOnce =
                () -> {
                    looks.countDown();
                    if (looks.getCount() == 1) {
                        throw new IllegalStateException("nobody thought of it");
                    }
                    return 0;
                };
        Loops loops = new Loops();
        RequestMetrics metrics =
                new RequestMetrics(
                        new SimpleMeterRegistry(),
                        new KnownBases(ServedBases.of("base"), new CatalogView()),
                        new CatalogView(),
                        TestSettings.of().get(MetricsSettings.class));
        try (Ranking ranking = new Ranking(metrics, brokenOnce, loops)) {
            ranking.start();
            assertThat(looks.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(loops.failures()).containsEntry("adapter-ranking", 1L);
    }
}
