package dev.weft.deployment;

import org.jspecify.annotations.Nullable;

/** How a key's value is read, what it may be, and how it is shown. */
interface KeyType<T> {
    /** Reads a value; never called for an empty one. */
    T read(YamlNode node) throws InvalidValueException;

    /** What may stand there, e.g. {@code 0 to 65535}. */
    String allowed();

    /** The value in the words of JSON. */
    @Nullable Object plain(T value);

    /** Reads the text of a single value. */
    interface OfText<T> extends KeyType<T> {
        T parse(String text) throws InvalidValueException;

        @Override
        default T read(YamlNode node) throws InvalidValueException {
            if (node instanceof YamlNode.Scalar scalar) {
                return parse(scalar.text().strip());
            }
            throw new InvalidValueException(node.kind() + " is not allowed: " + allowed());
        }

        /** The refusal of a text that isn't allowed. */
        default InvalidValueException refused(String text) {
            return new InvalidValueException("'" + text + "' is not allowed: " + allowed());
        }
    }

    /** A value that isn't allowed; the message says what stands there and what may. */
    final class InvalidValueException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidValueException(String message) {
            super(message);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
