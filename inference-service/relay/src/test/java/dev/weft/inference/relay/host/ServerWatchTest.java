package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.adapter.SharedFolder;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.protocol.loop.Loops;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class ServerWatchTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir private Path folder;

    /** The last look was well: it says nothing of a server that has gone since. */
    @Test
    void whoeverHadNoAnswerWaitsForALookThatBeganAfterwards() throws Exception {
        PretendServer server = new PretendServer();
        try (ServerCalls calls = new ServerCalls(server.address(), null);
                RelayHost host = host(calls);
                ServerWatch watch = new ServerWatch(calls, host, pulse(calls), new Loops())) {
            watch.start();
            assertThat(watch.looksAgain(LONG)).isTrue();
            assertThat(watch.trouble()).isEmpty();
            assertThat(host.isAway()).isFalse();
            assertThat(watch.isWell(LONG)).isTrue();
            server.close();
            assertThat(watch.isWell(LONG)).isFalse();
            assertThat(watch.looksAgain(Duration.ofSeconds(2))).isFalse();
            assertThat(watch.trouble()).isNotEmpty();
            assertThat(host.isAway()).isTrue();
        }
    }

    /** Its /health makes a token and takes a second, longer than a restart may go unnoticed. */
    @Test
    void looksAtSglangsListOfModelsAlone() throws Exception {
        PretendServer server = new PretendServer();
        try (ServerCalls calls = new ServerCalls(server.address(), null);
                RelayHost host = host(calls, "sglang");
                ServerWatch watch = new ServerWatch(calls, host, pulse(calls), new Loops())) {
            watch.start();
            assertThat(watch.looksAgain(LONG)).isTrue();
            assertThat(server.asked).contains("200 /v1/models").doesNotContain("200 /health");
            server.close();
            assertThat(watch.isWell(LONG)).isFalse();
        }
    }

    private static EnginePulse pulse(ServerCalls calls) {
        return new EnginePulse(calls, "base", new ServerSigns(), LONG);
    }

    private RelayHost host(ServerCalls calls) throws Exception {
        return host(calls, "vllm");
    }

    private RelayHost host(ServerCalls calls, String engine) throws Exception {
        SharedFolder shared = SharedFolder.open(new SharedFolder.Mount(folder, folder, "model."));
        return new RelayHost(
                new RelayHost.Parts(calls, Dialect.of(engine), shared, "base", BaseFacts.UNKNOWN),
                new ServerPlan.Limits(2, 3, 16));
    }
}
