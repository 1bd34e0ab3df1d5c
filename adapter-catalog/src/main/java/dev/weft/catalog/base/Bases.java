package dev.weft.catalog.base;

import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditTable;
import dev.weft.catalog.audit.AuditedChange;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.NewNames;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The bases of a catalog. Calls block. Safe for any thread. */
public final class Bases {
    private static final Logger LOG = LoggerFactory.getLogger(Bases.class);

    private final Database database;
    private final Clock clock;
    private final Consumer<JdbcClient> tell;
    private final Runnable changed;

    /**
     * @param tell writes the event that the bases have changed, within the transaction
     * @param changed called after each such transaction
     */
    public Bases(Database database, Clock clock, Consumer<JdbcClient> tell, Runnable changed) {
        this.database = database;
        this.clock = clock;
        this.tell = tell;
        this.changed = changed;
    }

    /**
     * Makes the catalog have the bases of the deployment files. Bases that only earlier files
     * declared stay, since they may have adapters; they can be removed from now on.
     *
     * @param declared at least one, with different names
     * @throws IllegalStateException if a new name is that of an adapter or alias, whose requests
     *     the base would take; nothing has changed then
     */
    public void declare(List<Base.Facts> declared) {
        database.transaction(tx -> {
            NewNames.lock(tx);
            List<Base> known = BaseTable.all(tx);
            requireFree(tx, declared, known);
            Map<Base.Facts, Base> same = Declaration.match(declared, known);
            known.stream()
                    .filter(base -> base.declared() && !same.containsValue(base))
                    .forEach(base -> BaseTable.update(tx, base.id(), base.facts(), false));
            free(tx, declared, same);
            for (Base.Facts facts : declared) {
                Base base = same.get(facts);
                if (base == null) {
                    BaseTable.insert(tx, facts, true, Rows.now(clock));
                } else {
                    BaseTable.update(tx, base.id(), facts, true);
                }
            }
            List<Base> now = BaseTable.all(tx);
            int adopted = BaseTable.adopt(tx, now.getFirst().id());
            if (adopted > 0) {
                LOG.info("{} adapters are of base '{}'", adopted, now.getFirst().name());
            }
            if (!now.equals(known)) {
                tell.accept(tx);
            }
            return now;
        });
        changed.run();
    }

    /**
     * Throws if an adapter or alias has a base's new name. A base keeps a known name, even if an
     * earlier Weft gave it to an adapter too.
     */
    private static void requireFree(JdbcClient tx, List<Base.Facts> declared, List<Base> known) {
        for (Base.Facts facts : declared) {
            String name = facts.name();
            if (known.stream().noneMatch(base -> base.name().equals(name))) {
                BaseTable.namesake(tx, name)
                        .ifPresent(taken -> {
                            throw new IllegalStateException(
                                    "no base can be called '%s', since requests for it are for %s: change the base's served_model_name, or start under its former name and remove the %s first"
                                            .formatted(name, taken, taken.kind()));
                        });
            }
        }
    }

    /**
     * Frees the names of renamed bases: two may have swapped theirs, and names are always unique.
     */
    private static void free(JdbcClient tx, List<Base.Facts> declared, Map<Base.Facts, Base> same) {
        for (Base.Facts facts : declared) {
            Base base = same.get(facts);
            if (base != null && !base.name().equals(facts.name())) {
                BaseTable.update(tx, base.id(), facts.named("\n" + base.id()), true);
            }
        }
    }

    /** All bases, the oldest first. */
    public List<Base> all() {
        return database.transaction(BaseTable::all);
    }

    /** The names of all bases now. */
    public BaseNames names() {
        return BaseNames.of(all());
    }

    /**
     * Keeps the shape that a base's checkpoint has. If the base had another shape, the log says so:
     * its adapters were checked against the old one.
     */
    public void seen(long id, Base.Shape shape) {
        database.transaction(tx -> {
            Optional<Base> found = BaseTable.lock(tx, id);
            found.filter(base -> !shape.equals(base.shape()))
                    .ifPresent(base -> {
                        BaseTable.shape(tx, id, shape);
                        if (base.shape() != null) {
                            LOG.warn(
                                    "base '{}' has {} now, and had {}: its {} adapter(s) were"
                                            + " checked against that; register them again",
                                    base.name(),
                                    shape,
                                    base.shape(),
                                    BaseTable.adapters(tx, id));
                        }
                    });
            return found;
        });
    }

    /** The base of that name. */
    public Optional<Base> find(String name) {
        return all().stream().filter(base -> base.name().equals(name)).findFirst();
    }

    /**
     * Adds a base.
     *
     * @throws ConflictException if there is one of that name, or an adapter or alias, whose
     *     requests it would take
     */
    Base add(Actor actor, Base.Facts facts) {
        Base added =
                database.transaction(tx -> {
                    NewNames.lock(tx);
                    if (BaseTable.lock(tx, facts.name()).isPresent()) {
                        throw new ConflictException("there is a base '" + facts.name() + "'");
                    }
                    BaseTable.namesake(tx, facts.name())
                            .ifPresent(taken -> {
                                throw new ConflictException(
                                        "requests for '%s' are for %s"
                                                .formatted(facts.name(), taken));
                            });
                    BaseTable.insert(tx, facts, false, Rows.now(clock));
                    AuditTable.write(
                            tx,
                            AuditedChange.ofAll(actor, "base.add", facts.name()),
                            Rows.now(clock),
                            null,
                            Map.of("from", facts.checkpoint().toString()));
                    tell.accept(tx);
                    return BaseTable.lock(tx, facts.name()).orElseThrow();
                });
        changed.run();
        return added;
    }

    /**
     * Removes a base.
     *
     * @throws NotFoundException if there is none of that name
     * @throws ConflictException if a deployment file declares it, or it has adapters
     */
    void remove(Actor actor, String name) {
        database.transaction(tx -> {
            Base base =
                    BaseTable.lock(tx, name)
                            .orElseThrow(
                                    () -> new NotFoundException("there is no base '" + name + "'"));
            long adapters = BaseTable.adapters(tx, base.id());
            if (base.declared()) {
                throw new ConflictException(
                        "the deployment file declares base '" + name + "': take it out there");
            }
            if (adapters > 0) {
                throw new ConflictException(
                        "base '" + name + "' has " + adapters + " adapter(s): remove them first");
            }
            BaseTable.delete(tx, base.id());
            AuditTable.write(
                    tx,
                    AuditedChange.ofAll(actor, "base.remove", name),
                    Rows.now(clock),
                    Map.of("from", base.checkpoint().toString()),
                    null);
            tell.accept(tx);
            return base;
        });
        changed.run();
    }
}
