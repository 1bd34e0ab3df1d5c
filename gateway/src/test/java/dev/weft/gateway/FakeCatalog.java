package dev.weft.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.access.holder.Role;
import dev.weft.access.key.TokenHash;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.FeedCodec;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.rollout.MeasureCodec;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.shadow.ShadowCodec;
import dev.weft.protocol.shadow.ShadowDemand;
import dev.weft.protocol.shadow.ShadowOrder;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A catalog's feed on loopback: whoever connects gets a snapshot, then the events that a test
 * publishes.
 */
public final class FakeCatalog implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CatalogEntry> entries = new ArrayList<>();
    private final List<HttpExchange> followers = new ArrayList<>();
    private List<CatalogBase> bases = List.of();
    private long sequence = 1;

    public FakeCatalog(CatalogEntry... published) throws IOException {
        entries.addAll(List.of(published));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/feed/v1/events", this::follow);
        server.createContext("/access/v1/whose", this::whose);
        server.createContext(UsageBatch.PATH, this::usage);
        server.createContext(MeasureReport.PATH, this::measures);
        server.createContext(ShadowDemand.PATH, this::orders);
        server.start();
    }

    /** An adapter whose digest is {@code number} in hexadecimal. */
    public static CatalogEntry adapter(String name, long number) {
        return new CatalogEntry(
                AdapterId.of(name),
                new AdapterDigest("%064x".formatted(number)),
                new LoraFacts(
                        8, 16, false, new TreeSet<>(EnumSet.of(LinearModule.Q)), "BF16", 4096),
                "HF:weft/" + name + "@0123",
                Instant.ofEpochSecond(1_700_000_000));
    }

    /** A version of the adapter "sql", whose digest is its number in hexadecimal. */
    public static ServedVersion version(int number) {
        ServedVersion any = adapter("sql", number).shares().getFirst().version();
        return new ServedVersion(
                any.adapter(), number, any.digest(), any.facts(), any.root(), any.created());
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public synchronized void publish(CatalogEntry entry) {
        entries.add(entry);
        tell(new CatalogEvent.Published(++sequence, entry));
    }

    public synchronized void withdraw(String name) {
        entries.removeIf(entry -> entry.id().name().equals(name));
        tell(new CatalogEvent.Withdrawn(++sequence, AdapterId.of(name)));
    }

    /** Has these bases from now on and tells followers of them, as the catalog does. */
    public synchronized void bases(CatalogBase... now) {
        bases = List.of(now);
        tell(new CatalogEvent.BasesChanged(++sequence, bases));
    }

    /** Says whether a version of a name that leads to nothing is being made ready. */
    public synchronized void coming(String name, boolean is) {
        AdapterId id = AdapterId.of(name);
        tell(new CatalogEvent.Withdrawn(++sequence, id, is ? new ComingName(id) : null));
    }

    /** Says that a version of a name over that base is being made ready. */
    public synchronized void coming(String name, long base) {
        tell(new CatalogEvent.Withdrawn(++sequence, new ComingName(AdapterId.of(name), base)));
    }

    /** Revokes a token and tells followers of it, as the catalog does. */
    public synchronized void revoke(String token) {
        tokens.remove(token);
        tell(new CatalogEvent.TokenChanged(++sequence, TokenHash.of(token)));
    }

    /** Breaks off with all followers, who come again and begin with a snapshot. */
    public synchronized void loseFollowers() {
        followers.forEach(HttpExchange::close);
        followers.clear();
    }

    /** One that has left, and connected again for a snapshot, is told nothing more. */
    private void tell(CatalogEvent event) {
        followers.removeIf(follower -> {
            try {
                say(follower, event);
                return false;
            } catch (IOException _) {
                return true;
            }
        });
    }

    private synchronized void follow(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        say(exchange, new CatalogEvent.Snapshot(sequence, bases, entries, Set.of()));
        followers.add(exchange);
    }

    /**
     * The tenant of each token; none for a token for all tenants. A token that is called like a
     * role has that role.
     */
    public final Map<String, Optional<String>> tokens = new ConcurrentHashMap<>();

    /** What is known of a token's key besides its number, as JSON that begins with a comma. */
    public final Map<String, String> accounts = new ConcurrentHashMap<>();

    /** When tokens end by themselves; others don't. */
    public final Map<String, Instant> ends = new ConcurrentHashMap<>();

    /** Changes what is known of a token's key and tells followers of it, as the catalog does. */
    public synchronized void change(String token, String account) {
        accounts.put(token, account);
        tell(new CatalogEvent.TokenChanged(++sequence, TokenHash.of(token)));
    }

    /** The number of a token's key. */
    public static long key(String token) {
        return 1 + Math.abs((long) token.hashCode());
    }

    /** The number of questions whose a token is. */
    public final AtomicInteger questions = new AtomicInteger();

    private void whose(HttpExchange exchange) throws IOException {
        questions.incrementAndGet();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String token = body.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
        Optional<String> tenant = tokens.getOrDefault(token, Optional.empty());
        byte[] answer =
                "{\"known\":%b,\"name\":\"somebody\",\"role\":\"%s\",\"tenant\":%s,\"until\":%s,\"key\":{\"id\":%d%s}}"
                        .formatted(
                                tokens.containsKey(token),
                                Role.named(token)
                                        .orElse(tenant.isPresent() ? Role.client : Role.admin),
                                tenant.map(name -> '"' + name + '"').orElse("null"),
                                ends.containsKey(token) ? "\"" + ends.get(token) + "\"" : "null",
                                key(token),
                                accounts.getOrDefault(token, ""))
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    /** The batches of usage that it took, each once. */
    public final List<UsageBatch> batches = new CopyOnWriteArrayList<>();

    /** The batches that were sent, taken or not. */
    public final List<UsageBatch> offered = new CopyOnWriteArrayList<>();

    /** It takes batches, and hangs up before it says so. */
    public volatile boolean answersAreLost;

    /** The status with which it answers batches; it takes those that it answers with 204. */
    public volatile int usageStatus = 204;

    private void usage(HttpExchange exchange) throws IOException {
        UsageBatch batch = UsageCodec.decode(exchange.getRequestBody().readAllBytes());
        int status = usageStatus; // it counts from before a test hears of the batch
        offered.add(batch);
        if (status == 204
                && batches.stream()
                        .noneMatch(taken ->
                                taken.instance().equals(batch.instance())
                                        && taken.number() >= batch.number())) {
            batches.add(batch);
        }
        if (!answersAreLost) {
            exchange.sendResponseHeaders(status, -1);
        }
        exchange.close();
    }

    /** The reports on compared versions that were sent, taken or not. */
    public final List<MeasureReport> reports = new CopyOnWriteArrayList<>();

    /** The status with which it answers reports. */
    public volatile int reportStatus = 204;

    private void measures(HttpExchange exchange) throws IOException {
        int status = reportStatus;
        reports.add(MeasureCodec.decode(exchange.getRequestBody().readAllBytes()));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** What gateways asked for of shadows. */
    public final List<ShadowDemand> demands = new CopyOnWriteArrayList<>();

    /** The shadows that it orders. */
    public volatile List<ShadowOrder> orders = List.of();

    private void orders(HttpExchange exchange) throws IOException {
        demands.add(ShadowCodec.demand(exchange.getRequestBody().readAllBytes()));
        byte[] answer = ShadowCodec.encode(orders);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static void say(HttpExchange exchange, CatalogEvent event) throws IOException {
        OutputStream out = exchange.getResponseBody();
        out.write(
                "event: %s\ndata: %s\n\n"
                        .formatted(FeedCodec.eventName(event), FeedCodec.encode(event))
                        .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
