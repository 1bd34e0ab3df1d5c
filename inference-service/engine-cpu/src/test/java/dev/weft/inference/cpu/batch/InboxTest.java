package dev.weft.inference.cpu.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InboxTest {
    private static final int SENDERS = 4;

    @Test
    @Timeout(400)
    void whatIsTakenJustBeforeTheEndIsSeenAndWhatComesAfterIsRefused() throws Exception {
        try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
            for (int round = 0; round < 200; round++) {
                Inbox<Integer> inbox = new Inbox<>();
                CountDownLatch go = new CountDownLatch(1);
                List<Future<Integer>> taken = new ArrayList<>();
                for (int i = 0; i < SENDERS; i++) {
                    taken.add(senders.submit(untilRefused(inbox, go)));
                }
                go.countDown();
                int seen = 0;
                while (seen < 50) {
                    inbox.take();
                    seen++;
                }
                inbox.end();
                while (inbox.poll() != null) {
                    seen++;
                }
                int told = 0;
                for (Future<Integer> one : taken) {
                    told += one.get();
                }
                assertThat(seen).isEqualTo(told);
                assertThat(inbox.add(1)).isFalse();
            }
        }
    }

    private static Callable<Integer> untilRefused(Inbox<Integer> inbox, CountDownLatch go) {
        return () -> {
            go.await();
            int count = 0;
            while (inbox.add(count)) {
                count++;
            }
            return count;
        };
    }
}
