package dev.weft.settings.secret;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Says which secret goes to which place. It holds values only; safe for any thread. */
public final class Credentials {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final Map<String, SecretPlace> secrets;
    private final Map<String, String> places;
    private final Map<String, String> environment;

    /**
     * @param secrets the place of each named secret
     * @param places name of the secret for each place: {@code hf}, {@code s3}, {@code gcs}, {@code
     *     azure}, a bucket such as {@code s3://BUCKET}, or {@code https://HOST[:PORT]}
     * @param environment of the process
     */
    public Credentials(
            Map<String, SecretPlace> secrets,
            Map<String, String> places,
            Map<String, String> environment) {
        this.secrets = Map.copyOf(secrets);
        this.places = Map.copyOf(places);
        this.environment = Map.copyOf(environment);
    }

    /**
     * The place of a web address: its origin, spelled in one way, with scheme and host in lower
     * case and no port that is the scheme's own (RFC 9110, 4.2.3).
     */
    public static String place(URI address) {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        int own = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        int port = address.getPort();
        return scheme
                + "://"
                + address.getHost().toLowerCase(Locale.ROOT)
                + (port < 0 || port == own ? "" : ":" + port);
    }

    /** The secret of the first of these places that has one, the narrowest first. */
    public Optional<Secret> at(String... narrowestFirst) {
        for (String place : narrowestFirst) {
            String name = places.get(place);
            SecretPlace where = name == null ? null : secrets.get(name);
            if (name != null && where != null) {
                return Optional.of(new Secret(name, where, environment));
            }
        }
        return Optional.empty();
    }

    /** A variable of the process that a source's own tools know, as a secret. */
    public Optional<Secret> variable(String name) {
        return setting(name)
                .map(_ -> new Secret(name, new SecretPlace.Variable(name), environment));
    }

    /** The file that a variable names, as a secret. */
    public Optional<Secret> fileOf(String variable) {
        return setting(variable)
                .map(path ->
                        new Secret(
                                variable, new SecretPlace.SecretFile(Path.of(path)), environment));
    }

    /** A variable of the process that is not a secret. */
    public Optional<String> setting(String name) {
        return Optional.ofNullable(environment.get(name))
                .map(String::strip)
                .filter(v -> !v.isEmpty());
    }

    @Override
    public String toString() {
        return "Credentials" + places;
    }
}
