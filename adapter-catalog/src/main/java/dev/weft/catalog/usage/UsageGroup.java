package dev.weft.catalog.usage;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What usage may be kept apart by, in the order of columns. */
enum UsageGroup {
    day,
    tenant,
    key,
    adapter,
    version;

    /** Columns of {@code usage_days}. */
    List<String> columns() {
        return switch (this) {
            case day -> List.of("used_on");
            case tenant -> List.of("tenant");
            case key -> List.of("key_id", "key_name");
            case adapter -> List.of("base", "adapter_tenant", "adapter");
            case version -> List.of("base", "adapter_tenant", "adapter", "number", "digest");
        };
    }

    static Optional<UsageGroup> named(String name) {
        return Arrays.stream(values()).filter(group -> group.name().equals(name)).findFirst();
    }
}
