package dev.weft.gateway.limit;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.gateway.routing.name.Target;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.ServedVersion;

/**
 * Decides which models a key may ask for. The name counts as the client writes it, without a
 * version's number, so that a key for {@code prod} may use whatever that alias leads to. A digest
 * counts as the name of its adapter, {@code tenant/name} if it is another tenant's; if several
 * adapters have the digest, the first one that the key may ask for counts.
 */
public final class AllowedModels {
    private AllowedModels() {}

    /** True if the key of a request may ask for what it names. */
    public static boolean include(Holder holder, Target target) {
        HeldKey key = holder.key();
        return key == null
                || key.limits().models().isEmpty()
                || key.limits().allows(name(holder, target));
    }

    /** True if the key may ask for the adapter of a version. */
    public static boolean include(Holder holder, ServedVersion version) {
        HeldKey key = holder.key();
        return key == null || key.limits().allows(name(holder, version.adapter()));
    }

    /** True if the key may ask for a model of that name. */
    public static boolean include(Holder holder, String name) {
        HeldKey key = holder.key();
        return key == null || key.limits().allows(withoutNumber(name));
    }

    private static String name(Holder holder, Target target) {
        String written = target.model();
        return switch (target) {
            case Target.Base _ -> written;
            case Target.Adapter(var _, ServedVersion version, var _) ->
                    written.startsWith(AdapterDigest.PREFIX)
                            ? name(holder, version.adapter())
                            : withoutNumber(written);
        };
    }

    private static String name(Holder holder, AdapterId id) {
        return id.tenant().equals(holder.tenantOrDefault())
                ? id.name()
                : id.tenant() + "/" + id.name();
    }

    private static String withoutNumber(String name) {
        int at = name.lastIndexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }
}
