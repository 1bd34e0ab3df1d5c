package dev.weft.deployment;

import dev.weft.protocol.repository.SecretPlace;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code weft.sources} and {@code weft.secrets}. */
final class SourceReader {
    private static final String NAME = "[A-Za-z0-9_-]+";

    private final Values values;
    private final Path folder;

    SourceReader(Values values, Path folder) {
        this.values = values;
        this.folder = folder;
    }

    WeftSettings.Sources sources(Map<String, SecretPlace> secrets) {
        return new WeftSettings.Sources(
                values.get(SourceKeys.ALLOWED_HOSTS),
                values.get(SourceKeys.ALLOWED_ADDRESSES),
                values.get(SourceKeys.STALL_TIMEOUT),
                values.get(SourceKeys.MIN_BYTES_PER_SECOND),
                credentials(secrets),
                values.find(SourceKeys.HUB_ENDPOINT, null).orElse(null),
                values.find(SourceKeys.S3_ENDPOINT, null).orElse(null),
                values.find(SourceKeys.S3_REGION, null).orElse(null),
                values.find(SourceKeys.GCS_ENDPOINT, null).orElse(null),
                values.find(SourceKeys.AZURE_ENDPOINT, null).orElse(null),
                values.find(SourceKeys.AZURE_ACCOUNT, null).orElse(null));
    }

    private Map<String, String> credentials(Map<String, SecretPlace> secrets) {
        Map<String, String> places = new LinkedHashMap<>();
        for (PlaceTypes.Credential bound : values.get(SourceKeys.CREDENTIALS)) {
            if (!secrets.containsKey(bound.secret())) {
                values.fault(
                        SourceKeys.CREDENTIALS,
                        "'"
                                + bound.secret()
                                + "' is not allowed: a secret of weft.secrets, which has "
                                + (secrets.isEmpty() ? "none" : secrets.keySet()));
            }
            if (places.put(bound.place(), bound.secret()) != null) {
                values.fault(
                        SourceKeys.CREDENTIALS, "'" + bound.place() + "' has more than one secret");
            }
        }
        return places;
    }

    Map<String, SecretPlace> secrets() {
        Map<String, SecretPlace> secrets = new LinkedHashMap<>();
        if (values.node(SourceKeys.SECRETS) instanceof YamlNode.Fields declared) {
            for (String name : declared.fields().keySet()) {
                secret(name).ifPresent(place -> secrets.put(name, place));
            }
        }
        return secrets;
    }

    private Optional<SecretPlace> secret(String name) {
        var path = new ArrayList<>(SourceKeys.SECRETS);
        path.add(name);
        if (!name.matches(NAME)) {
            values.fault(path, "the name is not allowed: letters, digits, '_' and '-'");
        }
        List<SecretPlace> places = new ArrayList<>();
        values.given(SourceKeys.SECRET_ENV.of(name))
                .ifPresent(variable -> places.add(new SecretPlace.Variable(variable)));
        values.given(SourceKeys.SECRET_FILE.of(name))
                .flatMap(file -> file(name, file))
                .ifPresent(places::add);
        values.given(SourceKeys.SECRET_VALUE.of(name))
                .ifPresent(text -> places.add(new SecretPlace.Given(text)));
        if (places.size() != 1) {
            values.fault(path, places.size() + " places are not allowed: one of env, file, value");
            return Optional.empty();
        }
        return Optional.of(places.getFirst());
    }

    private Optional<SecretPlace> file(String name, String text) {
        try {
            return Optional.of(
                    new SecretPlace.SecretFile(folder.resolve(text).toAbsolutePath().normalize()));
        } catch (InvalidPathException e) {
            values.fault(
                    SourceKeys.SECRET_FILE.of(name),
                    "'" + text + "' is not allowed: " + e.getReason());
            return Optional.empty();
        }
    }
}
