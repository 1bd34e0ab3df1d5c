package dev.weft.gateway.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class KeptListsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final KeptLists.Seer ONE = new KeptLists.Seer("one", List.of());
    private static final KeptLists.Seer TWO = new KeptLists.Seer("two", List.of());

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong snapshots = new AtomicLong(1);
    private final AtomicLong sequence = new AtomicLong(1);
    private final AtomicInteger made = new AtomicInteger();
    private final Set<Thread> makers = ConcurrentHashMap.newKeySet();

    /** What making a list takes. */
    private long takes;

    @AutoClose private KeptLists lists = lists(1_000);

    private KeptLists lists(long mostBytes) {
        return new KeptLists(JsonMapper.shared(), mostBytes, nanos::get);
    }

    private final KeptLists.Source source =
            new KeptLists.Source() {
                @Override
                public KeptLists.Moment now() {
                    return new KeptLists.Moment(snapshots.get(), sequence.get(), List.of());
                }

                @Override
                public List<Model> models(KeptLists.Seer seer) {
                    makers.add(Thread.currentThread());
                    nanos.addAndGet(takes);
                    made.incrementAndGet();
                    return List.of(Model.base(seer.tenant() + sequence.get(), 0, "root"));
                }
            };

    private byte[] list(KeptLists.Seer seer) {
        return lists.of(seer, source).blockOptional(PATIENCE).orElseThrow();
    }

    private String text(KeptLists.Seer seer) {
        return new String(list(seer), StandardCharsets.UTF_8);
    }

    @Test
    void aListIsMadeOnceUntilSomethingChanges() {
        byte[] first = list(ONE);
        assertThat(list(ONE)).isSameAs(first);
        assertThat(text(TWO)).contains("\"id\":\"two1\"");
        sequence.incrementAndGet();
        assertThat(text(ONE)).contains("\"id\":\"one2\"");
        assertThat(made).hasValue(3);
    }

    /** The catalog may change a thousand times a second. */
    @Test
    void whatTakesLongIsNotMadeAtEachChange() {
        takes = 1_000;
        list(ONE);
        sequence.incrementAndGet();
        nanos.addAndGet(3_999);
        assertThat(text(ONE)).contains("one1");
        nanos.addAndGet(1);
        assertThat(text(ONE)).contains("one2");
    }

    @Test
    void oneThreadMakesThemAndAllWhoAskAtOnceShareOne() {
        List<byte[]> all =
                Flux.range(0, 50)
                        .flatMap(_ -> lists.of(ONE, source), 50)
                        .collectList()
                        .blockOptional(PATIENCE)
                        .orElseThrow();
        assertThat(all).hasSize(50).allSatisfy(list -> assertThat(list).isSameAs(all.getFirst()));
        assertThat(made).hasValue(1);
        assertThat(makers).hasSize(1).doesNotContain(Thread.currentThread());
    }

    @Test
    void noMoreIsKeptThanThereIsRoomFor() {
        int length = list(ONE).length;
        lists.close();
        lists = lists(length);
        list(ONE);
        list(TWO);
        list(TWO);
        assertThat(made).as("room for one").hasValue(3);
        list(ONE);
        assertThat(made).hasValue(4);
        lists.close();
        lists = lists(length - 1);
        list(ONE);
        list(ONE);
        assertThat(made).as("room for none").hasValue(6);
    }

    /** The catalog was restored, and has come to the same sequence number again. */
    @Test
    void aSnapshotMakesListsAnew() {
        KeptLists.Seer seer = new KeptLists.Seer("acme", List.of());
        byte[] first = list(seer);
        assertThat(list(seer)).isSameAs(first);
        snapshots.incrementAndGet();
        assertThat(list(seer)).isNotSameAs(first);
    }
}
