package dev.weft.gateway;

import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.token.CatalogTokens;
import dev.weft.gateway.limit.Admission;
import dev.weft.gateway.limit.Demand;
import dev.weft.gateway.limit.KeyLimiter;
import dev.weft.gateway.measure.RequestMetrics;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.routing.name.Caller;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.name.Targets;
import dev.weft.gateway.trace.RequestTrace;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.usage.Operation;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** A gateway before a catalog of the tests', with so many adapters and keys. */
final class FilledGateway implements AutoCloseable {
    private static final String LIMITS =
            ",\"limits\":{\"requestsPerMinute\":1000000000,\"tokensPerMinute\":1000000000,"
                    + "\"concurrentStreams\":100000}";

    private final FakeCatalog catalog = new FakeCatalog();
    private final FakeWorker worker = new FakeWorker(Gateways.BASE, 0);
    private final GatewayService gateway =
            Gateways.startWithKeys(catalog.address(), Clock.systemUTC(), worker.address());
    private final Targets targets = gateway.context().getBean(Targets.class);
    private final CatalogTokens whose = gateway.context().getBean(CatalogTokens.class);
    private final KeyLimiter limiter = gateway.context().getBean(KeyLimiter.class);
    private final RequestMetrics metrics = gateway.context().getBean(RequestMetrics.class);
    private final List<String> names;
    private final List<BearerTokenAuthenticationToken> tokens;
    private final List<Holder> holders;

    /** Starts it, and says how much heap names and keys take. */
    FilledGateway(int adapters, int keys) throws Exception {
        Gateways.awaitReady(gateway);
        long before = heap();
        names = IntStream.range(0, adapters).mapToObj(i -> "team-adapter-" + i).toList();
        gateway.context()
                .getBean(CatalogView.class)
                .apply(
                        new CatalogEvent.Snapshot(
                                1_000,
                                IntStream.range(0, adapters).mapToObj(this::entry).toList()));
        tokens = IntStream.range(0, keys).mapToObj(this::token).toList();
        holders = IntStream.range(0, keys).mapToObj(this::holder).toList();
        for (int key = 0; key < keys; key++) {
            Admission _ = admit(key);
        }
        System.out.printf(
                "%n%d adapters and %d keys take %d MB, of %d MB of heap%n",
                adapters, keys, heap() - before, heap());
    }

    private CatalogEntry entry(int number) {
        String name = names.get(number);
        return new CatalogEntry(
                AdapterId.of(name),
                new AdapterDigest("%064x".formatted(number + 1)),
                new LoraFacts(
                        8,
                        16,
                        false,
                        new TreeSet<>(EnumSet.allOf(LinearModule.class)),
                        "BF16",
                        4096),
                "HF:weft/" + name + "@0123",
                Instant.ofEpochSecond(1_700_000_000));
    }

    private BearerTokenAuthenticationToken token(int key) {
        String token = "weft_key_%026d".formatted(key);
        catalog.tokens.put(token, Optional.of("default"));
        catalog.accounts.put(token, LIMITS);
        return new BearerTokenAuthenticationToken(token);
    }

    /** In MB, after a collection. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    /** Finds an adapter by its name. */
    Target adapter(int number) {
        String name = names.get(number);
        return targets.find(name, new Caller("default", name));
    }

    /** Finds the holder of a key. */
    Holder holder(int key) {
        return Objects.requireNonNull(
                        (HolderAuthentication) whose.authenticate(tokens.get(key)).block())
                .holder();
    }

    /** Asks for a request of a key, and ends it. */
    Admission admit(int key) {
        Tally tally = new Tally(metrics, Operation.CHAT, RequestTrace.NONE);
        Admission admission =
                limiter.admit(holders.get(key), new Demand(400, 100, true, false), tally).join();
        tally.ended(200);
        return admission;
    }

    @Override
    public void close() {
        gateway.close();
        worker.close();
        catalog.close();
    }
}
