package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.LoraFacts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A name that clients may use, of an adapter or an alias, and the versions it leads to.
 *
 * @param shares at least one
 * @param audience who may use it besides its own tenant
 * @param revision of the alias that divides its requests, 1 or more; 0 if there is none, or an
 *     earlier catalog does not say
 */
public record CatalogEntry(AdapterId id, List<Share> shares, Audience audience, long revision) {
    public CatalogEntry {
        shares = List.copyOf(shares);
        if (shares.isEmpty()) {
            throw new IllegalArgumentException(id + " leads to no version");
        }
    }

    /** A name that no alias divides. */
    public CatalogEntry(AdapterId id, List<Share> shares, Audience audience) {
        this(id, shares, audience, 0);
    }

    /** A name with one version, for its own tenant. */
    public CatalogEntry(
            AdapterId id, AdapterDigest digest, LoraFacts facts, String root, Instant created) {
        this(
                id,
                List.of(new Share(new ServedVersion(id, 1, digest, facts, root, created), 1)),
                Audience.NOBODY);
    }

    /**
     * Chooses the version that a request for the name gets. The choice goes by weight, and is
     * always the same for the same key and weights. When weights change, a key moves only if its
     * old version lost weight or its new one won some.
     *
     * @param key of the request, or of the user or session that should keep its version
     * @return empty if no share has a weight: its versions can only be pinned
     */
    public Optional<ServedVersion> choose(String key) {
        return WeightedChoice.of(this, key);
    }

    /** True if requests for the name are divided among several versions. */
    public boolean isDivided() {
        return shares.stream().filter(share -> share.weight() > 0).limit(2).count() == 2;
    }

    /** The version with the most weight, the first of several; empty if none has any. */
    public Optional<ServedVersion> main() {
        Share most = shares.getFirst();
        for (Share share : shares) {
            if (share.weight() > most.weight()) {
                most = share;
            }
        }
        return most.weight() == 0 ? Optional.empty() : Optional.of(most.version());
    }

    /** A version of this name by its number; an alias has none of its own. */
    public Optional<ServedVersion> pinned(int number) {
        return shares.stream()
                .map(Share::version)
                .filter(version -> version.number() == number && version.adapter().equals(id))
                .findFirst();
    }

    /** The version with that digest, if this name leads to it. */
    public Optional<ServedVersion> pinned(AdapterDigest digest) {
        return shares.stream()
                .map(Share::version)
                .filter(version -> version.digest().equals(digest))
                .findFirst();
    }

    /** True if clients of that tenant may use it. */
    public boolean visibleTo(String tenant) {
        return id.tenant().equals(tenant) || audience.admits(tenant);
    }
}
