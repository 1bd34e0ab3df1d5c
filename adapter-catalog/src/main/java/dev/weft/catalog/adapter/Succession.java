package dev.weft.catalog.adapter;

import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditTable;
import dev.weft.catalog.audit.AuditedChange;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.catalog.version.Version;
import dev.weft.catalog.version.VersionTable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Decides what becomes of a name's other versions when one is ready. Everything happens in one
 * transaction, with the adapter's row locked.
 */
public final class Succession {
    /**
     * The number of older versions that stay Ready, for rollbacks and pins. Versions that an alias
     * points at always stay.
     */
    static final int KEPT = 5;

    private final JdbcClient tx;
    private final Naming names;
    private final Instant now;

    public Succession(JdbcClient tx, Naming names, Instant now) {
        this.tx = tx;
        this.names = names;
        this.now = now;
    }

    /** The version that stands for the registration {@code ready}, which has just become Ready. */
    public Version of(AdapterRow adapter, Version ready, Content content) {
        boolean newest = ready.id() > adapter.newestSettled();
        List<Version> others =
                VersionTable.of(tx, adapter.id()).stream()
                        .filter(v -> v.id() != ready.id())
                        .toList();
        Optional<Version> same =
                others.stream().filter(v -> isLive(v) && sameContent(v, content)).findFirst();
        boolean isCurrent =
                same.map(v -> Long.valueOf(v.id()).equals(adapter.currentVersion())).orElse(false);
        if (same.isPresent() && (isCurrent || !newest)) {
            AdapterTable.settle(tx, adapter, ready.id());
            return merged(adapter, ready, same.get(), newest);
        }
        others.stream().filter(v -> sameContent(v, content)).forEach(v -> replace(v, ready));
        if (!newest) {
            retire(ready);
            return VersionTable.get(tx, ready.id());
        }
        return followed(adapter, ready, others);
    }

    /**
     * Keeps the present version. It gets the source of the newest registration, so that this
     * registration can be recognized by its source.
     */
    private Version merged(AdapterRow adapter, Version ready, Version same, boolean newest) {
        retire(ready);
        VersionTable.replaced(tx, ready.id(), same.id());
        boolean elsewhere = !same.origin().equals(ready.origin());
        if (!newest || !elsewhere) {
            return same;
        }
        VersionTable.found(tx, same.id(), ready, now);
        Version moved = VersionTable.get(tx, same.id());
        if (moved.lifecycle() instanceof Lifecycle.Ready
                && !moved.origin().root().equals(same.origin().root())) {
            names.changed(tx, adapter, numbers(List.of(moved)));
        }
        return moved;
    }

    /**
     * Moves the name to the newest version, unless an alias of that name holds it. A withdrawn name
     * stays withdrawn: the successor of a Disabled version is Disabled.
     */
    private Version followed(AdapterRow adapter, Version ready, List<Version> others) {
        Optional<Version> before =
                others.stream()
                        .filter(v -> Long.valueOf(v.id()).equals(adapter.currentVersion()))
                        .findFirst();
        AdapterTable.point(tx, adapter, ready.id());
        List<Integer> needed = names.numbers(tx, adapter);
        List<Version> kept =
                others.stream()
                        .filter(Succession::isLive)
                        .filter(v -> !sameNumber(v, ready))
                        .limit(KEPT)
                        .toList();
        others.stream()
                .filter(Succession::isLive)
                .filter(v -> !sameNumber(v, ready) && !kept.contains(v))
                .filter(v -> !needed.contains(v.number()))
                .forEach(this::retire);
        Version placed =
                before.filter(v -> v.lifecycle() instanceof Lifecycle.Disabled)
                        .map(_ -> disabled(ready))
                        .orElse(ready);
        AuditTable.write(
                tx,
                AuditedChange.of(Actor.CATALOG, "version.ready", adapter.adapter()),
                now,
                before.map(Succession::summary).orElse(null),
                summary(placed));
        if (placed.lifecycle() instanceof Lifecycle.Ready) {
            names.changed(tx, AdapterTable.lock(tx, adapter.id()), numbers(List.of(placed)));
        }
        return placed;
    }

    private Version disabled(Version ready) {
        ready.content()
                .ifPresent(content ->
                        VersionTable.state(tx, ready, new Lifecycle.Disabled(content), now));
        return VersionTable.get(tx, ready.id());
    }

    private void replace(Version old, Version by) {
        if (isLive(old)) {
            retire(old);
        }
        VersionTable.replaced(tx, old.id(), by.id());
    }

    private void retire(Version version) {
        version.content()
                .ifPresent(content ->
                        VersionTable.state(tx, version, new Lifecycle.Retired(content), now));
    }

    private static boolean isLive(Version version) {
        return switch (version.lifecycle()) {
            case Lifecycle.Ready _, Lifecycle.Disabled _ -> true;
            case Lifecycle.Working _, Lifecycle.Rejected _, Lifecycle.Retired _ -> false;
        };
    }

    private static boolean sameContent(Version version, Content content) {
        return version.content().map(c -> c.digest().equals(content.digest())).orElse(false);
    }

    private static boolean sameNumber(Version a, Version b) {
        return a.number() != null && a.number().equals(b.number());
    }

    private static Set<Integer> numbers(List<Version> versions) {
        Set<Integer> numbers = new TreeSet<>();
        for (Version version : versions) {
            Integer number = version.number();
            if (number != null) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private static Map<String, Object> summary(Version version) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("version", version.number() == null ? 0 : version.number());
        summary.put("digest", version.content().map(c -> c.digest().toString()).orElse(""));
        summary.put("from", version.origin().root());
        if (version.lifecycle() instanceof Lifecycle.Disabled) {
            summary.put("state", version.lifecycle().state());
        }
        return summary;
    }
}
