package dev.weft.gateway.routing.prefix;

import dev.weft.gateway.routing.name.Target;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The beginning of a request as hashes: one for each of the first pieces of its body, over all
 * bytes up to the end of the piece. Two requests of a tenant to one model that have a hash in
 * common begin with the same bytes, so the worker of the first has blocks of the second's prompt.
 */
public final class PrefixChain {
    /** The chain of a request that is too short to have one. */
    public static final PrefixChain NONE = new PrefixChain(new long[0]);

    /** Bytes of a piece, of about a hundred tokens. */
    static final int PIECE = 512;

    /** The most pieces that are looked at. */
    static final int MOST = 64;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] hashes;

    private PrefixChain(long[] hashes) {
        this.hashes = hashes;
    }

    /** The chain of a body. */
    public static PrefixChain of(String tenant, Target target, byte[] body) {
        int pieces = Math.min(MOST, body.length / PIECE);
        if (pieces == 0) {
            return NONE;
        }
        long hash = mix(tenant.hashCode(), model(target).hashCode());
        long[] hashes = new long[pieces];
        for (int piece = 0; piece < pieces; piece++) {
            for (int at = piece * PIECE; at < (piece + 1) * PIECE; at += Long.BYTES) {
                hash = mix(hash, (long) LONGS.get(body, at));
            }
            hashes[piece] = hash;
        }
        return new PrefixChain(hashes);
    }

    private static String model(Target target) {
        return switch (target) {
            case Target.Base base -> base.model();
            case Target.Adapter adapter -> adapter.version().digest().hex();
        };
    }

    /** The multiply and shift of SplitMix64. */
    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * 0x9e3779b97f4a7c15L;
        return mixed ^ (mixed >>> 29);
    }

    /** The number of pieces. */
    public int pieces() {
        return hashes.length;
    }

    /** The hash of all bytes up to the end of a piece, which counts from 0. */
    long hash(int piece) {
        return hashes[piece];
    }
}
