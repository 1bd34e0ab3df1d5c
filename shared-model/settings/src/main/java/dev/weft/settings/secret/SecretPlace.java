package dev.weft.settings.secret;

import java.nio.file.Path;

/** The place of a named secret's text. The text is read when it is needed, and never shown. */
public sealed interface SecretPlace {
    /** An environment variable of the process. */
    record Variable(String name) implements SecretPlace {}

    /** A file; read each time, so that it may be replaced while Weft runs. */
    record SecretFile(Path path) implements SecretPlace {}

    /** The deployment file itself or the command line. */
    record Given(String text) implements SecretPlace {
        @Override
        public String toString() {
            return "Given[***]";
        }
    }
}
