package dev.weft.catalog.rollout.judge;

import dev.weft.catalog.version.AliasTarget;

/** A version that an alias is rolled or compared from or to, of the alias's tenant. */
public record RolledVersion(String adapter, int version) {
    public AliasTarget weighing(int weight) {
        return new AliasTarget(adapter, version, weight);
    }

    @Override
    public String toString() {
        return adapter + "@" + version;
    }
}
