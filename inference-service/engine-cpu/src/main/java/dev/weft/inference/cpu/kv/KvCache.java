package dev.weft.inference.cpu.kv;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of all sequences, in regions: layers that look back equally far share one, so that
 * blocks behind a window are given back although other layers still read their positions. Only the
 * owner thread takes and gives back blocks.
 */
public final class KvCache implements AutoCloseable {
    private final AtomicInteger era = new AtomicInteger();
    private final boolean sharing;
    private final KvSpan span;
    private final List<KvRegion> regions;

    /** The region of each layer; {@link #placeIn} has the layer's place within its region. */
    private final int[] regionOf;

    private final int[] placeIn;

    /** A cache in int16. */
    public KvCache(DecoderShape config, long positions, boolean sharing) {
        this(config, positions, sharing, KvPrecision.INT16, KvSpan.ALL);
    }

    /** A cache for that many positions in all layers. */
    public KvCache(
            DecoderShape config,
            long positions,
            boolean sharing,
            KvPrecision precision,
            KvSpan span) {
        this(
                config,
                Collections.nCopies(span.groups(config.layers()).size(), positions),
                sharing,
                precision,
                span);
    }

    /**
     * A cache.
     *
     * @param positions room of each of the span's {@linkplain KvSpan#groups groups of layers},
     *     rounded down to whole blocks
     * @param sharing whether sequences that begin with the same tokens share blocks
     * @param span what the model reads of a sequence's past
     */
    public KvCache(
            DecoderShape config,
            List<Long> positions,
            boolean sharing,
            KvPrecision precision,
            KvSpan span) {
        this.span = span;
        this.sharing = sharing;
        this.regionOf = new int[config.layers()];
        this.placeIn = new int[config.layers()];
        List<KvRegion> all = new ArrayList<>();
        for (KvLayers group : span.groups(config.layers())) {
            KvShape shape = KvShape.of(config, group.layers().size(), precision);
            for (int place = 0; place < group.layers().size(); place++) {
                regionOf[group.layers().get(place)] = all.size();
                placeIn[group.layers().get(place)] = place;
            }
            all.add(new KvRegion(group, shape, positions.get(all.size())));
        }
        this.regions = List.copyOf(all);
    }

    /** Positions that the layers which look back furthest have room for. */
    public long capacity() {
        return (long) regions.getFirst().totalBlocks() * Attention.BLOCK;
    }

    /**
     * Positions in blocks that sequences hold; a block that several hold counts once. If layers
     * look back differently far, the fullest region counts: the result is the capacity times the
     * part of that region that is held.
     */
    public long used() {
        long most = 0;
        for (KvRegion region : regions) {
            long part = (long) region.held() * regions.getFirst().totalBlocks();
            most = Math.max(most, Math.ceilDiv(part, (long) region.totalBlocks()));
        }
        return most * Attention.BLOCK;
    }

    /** Positions in blocks that keep prefixes which no sequence holds. */
    public long cached() {
        return (long) regions.getFirst().idle() * Attention.BLOCK;
    }

    /** Blocks so far whose contents gave way to others. */
    public long evicted() {
        return regions.stream().mapToLong(KvRegion::evicted).sum();
    }

    /** Bytes that one position takes in so many layers. */
    public static long bytesPerPosition(DecoderShape config, int layers, KvPrecision precision) {
        return KvShape.of(config, layers, precision).blockBytes() / Attention.BLOCK;
    }

    /**
     * A sequence without positions.
     *
     * @param owners it shares blocks only with sequences of the same
     * @param adapter null for the base
     */
    public KvSequence sequence(String owners, @Nullable AdapterDigest adapter) {
        return sequence(owners, adapter, 0);
    }

    /**
     * A sequence without positions, whose adapter is not active from the start on.
     *
     * @param adapterFrom the first position with the adapter; those before are the base's
     */
    public KvSequence sequence(String owners, @Nullable AdapterDigest adapter, int adapterFrom) {
        return new KvSequence(this, new KvSequence.User(owners, adapter, adapterFrom));
    }

    /**
     * Lets sequences from now on share nothing with earlier ones: the same adapter runs on other
     * weights, merged or not, which round differently. Owner thread only.
     */
    public void beginEra() {
        era.incrementAndGet();
    }

    int era() {
        return era.get();
    }

    @Override
    public void close() {
        regions.forEach(KvRegion::close);
    }

    KvSpan span() {
        return span;
    }

    boolean sharing() {
        return sharing;
    }

    /** The regions, those whose layers look furthest back first. */
    List<KvRegion> regions() {
        return regions;
    }

    int regionOf(int layer) {
        return regionOf[layer];
    }

    int placeIn(int layer) {
        return placeIn[layer];
    }
}
