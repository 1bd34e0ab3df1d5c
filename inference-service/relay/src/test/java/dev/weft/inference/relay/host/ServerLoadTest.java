package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerLoadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private PretendServer server;
    private ServerCalls calls;
    private ServerLoad load;

    @BeforeEach
    void start() throws Exception {
        server = new PretendServer();
        calls = new ServerCalls(server.address(), null);
        load = new ServerLoad(calls, Dialect.of("vllm").loadMetrics(), new Loops());
    }

    @AfterEach
    void end() {
        load.close();
        calls.close();
        server.close();
    }

    private static String metrics(int waiting, double seconds, int tokens) {
        return """
        vllm:num_requests_running{engine="0",model_name="base"} 2.0
        vllm:num_requests_waiting{engine="0",model_name="base"} %d.0
        vllm:kv_cache_usage_perc{engine="0",model_name="base"} 0.5
        vllm:prompt_tokens_total{engine="0",model_name="base"} 300.0
        vllm:prompt_tokens_total{engine="1",model_name="base"} 400.0
        vllm:inter_token_latency_seconds_sum{engine="0",model_name="base"} %s
        vllm:inter_token_latency_seconds_count{engine="0",model_name="base"} %d.0
        """
                .formatted(waiting, seconds, tokens);
    }

    private ServerLoad.Told await(Predicate<ServerLoad.Told> as) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<ServerLoad.Told> told = load.told();
            if (told.filter(as).isPresent()) {
                return told.get();
            }
            Thread.sleep(20);
        }
        throw new AssertionError("it told " + load.told());
    }

    @Test
    void tellsWhatTheServerSays() throws Exception {
        server.metrics = metrics(3, 2, 100);
        load.start();
        ServerLoad.Tokens tokens =
                new ServerLoad.Tokens(OptionalDouble.of(700), OptionalDouble.empty());
        assertThat(await(now -> true)).isEqualTo(new ServerLoad.Told(0, 0.5, 0, tokens));
        assertThat(await(now -> now.waiting() > 0))
                .isEqualTo(new ServerLoad.Told(3, 0.5, 0, tokens));
        server.metrics = metrics(4, 4, 200);
        assertThat(await(now -> now.stepSeconds() > 0))
                .isEqualTo(new ServerLoad.Told(3, 0.5, 0.02, tokens));
    }

    @Test
    void knowsNothingOfAServerThatSaysNothing() throws Exception {
        load.start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!server.asked.contains("404 /metrics") && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(load.told()).isEmpty();
        server.metrics = metrics(0, 0, 0);
        await(now -> now.kvUsage() == 0.5);
        server.metrics = "";
        while (load.told().isPresent() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(load.told()).isEmpty();
    }
}
