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
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
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
        ConfigurationProperty property = property(name, context);
        List<String> path = names.path(name);
        String allowed = allowed(path);
        if (property == null || allowed == null) {
            throw error;
        }
        String shown = keys.hides(path) ? "***" : PlainValue.masked(text(error, property));
        faults.add(
                new SettingFault(
                        path,
                        property.getOrigin(),
                        "'%s' is not allowed: %s".formatted(shown, allowed)));
        return null;
    }

    /**
     * The value with that name. The sources are asked first: the context forgets the value when it
     * looks into a section.
     */
    private static @Nullable ConfigurationProperty property(
            ConfigurationPropertyName name, BindContext context) {
        for (ConfigurationPropertySource source : context.getSources()) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return property;
            }
        }
        return context.getConfigurationProperty();
    }

    /** The allowed values at a path; null if it is neither a key nor a section. */
    private @Nullable String allowed(List<String> path) {
        return keys.at(path)
                .map(SettingKey::allowedItem)
                .orElseGet(() -> keys.isSection(path) ? keys.allowedIn(path) : null);
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
