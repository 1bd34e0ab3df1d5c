package dev.weft.settings.secret;

import dev.weft.settings.Allowed;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.Shown;
import dev.weft.settings.Unset;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The secrets of a deployment.
 *
 * @param secrets Where the text of each named secret stands.
 */
@ConfigurationProperties("weft")
public record SecretSettings(@DefaultValue Map<String, Entry> secrets) implements Consistent {
    /** There are none. */
    public static final SecretSettings NONE = new SecretSettings(Map.of());

    private static final java.util.regex.Pattern NAME =
            java.util.regex.Pattern.compile("[A-Za-z0-9_-]+");

    public SecretSettings {
        secrets = Collections.unmodifiableMap(new LinkedHashMap<>(secrets));
    }

    /** Where the text of each secret stands. */
    public Map<String, SecretPlace> places() {
        Map<String, SecretPlace> places = new LinkedHashMap<>();
        secrets.forEach((name, secret) -> places.put(name, secret.place()));
        return places;
    }

    @Override
    public void check(Faults faults, BoundSettings all) {
        secrets.forEach((name, secret) -> {
            if (!NAME.matcher(name).matches()) {
                faults.add(
                        List.of("secrets", name),
                        "the name is not allowed: letters, digits, '_' and '-'");
            }
            if (secret.places().size() != 1) {
                faults.add(
                        List.of("secrets", name),
                        secret.places().size()
                                + " places are not allowed: one of env, file, value");
            }
        });
    }

    /**
     * Reports a setting that names a secret which is not there.
     *
     * @param key of the setting, in its own record
     */
    public void require(String secret, String key, Faults faults) {
        if (!secrets.containsKey(secret)) {
            faults.add(
                    key,
                    "'%s' is not allowed: a secret of weft.secrets, which has %s"
                            .formatted(secret, secrets.isEmpty() ? "none" : secrets.keySet()));
        }
    }

    /**
     * An entry of {@code weft.secrets}.
     *
     * @param env Environment variable that holds the secret {@code *}.
     * @param file File that holds the secret {@code *}, absolute or relative to the deployment
     *     file; read each time it is needed.
     * @param value The secret {@code *} itself; never shown. A variable or a file is better.
     */
    @ConfigurationPropertiesSource
    public record Entry(
            @Unset("none")
                    @Pattern(
                            regexp = "[A-Za-z_][A-Za-z0-9_]*",
                            message = "the name of an environment variable")
                    @Nullable String env,
            @Unset("none") @Allowed("a file") @Nullable Path file,
            @Unset("none")
                    @Allowed("any text")
                    @Shown(Shown.How.HIDDEN)
                    @Pattern(regexp = "(?s).+", message = "any text")
                    @Nullable String value) {
        /** The one place that is given. */
        SecretPlace place() {
            return places().getFirst();
        }

        List<SecretPlace> places() {
            return Stream.of(
                            env == null ? null : new SecretPlace.Variable(env),
                            file == null ? null : new SecretPlace.SecretFile(file),
                            value == null ? null : new SecretPlace.Given(value))
                    .filter(Objects::nonNull)
                    .<SecretPlace>map(place -> place)
                    .toList();
        }

        @Override
        public String toString() {
            return "Secret" + places();
        }
    }
}
