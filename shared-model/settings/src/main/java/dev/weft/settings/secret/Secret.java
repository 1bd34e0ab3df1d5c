package dev.weft.settings.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/** A secret by its name. Its text is read anew each time. */
public final class Secret {
    private final String name;
    private final SecretPlace place;
    private final Map<String, String> environment;

    Secret(String name, SecretPlace place, Map<String, String> environment) {
        this.name = name;
        this.place = place;
        this.environment = environment;
    }

    /**
     * The text, without white space around it.
     *
     * @throws SecretException if it isn't there or is empty; says where it should be
     */
    public String text() throws SecretException {
        String text =
                switch (place) {
                    case SecretPlace.Given(String given) -> given;
                    case SecretPlace.Variable(String variable) ->
                            environment.getOrDefault(variable, "");
                    case SecretPlace.SecretFile file -> read(file);
                };
        if (text.isBlank()) {
            throw new SecretException(this + " is empty: " + where());
        }
        return text.strip();
    }

    /**
     * The text, if a header can hold it.
     *
     * @throws SecretException also if it holds a character that no header allows
     */
    public String token() throws SecretException {
        String text = text();
        if (!BearerText.fits(text)) {
            throw new SecretException(this + " holds a character that is allowed in no header");
        }
        return text;
    }

    private String read(SecretPlace.SecretFile file) throws SecretException {
        try {
            return Files.readString(file.path());
        } catch (IOException e) {
            throw new SecretException(this + " can't be read: " + where() + ": " + e);
        }
    }

    private String where() {
        return switch (place) {
            case SecretPlace.Given _ -> "the deployment file says it";
            case SecretPlace.Variable(String variable) -> "environment variable " + variable;
            case SecretPlace.SecretFile file -> "file " + file.path();
        };
    }

    /** Shows its name only. */
    @Override
    public String toString() {
        return "secret '" + name + "'";
    }
}
