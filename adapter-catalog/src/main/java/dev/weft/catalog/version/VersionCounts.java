package dev.weft.catalog.version;

import dev.weft.catalog.database.Database;
import dev.weft.protocol.adapter.VersionState;
import java.util.EnumMap;
import java.util.Map;

/** Counts versions. Calls block. Safe for any thread. */
final class VersionCounts {
    private final Database database;

    VersionCounts(Database database) {
        this.database = database;
    }

    /** The number of versions that lists show, for every state. */
    Map<VersionState, Long> byState() {
        Map<VersionState, Long> counts = new EnumMap<>(VersionState.class);
        for (VersionState state : VersionState.values()) {
            counts.put(state, 0L);
        }
        counts.putAll(database.transaction(VersionTable::countByState));
        return counts;
    }
}
