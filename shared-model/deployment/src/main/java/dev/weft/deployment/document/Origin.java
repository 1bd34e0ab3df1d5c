package dev.weft.deployment.document;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The origin of a value of the deployment. */
public sealed interface Origin extends org.springframework.boot.origin.Origin {
    /** Turns Spring's origin into one of these. */
    static Origin of(org.springframework.boot.origin.@Nullable Origin origin) {
        return switch (origin) {
            case null -> new Default();
            case Origin ours -> ours;
            case PropertySourceOrigin found
                    when found.getPropertySource() instanceof SystemEnvironmentPropertySource ->
                    new InEnvironment(found.getPropertyName());
            case PropertySourceOrigin found -> of(found.getOrigin());
            default -> new Default();
        };
    }

    /**
     * The value stands in the file.
     *
     * @param line counted from 1
     * @param column counted from 1
     */
    record InFile(String file, int line, int column) implements Origin {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** The value was given on the command line, e.g. {@code weft.gateway.port=9000}. */
    record CommandLine(String argument) implements Origin {
        @Override
        public String toString() {
            return "--set";
        }
    }

    /** An environment variable holds the value, e.g. {@code WEFT_GATEWAY_PORT}. */
    record InEnvironment(String variable) implements Origin {
        @Override
        public String toString() {
            return variable;
        }
    }

    /** Nobody gave the value: it is the default. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }
}
