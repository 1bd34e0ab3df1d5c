package dev.weft.catalog.rollout.judge;

import dev.weft.catalog.alias.Alias;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.version.AliasTarget;
import java.util.List;

/** A version of an alias's tenant that a rollout or a shadow compares. */
public record RolledVersion(String adapter, int version) {
    /**
     * The version that an alias leads to.
     *
     * @param needed why the alias has to lead to one only, for the message
     * @throws ConflictException if it leads to several
     */
    public static RolledVersion only(Alias alias, String needed) {
        List<AliasTarget> targets = alias.targets();
        if (targets.size() != 1) {
            throw new ConflictException(
                    "alias '%s' leads to %d versions; %s"
                            .formatted(alias.id().name(), targets.size(), needed));
        }
        return new RolledVersion(targets.getFirst().adapter(), targets.getFirst().version());
    }

    public AliasTarget weighing(int weight) {
        return new AliasTarget(adapter, version, weight);
    }

    @Override
    public String toString() {
        return adapter + "@" + version;
    }
}
