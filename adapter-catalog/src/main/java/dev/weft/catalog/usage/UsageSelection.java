package dev.weft.catalog.usage;

import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which usage is asked for.
 *
 * @param from first day
 * @param to last day
 * @param groups what usage is grouped by
 * @param tenant whose requests; null for all
 * @param adapter name of an adapter, whoever owns it; null for all adapters and the base
 */
record UsageSelection(
        LocalDate from,
        LocalDate to,
        Set<UsageGroup> groups,
        @Nullable String tenant,
        @Nullable String adapter) {
    UsageSelection {
        EnumSet<UsageGroup> ordered = EnumSet.noneOf(UsageGroup.class);
        ordered.addAll(groups);
        groups = ordered;
    }

    /** Returns this selection without the days before {@code day}. */
    UsageSelection notBefore(LocalDate day) {
        return from.isBefore(day) ? new UsageSelection(day, to, groups, tenant, adapter) : this;
    }

    /** The columns by which its sums are grouped, in their order. */
    List<UsageColumn> columns() {
        return groups.stream().flatMap(group -> group.columns().stream()).distinct().toList();
    }

    boolean by(UsageGroup group) {
        return groups.contains(group);
    }
}
