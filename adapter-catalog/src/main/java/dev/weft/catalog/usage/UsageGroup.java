package dev.weft.catalog.usage;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What usage may be grouped by, in the order of columns. */
enum UsageGroup {
    day,
    tenant,
    key,
    adapter,
    version;

    List<UsageColumn> columns() {
        return switch (this) {
            case day -> List.of(UsageColumn.used_on);
            case tenant -> List.of(UsageColumn.tenant);
            case key -> List.of(UsageColumn.key_id, UsageColumn.key_name);
            case adapter ->
                    List.of(UsageColumn.base, UsageColumn.adapter_tenant, UsageColumn.adapter);
            case version ->
                    List.of(
                            UsageColumn.base,
                            UsageColumn.adapter_tenant,
                            UsageColumn.adapter,
                            UsageColumn.number,
                            UsageColumn.digest);
        };
    }

    static Optional<UsageGroup> named(String name) {
        return Arrays.stream(values()).filter(group -> group.name().equals(name)).findFirst();
    }
}
