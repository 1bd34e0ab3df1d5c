package dev.weft.deployment;

import dev.weft.deployment.document.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A deployment, or a fleet of several, with all values and their origins. Immutable. */
public final class EffectiveDeployment {
    private final Fleet fleet;
    private final List<Setting> settings;

    EffectiveDeployment(Fleet fleet, List<Setting> settings) {
        this.fleet = fleet;
        this.settings = List.copyOf(settings);
    }

    /** The deployments. */
    public Fleet fleet() {
        return fleet;
    }

    /** The only deployment; the first, if a file lists several. */
    public Deployment deployment() {
        return fleet.deployments().getFirst();
    }

    /** One line that names the keys that Weft has no use for; empty if there are none. */
    public Optional<String> notice() {
        String unused =
                settings.stream()
                        .filter(setting -> !setting.used())
                        .map(s -> s.name() + (s.note() == null ? "" : " (" + s.note() + ")"))
                        .collect(Collectors.joining(", "));
        return unused.isEmpty()
                ? Optional.empty()
                : Optional.of("Weft does not use these keys of the file: " + unused);
    }

    /**
     * The keys of a section of the file that Weft doesn't know, with their values in the words of
     * JSON.
     *
     * @param section e.g. {@code trt_llm.build}
     */
    public Map<String, @Nullable Object> unknownBelow(String section) {
        Map<String, @Nullable Object> unknown = new LinkedHashMap<>();
        settings.stream()
                .filter(s -> !s.used() && s.name().startsWith(section + "."))
                .forEach(s -> unknown.put(s.name(), s.value()));
        return unknown;
    }

    /** True if the file or the command line gives a key that Weft knows. */
    public boolean isGiven(String key) {
        return settings.stream()
                .anyMatch(s ->
                        s.name().equals(key)
                                && switch (s.origin()) {
                                    case Origin.InFile _,
                                            Origin.CommandLine _,
                                            Origin.InEnvironment _ ->
                                            true;
                                    case Origin.Default _ -> false;
                                });
    }

    /** A table of all values: key, value, origin. */
    public String listing() {
        return new ConfigListing(settings).toString();
    }

    /** The file with defaults filled in and its own key names, as JSON; passwords are masked. */
    public String json() {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        settings.forEach(setting -> put(root, setting));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static void put(Map<String, @Nullable Object> root, Setting setting) {
        Map<String, @Nullable Object> here = root;
        List<String> path = setting.path();
        for (String section : path.subList(0, path.size() - 1)) {
            here = section(here, section);
        }
        here.put(path.getLast(), setting.value());
    }

    @SuppressWarnings("unchecked") // sections are made here only
    private static Map<String, @Nullable Object> section(
            Map<String, @Nullable Object> parent, String name) {
        if (!(parent.get(name) instanceof LinkedHashMap<?, ?>)) {
            parent.put(name, new LinkedHashMap<String, @Nullable Object>());
        }
        return (Map<String, @Nullable Object>) Objects.requireNonNull(parent.get(name));
    }
}
