package dev.weft.gateway.models;

import dev.weft.protocol.adapter.NamePattern;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lists of models as JSON. A list is kept until something changes, for all readers that see the
 * same models: a hundred thousand adapters take tens of megabytes and a part of a second. One
 * thread makes all lists, so that requests in the gateway's loops wait for none, and all answers
 * share the bytes. A list is kept for at least {@link #AT_MOST} times as long as its making took,
 * however often the catalog changes. Any thread asks.
 */
final class KeptLists implements AutoCloseable {
    /** Making the list of one kind of reader takes at most one in so many parts of one core. */
    private static final int AT_MOST = 4;

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final JsonMapper json;
    private final long mostBytes;
    private final LongSupplier nanos;
    private final Scheduler maker = Schedulers.newSingle("model-lists", true);

    /**
     * Lists by their readers; the one that was requested longest ago comes first. Only the maker
     * uses them.
     */
    private final Map<Seer, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    /**
     * Readers that see the same models.
     *
     * @param patterns of names that a key may use; empty for all
     */
    record Seer(String tenant, List<NamePattern> patterns) {
        Seer {
            patterns = List.copyOf(patterns);
        }
    }

    /**
     * The state of the models at one moment.
     *
     * @param snapshots of the catalog's view, and its sequence number
     */
    record Moment(long snapshots, long sequence, List<Model> bases) {
        Moment {
            bases = List.copyOf(bases);
        }
    }

    /** The models that lists are made from. */
    interface Source {
        Moment now();

        /** All models that these readers see; may go through the whole catalog. */
        List<Model> models(Seer seer);
    }

    private static final class Kept {
        private final Moment of;
        private final byte[] list;
        private final long until;

        private Kept(Moment of, byte[] list, long until) {
            this.of = of;
            this.list = list;
            this.until = until;
        }
    }

    /**
     * Lists none yet.
     *
     * @param mostBytes most bytes of all kept lists
     * @param nanos as {@link System#nanoTime()}
     */
    KeptLists(JsonMapper json, long mostBytes, LongSupplier nanos) {
        this.json = json;
        this.mostBytes = mostBytes;
        this.nanos = nanos;
    }

    /** OpenAI's list of the models that these readers see, as UTF-8. */
    Mono<byte[]> of(Seer seer, Source source) {
        return Mono.fromCallable(() -> list(seer, source))
                .subscribeOn(maker)
                .timeout(DEADLINE)
                .onErrorMap(
                        TimeoutException.class,
                        e ->
                                new ApiException(
                                        ErrorCode.OVERLOADED,
                                        "The list of models was not made within "
                                                + DEADLINE.toSeconds()
                                                + " s.",
                                        e));
    }

    private byte[] list(Seer seer, Source source) {
        long begin = nanos.getAsLong();
        Moment now = source.now();
        Kept known = kept.get(seer);
        if (known != null && (known.of.equals(now) || begin - known.until < 0)) {
            return known.list;
        }
        byte[] made = json.writeValueAsBytes(new ModelList(source.models(seer)));
        long end = nanos.getAsLong();
        keep(seer, new Kept(now, made, end + AT_MOST * (end - begin)));
        return made;
    }

    private void keep(Seer seer, Kept made) {
        drop(kept.remove(seer));
        if (made.list.length > mostBytes) {
            return;
        }
        kept.put(seer, made);
        bytes += made.list.length;
        var oldest = kept.entrySet().iterator();
        while (bytes > mostBytes) {
            Kept first = oldest.next().getValue();
            oldest.remove();
            drop(first);
        }
    }

    private void drop(@Nullable Kept gone) {
        bytes -= gone == null ? 0 : gone.list.length;
    }

    @Override
    public void close() {
        maker.dispose();
    }
}
