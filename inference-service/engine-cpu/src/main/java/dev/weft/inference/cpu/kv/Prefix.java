package dev.weft.inference.cpu.kv;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies before a block: the weights and all tokens from the first on, and who may use the
 * block. These weights and tokens determine the block's keys and values, together with its own
 * tokens. Two prefixes are equal only if all of their parts are; no hash stands for any of them.
 */
sealed interface Prefix {
    /**
     * No token yet, under the weights of the base (null) or of the base with an adapter.
     *
     * @param owners those who may know of each other's tokens, see {@link
     *     dev.weft.inference.engine.Owner#prefixes()}; it changes no key and no value
     * @param era of the cache, see {@link KvCache#beginEra()}
     * @param isStretched see {@link KvSequence#stretch}
     */
    record Start(String owners, @Nullable AdapterDigest adapter, int era, boolean isStretched)
            implements Prefix {}

    /**
     * Tokens under the base's weights, before a block in which an adapter becomes active.
     *
     * @param from the first position with the adapter
     */
    record Under(Prefix before, AdapterDigest adapter, int from) implements Prefix {}

    /**
     * All tokens up to the end of a published block. Each such block has one instance, which is
     * equal only to itself.
     */
    final class Published implements Prefix {
        private final Key key;
        private final int block;

        Published(Key key, int block) {
            this.key = key;
            this.block = block;
        }

        Key key() {
            return key;
        }

        int block() {
            return block;
        }
    }

    /** A block's place: what lies before it, and its tokens. */
    record Key(Prefix before, List<Integer> tokens) {}
}
