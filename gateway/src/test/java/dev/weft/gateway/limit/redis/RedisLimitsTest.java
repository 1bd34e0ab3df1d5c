package dev.weft.gateway.limit.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.tls.ServiceTls;
import dev.weft.access.tls.TestAuthority;
import dev.weft.access.tls.TlsSettings;
import dev.weft.gateway.RedisServer;
import dev.weft.gateway.limit.allowance.Claim;
import dev.weft.gateway.limit.allowance.ClaimOutcome;
import dev.weft.gateway.limit.allowance.ClaimOutcome.Granted;
import dev.weft.gateway.limit.allowance.ClaimOutcome.Refused;
import dev.weft.gateway.limit.allowance.Grant;
import dev.weft.gateway.limit.allowance.Levels.Level;
import dev.weft.gateway.limit.allowance.Limit;
import dev.weft.protocol.loop.Loops;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.http.HttpResources;

/** Limits of two gateways that share a real Redis. */
@Timeout(180)
class RedisLimitsTest {
    /** However busy the machine is. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final Duration LEASE = Duration.ofSeconds(4);

    /** So short that a Redis that hangs is soon given up, and longer than a busy machine takes. */
    private static final Duration BRIEF = Duration.ofSeconds(1);

    /** Less than a deadline. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    @TempDir private Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisServer server;

    /** A gateway's limits and what it measures. */
    private record Gateway(RedisLimits limits, MeterRegistry registry) {
        CompletableFuture<ClaimOutcome> ask(Claim claim) {
            return limits.allowances().take(claim);
        }

        ClaimOutcome take(Claim claim) throws Exception {
            return ask(claim).get(60, TimeUnit.SECONDS);
        }

        Grant granted(Claim claim) throws Exception {
            ClaimOutcome outcome = take(claim);
            assertThat(outcome).isInstanceOf(Granted.class);
            return ((Granted) outcome).grant();
        }

        Refused refused(Claim claim) throws Exception {
            ClaimOutcome outcome = take(claim);
            assertThat(outcome).isInstanceOf(Refused.class);
            return (Refused) outcome;
        }

        /** Whether it does; nothing stays taken if it doesn't. */
        boolean refuses(Claim claim, Limit by) throws Exception {
            ClaimOutcome outcome = take(claim);
            if (outcome instanceof Granted granted) {
                granted.grant().end(0);
            }
            return outcome instanceof Refused refused && refused.by() == by;
        }

        double decisions(String by) {
            return registry.get("weft.gateway.limits.decisions").tag("by", by).counter().count();
        }

        double gauge(String name) {
            return registry.get("weft.gateway.limits." + name).gauge().value();
        }

        void awaitBoth() throws Exception {
            await(() -> limits.connected() && gauge("gateways") == 2);
        }
    }

    @BeforeEach
    void start() {
        server = RedisServer.start(folder);
        opened.add(server);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void twoGatewaysShareAMinutesRequestsExactly() throws Exception {
        assertShared(new Claim(7, 600L, null, 1, null), 600, 1_000);
    }

    @Test
    void twoGatewaysShareAMinutesTokensExactly() throws Exception {
        assertShared(new Claim(7, null, 6_000L, 7, null), 6_000, 1_500);
    }

    /**
     * Asks from both at once, and expects that as many are granted as a minute has, and those that
     * grew meanwhile.
     *
     * @param perMinute requests, or tokens
     */
    private void assertShared(Claim claim, long perMinute, int asked) throws Exception {
        Gateway one = gateway();
        Gateway two = gateway();
        one.awaitBoth();
        two.awaitBoth();
        long begun = System.nanoTime();
        List<CompletableFuture<ClaimOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < asked; i++) {
            answers.add((i % 2 == 0 ? one : two).ask(claim));
        }
        long granted = 0;
        for (CompletableFuture<ClaimOutcome> answer : answers) {
            granted += answer.get(60, TimeUnit.SECONDS) instanceof Granted ? 1 : 0;
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(one.decisions("estimate") + two.decisions("estimate")).isZero();
        long most = (long) (perMinute * (1 + seconds / 60) / claim.tokens());
        assertThat(granted).isBetween(perMinute / claim.tokens(), most);
    }

    @Test
    void tokensAreSettledForBoth() throws Exception {
        Gateway one = gateway();
        Gateway two = gateway();
        one.awaitBoth();
        two.awaitBoth();
        Claim most = new Claim(7, null, 1_000L, 900, null);
        one.granted(most).end(15);
        await(() -> remaining(two) > 950);

        one.granted(new Claim(7, null, 1_000L, 10, null)).end(5_000);
        await(() -> two.take(new Claim(7, null, 1_000L, 1, null)) instanceof Refused);
        Refused refused = two.refused(new Claim(7, null, 1_000L, 1, null));
        assertThat(refused.by()).isEqualTo(Limit.TOKENS);
        assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(300));
    }

    @Test
    void whatIsUndoneComesBackForBoth() throws Exception {
        Gateway one = gateway();
        Gateway two = gateway();
        one.awaitBoth();
        two.awaitBoth();
        Claim all = new Claim(7, 1L, 100L, 100, 1);
        one.granted(all).undo();
        await(() -> two.take(all) instanceof Granted);
    }

    @Test
    void aChangedLimitKeepsTheShareThatIsLeft() throws Exception {
        Gateway one = gateway();
        await(one.limits::connected);
        one.granted(new Claim(7, null, 100L, 50, null));
        assertThat(level(one.take(new Claim(7, null, 1_000L, 1, null))).remaining())
                .isBetween(499L, 520L);
    }

    @Test
    void whatComesBackIsAnAmountThoughTheLimitHasChanged() throws Exception {
        Gateway one = gateway();
        await(one.limits::connected);
        Grant raised = one.granted(new Claim(7, null, 1_000L, 950, null));
        one.granted(new Claim(7, null, 1_000_000L, 40_000, null));
        raised.end(50);
        await(() -> level(one.take(new Claim(7, null, 1_000_000L, 1, null))).remaining() > 10_800);
        assertThat(level(one.take(new Claim(7, null, 1_000_000L, 1, null))).remaining())
                .isLessThan(200_000);

        Grant lowered = one.granted(new Claim(8, null, 1_000_000L, 1_000, null));
        one.granted(new Claim(8, null, 1_000L, 1, null));
        lowered.end(50_000);
        Claim next = new Claim(8, null, 1_000L, 1, null);
        await(() -> one.take(next) instanceof Refused);
        assertThat(one.refused(next).retryAfter()).isGreaterThan(Duration.ofMinutes(30));
    }

    @Test
    void aStreamAtOneGatewayCountsAtTheOther() throws Exception {
        Gateway one = gateway();
        Gateway two = gateway();
        one.awaitBoth();
        two.awaitBoth();
        Claim stream = new Claim(7, null, null, 1, 1);
        Grant running = one.granted(stream);
        assertThat(two.refused(stream).by()).isEqualTo(Limit.STREAMS);
        // longer than its lease: the gateway renews it
        long end = System.nanoTime() + LEASE.multipliedBy(3).dividedBy(2).toNanos();
        while (System.nanoTime() - end < 0) {
            assertThat(two.take(stream)).isInstanceOf(Refused.class);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        running.end(0);
        await(() -> two.take(stream) instanceof Granted);
    }

    @Test
    void aGatewayThatDiesGivesItsStreamsBackAndIsCountedNoMore() throws Exception {
        Gateway one = gateway();
        Gateway two = gateway();
        one.awaitBoth();
        two.awaitBoth();
        Claim stream = new Claim(7, null, null, 1, 1);
        one.granted(stream);
        assertThat(two.take(stream)).isInstanceOf(Refused.class);
        one.limits.close(); // the stream is not ended
        await(() -> two.gauge("gateways") == 1);
        long begun = System.nanoTime();
        await(() -> two.take(stream) instanceof Granted);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LEASE.multipliedBy(5));
    }

    @Test
    void aKilledRedisIsGoneOnWithoutAndComesBack() throws Exception {
        Gateway one = gateway();
        Gateway two = gateway();
        one.awaitBoth();
        two.awaitBoth();
        Claim claim = new Claim(7, 10L, null, 1, null);
        Claim stream = new Claim(8, null, null, 1, 1);
        Grant running = one.granted(stream);
        server.kill();
        List<ClaimOutcome> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long begun = System.nanoTime();
            answers.add(one.take(claim));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);
        }
        // half of ten, since there were two gateways
        assertThat(answers).filteredOn(Granted.class::isInstance).hasSize(5);
        assertThat(one.decisions("estimate")).isEqualTo(20);
        assertThat(one.gauge("connected")).isZero();

        server.restart();
        one.awaitBoth();
        two.awaitBoth();
        assertThat(one.gauge("connected")).isEqualTo(1);
        // the stream still runs, and the new Redis is told
        await(() -> two.refuses(stream, Limit.STREAMS));
        running.end(0);
        await(() -> two.take(stream) instanceof Granted);
    }

    /** The first claim would be sent before what makes room for it, else. */
    @Test
    void scriptsAreKnownBeforeTheyAreRun() throws Exception {
        Gateway one = gateway();
        await(one.limits::connected);
        assertThat(knownScripts()).hasSize(4).doesNotContain(false);
        server.kill();
        server.restart();
        await(() -> !knownScripts().contains(false));
        assertThat(one.decisions("redis") + one.decisions("estimate")).isZero();
    }

    private List<Boolean> knownScripts() {
        String[] digests = Script.ALL.stream().map(Script::digest).toArray(String[]::new);
        return redis(commands -> commands.scriptExists(digests));
    }

    @Test
    void scriptsNeedNotBeAllowedToBeLoaded() throws Exception {
        redis(commands ->
                commands.aclSetuser(
                        "default", AclSetuserArgs.Builder.removeCommand(CommandType.SCRIPT)));
        Gateway one = gateway();
        await(one.limits::connected);
        Claim claim = new Claim(7, 1L, null, 1, 1);
        one.granted(claim).undo();
        await(() -> one.take(claim) instanceof Granted);
        assertThat(one.decisions("estimate")).isZero();
    }

    @Test
    void aHungRedisHoldsNobodyUpBeyondTheDeadline() throws Exception {
        Duration deadline = Duration.ofSeconds(1);
        Gateway one = gateway(server.address(), ServiceTls.OFF, deadline);
        await(one.limits::connected);
        Claim claim = new Claim(7, 1_000L, 100_000L, 10, 100);
        one.granted(claim).end(10);
        server.signal("-STOP");
        int waited = 0;
        for (int i = 0; i < 50; i++) {
            long begun = System.nanoTime();
            CompletableFuture<ClaimOutcome> answer = one.ask(claim);
            waited += answer.isDone() ? 0 : 1;
            ((Granted) answer.get(60, TimeUnit.SECONDS)).grant().end(5);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(deadline.plus(AT_ONCE));
        }
        assertThat(waited).isLessThanOrEqualTo(RedisLink.MISSES);
        assertThat(one.decisions("estimate")).isEqualTo(50);

        server.signal("-CONT");
        await(one.limits::connected);
        one.granted(claim).end(10);
        assertThat(one.decisions("redis")).isEqualTo(2);
    }

    /** The lease is long, and a minute brings few tokens: neither comes back by itself here. */
    @Test
    void whatEndsWhileRedisHangsComesBackWithIt() throws Exception {
        Gateway one = gateway(server.address(), ServiceTls.OFF, BRIEF, Duration.ofMinutes(5));
        Gateway two = gateway(server.address(), ServiceTls.OFF, BRIEF, Duration.ofMinutes(5));
        one.awaitBoth();
        two.awaitBoth();
        Claim stream = new Claim(7, null, null, 1, 4);
        Claim tokens = new Claim(8, null, 1_000L, 900, null);
        List<Grant> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            running.add(one.granted(stream));
        }
        running.add(one.granted(tokens));
        assertThat(one.decisions("redis")).isEqualTo(5);
        server.signal("-STOP");
        await(() -> !one.limits.connected());
        running.forEach(grant -> grant.end(10));
        server.signal("-CONT");
        one.awaitBoth();
        two.awaitBoth();
        long begun = System.nanoTime();
        await(() -> two.take(stream) instanceof Granted);
        await(() -> two.take(tokens) instanceof Granted);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);
    }

    @Test
    void whatIsInRedisEnds() throws Exception {
        Duration minute = Duration.ofMinutes(1);
        Gateway one = gateway(server.address(), ServiceTls.OFF, DEADLINE, minute);
        await(one.limits::connected);
        for (long key = 1; key <= 50; key++) {
            one.granted(new Claim(key, 1L, 10L, 10, 5)); // all that a minute brings
        }
        List<String> keys = redis(commands -> commands.keys("*"));
        assertThat(keys).hasSize(151).allMatch(key -> key.startsWith("weft:limits:"));
        List<Long> all = redis(commands -> keys.stream().map(commands::pttl).toList());
        // -2: it has ended already; -1 would be: never
        assertThat(all).allMatch(ends -> ends >= -2 && ends <= 61_000 && ends != -1);
        one.granted(new Claim(90, 6_000_000L, null, 1, null));
        String soonFull = "weft:limits:{90}:requests";
        long ends = redis(commands -> commands.pttl(soonFull));
        assertThat(ends).isLessThan(2_000L);
    }

    @Test
    void aPasswordIsSentAndTlsIsSpoken() throws Exception {
        TestAuthority authority = new TestAuthority(folder.resolve("authority"));
        TestAuthority.Issued issued = authority.issue("redis", "dns:localhost,ip:127.0.0.1");
        try (RedisServer closed =
                RedisServer.start(
                        folder,
                        "--port",
                        "0",
                        "--tls-port",
                        "PORT",
                        "--requirepass",
                        "hush hush",
                        "--tls-auth-clients",
                        "no",
                        "--tls-cert-file",
                        issued.certificate().toString(),
                        "--tls-key-file",
                        issued.privateKey().toString(),
                        "--tls-ca-cert-file",
                        authority.certificate().toString())) {
            ServiceTls tls =
                    ServiceTls.open(
                            new TlsSettings(null, null, authority.certificate(), List.of()));
            Gateway one = gateway("rediss://:hush%20hush@127.0.0.1:" + closed.port(), tls);
            await(one.limits::connected);
            one.granted(new Claim(7, 1L, null, 1, null));
            assertThat(one.take(new Claim(7, 1L, null, 1, null))).isInstanceOf(Refused.class);

            Gateway other = gateway("rediss://:wrong@127.0.0.1:" + closed.port(), tls);
            Gateway untrusting =
                    gateway("rediss://:hush%20hush@127.0.0.1:" + closed.port(), ServiceTls.OFF);
            TimeUnit.SECONDS.sleep(2);
            assertThat(other.limits.connected()).isFalse();
            assertThat(untrusting.limits.connected()).isFalse();
        }
    }

    @Test
    void anAddressIsShownWithoutWhatMayBeSecret() {
        assertThat(new RedisLimits.RedisEndpoint("rediss://u:hush@redis.example:6380/2", DEADLINE))
                .hasToString("redis.example:6380");
        assertThat(new RedisLimits.RedisEndpoint("redis://[::1]", DEADLINE)).hasToString("[::1]");
    }

    private static long remaining(Gateway gateway) throws Exception {
        return level(gateway.take(new Claim(7, null, 1_000L, 1, null))).remaining();
    }

    private static Level level(ClaimOutcome outcome) {
        Level level = outcome.levels().tokens();
        if (level == null) {
            throw new AssertionError("no level of tokens");
        }
        return level;
    }

    private <T> T redis(Function<RedisCommands<String, String>, @Nullable T> question) {
        RedisClient client = RedisClient.create(server.address());
        try {
            T answer = question.apply(client.connect().sync());
            if (answer == null) {
                throw new AssertionError("no answer");
            }
            return answer;
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    private Gateway gateway() {
        return gateway(server.address(), ServiceTls.OFF);
    }

    private Gateway gateway(String address, ServiceTls tls) {
        return gateway(address, tls, DEADLINE);
    }

    private Gateway gateway(String address, ServiceTls tls, Duration deadline) {
        return gateway(address, tls, deadline, LEASE);
    }

    private Gateway gateway(String address, ServiceTls tls, Duration deadline, Duration lease) {
        MeterRegistry registry = new SimpleMeterRegistry();
        RedisLimits limits =
                RedisLimits.of(
                        new RedisLimits.RedisEndpoint(address, deadline, lease),
                        tls,
                        HttpResources.get().onClient(true),
                        new SharedMetrics(registry),
                        new Loops());
        opened.add(limits);
        limits.start();
        return new Gateway(limits, registry);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within a minute");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
