package dev.weft.inference.cpu.kv;

import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.protocol.adapter.AdapterDigest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cached keys and values of one request. Its leading full blocks may be shared with others:
 * they are never written again.
 */
public final class KvSequence {
    private final KvCache cache;
    private final User user;
    private final int era;

    /** Its blocks in each region; the first of them tells what the sequence begins with. */
    private final List<KvTrack> tracks;

    /** See {@link #stretch}. */
    private boolean isStretched;

    /** Leading blocks that are published, and the prefix up to their end. */
    private int published;

    private Prefix prefix;

    /**
     * The user of a sequence.
     *
     * @param owners see {@link KvCache#sequence(String, AdapterDigest)}
     * @param adapterFrom the first position with the adapter
     */
    record User(String owners, @Nullable AdapterDigest adapter, int adapterFrom) {}

    KvSequence(KvCache cache, User user) {
        this.cache = cache;
        this.tracks = cache.regions().stream().map(KvTrack::new).toList();
        this.user = user;
        this.era = cache.era();
        this.prefix = start();
    }

    private Prefix start() {
        AdapterDigest first = user.adapterFrom == 0 ? user.adapter : null;
        return new Prefix.Start(user.owners, first, era, isStretched);
    }

    /** The first position with the adapter; those before are the base's. */
    public int adapterFrom() {
        return user.adapterFrom;
    }

    /**
     * Tells how long the request is now. Some models rotate all positions in another way beyond
     * some length; blocks that were stored before are of no use then.
     *
     * @return false if the sequence holds such blocks: it has to be {@linkplain #release released},
     *     and told again
     */
    public boolean stretch(int length) {
        if (isStretched || length <= cache.span().stretchesBeyond()) {
            return true;
        }
        if (tracks.getFirst().count() > 0) {
            return false;
        }
        isStretched = true;
        prefix = start();
        return true;
    }

    /** Tokens that a request of this length may get before it has to be {@link #stretch}ed. */
    public int room(int length) {
        return isStretched ? Integer.MAX_VALUE : cache.span().stretchesBeyond() - length;
    }

    /** Whether its positions are rotated as those of a long sequence. */
    public boolean isStretched() {
        return isStretched;
    }

    /**
     * Reuses blocks that hold the request's next tokens already. Call it only if all positions so
     * far are {@linkplain #publish published} or there are none. At least one position is left out,
     * since its logits are wanted.
     *
     * @param tokens of the request; the first {@code length} count
     * @return positions gained; a multiple of the block
     */
    public int reuse(int[] tokens, int length) {
        int before = published;
        Prefix prefixBefore = prefix;
        if (tracks.stream().anyMatch(track -> track.count() != before)) {
            return 0;
        }
        List<Prefix.Published> chain = reuseFirst(tokens, (length - 1) / Attention.BLOCK);
        List<KvTrack> others = tracks.subList(1, tracks.size());
        List<KvRegion> regions = cache.regions();
        int whole = new PrefixCover(regions.subList(1, regions.size()), before, chain).end();
        if (whole < published) {
            tracks.getFirst().shorten(whole);
            published = whole;
            prefix = whole == before ? prefixBefore : chain.get(whole - before - 1);
        }
        if (whole > before) {
            for (KvTrack track : others) {
                track.skip(track.firstRead(whole));
                for (int place = track.count(); place < whole; place++) {
                    track.reuse(under(chain.get(place - before)));
                }
            }
            // a prefix that was reused holds what a computed one does
            leaveBehind(whole * Attention.BLOCK);
        }
        return (published - before) * Attention.BLOCK;
    }

    /** Holds the blocks of the first region that follow, one after the other. */
    private List<Prefix.Published> reuseFirst(int[] tokens, int most) {
        List<Prefix.Published> chain = new ArrayList<>();
        while (published < most && cache.regions().getFirst().has(key(tokens))) {
            Prefix.Published next = tracks.getFirst().reuse(key(tokens));
            chain.add(next);
            passed(next);
        }
        return chain;
    }

    /** The key of a block of another region with the same positions. */
    static Prefix.Key under(Prefix.Published first) {
        return new Prefix.Key(first, List.of());
    }

    /**
     * Lets others share the blocks that are full.
     *
     * @param tokens of the request; keys and values of the first {@code computed} are stored
     */
    public void publish(int[] tokens, int computed) {
        while (cache.sharing() && (published + 1) * Attention.BLOCK <= computed) {
            Prefix.Published next = tracks.getFirst().publish(published, key(tokens));
            for (KvTrack track : tracks.subList(1, tracks.size())) {
                track.publish(published, under(next));
            }
            passed(next);
        }
    }

    /**
     * Makes room for positions 0 to {@code length - 1}.
     *
     * @return false if sequences hold all blocks of a region; blocks held before stay held
     */
    public boolean reserve(int length) {
        int needed = (length + Attention.BLOCK - 1) / Attention.BLOCK;
        for (KvTrack track : tracks) {
            if (!track.reserve(needed)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Gives back blocks that their layers don't read any more, since these layers see only a
     * window. Blocks to be shared must be {@linkplain #publish published} before.
     *
     * @param computed positions that are stored
     */
    public void leaveBehind(int computed) {
        tracks.forEach(track -> track.leaveBehind(computed));
    }

    /**
     * Gives every block back, the last first, so that ends of idle prefixes are evicted before
     * their roots.
     */
    public void release() {
        tracks.forEach(track -> track.shorten(0));
        published = 0;
        prefix = start();
    }

    /**
     * Stores key and value of one position, layer and head.
     *
     * @param key byte offset of {@code headDim} floats in {@code source}; the same for {@code
     *     value}
     */
    public void store(
            int layer, int head, int position, MemorySegment source, long key, long value) {
        track(layer).store(cache.placeIn(layer), head, position, source, key, value);
    }

    /**
     * The blocks of one layer and head, for attention.
     *
     * @param first the block that is number 0 of the result
     */
    public Attention.Blocks blocks(int layer, int head, int first) {
        return track(layer).blocks(cache.placeIn(layer), head, first);
    }

    private KvTrack track(int layer) {
        return tracks.get(cache.regionOf(layer));
    }

    private void passed(Prefix.Published next) {
        prefix = next;
        published++;
    }

    private Prefix.Key key(int[] tokens) {
        int from = published * Attention.BLOCK;
        AdapterDigest adapter = user.adapter;
        boolean begins = user.adapterFrom > 0 && published == user.adapterFrom / Attention.BLOCK;
        Prefix before =
                begins && adapter != null
                        ? new Prefix.Under(prefix, adapter, user.adapterFrom)
                        : prefix;
        return new Prefix.Key(
                before, Arrays.stream(tokens, from, from + Attention.BLOCK).boxed().toList());
    }
}
