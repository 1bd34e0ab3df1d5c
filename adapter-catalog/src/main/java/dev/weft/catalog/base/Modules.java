package dev.weft.catalog.base;

import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A base's modules as the table and bodies have them. */
final class Modules {
    static final String FIELD = "modules";

    private Modules() {}

    /** What the table has; null if all modules may be changed. */
    static @Nullable String joined(Set<LinearModule> modules) {
        return modules.isEmpty()
                ? null
                : modules.stream().map(LinearModule::name).collect(Collectors.joining(","));
    }

    static Set<LinearModule> split(@Nullable String joined) {
        return joined == null
                ? Set.of()
                : Arrays.stream(joined.split(",", -1))
                        .map(LinearModule::valueOf)
                        .collect(Collectors.toSet());
    }

    /** Reads the field of a body, and notes its fault. A missing list means all modules. */
    static Set<LinearModule> read(JsonBody body) {
        JsonNode found = body.field(FIELD);
        Set<LinearModule> modules = EnumSet.noneOf(LinearModule.class);
        if (found.isMissingNode() || found.isNull()) {
            return modules;
        }
        boolean fits = found.isArray() && !found.isEmpty();
        for (JsonNode name : found) {
            Optional<LinearModule> module = LinearModule.named(name.asString(""));
            module.ifPresent(modules::add);
            fits &= module.isPresent();
        }
        if (!fits) {
            body.fault(FIELD, found, "null, or a list of " + names());
        }
        return modules;
    }

    private static String names() {
        return Arrays.stream(LinearModule.values())
                .map(LinearModule::shortName)
                .collect(Collectors.joining(", "));
    }
}
