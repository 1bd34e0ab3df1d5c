package dev.weft.settings.bind;

import dev.weft.settings.BoundSettings;
import dev.weft.settings.key.KeyNames;
import dev.weft.settings.key.PlainValue;
import dev.weft.settings.key.RecordShape;
import dev.weft.settings.key.SettingKey;
import dev.weft.settings.key.SettingKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.PropertySource;

/** Binds records of settings and checks them; all faults are reported together. */
public final class SettingsBinder {
    private final SettingKeys keys;
    private final KeyNames names;
    private final Path folder;
    private final List<ConfigurationPropertySource> sources;
    private final FaultCollector collector;
    private final Binder binder;
    private final List<SettingFault> inconsistent = new ArrayList<>();

    /**
     * @param keys of the records that are read
     * @param sources the first one that has a value wins
     * @param folder from which relative files start, absolute
     */
    public SettingsBinder(
            SettingKeys keys, List<? extends PropertySource<?>> sources, Path folder) {
        this.keys = keys;
        this.names = new KeyNames(keys);
        this.folder = folder;
        this.sources =
                sources.stream()
                        .<ConfigurationPropertySource>mapMulti((source, all) ->
                                ConfigurationPropertySources.from(source).forEach(all))
                        .toList();
        this.collector = new FaultCollector(keys);
        var conversion = new Conversion(folder);
        this.binder =
                new Binder(
                        this.sources,
                        PlaceholdersResolver.NONE,
                        List.of(conversion.service()),
                        conversion::editors,
                        collector,
                        null);
    }

    /**
     * Reads records with their defaults filled in; they are valid only if {@link #faults} is empty
     * then.
     */
    public BoundSettings read(List<? extends Class<?>> records) {
        return read(records, _ -> true);
    }

    /**
     * Reads records in the same way, for a process that opens only some of the files and folders
     * that they name.
     *
     * @param opened the sections, by their paths, whose files and folders must be there
     */
    public BoundSettings read(List<? extends Class<?>> records, Predicate<List<String>> opened) {
        BoundSettings all = BoundSettings.of(records.stream().map(this::bound).toList(), folder);
        var check = new RecordCheck(keys, opened, this::fault);
        all.all()
                .forEach(record -> check.check(record, RecordShape.prefix(record.getClass()), all));
        return all;
    }

    private Record bound(Class<?> record) {
        Bindable<?> target = Bindable.of(record);
        String section = String.join(".", RecordShape.prefix(record));
        Object bound = binder.bindOrCreate(section, target);
        // if a section has a text in place of its settings, that is a fault, and its defaults apply
        return (Record) (bound == null ? new Binder().bindOrCreate(section, target) : bound);
    }

    /** All faults of the records that were read so far. */
    public List<SettingFault> faults() {
        var all = new ArrayList<>(collector.faults());
        all.addAll(inconsistent);
        return List.copyOf(all);
    }

    /** The origin of the value at a path; null if nobody gave one. */
    public @Nullable Origin origin(List<String> path) {
        ConfigurationProperty property = property(names.spring(path));
        if (property == null) {
            property = property(names.spring(path).append("[0]"));
        }
        return property == null ? null : property.getOrigin();
    }

    /** The text that was given at a path; null if nobody gave one. */
    private @Nullable String text(List<String> path) {
        ConfigurationProperty property = property(names.spring(path));
        return property == null ? null : String.valueOf(property.getValue());
    }

    private @Nullable ConfigurationProperty property(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return property;
            }
        }
        return null;
    }

    private void fault(List<String> path, RecordCheck.Found found) {
        String message = message(path, found);
        boolean known =
                collector.faults().stream().anyMatch(fault -> fault.path().equals(path))
                        // two constraints that say the same
                        || inconsistent.stream()
                                .anyMatch(fault ->
                                        fault.path().equals(path)
                                                && fault.message().equals(message));
        if (!known) {
            inconsistent.add(new SettingFault(path, origin(path), message));
        }
    }

    private String message(List<String> path, RecordCheck.Found found) {
        return switch (found) {
            case RecordCheck.Said(String text) -> text;
            case RecordCheck.Broken(SettingKey key, String value) -> {
                String given = key.isList() ? null : text(path);
                String shown = PlainValue.masked(given == null ? value : given);
                yield "'%s' is not allowed: %s".formatted(shown, key.allowedItem());
            }
        };
    }
}
