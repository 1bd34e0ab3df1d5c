package dev.weft.gateway.routing;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.Tier;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway sends requests where workers say that they suit. */
class ToldStatesTest {
    private static final AdapterDigest SQL = new AdapterDigest("%064x".formatted(1));
    private static final AdapterDigest OTHER = new AdapterDigest("%064x".formatted(2));
    private static final String BODY = "{\"model\":\"sql\"}";
    private static final String CHAT = "/v1/chat/completions";
    private static final String EMBEDDINGS = "/v1/embeddings";

    private FakeCatalog catalog;
    private FakeWorker one;
    private FakeWorker two;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        one = new FakeWorker(BASE, 0);
        two = new FakeWorker(BASE, 0);
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        catalog.close();
    }

    private GatewayService gateway() throws Exception {
        GatewayService gateway =
                Gateways.startExplaining(catalog.address(), one.address(), two.address());
        await(() -> Gateways.workersReady(gateway) == 2);
        return gateway;
    }

    private static WorkerState state(boolean draining, AdapterDigest inSlot) {
        return new WorkerState(
                draining, 1, Map.of(inSlot, Tier.SLOT), new WorkerLoad(16, 0, Map.of(), 0, 0, 0));
    }

    private static String routing(GatewayService gateway) throws Exception {
        return routing(gateway, CHAT);
    }

    private static String routing(GatewayService gateway, String path) throws Exception {
        HttpResponse<String> answer = Gateways.send(Gateways.post(gateway, path, BODY));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().firstValue("weft-routing").orElseThrow();
    }

    @Test
    void theWorkerThatHoldsTheAdapterGetsItsRequests() throws Exception {
        try (GatewayService gateway = gateway()) {
            for (FakeWorker holder : new FakeWorker[] {one, two, one}) {
                one.tells(state(false, holder == one ? SQL : OTHER));
                two.tells(state(false, holder == two ? SQL : OTHER));
                String expected = holder.address() + " by residency of 2; residency=1.00";
                await(() -> routing(gateway).startsWith(expected));
            }
        }
    }

    @Test
    void aPathGoesToAnEngineThatServesItHoweverTheOtherSuits() throws Exception {
        try (GatewayService gateway = gateway()) {
            one.tells(serving(SQL, CHAT));
            two.tells(serving(OTHER, CHAT, EMBEDDINGS));
            await(() -> routing(gateway).startsWith(one.address() + " by residency"));
            await(() -> routing(gateway, EMBEDDINGS).startsWith(two.address() + " by only"));
            two.tells(serving(OTHER, CHAT));
            await(() -> routing(gateway, EMBEDDINGS).startsWith(one.address() + " by residency"));
        }
    }

    /** A worker that does not serve it would answer that nobody does. */
    @Test
    void aPathWhoseOnlyWorkerIsAwayIsNotAskedElsewhere() throws Exception {
        try (GatewayService gateway = gateway()) {
            one.tells(serving(SQL, CHAT));
            two.tells(serving(OTHER, CHAT, EMBEDDINGS));
            await(() -> routing(gateway, EMBEDDINGS).startsWith(two.address() + " by only"));
            two.ready(false);
            await(() -> Gateways.workersReady(gateway) == 1);
            HttpResponse<String> refused = Gateways.send(Gateways.post(gateway, EMBEDDINGS, BODY));
            assertThat(refused.statusCode()).isEqualTo(503);
        }
    }

    /** It may not serve the path; the client would be told that nobody does. */
    @Test
    void aWorkerThatHasSaidNothingYetGetsNoPathThatAnotherSaysItServes() throws Exception {
        try (GatewayService gateway = gateway()) {
            one.tells(serving(OTHER, CHAT, EMBEDDINGS));
            await(() -> routing(gateway, EMBEDDINGS).startsWith(one.address() + " by only"));
            for (int i = 0; i < 20; i++) {
                assertThat(routing(gateway, EMBEDDINGS)).startsWith(one.address() + " by only");
            }
        }
    }

    private static WorkerState serving(AdapterDigest inSlot, String... paths) {
        return new WorkerState(
                false,
                1,
                Map.of(inSlot, Tier.SLOT),
                Set.of(paths),
                new WorkerLoad(16, 0, Map.of(), 0, 0, 0));
    }

    @Test
    void aWorkerThatDrainsGetsNothingMoreAtOnce() throws Exception {
        try (GatewayService gateway = gateway()) {
            one.tells(state(false, SQL));
            two.tells(state(false, OTHER));
            await(() -> routing(gateway).startsWith(one.address() + " "));
            one.ready(false);
            one.tells(state(true, SQL));
            await(() -> routing(gateway).startsWith(two.address() + " by only"));
        }
    }

    @Test
    void clientsAreNotToldUnlessTheOperatorSaysSo() throws Exception {
        try (GatewayService gateway =
                Gateways.start(catalog.address(), Gateways.PATIENCE, one.address())) {
            Gateways.awaitReady(gateway);
            assertThat(chat(gateway, BODY).headers().firstValue("weft-routing")).isEmpty();
        }
    }
}
