package dev.weft.catalog.adapter;

import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.adapter.AdapterId;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What names lead to besides their own newest version, for code that changes the versions behind
 * them. It also tells followers of the feed when that changes. All calls are made within the
 * transaction of the change.
 */
public interface Naming {
    /** True if an alias has that name. */
    boolean isAlias(JdbcClient tx, AdapterId name);

    /** The targets of an alias of that name, which holds the name; empty if there is none. */
    List<AliasTarget> held(JdbcClient tx, AdapterId name);

    /** Numbers of an adapter's versions that some alias points at. */
    List<Integer> numbers(JdbcClient tx, AdapterRow adapter);

    /** Tells that the adapter's own name has changed, and aliases that point at {@code numbers}. */
    void changed(JdbcClient tx, AdapterRow adapter, Set<Integer> numbers);

    /** A version of the adapter was registered, which its name may lead to once it is ready. */
    void coming(JdbcClient tx, AdapterRow adapter);

    /** A version of the adapter is not being made ready any more, whatever has become of it. */
    void settled(JdbcClient tx, AdapterRow adapter);

    /** The name leads to nothing any more, and nothing is coming. */
    void withdrawn(JdbcClient tx, AdapterId name);

    /**
     * Removes the alias that has the adapter's own name.
     *
     * @throws dev.weft.catalog.fault.ConflictException if aliases of other names point at it
     */
    void release(JdbcClient tx, AdapterRow adapter);
}
