package dev.weft.deployment;

import dev.weft.deployment.document.Origin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;

/** The values of a deployment file or its command line, by Spring's names. */
final class DeploymentPropertySource
        extends EnumerablePropertySource<Map<String, DeploymentPropertySource.Value>>
        implements OriginLookup<String> {
    /** A text and its origin. */
    record Value(String text, Origin origin) {}

    DeploymentPropertySource(String name, Map<String, Value> values) {
        super(name, values);
    }

    /** The values with some origins. */
    static DeploymentPropertySource of(
            String name, Map<String, Value> values, Predicate<Origin> origins) {
        Map<String, Value> some = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (origins.test(value.origin)) {
                some.put(key, value);
            }
        });
        return new DeploymentPropertySource(name, some);
    }

    @Override
    public String[] getPropertyNames() {
        return source.keySet().toArray(String[]::new);
    }

    @Override
    public @Nullable Object getProperty(String name) {
        Value value = source.get(name);
        return value == null ? null : value.text;
    }

    @Override
    public @Nullable Origin getOrigin(String name) {
        Value value = source.get(name);
        return value == null ? null : value.origin;
    }
}
