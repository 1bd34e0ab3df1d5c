package dev.weft.catalog.rollout;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.catalog.rollout.shadow.ShadowBooks;
import dev.weft.catalog.usage.InstanceTable;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.rollout.MeasuredVersion;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Books what gateways measure, each report once. Gateways report on every name that several
 * versions share. Figures of a version are ignored if no rollout of it runs or is paused, or if the
 * revision of the alias shows that they are of another step. Figures of shadows go to {@link
 * ShadowBooks}. Calls block. Any thread.
 */
final class RolloutBooks {
    private final Database database;
    private final ShadowBooks shadows;
    private final Clock clock;

    RolloutBooks(Database database, ShadowBooks shadows, Clock clock) {
        this.database = database;
        this.shadows = shadows;
        this.clock = clock;
    }

    /** Books a report, unless it, or a later one of its instance, was booked before. */
    void book(MeasureReport report) {
        Instant now = Rows.now(clock);
        database.transaction(tx -> {
            boolean fresh = InstanceTable.take(tx, report.instance(), report.number(), now);
            if (fresh) {
                add(tx, report.lines());
                shadows.add(tx, report.shadows());
            }
            return fresh;
        });
    }

    private static void add(JdbcClient tx, List<MeasureReport.Line> lines) {
        Map<AdapterId, List<MeasureReport.Line>> byName =
                lines.stream().collect(Collectors.groupingBy(line -> line.version().name()));
        // in the order of ids, so that transactions do not wait for each other
        List<Rollout> wanted =
                RolloutTable.active(tx).stream()
                        .filter(rollout -> byName.containsKey(rollout.alias()))
                        .toList();
        for (Rollout each : wanted) {
            Optional<Rollout> rollout =
                    RolloutTable.lock(tx, each.id())
                            .filter(locked -> locked.progress().state().isActive());
            rollout.ifPresent(found ->
                    byName.getOrDefault(found.alias(), List.of())
                            .forEach(line -> add(tx, found, line)));
        }
    }

    private static void add(JdbcClient tx, Rollout rollout, MeasureReport.Line line) {
        long revision = line.version().revision();
        if (revision != 0 && revision != rollout.progress().revision()) {
            return; // late, or ahead of a catalog that is about to stop
        }
        if (is(rollout, rollout.to(), line.version())) {
            MeasureTable.add(tx, rollout, true, line.measured());
        } else if (is(rollout, rollout.from(), line.version())) {
            MeasureTable.add(tx, rollout, false, line.measured());
        }
    }

    private static boolean is(Rollout rollout, RolledVersion version, MeasuredVersion measured) {
        return measured.number() == version.version()
                && measured.adapter()
                        .equals(new AdapterId(rollout.alias().tenant(), version.adapter()));
    }
}
