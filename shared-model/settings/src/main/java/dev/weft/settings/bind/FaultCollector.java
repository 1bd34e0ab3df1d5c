package dev.weft.settings.bind;

import dev.weft.settings.key.KeyNames;
import dev.weft.settings.key.PlainValue;
import dev.weft.settings.key.SettingKey;
import dev.weft.settings.key.SettingKeys;
import dev.weft.settings.text.NotAllowedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.convert.ConversionFailedException;

/**
 * Notes values that can't be bound and lets the binding go on with their defaults, so that all
 * faults are found at once.
 */
final class FaultCollector implements BindHandler {
    private final SettingKeys keys;
    private final KeyNames names;
    private final List<SettingFault> faults = new ArrayList<>();

    FaultCollector(SettingKeys keys) {
        this.keys = keys;
        this.names = new KeyNames(keys);
    }

    /** The faults found so far. */
    List<SettingFault> faults() {
        return faults;
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name,
            Bindable<?> target,
            BindContext context,
            Exception error)
            throws Exception {
        if (error instanceof UnboundConfigurationPropertiesException && !faults.isEmpty()) {
            return null; // the items after a faulty one
        }
        ConfigurationProperty property = context.getConfigurationProperty();
        List<String> path = names.path(name);
        SettingKey key = keys.at(path).orElse(null);
        if (property == null || key == null) {
            throw error;
        }
        String text = text(error, property);
        String shown = PlainValue.masked(text);
        faults.add(
                new SettingFault(
                        path,
                        property.getOrigin(),
                        "'%s' is not allowed: %s".formatted(shown, key.allowedItem())));
        return null;
    }

    /** The refused text: an item of a list, or the whole value. */
    private static String text(Exception error, ConfigurationProperty property) {
        Object text = property.getValue();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotAllowedException refused) {
                return refused.text();
            }
            if (cause instanceof ConversionFailedException failed && failed.getValue() != null) {
                text = failed.getValue();
            }
        }
        return String.valueOf(text);
    }
}
