package dev.weft.catalog.alias;

import dev.weft.catalog.adapter.AdapterRow;
import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.feed.EventTable;
import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.adapter.AdapterId;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The names that aliases hold. */
public final class AliasedNames implements Naming {

    @Override
    public boolean isAlias(JdbcClient tx, AdapterId name) {
        return AliasTable.find(tx, name).isPresent();
    }

    @Override
    public List<AliasTarget> held(JdbcClient tx, AdapterId name) {
        return AliasTable.find(tx, name)
                .map(alias -> AliasTable.targets(tx, alias))
                .orElse(List.of());
    }

    @Override
    public List<Integer> numbers(JdbcClient tx, AdapterRow adapter) {
        return AliasTable.numbers(tx, adapter);
    }

    @Override
    public void changed(JdbcClient tx, AdapterRow adapter, Set<Integer> numbers) {
        Publication.refresh(tx, adapter, numbers);
    }

    @Override
    public void coming(JdbcClient tx, AdapterRow adapter) {
        Publication.coming(tx, adapter);
    }

    @Override
    public void settled(JdbcClient tx, AdapterRow adapter) {
        Publication.settled(tx, adapter);
    }

    @Override
    public void withdrawn(JdbcClient tx, AdapterId name) {
        EventTable.withdrawn(tx, name, null);
    }

    @Override
    public void release(JdbcClient tx, AdapterRow adapter) {
        List<AliasRow> pointing = AliasTable.pointingAt(tx, adapter);
        List<String> others =
                pointing.stream()
                        .map(alias -> alias.alias().name())
                        .filter(name -> !name.equals(adapter.adapter().name()))
                        .toList();
        if (!others.isEmpty()) {
            throw new ConflictException(
                    "adapter '"
                            + adapter.adapter().name()
                            + "' can't be removed: aliases point at it: "
                            + String.join(", ", others));
        }
        pointing.forEach(alias -> AliasTable.delete(tx, alias));
    }
}
