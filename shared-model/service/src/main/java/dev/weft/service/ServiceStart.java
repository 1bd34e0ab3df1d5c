package dev.weft.service;

import dev.weft.settings.BoundSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a service is started with by somebody who has read the deployment file already.
 *
 * @param settings the records that the service uses
 * @param beans other beans of its context by their type
 */
public record ServiceStart(BoundSettings settings, Map<Class<?>, Object> beans) {
    public ServiceStart {
        beans = Map.copyOf(beans);
    }

    /** A start with nothing but settings. */
    public static ServiceStart of(BoundSettings settings) {
        return new ServiceStart(settings, Map.of());
    }

    /** Returns this start with a bean of that type. */
    public <T> ServiceStart with(Class<T> type, T bean) {
        Map<Class<?>, Object> all = new LinkedHashMap<>(beans);
        all.put(type, bean);
        return new ServiceStart(settings, all);
    }

    /** Returns this start with another record of settings in place of the one of its type. */
    public ServiceStart with(Record changed) {
        return new ServiceStart(settings.with(changed), beans);
    }
}
