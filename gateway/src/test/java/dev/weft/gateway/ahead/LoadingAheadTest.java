package dev.weft.gateway.ahead;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import dev.weft.protocol.residency.Tier;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A worker loads what it will be asked for next. */
class LoadingAheadTest {
    private static final AdapterDigest SQL = new AdapterDigest("%064x".formatted(1));

    private FakeCatalog catalog;
    private FakeWorker holder;
    private FakeWorker other;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        holder = new FakeWorker(BASE, 0);
        other = new FakeWorker(BASE, 0);
        holder.answers((_, _) -> Mono.never());
    }

    @AfterEach
    void stop() {
        holder.close();
        other.close();
        catalog.close();
    }

    private GatewayService gateway() throws Exception {
        GatewayService gateway =
                Gateways.startExplaining(catalog.address(), holder.address(), other.address());
        await(() -> Gateways.workersReady(gateway) == 2);
        tell();
        Gateways.awaitStates(gateway);
        return gateway;
    }

    /** A state is as good as new for three seconds. */
    private void tell() {
        holder.tells(state(Map.of(SQL, Tier.SLOT)));
        other.tells(state(Map.of()));
    }

    private static WorkerState state(Map<AdapterDigest, Tier> held) {
        return new WorkerState(false, 2, held, new WorkerLoad(16, 0, Map.of(), 0, 0, 0));
    }

    private static void ask(GatewayService gateway, String model, int requests) {
        for (int i = 0; i < requests; i++) {
            var _ =
                    Gateways.CLIENT.sendAsync(
                            Gateways.post(
                                    gateway,
                                    "/v1/chat/completions",
                                    "{\"model\":\"" + model + "\"}"),
                            HttpResponse.BodyHandlers.discarding());
        }
    }

    @Test
    void theNextWorkerLoadsAnAdapterBeforeItsRequestsCome() throws Exception {
        try (GatewayService gateway = gateway()) {
            ask(gateway, "sql", 3);
            await(() -> {
                tell();
                return !other.ordered().isEmpty();
            });
            assertThat(other.ordered()).containsOnly(SQL.toString());
            assertThat(other.gotNothing()).isTrue();
            assertThat(holder.ordered()).isEmpty();
        }
    }

    @Test
    void aContentOfTwoBasesIsLoadedWhereItsRequestsAre() throws Exception {
        ServedVersion any = FakeCatalog.version(1);
        AdapterId first = AdapterId.of("another");
        catalog.bases(new CatalogBase(1, BASE, "HF:x"), new CatalogBase(2, "another-base", "HF:y"));
        catalog.publish(
                new CatalogEntry(
                        first,
                        List.of(
                                new Share(
                                        new ServedVersion(
                                                first,
                                                1,
                                                SQL,
                                                any.facts(),
                                                any.root(),
                                                any.created(),
                                                2),
                                        1)),
                        Audience.NOBODY));
        try (FakeWorker stranger = new FakeWorker("another-base", 0);
                GatewayService gateway =
                        Gateways.start(
                                catalog.address(),
                                List.of(holder.address(), other.address(), stranger.address()))) {
            await(() -> Gateways.workersReady(gateway) == 3);
            stranger.tells(state(Map.of()));
            tell();
            Gateways.awaitStates(gateway);
            ask(gateway, "sql", 3);
            await(() -> {
                stranger.tells(state(Map.of()));
                tell();
                return !other.ordered().isEmpty() || !stranger.ordered().isEmpty();
            });
            assertThat(other.ordered()).containsOnly(SQL.toString());
            assertThat(stranger.ordered()).isEmpty();
        }
    }
}
