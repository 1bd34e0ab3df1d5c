package dev.weft.gateway.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Target;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import dev.weft.protocol.usage.Operation;
import dev.weft.service.settings.MetricsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Series of versions and the catalog. */
class RequestMetricsTest {
    private static final AdapterId SQL = AdapterId.of("sql");
    private static final AdapterId PROD = AdapterId.of("prod");
    private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final CatalogView catalog = new CatalogView();
    private long sequence;

    @Test
    void aVersionThatNoNameLeadsToLosesItsSeriesAndOneThatAnAliasLeadsToKeepsThem() {
        RequestMetrics metrics = metrics(200);
        publish(SQL, 1, 2, 3);
        publish(PROD, 1);
        for (int number = 1; number <= 3; number++) {
            ask(metrics, number);
        }
        metrics.rank(START);
        publish(SQL, 3);
        metrics.rank(START.plus(BusiestAdapters.LINGER).plusSeconds(30));

        assertThat(versions("sql")).containsExactlyInAnyOrder("1", "3");
    }

    @Test
    void adaptersWithoutALabelHaveNoVersions() {
        RequestMetrics metrics = metrics(0);
        publish(SQL, 1, 2);
        ask(metrics, 1);
        ask(metrics, 2);

        assertThat(versions("sql")).isEmpty();
        assertThat(versions("other")).containsExactly("other");
    }

    private RequestMetrics metrics(int mostAdapters) {
        return new RequestMetrics(
                registry,
                new KnownBases(ServedBases.of("base"), catalog),
                catalog,
                new MetricsSettings(true, mostAdapters));
    }

    private void publish(AdapterId name, int... versions) {
        List<Share> shares =
                Arrays.stream(versions).mapToObj(number -> new Share(version(number), 1)).toList();
        catalog.apply(
                new CatalogEvent.Published(
                        ++sequence, new CatalogEntry(name, shares, Audience.NOBODY)));
    }

    private static void ask(RequestMetrics metrics, int number) {
        long begun = metrics.begun();
        metrics.ended(
                new Target.Adapter("sql", version(number), "base"),
                new Answered(
                        Operation.CHAT, RequestOutcome.OK, "", metrics.now() - begun, 0, -1, null));
    }

    private Set<String> versions(String adapter) {
        return registry.getMeters().stream()
                .map(meter -> meter.getId())
                .filter(id -> id.getName().equals(VersionRequestMetrics.REQUESTS))
                .filter(id -> adapter.equals(id.getTag("weft.adapter")))
                .map(id -> String.valueOf(id.getTag("weft.version")))
                .collect(Collectors.toSet());
    }

    private static ServedVersion version(int number) {
        return new ServedVersion(
                SQL,
                number,
                new AdapterDigest("%064x".formatted(number)),
                new LoraFacts(
                        8, 16, false, new TreeSet<>(EnumSet.of(LinearModule.Q)), "BF16", 4096),
                "HF:weft/sql@0123",
                Instant.EPOCH);
    }
}
