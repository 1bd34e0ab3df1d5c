package dev.weft.inference.server.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.chat.ChatTemplate;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RenderThreadsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private static RenderThreads threads(Duration longest) {
        return new RenderThreads(new RenderThreads.Bounds(1, 1, longest));
    }

    private static void assertOverloaded(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void tellsWhatTheWorkTells() throws Exception {
        try (RenderThreads threads = threads(LONG)) {
            assertThat(threads.run("one", () -> "text")).isEqualTo("text");
            assertThatThrownBy(() ->
                            threads.run(
                                    "one",
                                    () -> {
                                        throw new ApiException(
                                                ErrorCode.INVALID_REQUEST, "bad", "messages");
                                    }))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("bad");
        }
    }

    @Test
    void interruptsWhatTakesTooLong() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (RenderThreads threads = threads(Duration.ofSeconds(1))) {
            assertThatThrownBy(() ->
                            threads.run(
                                    "one",
                                    () -> {
                                        try {
                                            NEVER.await();
                                        } catch (InterruptedException e) {
                                            interrupted.countDown();
                                        }
                                        return 1;
                                    }))
                    .satisfies(RenderThreadsTest::assertOverloaded);
            assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void refusesWhatComesWhileTooMuchWaitsAndServesOn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (RenderThreads threads = threads(LONG)) {
            Thread under =
                    begin(
                            threads,
                            () -> {
                                begun.countDown();
                                NEVER.await();
                                return 1;
                            });
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            Thread waits = begin(threads, () -> 1);
            while (waits.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            assertThatThrownBy(() -> threads.run("one", () -> 1))
                    .satisfies(RenderThreadsTest::assertOverloaded)
                    .hasMessageContaining("too many");

            under.interrupt(); // its client has left
            under.join();
            waits.join();
            assertThat(threads.run("one", () -> 2)).isEqualTo(2);
        }
    }

    @Test
    void whoAsksForMuchDelaysAnotherByOnePiece() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        try (RenderThreads threads = new RenderThreads(new RenderThreads.Bounds(1, 100, LONG))) {
            List<Thread> all = new ArrayList<>();
            all.add(
                    begin(
                            threads,
                            "many",
                            () -> {
                                begun.countDown();
                                go.await();
                                return 1;
                            }));
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 10; i++) {
                all.add(begin(threads, "many", () -> order.add("many") ? 1 : 0));
            }
            all.add(begin(threads, "other", () -> order.add("other") ? 1 : 0));
            for (Thread thread : all) {
                while (thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
            }
            go.countDown();
            for (Thread thread : all) {
                thread.join();
            }
        }
        assertThat(order.indexOf("other")).isLessThanOrEqualTo(1);
    }

    private static Thread begin(RenderThreads threads, Callable<Integer> work) {
        return begin(threads, "one", work);
    }

    /** Its outcome is asked for elsewhere. */
    private static Thread begin(RenderThreads threads, String whose, Callable<Integer> work) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        threads.run(whose, work);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @Test
    void aTemplateThatIsStoppedIsNobodysInvalidRequest() throws Exception {
        ChatTemplate template =
                ChatTemplate.compile("{% for i in range(100000) %}{{ [i] * 100 }}{% endfor %}");
        ChatProfile profile = new ChatProfile(template, template, Map.of(), Set.of());
        Conversation chat =
                new Conversation(List.of(), List.of(), Conversation.Ending.OPENED, Map.of());
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread =
                new Thread(() -> {
                    Thread.currentThread().interrupt();
                    try {
                        profile.render(chat, Clock.systemUTC());
                    } catch (ApiException e) {
                        failure.set(e);
                    }
                });
        thread.start();
        thread.join();

        assertThat(failure.get()).satisfies(RenderThreadsTest::assertOverloaded);
    }
}
