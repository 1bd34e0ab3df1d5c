package dev.weft.catalog.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Has several people do one thing at the same moment. */
public final class AtOnce {
    private AtOnce() {}

    /** How many of them it works for. */
    public static int count(int people, Callable<Boolean> works) throws Exception {
        CyclicBarrier together = new CyclicBarrier(people);
        int count = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < people; i++) {
                all.add(
                        threads.submit(() -> {
                            together.await(60, TimeUnit.SECONDS);
                            return works.call();
                        }));
            }
            for (Future<Boolean> one : all) {
                count += one.get(60, TimeUnit.SECONDS) ? 1 : 0;
            }
        }
        return count;
    }
}
