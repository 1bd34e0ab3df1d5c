package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(400)
class DoubtsTest {
    private static final RelayName NAME =
            new RelayName(AdapterDigest.parse(AdapterDigest.PREFIX + "ab".repeat(32)));

    /** The server went away during the proof: what it proved, the next server has not. */
    @Test
    void aDoubtThatIsRaisedDuringAProofTakesAProofOfItsOwn() throws Exception {
        Doubts doubts = new Doubts();
        doubts.raise(NAME);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger proofs = new AtomicInteger();
        Doubts.Proof proof =
                () -> {
                    proofs.incrementAndGet();
                    begun.countDown();
                    assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                };
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Future<?> first = pool.submit(() -> settle(doubts, proof));
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            Future<?> waiting = pool.submit(() -> settle(doubts, proof));
            doubts.raiseAnew(NAME);
            goOn.countDown();
            first.get();
            waiting.get();
        }
        assertThat(proofs).hasValue(2);
    }

    private static boolean settle(Doubts doubts, Doubts.Proof proof) throws Exception {
        doubts.settle(NAME, proof);
        return true;
    }
}
